"""Days off and weekend days worked (调休), as the State Council announces them year by year (Rules 6(3)).

The library knows the years that were announced when it was made; the administrator enters later ones. A year
that is neither there nor entered is refused and never guessed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from acts.dates import date_text
from acts.refusal import ALLOWED, Refused, RefusedError, Verdict, require
from bodies import store
from bodies.kinds.calendar import CalendarSet
from bodies.records import CalendarYear
from identity.entering import OrganizationAct

if TYPE_CHECKING:
    from storage.store import Connection


@lru_cache(maxsize=1)
def _library() -> dict[int, tuple[list[date], list[date]]]:
    from chinese_calendar import constants  # noqa: PLC0415 -- it loads slowly, and only when a year is asked for

    # A year counts as known by its National Day: the days off around New Year belong to two years.
    years = {day.year for day in constants.holidays if (day.month, day.day) == (10, 1)}
    return {
        year: (
            sorted(day for day in constants.holidays if day.year == year and day.weekday() < 5),
            sorted(day for day in constants.workdays if day.year == year and day.weekday() >= 5),
        )
        for year in years
    }


async def read_year(connection: Connection, year: int) -> CalendarYear:
    """One year as it was entered, else as the library has it. Raises RefusedError (calendar.unknown)."""
    if entered := (await store.calendar_years(connection, [year])).get(year):
        return CalendarYear(year, "entered", *entered)
    if known := _library().get(year):
        return CalendarYear(year, "library", *known)
    raise RefusedError(unknown_year(year))


async def days_of(connection: Connection, years: Collection[int]) -> dict[int, tuple[list[date], list[date]]]:
    """Days off and days worked of the known ones among `years`, by year."""
    announced = {year: days for year, days in _library().items() if year in years}
    return announced | await store.calendar_years(connection, years)


def unknown_year(year: int) -> Refused:
    """The refusal for a year that is neither in the library nor entered."""
    return Refused(
        "calendar.unknown",
        f"{year} 年的节假日和调休安排尚未录入，无法计算工作日，请管理员先录入 {year} 年工作日历。",
        f"The days off and days worked of {year} are not entered, so working days cannot be counted;"
        f" the administrator must enter the year {year}.",
        {"year": year},
    )


def check_days(year: int, holidays: list[date], workdays: list[date]) -> Verdict:
    """Whether these can be a year's days: all of that year, worked days on weekends, none of them both."""
    for field, days in (("holidays", holidays), ("workdays", workdays)):
        if strange := next((day for day in days if day.year != year), None):
            return _invalid(field, f"{date_text(strange)}不在{year}年内。", f"{strange} is not in {year}.")
    if weekday := next((day for day in workdays if day.weekday() < 5), None):
        return _invalid(
            "workdays",
            f"{date_text(weekday)}不是周六或周日，不必调为工作日。",
            f"{weekday} is a weekday and worked anyhow.",
        )
    if both := sorted(set(holidays) & set(workdays)):
        return _invalid("workdays", f"{date_text(both[0])}既是休息日又是工作日。", f"{both[0]} is both off and worked.")
    return ALLOWED


async def set_year(act: OrganizationAct, year: int, holidays: list[date], workdays: list[date]) -> None:
    """Enter a year's days in place of the library's or those entered before."""
    require(check_days(year, holidays, workdays))
    holidays, workdays = sorted(set(holidays)), sorted(set(workdays))
    await store.set_calendar_year(act.connection, act.caller.organization, year, holidays, workdays)
    days = (tuple(str(day) for day in each) for each in (holidays, workdays))
    await act.record(CalendarSet(year, *days))


def _invalid(field: str, detail: str, detail_en: str) -> Refused:
    return Refused("input.invalid", detail, detail_en, {"field": field})
