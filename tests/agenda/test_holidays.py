"""Notices around the State Council's holidays and their make-up workdays (调休), against counting day by day."""

from datetime import date, timedelta
from typing import Any

import chinese_calendar
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agenda.working_days import WorkCalendar
from bodies.calendar import _library
from decide.deciding import decide
from decide.reading import read_case
from tests.decide.meetings import MEMBERS, as_bytes, meeting

YEARS = range(2019, 2027)
DAY = timedelta(days=1)


def works(day: date) -> bool:
    """Oracle: the library's answer for one day."""
    return bool(chinese_calendar.is_workday(day))


def earliest(notice: date, lead: int) -> date:
    """Oracle: go day by day; a notice on a day off counts from the next working day."""
    day = notice
    while not works(day):
        day += DAY
    while lead:
        day += DAY
        lead -= works(day)
    return day


def year_as_a_case_has_it(year: int) -> dict[str, list[str]]:
    """The days of the year that differ from their weekday, found day by day."""
    days = [date(year, 1, 1) + n * DAY for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    return {
        "holidays": [str(day) for day in days if day.weekday() < 5 and not works(day)],
        "workdays": [str(day) for day in days if day.weekday() >= 5 and works(day)],
    }


def test_the_years_are_those_that_were_announced() -> None:
    for year in YEARS:
        off, on = _library()[year]
        said = year_as_a_case_has_it(year)
        assert ([str(day) for day in off], [str(day) for day in on]) == (said["holidays"], said["workdays"])


# Spring Festival and National Day, every year: 46 days from 15 January or 20 September.
AROUND = st.builds(
    lambda year, spring, offset: (date(year, 1, 15) if spring else date(year, 9, 20)) + offset * DAY,
    st.sampled_from(YEARS),
    st.booleans(),
    st.integers(0, 45),
)


@given(AROUND, st.integers(1, 6), st.integers(-12, 12))
@settings(max_examples=400, deadline=None)
def test_notices_around_holidays(notice: date, lead: int, offset: int) -> None:
    off, on = _library()[notice.year]
    calendar = WorkCalendar(frozenset(off), frozenset(on))
    first = earliest(notice, lead)
    assert calendar.earliest_meeting_date(notice, lead) == first
    assert calendar.in_time(notice, first + offset * DAY, lead) == (offset >= 0)


@given(AROUND, st.integers(1, 4), st.integers(-3, 3), st.integers(0, 23))
@settings(max_examples=150, deadline=None)
def test_whole_cases_around_holidays(notice: date, lead: int, offset: int, hour: int) -> None:
    case: dict[str, Any] = meeting()
    case["body"]["policy"] = {"lead_working_days": lead}
    case["calendar"] = year_as_a_case_has_it(notice.year)
    held = earliest(notice, lead) + offset * DAY
    case["meeting"] = {
        "at": f"{held}T09:00:00+08:00",
        "notices": dict.fromkeys(MEMBERS, f"{notice}T{hour:02d}:59:00+08:00"),
    }
    found = msgspec.json.decode(msgspec.json.encode(decide(read_case(as_bytes(case)))))
    late = [] if offset >= 0 else sorted(MEMBERS)
    assert found["notice"] == {"valid": offset >= 0, "late": late, "missing": []}
    assert found["items"][0]["refusals"] == ([] if offset >= 0 else ["notice.lead"])


@pytest.mark.parametrize(
    ("notice", "lead", "first"),
    [
        # Worked out by hand from the State Council's announcement for 2026: Spring Festival off 15-23 February,
        # worked on Saturdays 14 and 28; National Day off 1-7 October, worked on 20 September and 10 October.
        ("2026-02-13", 1, "2026-02-14"),  # Friday → the Saturday worked
        ("2026-02-14", 1, "2026-02-24"),  # → the first day after the holiday
        ("2026-02-16", 1, "2026-02-25"),  # on a day off: counts from the 24th
        ("2026-02-27", 1, "2026-02-28"),
        ("2026-02-27", 2, "2026-03-02"),
        ("2026-09-18", 1, "2026-09-20"),  # Friday → the Sunday worked
        ("2026-09-19", 1, "2026-09-21"),  # Saturday counts from Sunday the 20th
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2026-10-09", 2, "2026-10-12"),
    ],
)
def test_the_holidays_of_2026_by_hand(notice: str, lead: int, first: str) -> None:
    off, on = _library()[2026]
    calendar = WorkCalendar(frozenset(off), frozenset(on))
    assert str(calendar.earliest_meeting_date(date.fromisoformat(notice), lead)) == first
