"""`yijue import-organization`: an exported organization into another database."""

from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.text import Text

from acts import normal
from identity.sessions import hash_password
from identity.store import give_password
from server.connecting import apply_migrations, owner_connection, reach
from server.ending import run
from server.moving import Exported, take_in
from server.progress import progress_bar
from server.settings import from_environment
from storage.errors import OwnerUnknownError


@click.command("import-organization")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--administrator", metavar="工号", required=True, help="为其设置密码的管理员 · who can sign in afterwards"
)
@click.password_option(envvar="YIJUE_PASSWORD", help="该管理员的密码（至少 8 位） · the password, 8 characters or more")
def import_organization(folder: Path, administrator: str, password: str) -> None:
    """将导出的单位（yijue export 的文件夹）导入尚无该单位的数据库；操作留痕原样保留并核验。

    Take an exported organization into a database that does not have it: all of it or nothing. Its books keep their
    records, hashes and ids. Passwords were not exported: the administrator's is set here, who sets the others'.
    """
    if len(password) < 8:
        raise click.BadParameter("密码至少 8 位 · 8 characters or more", param_hint="--password")
    page = run(_import(folder, normal.code(administrator), password))
    Console(highlight=False).print(
        Text(f"✓ 已导入“{page.name}”，{len(page.heads)} 个留痕簿核验无误 · imported, its books verify", style="green")
    )


async def _import(folder: Path, administrator: str, password: str) -> Exported:
    async with reach(from_environment(), beside=True) as sign_ins:
        if sign_ins.owner is None:
            raise OwnerUnknownError("importing an organization")
        await apply_migrations(sign_ins.owner)
        async with owner_connection(sign_ins.owner) as owner:
            hashed = await hash_password(password)
            with progress_bar("导入") as progress:
                page = await take_in(owner, folder, progress)
            if not await give_password(owner, page.organization, administrator, hashed):
                raise click.UsageError(f"没有工号为 {administrator} 的在用管理员 · there is no such administrator")
    return page
