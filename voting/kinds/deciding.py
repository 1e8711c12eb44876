"""The end of an item, and the observer's objections."""

from typing import ClassVar, Literal

from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words, after_colon
from agenda.labels import OUTCOMES
from agenda.state import Decision, MeetingState, ObjectionState, Outcome
from agenda.views import DESK_AND_OBSERVER, EVERYBODY, SECRETARY, MeetingContent, MeetingTeller, View


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
    words: ClassVar = ("撤下", "is withdrawn")


class ItemDeferred(Leaving, frozen=True):
    """The chair defers an item of the sealed agenda (Rules 6(1), 6(4))."""

    kind: ClassVar = "item.deferred"
    ended: ClassVar = "deferred"
    words: ClassVar = ("缓议", "is deferred")


class ItemReopened(MeetingContent, frozen=True):
    """The chair returns the item to discussion in this meeting, after its vote (Measures 2(5): 再次讨论); attendees not
    called in for the item see that alone, without the vote."""

    kind: ClassVar = "item.reopened"
    views: ClassVar = EVERYBODY

    item: int
    vote: int | None
    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        votes = state.items[self.item].votes
        if self.vote is not None:
            votes = {**votes, self.vote: replace(votes[self.vote], reopened=self.reason)}
        return state.on_item(self.item, state="open", discussed=False, votes=votes)

    def see_recused(self) -> "Content | Anonymous | None":
        return replace(self, reason="")

    def see_counts(self) -> "Content | Anonymous | None":
        return self.see_recused()

    def see_title(self) -> "Content | Anonymous | None":
        return replace(self, vote=None, reason="")

    def tell(self, teller: MeetingTeller) -> Words:
        (why, why_en), title = after_colon(self.reason), teller.title(self.item)
        return f"{title}再次讨论{why}", f"{title} is discussed again{why_en}"


class DecisionAnnounced(MeetingContent, frozen=True):
    """The chair announces what was decided (Rules 6(6)); `text` is the motion as amended, which on a personnel item is
    shown to the secretary alone, as the motion is. Attendees not called in for the item see that it is decided."""

    kind: ClassVar = "decision.announced"
    views: ClassVar = SECRETARY
    part: ClassVar = EVERYBODY - SECRETARY

    item: int
    outcome: Outcome | None
    reason: str
    text: str = ""

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        if self.outcome is None:
            return state.on_item(self.item, state="decided")
        decision = Decision(self.outcome, self.reason, stamp.at, self.text)
        return state.on_item(self.item, state="decided", decision=decision)

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        whole = view.name == "secretary" or not state.items[self.item].personnel
        return self if whole else replace(self, text="")

    def see_recused(self) -> "Content | Anonymous | None":
        return replace(self, reason="", text="")

    def see_counts(self) -> "Content | Anonymous | None":
        return self.see_recused()

    def see_title(self) -> "Content | Anonymous | None":
        return replace(self, outcome=None, reason="", text="")

    def tell(self, teller: MeetingTeller) -> Words:
        title = teller.title(self.item)
        if self.outcome is None:
            return f"{title}已作出决定", f"{title} is decided"
        outcome, outcome_en = OUTCOMES[self.outcome]
        why, why_en = (f"（{self.reason}）", f" ({self.reason})") if self.reason else ("", "")
        text, text_en = after_colon(self.text)
        return f"宣布决定：{title}{outcome}{why}{text}", f"Decided: {title} {outcome_en}{why_en}{text_en}"


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
