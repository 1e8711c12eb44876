"""`yijue backup`: the whole database into a new folder below a given one, now or by the schedule."""

import asyncio
from contextlib import suppress
from pathlib import Path

import rich_click as click
from msgspec.structs import replace
from rich.console import Console
from rich.text import Text

from server.backing_up import back_up
from server.connecting import reach
from server.ending import run
from server.progress import progress_bar
from server.schedule import keep_backed_up
from server.settings import Settings, from_environment
from storage import backups
from storage.backups import Kept


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1), help="保留最近几份（默认 YIJUE_BACKUP_KEEP） · how many are kept")
@click.option("--recipient", multiple=True, metavar="age1…", help="加密所用的 age 公钥 · age key to encrypt to")
@click.option("--dump", is_flag=True, help="用 pg_dump 导出（可恢复到其他数据库） · by pg_dump, for any server")
@click.option("--repeat", is_flag=True, help="按 YIJUE_BACKUP_AT 定时备份，不退出 · stay, and follow YIJUE_BACKUP_AT")
def backup(folder: Path | None, keep: int | None, recipient: tuple[str, ...], dump: bool, repeat: bool) -> None:
    """备份全部数据到 FOLDER（默认 YIJUE_BACKUPS）之下的新文件夹，服务运行与否均可。

    Back up into a new folder below FOLDER, while yijue serves or not. Old backups are removed by number, the last good
    one never. Exit status 1 where none was taken.
    """
    settings = from_environment()
    chosen = settings.backups.choose(folder, keep, recipient)
    if chosen.folder is None:
        raise click.UsageError("请给出备份文件夹或设 YIJUE_BACKUPS · name a folder, or set YIJUE_BACKUPS")
    if repeat:
        with suppress(KeyboardInterrupt):
            run(_repeat(replace(settings, backups=chosen), dump=dump))
        return
    made, removed = run(_once(settings, chosen.folder, chosen.keep, chosen.recipients, dump))
    console = Console(highlight=False)
    size = sum(path.stat().st_size for path in made.folder.iterdir())
    console.print(
        Text(f"✓ 已备份 · backed up: {made.folder} ({size / 1024**2:.1f} MiB)", style="green"), soft_wrap=True
    )
    for each in removed:
        console.print(Text(f"已删除旧备份 · removed: {each}"), soft_wrap=True)


async def _once(
    settings: Settings, folder: Path, keep: int, recipients: tuple[str, ...], dump: bool
) -> tuple[Kept, list[Path]]:
    async with reach(settings, beside=True) as sign_ins:
        with progress_bar("备份") as progress:
            made = await back_up(sign_ins, settings.data, folder, recipients, progress, dump=dump)
    return made, await asyncio.to_thread(backups.remove_old, folder, keep)


async def _repeat(settings: Settings, *, dump: bool) -> None:
    async with reach(settings, beside=True) as sign_ins:
        await keep_backed_up(settings, sign_ins, dump=dump)
