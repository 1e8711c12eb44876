"""How a meeting's notice stands, drawn from its deliveries (Rules 6(3))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from agenda import store
from agenda.calendar import calendar_for, day_of
from agenda.notice import NoticeStanding, weigh_notice
from agenda.records import Meeting
from bodies.store import formal_members

if TYPE_CHECKING:
    from storage.store import Connection


async def notice_standing(connection: Connection, meeting: Meeting) -> NoticeStanding[int]:
    """Whom the meeting's notice reached too late, and whom never (Rules 6(3)).

    Asked of N as taken at the call to order, before it of the formal members as they stand. A meeting that was
    called ahead of its time is measured by the day on which it was called. Raises RefusedError (`calendar.unknown`)
    where a year's working days are not known.
    """
    members = meeting.formal_members or await formal_members(connection, meeting.body_id)
    notice = await store.standing_notice(connection, meeting.id)
    deliveries = await store.deliveries(connection, notice.id) if notice else []
    reached_on = {delivery.person: day_of(delivery.delivered_at) for delivery in deliveries}
    meeting_on = min(day_of(at) for at in (meeting.starts_at, meeting.called_at) if at)
    first = min(reached_on.values(), default=meeting_on)
    calendar, known = await calendar_for(connection, first, max([meeting_on, *reached_on.values()]))
    standing = weigh_notice(members, reached_on, meeting_on, calendar, meeting.charter.lead_working_days)
    if standing.earliest and standing.earliest > known:
        return replace(standing, earliest=None)  # in a year not yet announced: not guessed
    return standing
