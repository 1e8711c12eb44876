"""`yijue migrate`: bring the database to the program's schema, as the owner."""

import rich_click as click

from server.connecting import apply_migrations, reach
from server.ending import run
from server.settings import from_environment
from storage.errors import OwnerUnknownError
from storage.migrate import known


@click.command()
def migrate() -> None:
    """升级数据库结构（需要所有者的登录） · Apply what migrations the database lacks, as the owner."""
    applied = run(_migrate())
    now = len(known())
    click.echo(
        f"已升级 {applied} 个版本，数据库结构现为第 {now} 版 · {applied} migrations applied, the schema is now {now}"
        if applied
        else f"数据库结构已是第 {now} 版，无需升级 · the schema is {now} already, nothing to do"
    )


async def _migrate() -> int:
    async with reach(from_environment(), beside=True) as sign_ins:
        if sign_ins.owner is None:
            raise OwnerUnknownError("migrating")
        return await apply_migrations(sign_ins.owner)
