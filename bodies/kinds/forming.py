"""Bodies and their people: roles, seats, the charter, the catalogue of matters."""

from datetime import date
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from acts.access import ROLE_NAMES
from acts.content import Stamp, Words
from acts.dates import date_text
from acts.rulebook import Rulebook
from bodies.charter import Charter
from bodies.records import GrantedRole, MatterLine
from bodies.state import BodyState, BodyTeller, OfBody, PersonInBody
from identity.state import BodyOnRecord, OfOrganization, OrganizationState, OrganizationTeller


class BodySaid(Struct, frozen=True):
    """A body as records hold it."""

    id: int
    name: str
    kind: str


class BodyCreated(OfOrganization, frozen=True):
    """A body is made; the record stands in the organization's book."""

    kind: ClassVar = "body.created"

    body: BodySaid

    def apply(self, state: OrganizationState, stamp: Stamp) -> OrganizationState:
        return replace(state, bodies={**state.bodies, self.body.id: BodyOnRecord(self.body.name, self.body.kind)})

    def tell(self, teller: OrganizationTeller) -> Words:
        return f"设立{self.body.name}（{self.body.kind}）", f"{self.body.name} ({self.body.kind}) was set up"


class BodyRenamed(OfBody, frozen=True):
    """The body has another name from here on; papers issued before keep the old one."""

    kind: ClassVar = "body.renamed"

    before: str
    name: str

    def tell(self, teller: BodyTeller) -> Words:
        return f"{self.before}更名为{self.name}", f"{self.before} was renamed {self.name}"


class CharterChanged(OfBody, frozen=True):
    """The body laid down its own rules (Rules 7-10)."""

    kind: ClassVar = "charter.changed"

    charter: Charter

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        return replace(state, charter=self.charter)

    def tell(self, teller: BodyTeller) -> Words:
        return "修改议事决策规范", "The charter was changed"


class RulebookChanged(OfBody, frozen=True):
    """The body brought a rulebook of its own, or another one: the texts and clauses by which refusals and papers cite.
    Meetings whose notice is given keep theirs."""

    kind: ClassVar = "rulebook.changed"

    rulebook: Rulebook

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        return replace(state, rulebook=self.rulebook)

    def tell(self, teller: BodyTeller) -> Words:
        version = self.rulebook.version
        return f"修改议事规则条款（第 {version} 版）", f"The rulebook was changed (version {version})"


class RoleGranted(OfBody, frozen=True):
    """Somebody is given a role; a new member also a seat, everybody but the hall's screen a kin id in the record of
    kinship; an acting head (主持工作) acts by the superior's `document`, from the date `since`."""

    kind: ClassVar = "role.granted"

    person: int
    name: str
    role: GrantedRole
    seat: int | None = None
    kin: int | None = None
    document: str | None = None
    since: date | None = None

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        before = state.people.get(self.person, PersonInBody(self.name))
        seat = before.seat if self.seat is None else self.seat
        person = replace(before, name=self.name, roles=tuple(sorted({*before.roles, self.role})), seat=seat)
        kin = state.kin if self.kin is None else {**state.kin, self.kin: self.name}
        return replace(state, people={**state.people, self.person: person}, kin=kin)

    def tell(self, teller: BodyTeller) -> Words:
        role, role_en = ROLE_NAMES[self.role]
        if self.document is not None and self.since is not None:
            return (
                f"{self.name}自{date_text(self.since)}起主持工作（{self.document}）",
                f"{self.name} is {role_en} from {self.since} ({self.document})",
            )
        return f"授予{self.name}“{role}”角色", f"{self.name} was made {role_en}"


class RoleRevoked(OfBody, frozen=True):
    """A role is taken away, and a member's seat with it."""

    kind: ClassVar = "role.revoked"

    person: int
    name: str
    role: GrantedRole

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        before = state.people.get(self.person, PersonInBody(self.name))
        roles = tuple(role for role in before.roles if role != self.role)
        others = {id_: person for id_, person in state.people.items() if id_ != self.person}
        if not roles:
            return replace(state, people=others)
        seat = None if self.role == "member" else before.seat
        return replace(state, people={**others, self.person: replace(before, roles=roles, seat=seat)})

    def tell(self, teller: BodyTeller) -> Words:
        role, role_en = ROLE_NAMES[self.role]
        if self.role == "acting_head":
            return f"{self.name}不再主持工作", f"{self.name} is no longer {role_en}"
        return f"撤销{self.name}的“{role}”角色", f"{self.name} is no longer {role_en}"


class RoleRetired(OfBody, frozen=True):
    """A role ends on a day, the first on which it is not held any more; the record stands before or after it."""

    kind: ClassVar = "role.retired"

    person: int
    name: str
    role: GrantedRole
    ends_on: date

    def tell(self, teller: BodyTeller) -> Words:
        role, role_en = ROLE_NAMES[self.role]
        day = f"{self.ends_on.year}年{self.ends_on.month}月{self.ends_on.day}日"
        return (
            f"{self.name}自{day}起不再担任“{role}”",
            f"{self.name} is no longer {role_en} from {self.ends_on} on",
        )


class SeatSet(OfBody, frozen=True):
    """A member's seat, the post that goes with it, and what they are in charge of (分管)."""

    kind: ClassVar = "seat.set"

    person: int
    name: str
    seat: int
    post: str
    in_charge: str

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        before = state.people.get(self.person, PersonInBody(self.name))
        person = replace(before, name=self.name, seat=self.seat, post=self.post, in_charge=self.in_charge)
        return replace(state, people={**state.people, self.person: person})

    def tell(self, teller: BodyTeller) -> Words:
        post, post_en = (f"，职务 {self.post}", f", {self.post}") if self.post else ("", "")
        mine = self.in_charge
        charge, charge_en = (f"，分管 {mine}", f", in charge of {mine}") if mine else ("", "")
        return (
            f"{self.name}排名第 {self.seat}{post}{charge}",
            f"{self.name} has seat {self.seat}{post_en}{charge_en}",
        )


class SeatDeputy(OfBody, frozen=True):
    """The member who stands in for a member in charge (B角), or that nobody does any more."""

    kind: ClassVar = "seat.deputy"

    person: int
    name: str
    deputy: int | None
    deputy_name: str

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        before = state.people.get(self.person, PersonInBody(self.name))
        return replace(state, people={**state.people, self.person: replace(before, deputy=self.deputy)})

    def tell(self, teller: BodyTeller) -> Words:
        if self.deputy is None:
            return f"{self.name}不再设B角", f"{self.name} has no deputy any more"
        return f"{self.name}的B角为{self.deputy_name}", f"{self.deputy_name} is the deputy of {self.name}"


class MattersSet(OfBody, frozen=True):
    """Lines of the yearly catalogue (事项清单), new or changed."""

    kind: ClassVar = "matters.set"

    matters: tuple[MatterLine, ...]

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        lines = {f"{line.year}/{line.code}": line.title for line in self.matters}
        return replace(state, matters=state.matters | lines)

    def tell(self, teller: BodyTeller) -> Words:
        count = len(self.matters)
        return f"录入事项清单 {count} 项", f"{count} matters of the catalogue were entered"


class MatterRemoved(OfBody, frozen=True):
    """A line entered by mistake is taken out of the catalogue."""

    kind: ClassVar = "matter.removed"

    matter: MatterLine

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        key = f"{self.matter.year}/{self.matter.code}"
        return replace(state, matters={each: title for each, title in state.matters.items() if each != key})

    def tell(self, teller: BodyTeller) -> Words:
        line = self.matter
        return (
            f"删除 {line.year} 年事项清单“{line.code} {line.title}”",
            f"“{line.code} {line.title}” was taken out of the catalogue of {line.year}",
        )
