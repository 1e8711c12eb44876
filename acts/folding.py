"""A book's subject as it stands, folded from the book's records. Pure.

One fold serves every subject: the kinds know how they change a state, the package of the subject gives its first.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, reduce
from typing import Any, TypeVar

from msgspec import Struct, convert
from msgspec.structs import replace

from acts.content import Content, Stamp, Teller
from acts.packages import content_classes
from acts.refusal import Fact
from storage.ledger import Record


class RuleSaid(Struct, frozen=True):
    """One rule's refusal, with the clause as it was cited; less of it where the viewer may not know why."""

    rule: str
    detail: str
    detail_en: str
    facts: dict[str, Fact] = {}
    clause: str = ""
    clause_en: str = ""


class Refusal(Struct, frozen=True):
    """An operation that the rules forbade, and the item it was about. `refusals` by their place, from 0; `times` is how
    often the same motion from the floor was refused."""

    at: datetime
    operation: str
    refusals: dict[int, RuleSaid]
    actor: int | None = None
    item: int | None = None
    times: int = 1

    @property
    def motion(self) -> tuple[Fact, Fact] | None:
        """The title and the mover of a motion from the floor, None for any other refusal."""
        facts = next((each.facts for each in self.refusals.values()), {})
        return (facts["title"], facts["mover"]) if facts.keys() >= {"title", "mover"} else None


class BookState(Struct, frozen=True):
    """The fields of every subject's state: the book's last record `seq`, its body, the subject's id, and the refusals
    by their seq."""

    seq: int = 0
    body: int | None = None
    id: int = 0
    refusals: dict[int, Refusal] = {}


class UnknownKindError(Exception):
    """A record has a kind or version unknown to this program, which is older than the record."""

    def __init__(self, kind: str, version: int) -> None:
        self.kind, self.version = kind, version
        super().__init__(f"records of kind {kind!r}, version {version}, are not known: update the program")


S = TypeVar("S", bound=BookState)


@cache
def _classes() -> Mapping[tuple[str, int], type[Content]]:
    return {(each.kind, each.form): each for each in content_classes()}


def kinds(subject: str | None = None) -> dict[str, type[Content]]:
    """The latest version of every kind by its name, those of one subject's books where it is named."""
    found = sorted(_classes().values(), key=lambda each: (each.kind, each.form))
    return {each.kind: each for each in found if subject in (None, each.subject) or each.subject == "*"}


def content_of(record: Record) -> Content:
    """The record's content by its kind and version. Raises UnknownKindError."""
    known = _classes().get((record.kind, record.version))
    if known is None:
        raise UnknownKindError(record.kind, record.version)
    return convert(record.content, known)


def stamp_of(record: Record) -> Stamp:
    """The record's stamp, its actor included."""
    return Stamp(record.seq, record.at, record.actor)


class Subject(Struct, frozen=True):
    """A type of thing that has books: its state before the first record, and the material of its sentences."""

    empty: BookState
    teller: type[Teller] = Teller


def after(state: S, content: Content, record: Record, stamp: Stamp | None = None) -> S:
    """The state after this content of this record; `stamp` is a view's part of the record's, None for all of it."""
    changed: S = content.apply(state, stamp or stamp_of(record))
    return replace(changed, seq=record.seq, body=record.body, id=record.subject_id)


def apply(state: S, record: Record) -> S:
    """The state after this record. Raises UnknownKindError."""
    return after(state, content_of(record), record)


def fold(records: Iterable[Record], start: Any) -> Any:
    """The state after all of these, in order; `start` is the state before them."""
    return reduce(apply, records, start)
