"""The end of an item, and the observer's objections."""

from typing import ClassVar, Literal

from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words, after_colon
from agenda.labels import OUTCOMES
from agenda.state import Decision, MeetingState, ObjectionState, Outcome
from agenda.views import DESK_AND_OBSERVER, EVERYBODY, MeetingContent, MeetingTeller


class Leaving(MeetingContent, frozen=True):
    """An item leaves the meeting without a decision, for a cause, by the clause as it was cited; a person recused from
    it does not see why."""

    views: ClassVar = EVERYBODY
    ended: ClassVar[Literal["put_off", "withdrawn", "deferred"]]
    words: ClassVar[Words]

    item: int
    reason: str
    cause: str = ""
    clause: str = ""
    clause_en: str = ""

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return state.on_item(self.item, state=self.ended, reason=self.reason, clause=self.clause)

    def see_recused(self) -> "Content | Anonymous | None":
        return replace(self, reason="", cause="", clause="", clause_en="")

    def see_title(self) -> "Content | Anonymous | None":
        return self.see_recused()

    def see_counts(self) -> "Content | Anonymous | None":
        return self.see_recused()

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        title, (chinese, english) = teller.title(self.item), self.words
        return f"{title}{chinese}{why}", f"{title} {english}{why_en}"


class ItemPutOff(Leaving, frozen=True):
    """The vote is put off (Rules 6(5))."""

    kind: ClassVar = "item.put_off"
    ended: ClassVar = "put_off"
    words: ClassVar = ("暂缓表决", "is put off")


class ItemWithdrawn(Leaving, frozen=True):
    """The chair withdraws an item of the sealed agenda (Rules 6(1), 6(4))."""

    kind: ClassVar = "item.withdrawn"
    ended: ClassVar = "withdrawn"
    words: ClassVar = ("撤回", "is withdrawn")


class ItemDeferred(Leaving, frozen=True):
    """The chair defers an item of the sealed agenda (Rules 6(1), 6(4))."""

    kind: ClassVar = "item.deferred"
    ended: ClassVar = "deferred"
    words: ClassVar = ("缓议", "is deferred")


class DecisionAnnounced(MeetingContent, frozen=True):
    """The chair announces what was decided (Rules 6(6)); attendees not called in for the item see that it was."""

    kind: ClassVar = "decision.announced"
    views: ClassVar = EVERYBODY

    item: int
    outcome: Outcome | None
    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        if self.outcome is None:
            return state.on_item(self.item, state="decided")
        return state.on_item(self.item, state="decided", decision=Decision(self.outcome, self.reason, stamp.at))

    def see_recused(self) -> "Content | Anonymous | None":
        return replace(self, reason="")

    def see_counts(self) -> "Content | Anonymous | None":
        return self.see_recused()

    def see_title(self) -> "Content | Anonymous | None":
        return replace(self, outcome=None, reason="")

    def tell(self, teller: MeetingTeller) -> Words:
        if self.outcome is None:
            title = teller.title(self.item)
            return f"{title}已作出决定", f"{title} is decided"
        outcome, outcome_en = OUTCOMES[self.outcome]
        why, why_en = (f"（{self.reason}）", f" ({self.reason})") if self.reason else ("", "")
        title = teller.title(self.item)
        return f"宣布决定：{title}{outcome}{why}", f"Decided: {title} {outcome_en}{why_en}"


class ObjectionRaised(MeetingContent, frozen=True):
    """The observer objects, on an item or (None) on the meeting."""

    kind: ClassVar = "objection.raised"
    views: ClassVar = DESK_AND_OBSERVER

    item: int | None
    text: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        objection = ObjectionState(stamp.at, self.text, stamp.actor, self.item)
        return replace(state, objections={**state.objections, stamp.seq: objection})

    def tell(self, teller: MeetingTeller) -> Words:
        about, about_en = (
            ("", "") if self.item is None else (f"就{teller.title(self.item)}", f" on {teller.title(self.item)}")
        )
        return f"{teller.actor}{about}提出监督意见：{self.text}", f"{teller.actor} objects{about_en}: {self.text}"
