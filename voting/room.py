"""The values that acts in session ask for again and again: the item, those in the room, the roll."""

from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct, require_state
from agenda.records import ItemState
from agenda.recusing import require_unrecused
from agenda.situation import Situation
from agenda.state import ItemOnAgenda, MeetingState
from voting.roll import Roll


def keys_of(act: MeetingAct, item: int) -> tuple[int, int, int]:
    """Returns (item, meeting, body), by which tables that belong to an item key it."""
    return item, act.context.meeting.id, act.context.meeting.body_id


def item_in_session(situation: Situation, item: int, *allowed: ItemState) -> ItemOnAgenda:
    """Returns the item in one of these states, the meeting in session; a caller who is recused from it, or holds the
    chair from elsewhere, does nothing there. Raises RefusedError."""
    require_state(situation.state, "in_session")
    there = situation.item(item, *allowed)
    require_unrecused(situation, there)
    require_chair_here(situation)
    return there


def require_chair_here(situation: Situation) -> None:
    """Refuse an act of a chair who is not in the room while the meeting sits, unless they keep its record too."""
    state, person = situation.state, situation.person
    absent = state.state == "in_session" and state.chair == person and not state.is_present(person)
    if absent and "secretary" not in situation.roles:
        raise RefusedError(
            Refused(
                "state.wrong",
                "您不在会场，不能主持。请返回会场签到，或者将会议委托其他成员主持。",
                "You are not in the room and cannot hold the chair: come back and check in, or hand it over.",
            )
        )


def present(state: MeetingState) -> frozenset[int]:
    """Returns the people in the room."""
    return frozenset(person for person, note in state.presence.items() if note.state == "present")


def roll_for(situation: Situation, item: ItemOnAgenda) -> Roll[int]:
    """Returns the formal members, those in the room, and those recused from this item."""
    return Roll(members=situation.formal, present=present(situation.state), recused=frozenset(item.recusals))
