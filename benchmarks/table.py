"""The figures as one table: in the terminal, and in README.md between its markers."""

import os
import platform
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from rich.console import Console
from rich.table import Table

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
COLUMNS = ("figure", "ours", "beside it", "ratio", "wanted", "met", "between")


class Figure(Struct, frozen=True):
    """One line: `between` is the smallest and the largest of the rounds whose median stands in `ours` or `ratio`."""

    name: str
    ours: str
    beside: str = ""
    ratio: str = ""
    wanted: str = ""
    met: bool | None = None
    between: str = ""

    def cells(self) -> tuple[str, ...]:
        met = {True: "yes", False: "no", None: ""}[self.met]
        return self.name, self.ours, self.beside, self.ratio, self.wanted, met, self.between


def between(values: Sequence[float], form: str = ".2f") -> str:
    """Returns the noise: the smallest and the largest."""
    return f"{min(values):{form}} – {max(values):{form}}"


def show(figures: Iterable[Figure]) -> None:
    """Print the table."""
    table = Table(*COLUMNS)
    for figure in figures:
        table.add_row(*figure.cells(), style="red" if figure.met is False else None)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def keep(figures: Iterable[Figure], seconds: float) -> None:
    """Put the table into README.md, with when, how and where it was made."""
    text = README.read_text("utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    load = os.getloadavg()[2]
    lines = [
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M %z}, `make bench`, {seconds:.0f} s; {os.cpu_count()} cores"
        f" ({platform.machine()}), Python {platform.python_version()}, load {load:.1f} over the last 15 minutes.",
        "",
        "| " + " | ".join(COLUMNS) + " |",
        "|" + "---|" * len(COLUMNS),
        *("| " + " | ".join(figure.cells()) + " |" for figure in figures),
    ]
    README.write_text("\n".join([head + BEGIN, *lines, END + tail]), "utf-8")
