"""The clock of the database beside a time that nobody sets: since the machine of the program was started."""

import time
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

_BOOT = Path("/proc/sys/kernel/random/boot_id")


class Jump(Struct, frozen=True):
    """A jump of the clock by so many seconds, negative for back, noticed at a time (by the clock as it was then)."""

    at: datetime
    seconds: int


class AheadBook(Struct, frozen=True):
    """A book whose last record has a time that is still to come; `body` is None for an organization's."""

    subject: str
    id: int
    body: int | None
    at: datetime


class WrongTime(Struct, frozen=True):
    """The first record of a book whose time is before its predecessor's, or still to come."""

    subject: str
    id: int
    seq: int
    at: datetime
    before: datetime | None


def _boot() -> str:
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return str(uuid.uuid4())  # of this process: a restart begins anew


BOOT = _boot()


def since_boot() -> timedelta:
    """The time since the machine was started; it goes on while the machine sleeps, where the system can say so."""
    return timedelta(seconds=time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)))
