"""A log that tells what happens often once a minute: the first time at once, then how often it happened since."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog

MINUTE = 60.0  # seconds
log = structlog.get_logger()


class Sparing:
    """Counts events by name. A minute in which an event came again ends with one line that says how often."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[str, tuple[float, int]] = {}  # by event: the start of its minute, and how often since

    def say(self, level: str, event: str, **facts: object) -> None:
        """Log the event with its facts, or count it where it was logged less than a minute ago."""
        now = self._clock()
        start, times = self._since.get(event, (-MINUTE, 0))
        if now - start < MINUTE:
            self._since[event] = (start, times + 1)
            return
        if times:
            facts["times_before"] = times
        _write(level, event, facts)
        self._begin(level, event, now)

    def forget(self) -> None:
        """Log each event anew, as after a start."""
        self._since.clear()

    def _begin(self, level: str, event: str, now: float) -> None:
        self._since[event] = (now, 0)
        with suppress(RuntimeError):  # outside any loop the next event tells how many there were
            asyncio.get_running_loop().call_later(MINUTE, self._count, level, event, now)

    def _count(self, level: str, event: str, began: float) -> None:
        start, times = self._since.get(event, (0.0, 0))
        if start != began:
            return
        del self._since[event]
        if times:
            _write(level, event, {"times": times, "seconds": round(MINUTE)})
            self._begin(level, event, self._clock())


def _write(level: str, event: str, facts: dict[str, Any]) -> None:
    getattr(log, level)(event, **facts)


sparing = Sparing()
"""The one of this process."""
