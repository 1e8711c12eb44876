"""A meeting goes on in another room."""

from typing import ClassVar

from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words, after_colon
from agenda.state import MeetingState
from agenda.views import DESK_AND_OBSERVER, FLOOR, MeetingContent, MeetingTeller, View


class MeetingMoved(MeetingContent, frozen=True):
    """The meeting goes on in another room; desk and observer see why."""

    kind: ClassVar = "meeting.moved"
    views: ClassVar = DESK_AND_OBSERVER
    part: ClassVar = FLOOR

    place: str
    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state, place=self.place)

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return replace(self, reason="") if view.name == "floor" else self

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        return f"会议改在{self.place}继续{why}", f"The meeting goes on in {self.place}{why_en}"
