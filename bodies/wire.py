"""Input about bodies: roles, seats, charters, kinship, calendar."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from acts.wire import (
    ANY_LINE,
    ANY_TEXT,
    AS_CODE,
    AS_LINE,
    AS_NAME,
    END,
    SAID,
    UNSEEN,
    Id,
    Line,
    MaybeLine,
    Name,
    Post,
    Title,
)
from bodies.charter import Charter
from bodies.kinship import RelationType
from bodies.records import Category, GrantedRole, MatterLine

BodyName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=SAID, extra=AS_NAME)]
Kind: TypeAlias = Annotated[str, Meta(min_length=1, max_length=40, pattern=SAID, extra=AS_LINE)]
InCharge: TypeAlias = Annotated[str, Meta(max_length=200, pattern=ANY_LINE, extra=AS_LINE)]
Share: TypeAlias = Annotated[str, Meta(min_length=1, max_length=13)]
Days: TypeAlias = Annotated[list[date], Meta(max_length=366)]


class NewBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A body to be made; its kind, one of the closed list, never changes."""

    name: BodyName
    kind: Kind = "党组"


class BodyRename(Struct, frozen=True, forbid_unknown_fields=True):
    """A body's new name."""

    name: BodyName


class NewMatter(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the yearly catalogue; one of the same year and code is changed to this."""

    year: Annotated[int, Meta(ge=2000, le=9999)]
    matter_code: Annotated[str, Meta(min_length=1, max_length=40, pattern=rf"^[^\s{UNSEEN}]+{END}", extra=AS_CODE)]
    title: Title
    category: Category
    note: Annotated[str, Meta(max_length=2000, pattern=ANY_TEXT)] = ""

    def line(self) -> MatterLine:
        return MatterLine(self.year, self.matter_code, self.title, self.category, self.note)


class RoleGrant(Struct, frozen=True, forbid_unknown_fields=True):
    """A role for a person; an acting head's by the superior's document of that date."""

    person: Id
    role: GrantedRole
    document: Line | None = None
    since: date | None = None


class Retirement(Struct, frozen=True, forbid_unknown_fields=True):
    """A role that ends; `ends_on` is the first day on which it is not held any more."""

    person: Id
    role: GrantedRole
    ends_on: date


class Seating(Struct, frozen=True, forbid_unknown_fields=True):
    """A member's seat; `post` and `in_charge` stay as they are where they are left out."""

    person: Id
    seat: Annotated[int, Meta(ge=1, le=999)]
    post: Post | None = None
    in_charge: InCharge | None = None


class DeputyOf(Struct, frozen=True, forbid_unknown_fields=True):
    """A member's deputy (B角), another member; None for nobody."""

    person: Id
    deputy: Id | None


class Entrusting(Struct, frozen=True, forbid_unknown_fields=True):
    """The member who signs minutes in the head's place."""

    person: Id


class WholeCharter(Struct, frozen=True, forbid_unknown_fields=True):
    """A charter with every field: none may fall back to a default unseen. Meanings: `bodies.charter.Charter`."""

    lead_working_days: int
    quorum: Share
    personnel_quorum: Share
    quorum_strict: bool
    recused_in_base: bool
    recused_counts_present: bool
    close_margin: int
    deputies: bool
    chair_last: bool
    oral_vote: bool
    hands_vote: bool
    ballot_change: Literal["until_chair", "until_close", "never"]
    ballots_live: Literal["observer", "all", "nobody"]
    number_year: Literal["meeting", "issue"]
    minutes_series: Annotated[str, Meta(min_length=1, max_length=100, pattern=SAID, extra=AS_LINE)]

    def charter(self) -> Charter:
        return Charter(**{field: getattr(self, field) for field in self.__struct_fields__})


class ClauseDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A clause in both languages; without English the Chinese stands."""

    zh: Line
    en: MaybeLine = ""


class RulebookDraft(Struct, frozen=True, forbid_unknown_fields=True):
    """A body's own rulebook: each text's full title by its short one, each rule's clause by its id; a rule that is left
    out says 惯例."""

    titles: Annotated[dict[Line, Line], Meta(max_length=100)]
    clauses: Annotated[dict[Line, ClauseDraft], Meta(max_length=200)]


class NewKin(Struct, frozen=True, forbid_unknown_fields=True):
    """A candidate, or anybody whom items may name; `another` says that it is a namesake of one on record."""

    name: Name
    person: Id | None = None
    another: bool = False


class NewKinship(Struct, frozen=True, forbid_unknown_fields=True):
    """A relation: each of the two a kin id, or the name of one who is not on record. "parent": a is b's parent."""

    type: RelationType
    a: Id | Name
    b: Id | Name


class YearDays(Struct, frozen=True, forbid_unknown_fields=True):
    """A year's days off, and the weekend days that are worked."""

    holidays: Days
    workdays: Days
