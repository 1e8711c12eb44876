"""A meeting stands in its body's book."""

from typing import ClassVar

from msgspec.structs import replace

from acts.content import Stamp, Words
from bodies.state import BodyState, BodyTeller, OfBody


class MeetingPlanned(OfBody, frozen=True):
    """A meeting was planned; its own book has what follows."""

    kind: ClassVar = "meeting.planned"

    meeting: int

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        return replace(state, meetings={**state.meetings, self.meeting: stamp.seq})

    def tell(self, teller: BodyTeller) -> Words:
        return f"筹备会议（编号 {self.meeting}）", f"A meeting was planned (id {self.meeting})"
