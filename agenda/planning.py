"""Advice for planning a meeting now: the earliest date with notice in time (Rules 6(3)), the place of the
body's last meeting, and the number that the next one called to order will have (Working 22)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from acts.dates import BUREAU_TIME
from acts.refusal import RefusedError
from agenda import store
from agenda.calendar import Days, calendar_of, day_of
from bodies.calendar import days_of

if TYPE_CHECKING:
    from bodies.records import Body
    from storage.store import Connection


class Planning(Struct, frozen=True):
    """`earliest` is the first date of a meeting whose notice is given and delivered today, None where a year's working
    days are not known; `next` is the number of the next meeting of `year` that is called to order."""

    lead_working_days: int
    earliest: date | None
    place: str
    year: int
    next: int


def earliest_date(days: Days, today: date, lead: int) -> date | None:
    """Returns the first date of a meeting whose notice goes out today; None where no calendar knows it (Rules 6(3))."""
    try:
        calendar, known = calendar_of(days, today, today)
    except RefusedError:
        return None
    earliest = calendar.earliest_meeting_date(today, lead)
    return earliest if earliest is None or earliest <= known else None  # a year not yet announced is not guessed


async def plan_ahead(connection: Connection, body: Body, now: datetime) -> Planning:
    """Returns the advice for a meeting of the body that is planned now."""
    year, today = now.astimezone(BUREAU_TIME).year, day_of(now)
    lead = body.charter.lead_working_days
    latest = await store.latest_ordinal(connection, body.id, year) or await store.reached(connection, body.id, "", year)
    days = await days_of(connection, range(year, year + 2))
    return Planning(
        lead, earliest_date(days, today, lead), await store.last_place(connection, body.id), year, latest + 1
    )
