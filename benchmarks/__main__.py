"""`python -m benchmarks`: measure everything, print the table, keep it in README.md."""

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import uvloop
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import ballots, history, papers, screens, starting, table
from benchmarks.site import open_site, open_to_all
from storage import embedded


async def main() -> None:
    begun = time.monotonic()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a thousand screens
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress, tempfile.TemporaryDirectory(prefix="yijue-bench-") as folder:
        Path(folder).chmod(0o755)  # root runs the server as nobody, who must reach it

        def bar(what: str, total: int) -> Callable[[], None]:
            task = progress.add_task(what, total=total)
            return lambda: progress.advance(task)

        figures = await starting.measure(bar("start to ready", starting.TIMES))
        figures += await papers.measure(bar("minutes and register", papers.TIMES))
        async with (
            embedded.running(Path(folder) / "data") as server,
            open_site(server, "ten") as ten,
            open_site(server, "none") as none,
        ):
            written = await history.add_history(ten, bar("ten years of records", history.RECORDS))
            async with open_to_all(ten), open_to_all(none):
                figures += await ballots.measure(none, ten, written, bar("ballots", ballots.ROUNDS + 1))
            async with open_to_all(none):
                figures += await screens.measure(none, bar("screens", len(screens.SCREENS)))
    table.show(figures)
    table.keep(figures, time.monotonic() - begun)


if __name__ == "__main__":
    uvloop.run(main())
