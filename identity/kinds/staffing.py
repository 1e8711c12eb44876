"""An organization's people and their passwords; neither a password nor a hash is recorded."""

from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from acts.content import Stamp, Words, after_colon
from identity.records import Person
from identity.state import OfOrganization, OrganizationState, OrganizationTeller, PersonOnRecord


class PersonSaid(Struct, frozen=True):
    """A person as records hold them."""

    id: int
    staff_number: str
    name: str
    post: str
    administrator: bool
    active: bool
    auditor: bool = False
    security: bool = False

    @classmethod
    def of(cls, person: Person) -> "PersonSaid":
        """The person without `can_sign_in`, which only the table has."""
        return cls(
            person.id,
            person.staff_number,
            person.name,
            person.post,
            person.administrator,
            person.active,
            person.auditor,
            person.security,
        )

    def duties(self, zh: str = "", en: str = "") -> Words:
        """Returns the person's duties for the organization, each after a comma and these words; empty for most."""
        named = (
            ("管理员", "an administrator", self.administrator),
            ("安全管理员", "security", self.security),
            ("审计员", "an auditor", self.auditor),
        )
        held = [each for each in named if each[2]]
        return "".join(f"，{zh}{each[0]}" for each in held), "".join(f", {en}{each[1]}" for each in held)


def _kept(state: OrganizationState, person: PersonSaid) -> OrganizationState:
    kept = PersonOnRecord(person.name, person.staff_number, person.post, person.administrator, person.active)
    return replace(state, people={**state.people, person.id: kept})


class OrganizationCoded(OfOrganization, frozen=True):
    """The organization has another code in its sign-in link."""

    kind: ClassVar = "organization.coded"

    before: str
    code: str

    def tell(self, teller: OrganizationTeller) -> Words:
        return (
            f"单位代号由 {self.before} 改为 {self.code}，登录链接随之更改",
            f"The organization's code was changed from {self.before} to {self.code}, and its sign-in link with it",
        )


class DutiesSet(OfOrganization, frozen=True):
    """The duties of administrator, security and auditor are held apart from here on, or no longer."""

    kind: ClassVar = "duties.set"

    apart: bool
    reason: str

    def tell(self, teller: OrganizationTeller) -> Words:
        why, why_en = after_colon(self.reason)
        if self.apart:
            return f"实行系统管理员、安全管理员、审计员分设{why}", f"The three duties are held apart{why_en}"
        return f"取消系统管理员、安全管理员、审计员分设{why}", f"The three duties are not held apart any more{why_en}"


class PersonCreated(OfOrganization, frozen=True):
    """A person is made."""

    kind: ClassVar = "person.created"

    person: PersonSaid

    def apply(self, state: OrganizationState, stamp: Stamp) -> OrganizationState:
        return _kept(state, self.person)

    def tell(self, teller: OrganizationTeller) -> Words:
        person = self.person
        role, role_en = person.duties("设为", "as ")
        return (
            f"新增人员{person.name}（工号 {person.staff_number}）{role}",
            f"{person.name} was added (staff number {person.staff_number}){role_en}",
        )


class PersonChanged(OfOrganization, frozen=True):
    """A person's name, post, rights or account is changed."""

    kind: ClassVar = "person.changed"

    person: PersonSaid

    def apply(self, state: OrganizationState, stamp: Stamp) -> OrganizationState:
        return _kept(state, self.person)

    def tell(self, teller: OrganizationTeller) -> Words:
        person = self.person
        post, post_en = (f"，职务 {person.post}", f", {person.post}") if person.post else ("", "")
        role, role_en = person.duties()
        active, active_en = ("", "") if person.active else ("，账号停用", ", the account closed")
        return (
            f"修改人员{person.name}（工号 {person.staff_number}）{post}{role}{active}",
            f"{person.name} (staff number {person.staff_number}) was changed{post_en}{role_en}{active_en}",
        )


class PasswordChanged(OfOrganization, frozen=True):
    """A person has a new password."""

    kind: ClassVar = "password.changed"

    person: int

    def tell(self, teller: OrganizationTeller) -> Words:
        who = teller.who(self.person)
        if teller.stamp.actor == self.person:
            return f"{who}修改本人密码", f"{who} changed their password"
        return f"重新设置{who}的密码", f"The password of {who} was set anew"


class PersonSignedOut(OfOrganization, frozen=True):
    """An administrator ends a person's sessions."""

    kind: ClassVar = "person.signed_out"

    person: int

    def tell(self, teller: OrganizationTeller) -> Words:
        who = teller.who(self.person)
        return f"结束{who}在各处的登录", f"{who} was signed out everywhere"


class SecondFactorSet(OfOrganization, frozen=True):
    """A person has set up a second factor."""

    kind: ClassVar = "second_factor.set"

    person: int

    def tell(self, teller: OrganizationTeller) -> Words:
        who = teller.who(self.person)
        return f"{who}设置本人的动态验证码", f"{who} set up a second factor"


class SecondFactorReset(OfOrganization, frozen=True):
    """An administrator takes a person's second factor away."""

    kind: ClassVar = "second_factor.reset"

    person: int

    def tell(self, teller: OrganizationTeller) -> Words:
        who = teller.who(self.person)
        return f"取消{who}的动态验证码，由本人重新设置", f"The second factor of {who} was taken away, to be set up anew"


class SecondFactorDemanded(OfOrganization, frozen=True):
    """The organization demands a second factor, or no longer."""

    kind: ClassVar = "second_factor.demanded"

    demanded: bool

    def tell(self, teller: OrganizationTeller) -> Words:
        if self.demanded:
            return (
                "要求管理员、秘书、主要负责人和监督人员使用动态验证码登录",
                "A second factor is demanded of administrators, secretaries, heads and observers",
            )
        return "不再要求使用动态验证码登录", "A second factor is not demanded any more"
