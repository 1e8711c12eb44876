"""`yijue check`: whether the database is whole: chains, tables beside records, numbers, references, indexes."""

import sys

import rich_click as click
from rich.console import Console
from rich.text import Text

from server.checking import Checked, check_all
from server.connecting import reach
from server.ending import run
from server.progress import progress_bar
from server.settings import from_environment


@click.command()
def check() -> None:
    """核查数据库是否完好：记录链、会议数据与操作留痕、纪要编号、数据引用、索引。

    Whether the database is whole; each fault is a line, the first of each book. Exit status 1 where there is one. It
    may run beside a serving yijue.
    """
    found = run(_check())
    print_checked(Console(highlight=False), found)
    sys.exit(1 if any(each.faults for each in found) else 0)


def print_checked(console: Console, found: list[Checked]) -> None:
    """Print what was looked for, a line each, and each fault."""
    for each in found:
        mark, style = ("✗", "bold red") if each.faults else ("✓", "green") if each.asked else ("–", "dim")
        note = "" if each.asked else "（未查：没有超级用户登录 · not asked: no superuser's sign-in）"
        count = f" {each.count}" if each.count else ""
        console.print(Text(mark, style=style).append(f" {each.zh} · {each.en}{count}{note}", style="default"))
        for fault in each.faults:
            console.print(Text(f"  ✗ {fault.zh} · {fault.en}", style="red"), soft_wrap=True)


async def _check() -> list[Checked]:
    async with reach(from_environment(), beside=True) as sign_ins:
        return await check_all(sign_ins, progress_bar)
