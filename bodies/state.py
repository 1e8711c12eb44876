"""A body as its book describes it: its people, its charter, its kinship, its catalogue, its meetings."""

from typing import ClassVar

from msgspec import Struct

from acts.content import Content, Teller
from acts.folding import BookState
from acts.rulebook import Rulebook
from bodies.charter import Charter
from bodies.kinship import RelationType
from identity.state import ADMINISTRATION, AdminViewName


class PersonInBody(Struct, frozen=True):
    """Somebody with a role in the body; `seat` is a member's."""

    name: str
    roles: tuple[str, ...] = ()
    seat: int | None = None
    post: str = ""
    in_charge: str = ""
    deputy: int | None = None


class RelationOnRecord(Struct, frozen=True):
    """A relation; for "parent", a is a parent of b. Both are kin ids."""

    type: RelationType
    a: int
    b: int


class BodyState(BookState, frozen=True):
    """A body after its record `seq`, without what was there before its first record."""

    people: dict[int, PersonInBody] = {}
    charter: Charter | None = None
    rulebook: Rulebook | None = None
    kin: dict[int, str] = {}
    relations: dict[int, RelationOnRecord] = {}
    matters: dict[str, str] = {}
    meetings: dict[int, int] = {}


class OfBody(Content, frozen=True):
    """A kind of a body's records."""

    subject: ClassVar[str] = "body"
    views: ClassVar[frozenset[AdminViewName]] = ADMINISTRATION


class BodyTeller(Teller, frozen=True):
    """The material of a sentence about a body."""

    state: BodyState
