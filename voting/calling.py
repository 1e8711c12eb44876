"""Calling to order, and adjourning.

N is taken here: the formal members as they stand, 应到会成员. The meeting gets its number of the year, 第N次
(Working 22). It can be held only with half of them present (Measures 2; Rules 5).
"""

from zoneinfo import ZoneInfo

from acts.refusal import Refused, RefusedError, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct, require_step
from agenda.contents import people_content
from bodies.store import body_people
from voting import store
from voting.quorum import check_quorum, count_quorum
from voting.roll import Roll

_BUREAU_TIME = ZoneInfo("Asia/Shanghai")
_ENDED = ("decided", "put_off", "withdrawn", "deferred")


async def call_to_order(act: MeetingAct) -> None:
    """Take N and the number; the chair must be in the room, and half of N."""
    meeting = act.place.meeting
    require_step(meeting, "meeting.called")
    people = await body_people(act.connection, meeting.body_id)
    members = [person.id for person in people if person.formal]
    states = await store.presence(act.connection, meeting.id)
    present = frozenset(person for person, state in states.items() if state == "present")
    if meeting.presiding_id not in present or meeting.presiding_id not in members:
        raise RefusedError(
            Refused(
                "state.wrong",
                "主持人须为正式成员并已到会签到，方可宣布开会。",
                "The chair, a formal member, must have checked in before calling to order.",
            )
        )
    roll = Roll(members=frozenset(members), present=present, recused=frozenset())
    require(check_quorum(count_quorum(meeting.charter, False, roll), False))
    year = meeting.starts_at.astimezone(_BUREAU_TIME).year
    ordinal = await store.next_ordinal(act.connection, meeting.body_id, year)
    await store.call(act.connection, meeting.id, members, year, ordinal, act.place.now)
    await act.record(
        "meeting.called",
        {
            "n": len(members),
            "formal_members": members,
            "year": year,
            "ordinal": ordinal,
            "presiding": meeting.presiding_id,
            "people": people_content(people),
        },
    )


async def adjourn(act: MeetingAct) -> None:
    """End the meeting; every item has come to an end first."""
    meeting = act.place.meeting
    require_step(meeting, "meeting.adjourned")
    left = [item.title for item in await agenda_store.items_of(act.connection, meeting.id) if item.state not in _ENDED]
    if left:
        raise RefusedError(
            Refused(
                "state.wrong",
                f"尚有议题未办结：{'、'.join(left)}。请主持人逐项作出决定，或暂缓表决、缓议、撤回后再散会。",
                f"Not finished: {', '.join(left)}. Decide, put off, defer or withdraw each before adjourning.",
                {"items": left},
            )
        )
    await store.adjourn(act.connection, meeting.id, act.place.now)
    await act.record("meeting.adjourned", {})
