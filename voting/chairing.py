"""The chair is held by the presiding member, or the one they entrust with it (Measures 2(4): 由局主要领导或者其委托的
局分管领导主持).

A member recused from an item leaves for it (Personnel 23), and so cannot chair it; nor can one who has left the
room. Another formal member is then entrusted with the chair, on the record, or the item is deferred.
"""

from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct, require_step
from agenda.records import ItemState
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda
from voting import store
from voting.kinds.sitting import ChairHanded
from voting.room import item_in_session


def allow_hand_over(situation: Situation, person: int) -> None:
    """This person may be entrusted with the chair, or (the presiding member) take it back.

    The presiding member decides; once they have left the room the secretary records it for them.
    Raises RefusedError (access.role, input.invalid, state.wrong, the rule of a recusal).
    """
    state = situation.state
    require_step(situation.outside.kind, state, "chair.handed")
    gone = not state.is_present(state.presiding)
    if situation.person != state.presiding and not ("secretary" in situation.roles and gone):
        raise RefusedError(
            Refused(
                "access.role",
                "委托他人主持由主持人本人决定；主持人已离场的，由秘书登记其委托。",
                "Who presides entrusts the chair; once they have left, the secretary records it for them.",
            )
        )
    if person == state.chair:
        raise RefusedError(Refused("state.wrong", "会议已由该成员主持。", "That member holds the chair already."))
    if person == situation.person == state.presiding and not state.is_present(person):
        raise RefusedError(
            Refused(
                "input.invalid",
                "您不在会场，签到后方可收回主持。",
                "You are not in the room: check in, then take the chair back.",
                {"field": "person"},
            )
        )
    if person not in situation.formal or not state.is_present(person):
        raise RefusedError(
            Refused(
                "input.invalid",
                "受委托主持的须为已到会的正式成员。",
                "The chair is held by a formal member in the room.",
                {"field": "person"},
            )
        )
    if state.current is not None:
        require_chair_unrecused(person, state.current)


async def hand_over(act: MeetingAct, person: int, reason: str) -> None:
    """Entrust a formal member in the room with the chair, or take it back; see `allow_hand_over`."""
    meeting = act.context.meeting
    allow_hand_over(await situation_of(act), person)
    await store.set_acting(act.connection, meeting.id, None if person == meeting.presiding_id else person)
    await act.record(ChairHanded(person, reason))


def chairing(situation: Situation, item: int, *allowed: ItemState) -> ItemOnAgenda:
    """Returns the item in one of these states, for an act of the chair, whose holder is in the room and not recused.
    Raises RefusedError."""
    there = item_in_session(situation, item, *allowed)
    require_chair_unrecused(situation.person, there)
    if not situation.state.is_present(situation.person):
        raise RefusedError(
            Refused(
                "state.wrong",
                "您不在会场，不能主持。请返回会场签到，或者将会议委托其他成员主持。",
                "You are not in the room and cannot hold the chair: come back and check in, or hand it over.",
            )
        )
    return there


def require_chair_unrecused(chair: int, item: ItemOnAgenda, rule: str | None = None) -> None:
    """Refuse an item whose chair would have to leave for it; `rule` is that of a recusal not on record yet."""
    recusal = item.recusals.get(chair)
    if rule := recusal.rule if recusal else rule:
        raise RefusedError(
            Refused(
                rule,
                "对本议题应当回避的，不得主持本议题。请主持人先将会议委托其他成员主持，或者缓议本议题。",
                "Who is recused from an item does not hold the chair for it. Who presides can hand it to another "
                "member first, or the item is deferred.",
                {"member": str(chair)},
            )
        )
