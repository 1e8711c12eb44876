"""`python -m tests.faults [SEED]`: play every scenario in full, show the figures, keep them in docs/faults.md."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.faults.copies import copy_while_running, restore_backups
from tests.faults.disks import fill_the_disk
from tests.faults.duplicates import repeat
from tests.faults.hangs import hang
from tests.faults.kills import kill_postgresql, kill_the_server
from tests.faults.races import race
from tests.faults.report import Figure, keep

Scenario = Callable[[Path, int, int, Callable[[], None]], Awaitable[list[Figure]]]
SCENARIOS: tuple[tuple[str, int, Scenario], ...] = (
    ("duplicates", 100_000, repeat),
    ("races", 20_000, race),
    ("PostgreSQL hangs", 20, hang),
    ("the disk is full", 20, fill_the_disk),
    ("copies of the running folder", 20, copy_while_running),
    ("backups", 20, restore_backups),
    ("PostgreSQL is killed", 300, kill_postgresql),
    ("the server is killed", 300, kill_the_server),
)


async def main() -> None:
    """Play all. A scenario that fails ends the run with its assertion, and the page keeps the figures it had."""
    seed, begun, figures = int(sys.argv[1]) if len(sys.argv) > 1 else int(time.time()), time.monotonic(), []
    console = Console()
    console.print(f"seed {seed}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        for name, times, play in SCENARIOS:
            task = progress.add_task(name, total=times)
            with tempfile.TemporaryDirectory(prefix="yijue-faults-", ignore_cleanup_errors=True) as folder:
                Path(folder).chmod(0o755)
                figures += await play(Path(folder), seed, times, lambda task=task: progress.advance(task))  # type: ignore[misc]
    table = Table("scenario", "figure", "")
    for each in figures:
        table.add_row(each.scenario, each.name, each.value)
    console.print(table)
    keep(figures, seed, time.monotonic() - begun)


if __name__ == "__main__":
    asyncio.run(main())
