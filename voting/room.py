"""What an act in session asks again and again: the item, who is here, who may vote."""

from agenda.acting import MeetingAct, require_state
from agenda.records import ItemState
from agenda.situation import Situation
from agenda.state import ItemOnAgenda, MeetingState
from voting.roll import Roll


def keys_of(act: MeetingAct, item: int) -> tuple[int, int, int]:
    """(item, meeting, body), as tables that belong to an item key it."""
    return item, act.context.meeting.id, act.context.meeting.body_id


def item_in_session(situation: Situation, item: int, *allowed: ItemState) -> ItemOnAgenda:
    """The item in one of these states, the meeting in session. Raises RefusedError."""
    require_state(situation.state, "in_session")
    return situation.item(item, *allowed)


def present(state: MeetingState) -> frozenset[int]:
    """Who is in the room."""
    return frozenset(person for person, note in state.presence.items() if note.state == "present")


def roll_for(situation: Situation, item: ItemOnAgenda) -> Roll[int]:
    """The formal members, who is present, who is recused from this item."""
    return Roll(members=situation.formal, present=present(situation.state), recused=frozenset(item.recusals))
