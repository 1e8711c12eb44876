"""Times how long minutes and register take to draw as PDF, once the fonts are read."""

import asyncio
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import TypeVar

from msgspec.structs import replace

from benchmarks.table import Figure, between
from documents.fonts import choose, load
from minutes.composers.v1.pages import paper
from minutes.register import Entry, render_register
from tests.minutes.samples import demo, stored

TIMES, MEETINGS, WANTED = 5, 50, 3.0
T = TypeVar("T")


async def measure(step: Callable[[], None]) -> list[Figure]:
    return await asyncio.to_thread(_measure, step)


def _measure(step: Callable[[], None]) -> list[Figure]:
    minutes = demo()
    year = [
        Entry(1, stored(replace(minutes, number=n, session=n, started=minutes.started + timedelta(weeks=n - 1))))
        for n in range(1, MEETINGS + 1)
    ]
    fonts, reading = _timed(lambda: load(choose()))
    _, first = _timed(lambda: paper(minutes, fonts))
    ones, years, size = [], [], 0
    for _ in range(TIMES):
        ones.append(_timed(lambda: paper(minutes, fonts))[1])
        made, took = _timed(
            lambda: render_register(minutes.organ, minutes.series, 2026, year, date(2026, 12, 31), fonts)
        )
        years.append(took)
        size = len(made)
        step()
    return [
        Figure(
            "minutes of the demonstration, s",
            f"{median(ones):.2f}",
            beside=f"the first {reading + first:.2f}, fonts read",
            between=between(ones),
        ),
        Figure(
            f"register of {MEETINGS} meetings, s",
            f"{median(years):.2f}",
            beside=f"{size / 2**20:.1f} MiB",
            wanted=f"≤ {WANTED:.0f}",
            met=median(years) <= WANTED,
            between=between(years),
        ),
    ]


def _timed(what: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    done = what()
    return done, time.perf_counter() - start
