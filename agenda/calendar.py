"""The working days of an organization: as its administrator entered them, else as the State Council's
arrangement is known to the calendar library. A year that neither knows is never guessed."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agenda import store
from agenda.working_days import WorkCalendar
from storage.refusal import Refused, RefusedError

if TYPE_CHECKING:
    from storage.store import Connection

BUREAU_TIME = ZoneInfo("Asia/Shanghai")


def day_of(at: datetime) -> date:
    """The date of a moment where the bureau is."""
    return at.astimezone(BUREAU_TIME).date()


async def calendar_for(connection: Connection, first: date, last: date) -> tuple[WorkCalendar, date]:
    """The calendar of the years from `first` to `last`, and the last day it knows (a year further, if known).

    Raises RefusedError (`notice.lead`) where one of those years is not known: no working day can be counted.
    """
    entered = await store.calendar_years(connection)
    holidays: set[date] = set()
    workdays: set[date] = set()
    known = first.year - 1
    for year in range(first.year, max(first, last).year + 2):
        days = entered.get(year) or _published(year)
        if days is None:
            if year <= last.year or year == first.year:
                raise RefusedError(_not_entered(year))
            break
        holidays |= days[0]
        workdays |= days[1]
        known = year
    return WorkCalendar(frozenset(holidays), frozenset(workdays)), date(known, 12, 31)


def _published(year: int) -> tuple[frozenset[date], frozenset[date]] | None:
    """Days off and weekend days worked, for a year that the library knows."""
    from chinese_calendar import constants  # noqa: PLC0415 -- loaded when a notice first asks

    holidays = frozenset(day for day in constants.holidays if day.year == year)
    workdays = frozenset(day for day in constants.workdays if day.year == year)
    return (holidays, workdays) if holidays else None


def _not_entered(year: int) -> Refused:
    return Refused(
        "notice.lead",
        f"{year}年的节假日安排尚未录入，无法计算通知的提前时限。请管理员录入该年度的放假和调休日期。",
        f"The holidays of {year} are not on record, so the lead time cannot be counted. The administrator can "
        "enter them.",
        {"year": year},
    )
