"""The administration of a meeting's people from its notice on: asked for, allowed, done (PostgreSQL writes it)."""

from typing import ClassVar

from msgspec.structs import replace

from acts.access import ROLE_NAMES
from acts.content import Stamp, Words, after_colon
from agenda.records import Administered
from agenda.state import AdministrationState, MeetingState, RequestState
from agenda.views import DESK_AND_OBSERVER, MeetingContent, MeetingTeller

_KINSHIP: dict[str, Words] = {
    "parent": ("父母子女", "parent and child"),
    "spouse": ("夫妻", "spouses"),
    "sibling": ("兄弟姐妹", "siblings"),
}
_RELATED = 3  # parts of a relation's detail: its type, and two names


class OfAdministration(MeetingContent, frozen=True):
    """A kind about the administration of the meeting's people; `detail` is the role, a relation as type|name|name, or
    for an account the fields that change."""

    views: ClassVar = DESK_AND_OBSERVER

    what: Administered
    person: int | None
    name: str
    detail: str

    def said(self) -> Words:
        """Returns what is done, as a sentence has it."""
        name, detail = self.name, self.detail
        if self.what in ("kinship.recorded", "kinship.removed"):
            parts = detail.split("|")
            type_, type_en = _KINSHIP.get(parts[0], ("", "")) if len(parts) == _RELATED else ("", "")
            pair = "、".join(parts[1:])
            done, done_en = ("登记", "record") if self.what == "kinship.recorded" else ("删除", "remove")
            return f"{done}亲属关系：{pair}（{type_}）", f"{done_en} the kinship of {pair} ({type_en})"
        role, role_en = ROLE_NAMES.get(detail, (detail, detail))
        words: dict[Administered, Words] = {
            "password": (f"重新设置{name}的密码", f"set the password of {name} anew"),
            "account": (f"修改{name}的账号信息", f"change the account of {name}"),
            "role.granted": (f"授予{name}“{role}”角色", f"make {name} {role_en}"),
            "role.revoked": (f"撤销{name}的“{role}”角色", f"let {name} be no longer {role_en}"),
        }
        return words[self.what]


class PeopleRequested(OfAdministration, frozen=True):
    """While the meeting sits somebody asks that its people be administered."""

    kind: ClassVar = "people.requested"

    request: int
    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        request = RequestState(self.what, self.name, self.detail, stamp.at, self.person, stamp.actor, self.reason)
        return replace(state, requests={**state.requests, self.request: request})

    def tell(self, teller: MeetingTeller) -> Words:
        what, what_en = self.said()
        why, why_en = after_colon(self.reason)
        return f"请求同意{what}{why}", f"Permission is asked to {what_en}{why_en}"


class PeopleDecided(MeetingContent, frozen=True):
    """The chair, for their own account the observer, says yes or no to a request."""

    kind: ClassVar = "people.decided"
    views: ClassVar = DESK_AND_OBSERVER

    request: int
    allowed: bool

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        decided = replace(state.requests[self.request], state="allowed" if self.allowed else "refused")
        return replace(state, requests={**state.requests, self.request: decided})

    def tell(self, teller: MeetingTeller) -> Words:
        asked = teller.state.requests[self.request]
        what, what_en = OfAdministration(asked.what, asked.person, asked.name, asked.detail).said()
        if self.allowed:
            return f"{teller.actor}同意{what}", f"{teller.actor} allows to {what_en}"
        return f"{teller.actor}不同意{what}", f"{teller.actor} does not allow to {what_en}"


class PeopleAdministered(OfAdministration, frozen=True):
    """The meeting's people were administered, on this request while the meeting sits. The trigger `administered`
    writes it."""

    kind: ClassVar = "people.administered"

    request: int | None = None

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        done = AdministrationState(self.what, stamp.at, self.person)
        requests = state.requests
        if self.request is not None and self.request in requests:
            requests = {**requests, self.request: replace(requests[self.request], state="done")}
        return replace(state, requests=requests, administration={**state.administration, stamp.seq: done})

    def tell(self, teller: MeetingTeller) -> Words:
        what, what_en = self.said()
        return f"会议人员变动：{what}", f"The meeting's people were administered: {what_en}"
