"""`yijue export`: one organization as JSON lines and files."""

from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.text import Text

from server.connecting import owner_connection, reach
from server.ending import run
from server.moving import Exported, note_taken
from server.moving import export as export_organization
from server.progress import progress_bar
from server.settings import from_environment
from storage.errors import OwnerUnknownError


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--organization", metavar="单位", help="单位代号或全称，有多个单位时须填 · where there are several")
def export(folder: Path, organization: str | None) -> None:
    """将一个单位的全部数据导出为 JSON 和文件，写入 FOLDER 之下的新文件夹；不含密码。

    Export one organization into a new folder below FOLDER: people, bodies, the records of all books exactly as hashed,
    papers, issued minutes; no passwords. It may run beside a serving yijue.
    """
    made, page = run(_export(folder, organization))
    rows = sum(page.rows.values())
    Console(highlight=False).print(
        Text(f"✓ 已导出“{page.name}”{rows} 行 · exported, {rows} rows: {made}", style="green"), soft_wrap=True
    )


async def _export(folder: Path, organization: str | None) -> tuple[Path, Exported]:
    async with reach(from_environment(), beside=True) as sign_ins:
        if sign_ins.owner is None:
            raise OwnerUnknownError("exporting")
        async with owner_connection(sign_ins.owner) as owner:
            await note_taken(owner, organization)
            with progress_bar("导出") as progress:
                return await export_organization(owner, organization, folder, progress)
