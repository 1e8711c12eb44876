"""An organization as its book describes it: its people, its bodies, its calendar."""

from typing import ClassVar, Literal

from msgspec import Struct

from acts.content import Anonymous, Content, Teller
from acts.folding import BookState
from acts.kinds.refusing import RuleRefused


class PersonOnRecord(Struct, frozen=True):
    """One of the organization's people."""

    name: str
    staff_number: str
    post: str
    administrator: bool
    active: bool


class BodyOnRecord(Struct, frozen=True):
    """One of its bodies."""

    name: str
    kind: str


class YearOnRecord(Struct, frozen=True):
    """A year's days off and days worked, as entered (ISO dates)."""

    holidays: tuple[str, ...]
    workdays: tuple[str, ...]


class OrganizationState(BookState, frozen=True):
    """An organization after its record `seq`, without what was there before its first record."""

    people: dict[int, PersonOnRecord] = {}
    bodies: dict[int, BodyOnRecord] = {}
    calendar: dict[int, YearOnRecord] = {}


class AccessState(BookState, frozen=True):
    """The book of who came and read; its records change nothing. `people` serve its sentences."""

    people: dict[int, PersonOnRecord] = {}


AdminViewName = Literal["administrator", "observer"]

ADMINISTRATION: frozenset[AdminViewName] = frozenset({"administrator", "observer"})


AuditViewName = Literal["auditor", "observer"]
AUDITING: frozenset[AuditViewName] = frozenset({"auditor", "observer"})


class AdminView(Struct, frozen=True):
    """A view of the administration's books; `observer` sees what the administrator does there."""

    name: AdminViewName

    def see(self, content: Content, state: BookState) -> Content | Anonymous | None:
        """The part of a record's content that this view sees, or None."""
        return content.see(self, state)

    def item(self, content: Content, seen: Content | None) -> None:
        """No record of the administration is about an item."""

    def see_refusal(self, refused: RuleRefused, state: BookState) -> RuleRefused | None:
        """Both views see every refusal."""
        return refused


class OfOrganization(Content, frozen=True):
    """A kind of an organization's records."""

    subject: ClassVar[str] = "organization"
    views: ClassVar[frozenset[AdminViewName]] = ADMINISTRATION


class OfAccess(Content, frozen=True):
    """A kind of the records of access: who signed in, read personnel papers, took a file."""

    subject: ClassVar[str] = "access"
    views: ClassVar[frozenset[AuditViewName]] = AUDITING


class OrganizationTeller(Teller, frozen=True):
    """The material of a sentence about an organization."""

    state: OrganizationState
