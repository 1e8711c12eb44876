import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agenda.working_days import WorkCalendar

DAY = timedelta(days=1)
SPRING = st.dates(date(2026, 3, 20), date(2026, 5, 20))
CALENDARS = st.tuples(st.frozensets(SPRING, max_size=25), st.frozensets(SPRING, max_size=25)).map(
    lambda both: WorkCalendar(both[0] - both[1], both[1])
)


def works(calendar: WorkCalendar, day: date) -> bool:
    if day in calendar.holidays:
        return False
    return day in calendar.workdays or day.isoweekday() <= 5


def earliest_by_days(calendar: WorkCalendar, notice: date, lead: int) -> date:
    """Oracle: go day by day."""
    day = notice
    while not works(calendar, day):
        day += DAY
    for _ in range(lead):
        day += DAY
        while not works(calendar, day):
            day += DAY
    return day


@given(CALENDARS, SPRING, st.integers(1, 30))
@settings(max_examples=300)
def test_the_earliest_date_is_found_as_by_counting_days(calendar: WorkCalendar, notice: date, lead: int) -> None:
    earliest = earliest_by_days(calendar, notice, lead)
    assert calendar.earliest_meeting_date(notice, lead) == earliest
    assert calendar.earliest_meeting_date(notice, 0) == earliest_by_days(calendar, notice, 0)
    for offset in range(-40, 41):
        meeting = earliest + offset * DAY
        assert calendar.in_time(notice, meeting, lead) == (offset >= 0)


@given(CALENDARS, SPRING, SPRING)
def test_working_days_are_counted_both_ends_included(calendar: WorkCalendar, first: date, last: date) -> None:
    span = [first + n * DAY for n in range((last - first).days + 1)]
    assert calendar.working_days_between(first, last) == sum(works(calendar, day) for day in span)
    assert [calendar.working_days_between(day, day) for day in span] == [works(calendar, day) for day in span]


def test_ten_thousand_years_take_no_time() -> None:
    calendar = WorkCalendar(frozenset(date(1, 1, 1) + n * DAY for n in range(0, 9000, 3)))
    assert calendar.working_days_between(date(1, 1, 2), date(1, 1, 2)) == 1
    began = time.process_time()
    for _ in range(1000):
        assert calendar.in_time(date.min, date.max, 2_600_000)
        assert not calendar.in_time(date.min, date.max, 2_700_000)
    assert calendar.earliest_meeting_date(date.min, 10**30) is None
    assert calendar.earliest_meeting_date(date.max, 1) is None
    assert calendar.earliest_meeting_date(date.max, 0) == date.max
    assert time.process_time() - began < 1


def test_a_date_is_not_both_off_and_worked() -> None:
    with pytest.raises(ValueError, match="2026-05-01"):
        WorkCalendar(frozenset({date(2026, 5, 1)}), frozenset({date(2026, 5, 1)}))
