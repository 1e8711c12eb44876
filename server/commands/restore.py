"""`yijue restore`: a backup into an empty place, checked."""

import sys
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.text import Text

from acts.dates import BUREAU_TIME
from server.commands.check import print_checked
from server.ending import run
from server.progress import progress_bar
from server.restoring import Restored, restore
from server.settings import from_environment


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--identity", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="age 私钥文件，备份已加密时须给出 · the age key of an encrypted backup",
)  # fmt: skip
def restore_(folder: Path, identity: Path | None) -> None:
    """将备份 FOLDER 恢复到空的数据文件夹（YIJUE_DATA）或空的数据库，绝不覆盖已有数据；恢复后全面核查。

    Restore into an empty YIJUE_DATA, or a dump into an empty database; never over data. Everything is checked then.
    Exit status 1 where it was not restored, or is not whole; 3 where it is whole and later records are known outside
    (YIJUE_HEADS).
    """
    console = Console(highlight=False)
    restored = run(restore(from_environment(), folder, identity, progress_bar))
    print_restored(console, restored)
    sys.exit(1 if not restored.whole else 3 if restored.lost else 0)


def print_restored(console: Console, restored: Restored) -> None:
    """Say what was restored, and what is wrong with it."""
    page = restored.page
    at = f"{page.at.astimezone(BUREAU_TIME):%Y-%m-%d %H:%M:%S}"
    console.print(Text(f"已恢复 {at} 的备份 · restored, as of then: {'、'.join(page.organizations)}"))
    print_checked(console, restored.checked)
    if not restored.missing:
        console.print(
            Text(f"✓ 操作留痕与备份说明一致 · the heads are those of its page {len(page.heads)}", style="green")
        )
    for head in restored.missing:
        zh = f"✗ {head.subject} {head.id}：缺少第 {head.seq} 条记录或与备份说明不符"
        words = f"{zh} · record {head.seq} is not that of the page"
        console.print(Text(words, style="red"), soft_wrap=True)
    for zh, en in restored.lost:
        console.print(Text(f"✗ {zh} · {en}", style="red"), soft_wrap=True)
    if restored.lost:
        console.print(
            "请运行 yijue explain-loss 登记原因，在此之前不能印发编号 · say what happened with `yijue explain-loss`"
        )
