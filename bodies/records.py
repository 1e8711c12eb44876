"""Bodies and their parts, as the program holds and answers them."""

from datetime import date
from typing import Literal, get_args

from msgspec import Struct

from acts.rulebook import Rulebook, default
from bodies.charter import Charter
from bodies.kinship import RelationType

GrantedRole = Literal[
    "member", "head", "acting_head", "secretary", "observer", "attendee", "hall", "office_head", "deputy"
]
GRANTED_ROLES: tuple[GrantedRole, ...] = get_args(GrantedRole)  # the administrator is the organization's, not a body's
Category = Literal["major", "personnel", "project", "funds", "other"]


class Body(Struct, frozen=True):
    """A body and the rules it laid down for itself; `rulebook` is its own, None where it has the default one."""

    id: int
    name: str
    kind: str
    charter: Charter
    rulebook: Rulebook | None = None

    @property
    def in_force(self) -> Rulebook:
        """The rulebook by which the body's acts cite."""
        return self.rulebook or default()


class BodySummary(Struct, frozen=True):
    """A body in a list, with the caller's roles in it."""

    id: int
    name: str
    kind: str
    roles: list[str]


class BodyPerson(Struct, frozen=True):
    """A person who belongs to a body, by the name that tells them from namesakes there: roles, and the seat and the
    deputy (B角) of a member; `ends` has, by role, the first day on which it is not held any more."""

    id: int
    name: str
    post: str
    seat: int | None
    in_charge: str
    roles: list[str]
    deputy: int | None = None
    ends: dict[str, date] = {}

    @property
    def formal(self) -> bool:
        """Whether they count in N."""
        return "member" in self.roles


class BodyDetail(Struct, frozen=True):
    """A body with its people, members by seat first, then the others by name; by its kind, `meeting` is the name for a
    meeting of it and `decides` says who decides there."""

    id: int
    name: str
    kind: str
    meeting: str
    decides: Literal["majority", "head"]
    charter: Charter
    people: list[BodyPerson]


class Seat(Struct, frozen=True):
    """A member's seat, the post that goes with it, and what they are in charge of."""

    seat: int
    post: str
    in_charge: str


class Kin(Struct, frozen=True):
    """Somebody as kinship knows them; `person` where they are one of the organization's people."""

    id: int
    name: str
    person: int | None


class Relation(Struct, frozen=True):
    """A relation on record: for "parent", a is a parent of b; the others read both ways, a < b."""

    id: int
    type: RelationType
    a: int
    b: int


class KinshipRegister(Struct, frozen=True):
    """Everything a body has on record about kinship."""

    kin: list[Kin]
    relations: list[Relation]


class Matter(Struct, frozen=True):
    """One line of a body's yearly catalogue of matters (事项清单)."""

    id: int
    year: int
    code: str
    title: str
    category: Category
    note: str


class MatterLine(Struct, frozen=True):
    """A line to be written into the catalogue, identified by year and code."""

    year: int
    code: str
    title: str
    category: Category
    note: str


class CalendarYear(Struct, frozen=True):
    """A year's days off and weekend days worked; from the library, or entered by the administrator."""

    year: int
    source: Literal["library", "entered"]
    holidays: list[date]
    workdays: list[date]
