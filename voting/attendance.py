"""Who is here: leave of absence, arriving, leaving, returning.

Being present is proved in the room, by the hall's code; the secretary can note somebody by hand, on the record.
"""

from typing import Literal

from acts.limits import Limit, require_slower
from acts.refusal import Refused, RefusedError, require
from agenda.acting import MeetingAct, require_state
from agenda.kinds.noticing import OpinionVoided
from bodies.store import formal_members
from voting import store
from voting.hall_code import check_code
from voting.kinds.sitting import LeaveGranted, PresenceArrived, PresenceLeft


async def check_in(act: MeetingAct, code: str, tries: Limit) -> None:
    """The caller is in the room and knows its code; wrong ones count in `tries`, so that none is guessed."""
    meeting = act.place.meeting
    require_state(meeting, "noticed", "in_session")
    guesser = (meeting.id, act.caller.person)
    require_slower(
        tries.take(guesser),
        "签到码多次输入错误，请 {seconds} 秒后再试，或请秘书代为签到。",
        "Too many wrong codes; try again in {seconds} s, or ask the secretary to check you in.",
    )
    require(check_code(meeting.hall_secret, code, act.place.now))
    tries.give_back(guesser)
    await _arrive(act, act.caller.person, "code")


async def record_arrival(act: MeetingAct, person: int) -> None:
    """The secretary notes that somebody is in the room."""
    require_state(act.place.meeting, "noticed", "in_session")
    await _belongs(act, person)
    await _arrive(act, person, "hand")


async def _arrive(act: MeetingAct, person: int, method: Literal["code", "hand"]) -> None:
    meeting = act.place.meeting
    if (await store.presence(act.connection, meeting.id)).get(person) == "present":
        raise RefusedError(Refused("state.wrong", "该人员已经签到，无须重复签到。", "Already checked in."))
    await store.set_presence(act.connection, (meeting.id, meeting.body_id), person, "present", act.place.now, method)
    await act.record(PresenceArrived(person, method))
    await void_opinions_of(act, person)


async def void_opinions_of(act: MeetingAct, person: int) -> None:
    """A written opinion is void once its author is present (Rules 6(4)); one already weighed in a vote stands."""
    for item in await store.void_opinions(act.connection, act.place.meeting.id, person, act.place.now):
        await act.record(OpinionVoided(item, person))


async def leave(act: MeetingAct, person: int) -> None:
    """Somebody leaves the room: oneself, or whom the secretary saw go."""
    meeting = act.place.meeting
    require_state(meeting, "noticed", "in_session")
    if person != act.caller.person and "secretary" not in act.place.roles:
        raise RefusedError(
            Refused(
                "access.role",
                "只能登记本人离场；他人离场，请秘书登记。",
                "You can only note your own leaving; the secretary notes others'.",
            )
        )
    if (await store.presence(act.connection, meeting.id)).get(person) != "present":
        raise RefusedError(Refused("state.wrong", "该人员不在会场，无须登记离场。", "That person is not in the room."))
    await store.set_presence(act.connection, (meeting.id, meeting.body_id), person, "left", act.place.now)
    await act.record(PresenceLeft(person))


async def grant_leave(act: MeetingAct, person: int, reason: str) -> None:
    """A formal member is excused from the meeting (请假)."""
    meeting = act.place.meeting
    require_state(meeting, "draft", "noticed", "in_session")
    if person not in await formal_members(act.connection, meeting.body_id):
        raise RefusedError(
            Refused("input.invalid", "请假人须为正式成员。", "Leave is a formal member's.", {"field": "person"})
        )
    if (await store.presence(act.connection, meeting.id)).get(person) == "present":
        raise RefusedError(
            Refused(
                "state.wrong",
                "该成员已在会场，不能登记请假；确需离开的，请登记离场。",
                "That member is in the room; if they go, note that they left.",
            )
        )
    await store.set_presence(
        act.connection, (meeting.id, meeting.body_id), person, "on_leave", act.place.now, reason=reason
    )
    await act.record(LeaveGranted(person, reason))


async def _belongs(act: MeetingAct, person: int) -> None:
    if not await store.belongs(act.connection, act.place.meeting.body_id, person):
        raise RefusedError(
            Refused(
                "input.invalid",
                "该人员不在本次会议的人员名单内，请管理员先将其加入（如列为列席人员）。",
                "That person is not on this body's list; the administrator adds them first, as an attendee say.",
                {"field": "person"},
            )
        )
