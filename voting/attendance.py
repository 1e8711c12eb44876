"""Attendance: leave of absence, arriving, leaving, returning.

Being present is proved in the room, by the hall's code; the secretary can note somebody by hand, on the record.
"""

from typing import Literal

from acts.limits import Limit, require_slower
from acts.refusal import Refused, RefusedError, require
from agenda.acting import MeetingAct, require_state
from agenda.kinds.noticing import OpinionVoided
from agenda.situation import Situation, situation_of
from agenda.state import MeetingState
from voting import store
from voting.hall_code import check_code, check_unused, minute_of
from voting.kinds.sitting import LeaveGranted, PresenceArrived, PresenceLeft
from voting.room import require_chair_here


def allow_arrival(state: MeetingState, person: int) -> None:
    """A person who is not in the room yet may be noted there. Raises RefusedError."""
    require_state(state, "noticed", "in_session")
    if state.is_present(person):
        raise RefusedError(Refused("state.wrong", "该人员已经签到，无须重复签到。", "Already checked in."))


async def check_in(act: MeetingAct, code: str, tries: Limit) -> None:
    """Check the caller in by the room's code, which serves them once; wrong codes count in `tries`, so that none is
    guessed."""
    meeting = act.context.meeting
    require_state(meeting, "noticed", "in_session")
    guesser = (meeting.id, act.caller.person)
    require_slower(
        tries.take(guesser),
        "签到码多次输入错误，请 {seconds} 秒后再试，或请秘书代为签到。",
        "Too many wrong codes; try again in {seconds} s, or ask the secretary to check you in.",
    )
    minute = minute_of(meeting.hall_secret, code, act.context.now)
    require(check_code(minute))
    assert minute is not None
    tries.give_back(guesser)
    allow_arrival(act.context.state, act.caller.person)
    require(check_unused(minute, await store.hall_codes_used(act.connection, meeting.id, act.caller.person)))
    await store.use_hall_code(act.connection, (meeting.id, meeting.body_id), act.caller.person, minute)
    await _arrive(act, act.caller.person, "code")


def allow_noting(situation: Situation, person: int) -> None:
    """The secretary may note by hand that this person is in the room. Raises RefusedError."""
    require_state(situation.state, "noticed", "in_session")
    if not situation.belongs(person):
        raise RefusedError(
            Refused(
                "input.invalid",
                "该人员不在本次会议的人员名单内，请管理员先将其加入（如列为列席人员）。",
                "That person is not on this body's list; the administrator adds them first, as an attendee say.",
                {"field": "person"},
            )
        )
    allow_arrival(situation.state, person)


async def record_arrival(act: MeetingAct, person: int) -> None:
    """The secretary notes that somebody is in the room."""
    allow_noting(await situation_of(act), person)
    await _arrive(act, person, "hand")


async def _arrive(act: MeetingAct, person: int, method: Literal["code", "hand"]) -> None:
    meeting = act.context.meeting
    await store.set_presence(act.connection, (meeting.id, meeting.body_id), person, "present", act.context.now, method)
    arrived = await act.record(PresenceArrived(person, method))
    await void_opinions_of(act, person, arrived.record.seq)


async def void_opinions_of(act: MeetingAct, person: int, arrival: int) -> None:
    """Void a person's written opinions, since they are present by the record `arrival` (Rules 6(4)); one already
    weighed in a vote stands."""
    for item in await store.void_opinions(act.connection, act.context.meeting.id, person, act.context.now):
        await act.record(OpinionVoided(item, person, arrival))


def allow_leaving(situation: Situation, person: int) -> None:
    """Somebody in the room may be noted as gone, by themselves or by the secretary. Raises RefusedError."""
    require_state(situation.state, "noticed", "in_session")
    if person != situation.person and "secretary" not in situation.roles:
        raise RefusedError(
            Refused(
                "access.role",
                "只能登记本人离场；他人离场，请秘书登记。",
                "You can only note your own leaving; the secretary notes others'.",
            )
        )
    if not situation.state.is_present(person):
        raise RefusedError(Refused("state.wrong", "该人员不在会场，无须登记离场。", "That person is not in the room."))


async def leave(act: MeetingAct, person: int) -> None:
    """Note that somebody left the room: the caller, or a person whom the secretary saw go."""
    meeting = act.context.meeting
    allow_leaving(await situation_of(act), person)
    await store.set_presence(act.connection, (meeting.id, meeting.body_id), person, "left", act.context.now)
    await act.record(PresenceLeft(person))


def allow_leave(situation: Situation, person: int) -> None:
    """A formal member who is not in the room may be excused. Raises RefusedError."""
    require_state(situation.state, "draft", "noticed", "in_session")
    require_chair_here(situation)
    if person not in situation.formal:
        raise RefusedError(
            Refused("input.invalid", "请假人须为正式成员。", "Leave is a formal member's.", {"field": "person"})
        )
    if situation.state.is_present(person):
        raise RefusedError(
            Refused(
                "state.wrong",
                "该成员已在会场，不能登记请假；确需离开的，请登记离场。",
                "That member is in the room; if they go, note that they left.",
            )
        )


async def grant_leave(act: MeetingAct, person: int, reason: str) -> None:
    """A formal member is excused from the meeting (请假)."""
    meeting = act.context.meeting
    allow_leave(await situation_of(act), person)
    await store.set_presence(
        act.connection, (meeting.id, meeting.body_id), person, "on_leave", act.context.now, reason=reason
    )
    await act.record(LeaveGranted(person, reason))
