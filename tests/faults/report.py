"""What a scenario measured, and the page that keeps it."""

import os
import platform
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

from msgspec import Struct

PAGE = Path(__file__).parents[2] / "docs/faults.md"


class Figure(Struct, frozen=True):
    """One line of the report."""

    scenario: str
    name: str
    value: str


def spread(seconds: Sequence[float]) -> str:
    """Returns median and greatest, in seconds."""
    return f"{median(seconds):.1f} s, at most {max(seconds):.1f} s"


def keep(scenario: str, figures: Sequence[Figure], seed: int, seconds: float) -> None:
    """Put a scenario's figures into the page in place of those it had, with when, how and where they were made."""
    begin, end = f"<!-- {scenario} -->", f"<!-- end of {scenario} -->"
    head, rest = PAGE.read_text("utf-8").split(begin)
    _, tail = rest.split(end)
    lines = [
        f"{datetime.now().astimezone():%Y-%m-%d %H:%M %z}, `make faults SEED={seed}`, {seconds / 60:.0f} minutes on"
        f" {os.cpu_count()} cores ({platform.machine()}), load {os.getloadavg()[2]:.1f} over the last 15 minutes.",
        "",
        *(f"- {each.name}: {each.value}" for each in figures),
    ]
    PAGE.write_text("\n".join([head + begin, *lines, end + tail]), "utf-8")
