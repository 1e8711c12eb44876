"""What a scenario measured, and the page that keeps it."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

from msgspec import Struct

PAGE = Path(__file__).parents[2] / "docs/faults.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


class Figure(Struct, frozen=True):
    """One line of the report."""

    scenario: str
    name: str
    value: str


def spread(seconds: Sequence[float]) -> str:
    """Returns median and greatest, in seconds."""
    return f"{median(seconds):.1f} s, at most {max(seconds):.1f} s"


def keep(figures: Iterable[Figure], seed: int, seconds: float) -> None:
    """Put the figures into the page, with when, how and where they were made."""
    text = PAGE.read_text("utf-8")
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    lines = [
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M %z}, `make faults SEED={seed}`, {seconds / 60:.0f} minutes;"
        f" {os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[2]:.1f} over the last 15 minutes.",
        "",
        "| scenario | figure | |",
        "|---|---|---:|",
        *(f"| {each.scenario} | {each.name} | {each.value} |" for each in figures),
    ]
    PAGE.write_text("\n".join([head + BEGIN, *lines, END + tail]), "utf-8")
