"""The values that acts in session ask for again and again: the item, those in the room, the roll."""

from agenda.acting import MeetingAct, require_state
from agenda.records import ItemState
from agenda.situation import Situation
from agenda.state import ItemOnAgenda, MeetingState
from voting.roll import Roll


def keys_of(act: MeetingAct, item: int) -> tuple[int, int, int]:
    """Returns (item, meeting, body), by which tables that belong to an item key it."""
    return item, act.context.meeting.id, act.context.meeting.body_id


def item_in_session(situation: Situation, item: int, *allowed: ItemState) -> ItemOnAgenda:
    """Returns the item in one of these states, the meeting in session. Raises RefusedError."""
    require_state(situation.state, "in_session")
    return situation.item(item, *allowed)


def present(state: MeetingState) -> frozenset[int]:
    """Returns the people in the room."""
    return frozenset(person for person, note in state.presence.items() if note.state == "present")


def roll_for(situation: Situation, item: ItemOnAgenda) -> Roll[int]:
    """Returns the formal members, those in the room, and those recused from this item."""
    return Roll(members=situation.formal, present=present(situation.state), recused=frozenset(item.recusals))
