"""`python -m tests.faults`: play the scenarios in full, show the figures, keep them in docs/faults.md.

SEED repeats a run; ONLY plays those whose names contain it.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
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
    ("two servers race", 20_000, race),
    ("PostgreSQL hangs", 20, hang),
    ("the disk is full", 20, fill_the_disk),
    ("copies of the running folder", 20, copy_while_running),
    ("backups", 20, restore_backups),
    ("PostgreSQL is killed", 300, kill_postgresql),
    ("the server is killed", 300, kill_the_server),
)


async def main(seed: int, only: str) -> None:
    """Play all whose names contain `only`. A scenario that fails ends the run with its assertion; the page keeps the
    figures of those before it."""
    console, table = Console(), Table("scenario", "figure", "")
    console.print(f"seed {seed}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        for name, times, play in SCENARIOS:
            if only not in name:
                continue
            task, begun = progress.add_task(name, total=times), time.monotonic()
            with tempfile.TemporaryDirectory(prefix="yijue-faults-", ignore_cleanup_errors=True) as folder:
                Path(folder).chmod(0o755)
                figures = await play(Path(folder), seed, times, partial(progress.advance, task))
            keep(name, figures, seed, time.monotonic() - begun)
            for each in figures:
                table.add_row(each.scenario, each.name, each.value)
    console.print(table)


if __name__ == "__main__":
    asyncio.run(main(int(os.environ.get("SEED") or time.time()), os.environ.get("ONLY", "")))
