"""How a meeting's notice stands, drawn from its deliveries (Rules 6(3)). Pure."""

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import replace

from agenda.calendar import day_of
from agenda.notice import NoticeStanding, weigh_notice
from agenda.situation import Situation


def notice_standing(
    situation: Situation, reached: Iterable[int] = (), starts_at: datetime | None = None
) -> NoticeStanding[int]:
    """Returns how the meeting's notice stands, as if it reached those in `reached` now (Rules 6(3)); of a meeting moved
    to `starts_at`, if not None.

    It is judged for N as taken at the call to order, before that for the formal members as they stand.
    Raises RefusedError (`calendar.unknown`) where a year's working days are not known.
    """
    state = situation.state
    deliveries = state.notice.deliveries if state.notice else {}
    reached_on = {person: day_of(delivery.at) for person, delivery in deliveries.items()}
    reached_on |= dict.fromkeys(reached, day_of(situation.now))
    starts_at = starts_at or state.starts_at
    assert starts_at is not None
    meeting_on = day_of(starts_at)
    first = min(reached_on.values(), default=meeting_on)
    calendar, known = situation.calendar(first, max([meeting_on, *reached_on.values()]))
    members = situation.formal
    standing = weigh_notice(members, reached_on, meeting_on, calendar, situation.charter.lead_working_days)
    if standing.earliest and standing.earliest > known:
        return replace(standing, earliest=None)  # in a year not yet announced: not guessed
    return standing
