"""The proceedings are kept: recorder and chair read and sign them (Measures 2(6))."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Literal

from msgspec.structs import replace

from acts.content import Stamp, Words
from agenda.state import MeetingState, SignedProceedings
from agenda.views import EVERYBODY, MeetingContent, MeetingTeller

Capacity = Literal["recorder", "chair"]
CAPACITIES: Mapping[Capacity, str] = MappingProxyType({"recorder": "记录人", "chair": "主持人"})


class ProceedingsSigned(MeetingContent, frozen=True):
    """Somebody read and signed the proceedings, which are the records up to `upto`; the last of them has this hash."""

    kind: ClassVar = "proceedings.signed"
    views: ClassVar = EVERYBODY

    capacity: Capacity
    upto: int
    hash: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        assert stamp.actor is not None
        signed = SignedProceedings(stamp.actor, stamp.at, self.upto, self.hash)
        return replace(state, proceedings={**state.proceedings, self.capacity: signed})

    def tell(self, teller: MeetingTeller) -> Words:
        return (
            f"{teller.actor}作为{CAPACITIES[self.capacity]}阅签会议记录",
            f"{teller.actor} reads and signs the proceedings as {self.capacity}",
        )
