"""The chair is held by the presiding member, or the one they entrust with it (Measures 2(4): 由局主要领导或者其委托的
局分管领导主持).

A member recused from an item leaves for it (Personnel 23), and so cannot chair it; nor can one who has left the
room. Another formal member is then entrusted with the chair, on the record.
"""

from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct, require_state, require_step
from agenda.records import ItemState
from agenda.recusal import cause_of
from agenda.recusing import recused_by
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda
from voting import store
from voting.kinds.sitting import ChairHanded
from voting.room import require_chair_here


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
        require_chair_unrecused(situation, person, state.current)


async def hand_over(act: MeetingAct, person: int, reason: str) -> None:
    """Entrust a formal member in the room with the chair, or take it back; see `allow_hand_over`."""
    meeting = act.context.meeting
    allow_hand_over(await situation_of(act), person)
    await store.set_acting(act.connection, meeting.id, None if person == meeting.presiding_id else person)
    await act.record(ChairHanded(person, reason))


def chairing(situation: Situation, item: int, *allowed: ItemState) -> ItemOnAgenda:
    """Returns the item in one of these states, for an act of the chair, whose holder is in the room and not recused.
    Raises RefusedError."""
    require_state(situation.state, "in_session")
    there = situation.item(item, *allowed)
    require_chair_unrecused(situation, situation.person, there)
    require_chair_here(situation)
    return there


def require_chair_unrecused(situation: Situation, chair: int, item: ItemOnAgenda) -> None:
    """Refuse an item whose chair would have to leave for it."""
    if rule := recused_by(situation, item, chair):
        raise RefusedError(
            Refused(
                rule,
                "对本议题应当回避的，不得主持、处置本议题。请主持人先将会议委托其他成员主持（开会前，请秘书另行指定主持人）。",
                "Who is recused from an item neither holds the chair for it nor takes it off: the chair is handed to "
                "another member first, or, before the meeting, the secretary names another who presides.",
                {"member": str(chair)},
                cause_of(rule, item.personnel),
            )
        )
