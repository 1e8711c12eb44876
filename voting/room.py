"""What an act in session asks again and again: the item, who is here, who may vote, what they are called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, cast

from acts.acting import found
from acts.procedures import starts
from acts.refusal import Refused, RefusedError, Verdict, refusals_of, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct, require_state
from agenda.records import Item, ItemState, Meeting
from bodies.kinds_of_body import KINDS_OF_BODY
from voting import store
from voting.records import Vote
from voting.roll import Roll

if TYPE_CHECKING:
    from storage.store import Connection

Name = Callable[[int], str]

_STATES: dict[ItemState, tuple[str, str]] = {
    "listed": ("尚未提请审议", "has not been presented"),
    "open": ("正在讨论", "is being discussed"),
    "voting": ("正在表决", "is being voted"),
    "voted": ("已表决、待宣布决定", "has been voted and waits for the decision"),
    "decided": ("已作出决定", "is decided"),
    "put_off": ("已暂缓表决", "was put off"),
    "withdrawn": ("已撤回", "was withdrawn"),
    "deferred": ("已缓议", "was deferred"),
}


def formal(meeting: Meeting) -> frozenset[int]:
    """N's members; the meeting is in session."""
    return frozenset(meeting.formal_members or ())


def place_of(act: MeetingAct, item: int) -> tuple[int, int, int]:
    """(item, meeting, body), as tables that belong to an item key it."""
    return item, act.place.meeting.id, act.place.meeting.body_id


async def item_in(act: MeetingAct, item_id: int, *allowed: ItemState) -> Item:
    """The item, where it is in one of these states and the meeting in session."""
    require_state(act.place.meeting, "in_session")
    item: Item = found(await agenda_store.item(act.connection, act.place.meeting.id, item_id))
    require_item_state(item, *allowed)
    return item


def before(act: MeetingAct, record: str) -> Collection[ItemState]:
    """The states of an item from which the procedure has, now, the step that this kind of record tells."""
    meeting = act.place.meeting
    return cast(frozenset[ItemState], starts(KINDS_OF_BODY[meeting.kind].procedure, "item", record, meeting.state))


def require_item_state(item: Item, *allowed: ItemState) -> None:
    """Refuse unless the item is in one of these states."""
    if item.state not in allowed:
        chinese, english = _STATES[item.state]
        raise RefusedError(
            Refused(
                "state.wrong",
                f"“{item.title}”{chinese}，不能进行此项操作。",
                f"“{item.title}” {english}; this cannot be done now.",
                {"item": item.id, "state": item.state},
            )
        )


async def roll_for(connection: Connection, meeting: Meeting, item: Item) -> Roll[int]:
    """The formal members, who is present, who is recused from this item."""
    states = await store.presence(connection, meeting.id)
    return Roll(
        members=formal(meeting),
        present=frozenset(person for person, state in states.items() if state == "present"),
        recused=frozenset(await store.recused(connection, item.id)),
    )


async def vote_in(act: MeetingAct, vote_id: int) -> Vote:
    """The vote, the meeting in session."""
    require_state(act.place.meeting, "in_session")
    vote: Vote = found(await store.vote(act.connection, act.place.meeting.id, vote_id))
    return vote


async def named_refusals(
    connection: Connection, people: Iterable[int], verdicts: Callable[[Name], Sequence[Verdict]]
) -> tuple[Refused, ...]:
    """Ask the rules; only where one refuses look up what `people` are called, for its sentence."""
    if not refusals_of(verdicts(str)):
        return ()
    names = await store.names(connection, people)
    return refusals_of(verdicts(lambda person: names.get(person, str(person))))


async def require_named(
    connection: Connection, people: Iterable[int], verdicts: Callable[[Name], Sequence[Verdict]]
) -> None:
    """`acts.refusal.require`, with people called by their names."""
    require(*await named_refusals(connection, people, verdicts))
