"""`yijue upgrade-database`: the embedded PostgreSQL's data into the major version that comes along."""

from pathlib import Path

import rich_click as click
from rich.console import Console

from server.commands.check import print_checked
from server.ending import run
from server.progress import progress_bar
from server.settings import from_environment
from server.upgrading import upgrade_database as upgrade
from storage.cluster import VERSION


@click.command("upgrade-database")
@click.option(
    "--binaries", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="FOLDER",
    help="旧版 PostgreSQL 的程序所在文件夹 · the folder of the older version's programs",
)  # fmt: skip
def upgrade_database(binaries: Path | None) -> None:
    """将内置数据库升级到随程序提供的 PostgreSQL 主版本；原数据原样保留在旁边。

    Bring the embedded server's data to the major version of PostgreSQL that comes along, by dump and restore, and check
    them. The old cluster stays beside the new one. No yijue may run on the folder meanwhile. Exit status 1, and all as
    it was, where it is not needed or does not come out the same.
    """
    settings, console = from_environment(), Console(highlight=False)
    if settings.database_url is not None:
        raise click.UsageError("YIJUE_DATABASE_URL names a server: its administrator upgrades it")
    print_checked(console, run(upgrade(settings.data, binaries, progress_bar)))
    kept = max(settings.data.glob("cluster.[0-9]*"), key=lambda path: path.stat().st_ctime)
    console.print(f"✓ 已升级到 · upgraded to PostgreSQL {VERSION}", style="green")
    console.print(f"原数据保留在 · the old data are kept in {kept}", soft_wrap=True)
