"""`yijue doctor`: checks that everything is there that the program needs, and says what to do where it is not."""

import sys

import rich_click as click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from server.doctor import (
    look_at_database,
    look_at_folder,
    look_at_fonts,
    look_at_limits,
    look_at_programs,
    look_at_provider,
    look_at_proxies,
    look_at_scanner,
)
from server.ending import run
from server.finding import Finding
from server.settings import Settings, from_environment


@click.command()
def doctor() -> None:
    """检查程序、数据库、字体和工作日历，有问题时说明如何处理。

    Look at the program, its database, fonts and calendar; exit status 1 where something is to be mended.
    """
    findings = run(_examine(from_environment()))
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        mark = Text("✗", style="bold red") if finding.mend else Text("✓", style="green")
        table.add_row(mark, Text(finding.what), Text(finding.how))
    console.print(table)
    wrong = [finding for finding in findings if finding.mend]
    for finding in wrong:
        console.print(Text(f"✗ {finding.what}: {finding.mend}", style="red"), soft_wrap=True)
    sys.exit(1 if wrong else 0)


async def _examine(settings: Settings) -> list[Finding]:
    local = [
        *look_at_programs(),
        *look_at_limits(),
        *look_at_folder(settings),
        *look_at_fonts(settings),
        *look_at_proxies(settings),
    ]
    local += [await look_at_scanner(settings), await look_at_provider(settings)]
    return local + [finding async for finding in look_at_database(settings)]
