"""The agenda goes to the head of the body, who approves it or sends it back (Rules 6(1); Measures 2(1); Working 20)."""

from typing import ClassVar

from msgspec.structs import replace

from acts.content import Stamp, Words, after_colon
from agenda.kinds.planning import Drafting
from agenda.state import Approval, MeetingState
from agenda.views import MeetingTeller


class AgendaSubmitted(Drafting, frozen=True):
    """The secretary submits the draft agenda to the head."""

    kind: ClassVar = "agenda.submitted"

    items: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state, approval=Approval("submitted", stamp.seq))

    def tell(self, teller: MeetingTeller) -> Words:
        return f"议程报请审定，共 {self.items} 项议题", f"The agenda of {self.items} items was submitted for approval"


class AgendaApproved(Drafting, frozen=True):
    """The head approves the agenda as the record `version` submitted it."""

    kind: ClassVar = "agenda.approved"

    version: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state, approval=Approval("approved", self.version, stamp.actor))

    def tell(self, teller: MeetingTeller) -> Words:
        return f"{teller.actor}审定议程", f"{teller.actor} approved the agenda"


class AgendaSentBack(Drafting, frozen=True):
    """The head sends the agenda back, with the reason."""

    kind: ClassVar = "agenda.sent_back"

    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state, approval=Approval("returned", state.approval.version, stamp.actor, self.reason))

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        return f"{teller.actor}退回议程{why}", f"{teller.actor} sent the agenda back{why_en}"
