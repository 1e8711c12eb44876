"""A progress bar for work that takes longer than a second."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar


@contextmanager
def progress_bar(doing: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with (done, all); the bar shows on stderr once a second has passed."""
    began = time.monotonic()
    bar = Bar(TextColumn(doing), BarColumn(), MofNCompleteColumn(), transient=True, console=Console(stderr=True))
    task = bar.add_task("")

    def progress(done: int, steps: int) -> None:
        if not bar.live.is_started and time.monotonic() - began > 1:
            bar.start()
        bar.update(task, completed=done, total=steps)

    try:
        yield progress
    finally:
        if bar.live.is_started:
            bar.stop()
