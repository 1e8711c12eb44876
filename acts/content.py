"""The content of records, typed: one class for each kind, with all that belongs to the kind beside it.

A kind's class stands in a module of its package's folder `kinds/`; it needs no other registration.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeAlias

from msgspec import Struct

Words: TypeAlias = tuple[str, str]
"""A sentence or a word: Chinese, English."""


class Stamp(Struct, frozen=True):
    """A record's place in its book, its time (UTC, the database's), and its actor, if the actor may be seen."""

    seq: int
    at: datetime
    actor: int | None


class Anonymous(Struct, frozen=True):
    """Content that a view sees without seeing who acted."""

    content: "Content"


class Content(Struct, frozen=True):
    """The content of a record of one kind.

    `subject` is the type of the books that hold such records ("*" for every one), `form` the version of what is stored.
    `views` names the views that see all of such a record, `part` those that see less of it, or not always, as `see`
    decides. `rekeys` says that after such a record somebody's view may be another one.
    """

    kind: ClassVar[str]
    subject: ClassVar[str]
    form: ClassVar[int] = 1
    views: ClassVar[frozenset[str]] = frozenset()
    part: ClassVar[frozenset[str]] = frozenset()
    rekeys: ClassVar[bool] = False

    def apply(self, state: Any, stamp: Stamp) -> Any:
        """The state of the book's subject after this record; a kind that changes nothing leaves it."""
        return state

    def see(self, view: Any, state: Any) -> "Content | Anonymous | None":
        """The part of it that a view sees, or None; by default all where `views` names the view, else None.

        `state` is the subject's whole state after this record.
        """
        return self if view.name in self.views else None

    def tell(self, teller: Any) -> Words:
        """Put it into one sentence; a view that sees less of it gets a shorter one."""
        raise NotImplementedError(self.kind)


class Named(Protocol):
    """Somebody or something that a sentence calls by name."""

    @property
    def name(self) -> str: ...


class Teller(Struct, frozen=True):
    """The material of a sentence: the record's stamp, and the state after it as the same view shows it."""

    stamp: Stamp
    state: Any

    @property
    def people(self) -> Mapping[int, Named]:
        """The people in the state, by id."""
        people: Mapping[int, Named] = self.state.people
        return people

    def who(self, person: int | None) -> str:
        """The person's name, "#" and the id where the state has none, "—" for None."""
        if person is None:
            return "—"
        known = self.people.get(person)
        return known.name if known else f"#{person}"

    def all(self, people: Iterable[int]) -> Words:
        """Several, as a sentence lists them."""
        names = [self.who(person) for person in people]
        return "、".join(names), ", ".join(names)

    @property
    def actor(self) -> str:
        """The actor's name."""
        return self.who(self.stamp.actor)


def after_colon(chinese: str, english: str | None = None) -> Words:
    """The words behind a colon; empty where there are none."""
    other = chinese if english is None else english
    return f"：{chinese}" if chinese else "", f": {other}" if other else ""
