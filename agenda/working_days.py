"""Working days (Rules 6(3)): Monday to Friday, less the holidays, plus the weekend days worked (调休)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date
from functools import cached_property

from msgspec import Struct

_LAST = date.max.toordinal()


class WorkCalendar(Struct, frozen=True, dict=True):
    """The days off and the weekend days worked; only this calendar counts, nothing is guessed.

    A date in both raises ValueError. Every question is answered in arithmetic, however far apart the
    dates are; each is a date in the body's own time zone.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if both := self.holidays & self.workdays:
            raise ValueError(f"{min(both).isoformat()} is both a holiday and a day worked")

    @cached_property
    def _off(self) -> list[int]:
        return sorted(day.toordinal() for day in self.holidays if day.weekday() < 5)

    @cached_property
    def _on(self) -> list[int]:
        return sorted(day.toordinal() for day in self.workdays if day.weekday() >= 5)

    def working_days_between(self, first: date, last: date) -> int:
        """Returns how many working days there are from `first` to `last`, both included."""
        return self._count(first.toordinal(), last.toordinal())

    def earliest_meeting_date(self, notice_date: date, lead: int) -> date | None:
        """Returns the earliest date of a meeting whose notice arrived on `notice_date` (Rules 6(3)).

        A notice on a day off counts from the next working day; the meeting is on the `lead`-th working
        day after that, or later. None beyond the last year a date can have.
        """
        return self._reach(notice_date.toordinal(), lead + 1)

    def in_time(self, notice_date: date, meeting_date: date, lead: int) -> bool:
        """Whether a notice of `notice_date` leaves `lead` working days for a meeting on `meeting_date`."""
        return self.working_days_between(notice_date, meeting_date) > lead

    def _count(self, first: int, last: int) -> int:
        if last < first:
            return 0
        weekdays = _weekdays_until(last) - _weekdays_until(first - 1)
        return weekdays - _within(self._off, first, last) + _within(self._on, first, last)

    def _reach(self, first: int, wanted: int) -> date | None:
        count: Callable[[int], int] = lambda last: self._count(first, last)  # noqa: E731 (a key, for bisect)
        index = bisect_left(range(first, _LAST + 1), wanted, key=count)
        return date.fromordinal(first + index) if first + index <= _LAST else None


def _weekdays_until(ordinal: int) -> int:
    # Day 1 of the calendar, 0001-01-01, is a Monday.
    weeks, rest = divmod(ordinal, 7)
    return weeks * 5 + min(rest, 5)


def _within(ordinals: list[int], first: int, last: int) -> int:
    return bisect_right(ordinals, last) - bisect_left(ordinals, first)
