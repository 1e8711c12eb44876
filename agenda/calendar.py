"""The working days between two dates, for the lead time of a notice (Rules 6(3))."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import takewhile
from typing import TypeAlias

from acts.dates import BUREAU_TIME
from acts.refusal import require
from agenda.working_days import WorkCalendar
from bodies.calendar import unknown_year

Days: TypeAlias = Mapping[int, tuple[list[date], list[date]]]


def day_of(at: datetime) -> date:
    """Returns the date of a moment in the bureau's time zone."""
    return at.astimezone(BUREAU_TIME).date()


def calendar_of(days: Days, first: date, last: date) -> tuple[WorkCalendar, date]:
    """Returns the calendar of the years from `first` to `last`, and the last day it knows (a year further, if known).

    `days` holds days off and days worked by year. Raises RefusedError (`calendar.unknown`) for each year that is not
    known: no working day can be counted.
    """
    years = range(first.year, max(first, last).year + 2)
    require(*(unknown_year(year) for year in years[:-1] if year not in days))
    known = list(takewhile(days.__contains__, years))
    calendar = WorkCalendar(
        frozenset(day for year in known for day in days[year][0]),
        frozenset(day for year in known for day in days[year][1]),
    )
    return calendar, date(known[-1], 12, 31)
