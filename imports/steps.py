"""An import as it is planned: what is on record, what each row changes, what is to be done."""

from typing import Literal, TypeAlias

from msgspec import Struct

from bodies.kinship import RelationType
from bodies.records import Body, GrantedRole, Kin, Matter, MatterLine, Relation, Seat
from identity.records import Person
from imports.kin import KinRef


class BodyOnRecord(Struct, frozen=True):
    """One body as it stands; roles, seats and deputies by person id."""

    body: Body
    roles: dict[int, frozenset[str]]
    seats: dict[int, Seat]
    deputies: dict[int, int]
    kin: list[Kin]
    relations: list[Relation]
    matters: list[Matter]


class OnRecord(Struct, frozen=True):
    """The data that the file is compared with: the organization's people, and the bodies that the file names."""

    people: list[Person] = []
    bodies: dict[str, BodyOnRecord] = {}


class Difference(Struct, frozen=True):
    """One value that will be another; `heading` is the column's."""

    heading: str
    before: str
    after: str


class RowChange(Struct, frozen=True):
    """The effect of a row; `title` says on what or whom."""

    sheet: str
    row: int
    action: Literal["create", "change"]
    title: str
    differences: list[Difference]


class Preview(Struct, frozen=True):
    """The effect of an import, row by row; rows that change nothing are only counted.

    `digest` (hex SHA-256) stands for the file and its plan: an import sent with it applies that or nothing.
    """

    digest: str
    sha256: str
    created: int
    changed: int
    same: int
    changes: list[RowChange]


# The steps to be done, in order; people and bodies go by number and name, since some are made on the way.


class _Step(Struct, frozen=True, tag=True, tag_field="step"):
    """A step, tagged so that a plan's digest distinguishes its kind."""


class MakeBody(_Step, frozen=True):
    """A new body."""

    name: str
    kind: str


class MakePerson(_Step, frozen=True):
    """A new person; they get no password, so they cannot sign in until the administrator gives one."""

    staff_number: str
    name: str
    post: str


class ChangePerson(_Step, frozen=True):
    """Another name or post; None leaves it."""

    staff_number: str
    name: str | None
    post: str | None


class Grant(_Step, frozen=True):
    """One more role."""

    body: str
    staff_number: str
    role: GrantedRole


class Sit(_Step, frozen=True):
    """A member's seat, post and what they are in charge of."""

    body: str
    staff_number: str
    seat: int
    post: str
    in_charge: str


class Deputize(_Step, frozen=True):
    """A member's deputy (B角), another member."""

    body: str
    staff_number: str
    deputy: str


class Relate(_Step, frozen=True):
    """A relation; for "parent", a is a parent of b."""

    body: str
    type: RelationType
    a: KinRef
    b: KinRef


class SetMatters(_Step, frozen=True):
    """Lines of a body's catalogue."""

    body: str
    lines: list[MatterLine]


Step: TypeAlias = MakeBody | MakePerson | ChangePerson | Grant | Sit | Deputize | Relate | SetMatters


class Planned(Struct, frozen=True):
    """A step, and the row that asks for it."""

    sheet: str
    row: int
    step: Step


class Plan(Struct, frozen=True):
    """The steps that will be done, and the preview that shows them."""

    preview: Preview
    steps: list[Planned]
