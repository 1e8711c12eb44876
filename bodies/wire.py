"""What is sent, bounded at the edge, so that bad input is refused by field; and what administration sends."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from bodies.charter import Charter
from bodies.kinship import RelationType
from bodies.records import GrantedRole

# What is shown and printed has no control characters and none that turn the direction of writing, by which a
# text could read otherwise than it was voted; lines and tabs where a text has many lines. `$` alone would let a
# line's end pass.
_LINES = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
_UNSEEN = rf"\t\n\r{_LINES}"
_END = r"$(?!\n)"
SAID = rf"^[^{_UNSEEN}]*[^\s{_UNSEEN}][^{_UNSEEN}]*{_END}"  # one line, not only blanks
ANY_LINE = rf"^[^{_UNSEEN}]*{_END}"
ANY_TEXT = rf"^[^{_LINES}]*{_END}"
SAID_TEXT = rf"^[^{_LINES}]*[^\s{_LINES}][^{_LINES}]*{_END}"

MOST_ID = 2**53 - 1  # the largest that a browser reads exactly

Id: TypeAlias = Annotated[int, Meta(ge=1, le=MOST_ID)]

Line: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=SAID)]
MaybeLine: TypeAlias = Annotated[str, Meta(max_length=200, pattern=ANY_LINE)]
Reason: TypeAlias = Annotated[str, Meta(max_length=2000, pattern=ANY_TEXT)]
DueReason: TypeAlias = Annotated[str, Meta(min_length=1, max_length=2000, pattern=SAID_TEXT)]
DueText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=20000, pattern=SAID_TEXT)]
Text: TypeAlias = Annotated[str, Meta(max_length=20000, pattern=ANY_TEXT)]

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100, pattern=SAID)]
BodyName: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=SAID)]
Kind: TypeAlias = Annotated[str, Meta(min_length=1, max_length=40, pattern=SAID)]
StaffNumber: TypeAlias = Annotated[str, Meta(min_length=1, max_length=40, pattern=rf"^[^\s{_UNSEEN}]+{_END}")]
Post: TypeAlias = Annotated[str, Meta(max_length=100, pattern=ANY_LINE)]
InCharge: TypeAlias = Annotated[str, Meta(max_length=200, pattern=ANY_LINE)]
Password: TypeAlias = Annotated[str, Meta(min_length=8, max_length=200)]
Share: TypeAlias = Annotated[str, Meta(min_length=1, max_length=13)]
Days: TypeAlias = Annotated[list[date], Meta(max_length=366)]


class NewPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """A person to be made; without a password they cannot sign in yet."""

    staff_number: StaffNumber
    name: Name
    post: Post = ""
    password: Password | None = None
    administrator: bool = False


class PersonChange(Struct, frozen=True, forbid_unknown_fields=True):
    """What changes; null or absent stays."""

    name: Name | None = None
    post: Post | None = None
    administrator: bool | None = None
    active: bool | None = None


class NewPassword(Struct, frozen=True, forbid_unknown_fields=True):
    """A password that the administrator gives."""

    password: Password


class PasswordChange(Struct, frozen=True, forbid_unknown_fields=True):
    """One's own password, by the present one."""

    old: Annotated[str, Meta(min_length=1, max_length=200)]
    new: Password


class NewBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A body to be made: 党组, 党委, 局长办公会 …"""

    name: BodyName
    kind: Kind = "党组"


class RoleGrant(Struct, frozen=True, forbid_unknown_fields=True):
    """A role for a person."""

    person: Id
    role: GrantedRole


class Seating(Struct, frozen=True, forbid_unknown_fields=True):
    """A member's seat; their post and what they are in charge of stay what they are where they are left out."""

    person: Id
    seat: Annotated[int, Meta(ge=1, le=999)]
    post: Post | None = None
    in_charge: InCharge | None = None


class WholeCharter(Struct, frozen=True, forbid_unknown_fields=True):
    """A charter with every field: what is left out must not fall back unseen. Meanings: `bodies.charter.Charter`."""

    lead_working_days: int
    quorum: Share
    personnel_quorum: Share
    quorum_strict: bool
    recused_in_base: bool
    recused_counts_present: bool
    close_margin: int
    decision: Literal["majority", "head"]
    chair_last: bool
    ballot_change: Literal["until_chair", "until_close", "never"]
    ballots_live: Literal["observer", "all", "nobody"]
    number_year: Literal["meeting", "issue"]
    minutes_series: Annotated[str, Meta(min_length=1, max_length=100, pattern=SAID)]

    def charter(self) -> Charter:
        return Charter(**{field: getattr(self, field) for field in self.__struct_fields__})


class NewKin(Struct, frozen=True, forbid_unknown_fields=True):
    """A candidate, or anybody whom items may name; `another`: somebody else of a name on record."""

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
