"""Who holds the chair: who presides, or the member they entrust with it (Measures 2(4): 由局主要领导或者其委托的
局分管领导主持).

Who is recused from an item leaves for it (Personnel 23), and so cannot run it; who has left the room cannot
either. The chair is then handed to another formal member, on the record, or the item is deferred.
"""

from acts.refusal import Refused, RefusedError
from agenda import store as agenda_store
from agenda.acting import MeetingAct, require_step
from agenda.records import Item, ItemState
from voting import store
from voting.room import formal, item_in

_BEFORE_IT = ("open", "voting", "voted")


async def hand_over(act: MeetingAct, person: int, reason: str) -> None:
    """Entrust a formal member in the room with the chair, or (`person` is who presides) take it back.

    The word is that of who presides; once they have left the room the secretary notes it for them.
    Raises RefusedError (access.role, input.invalid, state.wrong, the rule of a recusal).
    """
    meeting = act.place.meeting
    require_step(meeting, "chair.handed")
    states = await store.presence(act.connection, meeting.id)
    gone = states.get(meeting.presiding_id) != "present"
    if act.caller.person != meeting.presiding_id and not ("secretary" in act.place.roles and gone):
        raise RefusedError(
            Refused(
                "access.role",
                "委托他人主持由主持人本人决定；主持人已离场的，由秘书登记其委托。",
                "Who presides entrusts the chair; once they have left, the secretary records it for them.",
            )
        )
    if person == meeting.chair_id:
        raise RefusedError(Refused("state.wrong", "会议已由该成员主持。", "That member holds the chair already."))
    if person not in formal(meeting) or states.get(person) != "present":
        raise RefusedError(
            Refused(
                "input.invalid",
                "受委托主持的须为已到会的正式成员。",
                "The chair is held by a formal member in the room.",
                {"field": "person"},
            )
        )
    current = await _before_the_meeting(act)
    if current is not None:
        _require_unrecused(person, await store.recused(act.connection, current.id))
    await store.set_acting(act.connection, meeting.id, None if person == meeting.presiding_id else person)
    await act.record("chair.handed", {"person": person, "reason": reason})


async def chairing(act: MeetingAct, item_id: int, *allowed: ItemState) -> Item:
    """The item in one of these states, for an act of the chair's: who holds it is in the room and not recused."""
    item = await item_in(act, item_id, *allowed)
    _require_unrecused(act.caller.person, await store.recused(act.connection, item.id))
    if (await store.presence(act.connection, act.place.meeting.id)).get(act.caller.person) != "present":
        raise RefusedError(
            Refused(
                "state.wrong",
                "您不在会场，不能主持。请返回会场签到，或者将会议委托其他成员主持。",
                "You are not in the room and cannot hold the chair: come back and check in, or hand it over.",
            )
        )
    return item


def require_chair_unrecused(act: MeetingAct, recused: dict[int, str]) -> None:
    """Refuse an item whose chair would have to leave for it; `recused` gives the rule by member."""
    _require_unrecused(act.place.meeting.chair_id, recused)


async def _before_the_meeting(act: MeetingAct) -> Item | None:
    items = await agenda_store.items_of(act.connection, act.place.meeting.id)
    return next((item for item in items if item.state in _BEFORE_IT), None)


def _require_unrecused(chair: int, recused: dict[int, str]) -> None:
    if rule := recused.get(chair):
        raise RefusedError(
            Refused(
                rule,
                "对本议题应当回避的，不得主持本议题。请主持人先将会议委托其他成员主持，或者缓议本议题。",
                "Who is recused from an item does not hold the chair for it. Who presides can hand it to another "
                "member first, or the item is deferred.",
                {"member": str(chair)},
            )
        )
