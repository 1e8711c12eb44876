"""Calling to order, and adjourning.

It begins on the meeting's day, at most an hour early (Rules 6(3)). N is taken here: the formal members as they stand,
应到会成员. The meeting gets its number of the year, 第N次 (Working 22). It can be held only with half of them present
(Measures 2; Rules 5).
"""

from acts.dates import BUREAU_TIME
from acts.heads import leave_heads
from acts.refusal import Refused, RefusedError, require
from agenda.acting import MeetingAct, require_step
from agenda.changing_notice import check_told
from agenda.contents import people_said
from agenda.early import check_early
from agenda.situation import Situation, situation_of
from voting import store
from voting.kinds.sitting import MeetingAdjourned, MeetingCalled
from voting.quorum import check_quorum, count_quorum
from voting.roll import Roll
from voting.room import present, require_chair_here

_ENDED = ("decided", "put_off", "withdrawn", "deferred")


def allow_call(situation: Situation) -> list[int]:
    """Returns the formal members by seat, where the meeting may be called to order. Raises RefusedError."""
    state = situation.state
    require_step(situation.outside.kind, state, "meeting.called")
    assert state.starts_at is not None
    require(check_early(state.starts_at, situation.now), check_told(situation))
    members = [person.id for person in situation.outside.people.values() if person.formal]
    there = present(state)
    if state.presiding not in there or state.presiding not in members:
        raise RefusedError(
            Refused(
                "state.wrong",
                "主持人须为正式成员并已到会签到，方可宣布开会。",
                "The chair, a formal member, must have checked in before calling to order.",
            )
        )
    roll = Roll(members=frozenset(members), present=there, recused=frozenset())
    require(check_quorum(count_quorum(situation.charter, False, roll), False))
    return members


async def call_to_order(act: MeetingAct) -> None:
    """Call the meeting to order: take N and its number; the chair and half of N must be in the room."""
    meeting, situation = act.context.meeting, await situation_of(act)
    members = allow_call(situation)
    year = meeting.starts_at.astimezone(BUREAU_TIME).year
    ordinal = await store.next_ordinal(act.connection, meeting.body_id, year)
    await store.call(act.connection, meeting.id, members, year, ordinal, act.context.now)
    await act.record(
        MeetingCalled(
            n=len(members),
            formal_members=tuple(members),
            year=year,
            ordinal=ordinal,
            presiding=meeting.presiding_id,
            people=people_said(situation.outside.people.values()),
        )
    )


def allow_adjournment(situation: Situation) -> None:
    """The meeting may end once every item has come to an end. Raises RefusedError."""
    state = situation.state
    require_step(situation.outside.kind, state, "meeting.adjourned")
    require_chair_here(situation)
    left = [f"“{item.title}”" for item in state.agenda if item.state not in _ENDED]
    if left:
        raise RefusedError(
            Refused(
                "state.wrong",
                f"{'、'.join(left)}尚未审议完毕，请主持人逐项作出决定，或暂缓表决、缓议、撤下后再散会。",
                f"{', '.join(left)} not finished. Decide, put off, defer or withdraw each before adjourning.",
                {"items": [item.title for item in state.agenda if item.state not in _ENDED]},
            )
        )


async def adjourn(act: MeetingAct) -> None:
    """End the meeting; every item has come to an end first."""
    allow_adjournment(await situation_of(act))
    await store.adjourn(act.connection, act.context.meeting.id, act.context.now)
    await act.record(MeetingAdjourned())
    meeting = act.context.meeting
    await leave_heads(
        act.transaction, act.caller.organization, meeting.body_id, meeting.id, "meeting.adjourned", title=meeting.title
    )
