"""The basis on which an act in a meeting is judged: its state, what it reads of other books, the time, the caller.

The judgements are pure, so that the act asks them in its transaction and the live feed asks them for every screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias, cast

from msgspec import Struct

from acts.acting import existing
from acts.procedures import starts
from acts.refusal import Refused, RefusedError
from acts.rulebook import Rulebook, default
from agenda.calendar import Days, calendar_of
from agenda.records import ItemState
from agenda.state import ItemOnAgenda, MeetingState
from agenda.working_days import WorkCalendar
from bodies.calendar import days_of
from bodies.charter import Charter
from bodies.kinds_of_body import KINDS_OF_BODY
from bodies.kinship import Relations
from bodies.records import BodyPerson
from bodies.store import body_people, read_kinship
from storage.heads import LostBook
from storage.store import lost_books

if TYPE_CHECKING:
    from agenda.acting import MeetingAct
    from agenda.records import Meeting
    from storage.store import Connection

Name: TypeAlias = Callable[[int], str]

_YEARS = range(2000, 2200)
_STATES: dict[ItemState, tuple[str, str]] = {
    "listed": ("尚未提请审议", "has not been presented"),
    "open": ("正在讨论", "is being discussed"),
    "voting": ("正在表决", "is being voted"),
    "voted": ("已表决、待宣布决定", "has been voted and waits for the decision"),
    "decided": ("已作出决定", "is decided"),
    "put_off": ("已暂缓表决", "was put off"),
    "withdrawn": ("已撤下", "was withdrawn"),
    "deferred": ("已缓议", "was deferred"),
}


class Kin(Struct, frozen=True):
    """A body's record of kinship: the relations between kin, the kin id of each person it knows, the kin's names."""

    relations: Relations[int] = Relations()
    of_person: Mapping[int, int] = {}
    names: Mapping[int, str] = {}


class Outside(Struct, frozen=True):
    """The facts that a meeting reads from other books: the body's kind, its charter and rulebook (in force until the
    notice freezes them), its people now, its record of kinship, the days off and days worked of the years that are
    known, and the books of which later records are known outside."""

    kind: str = "党组"
    charter: Charter = Charter()
    rulebook: Rulebook = default()
    people: Mapping[int, BodyPerson] = {}
    kin: Kin = Kin()
    days: Days = {}
    lost: tuple[LostBook, ...] = ()

    @property
    def formal_members(self) -> frozenset[int]:
        """The formal members as they stand now."""
        return frozenset(person.id for person in self.people.values() if person.formal)


class Situation(Struct, frozen=True):
    """A meeting at one moment, as one person with their roles in it may act there."""

    state: MeetingState
    outside: Outside
    now: datetime
    person: int
    roles: frozenset[str]

    @property
    def charter(self) -> Charter:
        """The charter in force: the one that the notice froze, before it the body's."""
        return self.state.charter or self.outside.charter

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook in force: the one that the notice froze, before it the body's."""
        return self.state.rulebook or self.outside.rulebook

    @property
    def formal(self) -> frozenset[int]:
        """N's members, taken at the call to order; before it the formal members as they stand."""
        return frozenset(self.state.formal_members) or self.outside.formal_members

    @property
    def everyone(self) -> frozenset[int]:
        """The people of the meeting: those who hold any role in the body now, and N's members."""
        return frozenset(self.outside.people) | frozenset(self.state.formal_members)

    def before(self, record: str) -> frozenset[ItemState]:
        """Returns the item states from which the procedure now has the step that this kind of record stands for."""
        procedure = KINDS_OF_BODY[self.outside.kind].procedure
        return cast("frozenset[ItemState]", starts(procedure, "item", record, self.state.state))

    def item(self, item: int, *allowed: ItemState) -> ItemOnAgenda:
        """Returns the item, where it is in one of these states (none named: any). Raises RefusedError."""
        there: ItemOnAgenda = existing(self.state.items.get(item))
        if allowed:
            require_item_state(there, *allowed)
        return there

    def name(self, person: int) -> str:
        """Returns the name of a person of the meeting or of the body; the id as text where neither knows them."""
        known = self.outside.people.get(person) or self.state.people.get(person)
        return known.name if known else str(person)

    def belongs(self, person: int) -> bool:
        """Whether the person is of the meeting."""
        return person in self.everyone

    def calendar(self, first: date, last: date) -> tuple[WorkCalendar, date]:
        """Returns what `agenda.calendar.calendar_of` does, for the years that are known."""
        return calendar_of(self.outside.days, first, last)


async def read_outside(connection: Connection, meeting: Meeting) -> Outside:
    """Returns the facts that the meeting reads from other books, as they stand."""
    return Outside(
        kind=meeting.kind,
        charter=meeting.charter,
        rulebook=meeting.rulebook or default(),
        people={person.id: person for person in await body_people(connection, meeting.body_id)},
        kin=Kin(*await read_kinship(connection, meeting.body_id)),
        days=await days_of(connection, _YEARS),
        lost=await lost_books(connection, meeting.body_id),
    )


async def situation_of(act: MeetingAct) -> Situation:
    """Returns the situation in which an act is done, its meeting locked."""
    context = act.context
    outside = await read_outside(act.connection, context.meeting)
    return Situation(context.state, outside, context.now, act.caller.person, context.roles)


def require_item_state(item: ItemOnAgenda, *allowed: ItemState) -> None:
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
