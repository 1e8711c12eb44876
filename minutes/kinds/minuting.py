"""The minutes on their way: drafted, reviewed, signed, issued, distributed."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from msgspec.structs import replace

from acts.access import ROLE_NAMES
from acts.content import Stamp, Words, after_colon
from agenda.state import MeetingState, MinutesState, StepTaken
from agenda.views import EVERYBODY, MeetingContent, MeetingTeller, WhyUntold


class OfMinutes(MeetingContent, frozen=True):
    """A kind about one set of minutes."""

    views: ClassVar = EVERYBODY

    minutes: int

    def _with(self, meeting: MeetingState, /, **changes: Any) -> MeetingState:
        minutes = replace(meeting.minutes[self.minutes], **changes)
        return replace(meeting, minutes={**meeting.minutes, self.minutes: minutes})

    def _step(self, meeting: MeetingState, stamp: Stamp, stage: str, /, **changes: Any) -> MeetingState:
        """Returns the state with the minutes come to a stage; those that they came to before stay."""
        before = meeting.minutes[self.minutes].steps
        return self._with(meeting, state=stage, steps={**before, **_taken(stamp, stage)}, **changes)

    def _drafted(self, meeting: MeetingState) -> dict[str, StepTaken]:
        return {stage: step for stage, step in meeting.minutes[self.minutes].steps.items() if stage == "draft"}


def _taken(stamp: Stamp, stage: str) -> dict[str, StepTaken]:
    return {} if stamp.actor is None else {stage: StepTaken(stamp.actor, stamp.at)}


def _hands(before: tuple[int, ...], stamp: Stamp) -> tuple[int, ...]:
    return before if stamp.actor is None or stamp.actor in before else (*before, stamp.actor)


class MinutesDrafted(OfMinutes, frozen=True):
    """The secretary drafts the minutes; `missing` is what they lack to be complete. Minutes in place of a void issue
    begin with its texts, so that its drafters have a hand in them too."""

    kind: ClassVar = "minutes.drafted"

    version: int
    missing: tuple[str, ...] = ()

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        before = state.minutes[max(state.minutes)].drafters if state.minutes else ()
        drafted = MinutesState(
            self.minutes,
            version=self.version,
            missing=self.missing,
            drafters=_hands(before, stamp),
            steps=_taken(stamp, "draft"),
        )
        return replace(state, minutes={**state.minutes, self.minutes: drafted})

    def tell(self, teller: MeetingTeller) -> Words:
        return "起草会议纪要", "Minutes drafted"


class MinutesEdited(OfMinutes, frozen=True):
    """A change of the texts: a new version, a draft again; `missing` is what it lacks to be complete."""

    kind: ClassVar = "minutes.edited"

    version: int
    missing: tuple[str, ...] = ()

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return self._with(
            state,
            state="draft",
            version=self.version,
            missing=self.missing,
            drafters=_hands(state.minutes[self.minutes].drafters, stamp),
            steps=self._drafted(state),
        )

    def tell(self, teller: MeetingTeller) -> Words:
        return f"修改会议纪要（第{self.version}稿）", f"Minutes edited (version {self.version})"


class MinutesReviewed(OfMinutes, frozen=True):
    """A reviewer approved this version (Working 21)."""

    kind: ClassVar = "minutes.reviewed"

    by: Literal["office_head", "deputy"]
    version: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        stage = "office_reviewed" if self.by == "office_head" else "deputy_reviewed"
        return self._step(state, stamp, stage, sent_back="", sent_back_by=None, sent_back_version=0)

    def tell(self, teller: MeetingTeller) -> Words:
        by, by_en = ROLE_NAMES[self.by]
        return f"会议纪要第{self.version}稿经{by}审核", f"Minutes (version {self.version}) reviewed by {by_en}"


class MinutesSentBack(WhyUntold, OfMinutes, frozen=True):
    """A reviewer sent the draft back; desk and observer see why."""

    kind: ClassVar = "minutes.sent_back"

    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return self._with(
            state,
            state="draft",
            sent_back=self.reason,
            sent_back_by=stamp.actor,
            sent_back_version=state.minutes[self.minutes].version,
            steps=self._drafted(state),
        )

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        return f"退回会议纪要{why}", f"Minutes sent back{why_en}"


SigningRole = Literal["head", "acting_head", "signatory"]
_SIGNING: Mapping[str, Words] = {
    "head": ("", ""),
    "acting_head": ("（主持工作）", " as acting head"),
    "signatory": ("（受主要负责人委托）", " for the head"),
}


class MinutesSigned(OfMinutes, frozen=True):
    """The minutes are signed (Rules 6(7)) by the head or, as `role` says, by an acting head or somebody entrusted. The
    signer may have come to the body after the meeting, which does not know their name."""

    kind: ClassVar = "minutes.signed"

    version: int
    name: str
    role: SigningRole

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return self._step(state, stamp, "signed", sent_back="", sent_back_by=None, sent_back_version=0)

    def tell(self, teller: MeetingTeller) -> Words:
        how, how_en = _SIGNING[self.role]
        return (
            f"{self.name}{how}签发会议纪要第{self.version}稿",
            f"{self.name} signed the minutes (version {self.version}){how_en}",
        )


class MinutesIssued(OfMinutes, frozen=True):
    """The minutes are issued under their number (Rules 6(7)), made by this version of the composer; `document` and
    `sources` are the SHA-256 (hex) of what they say and of what they were made of."""

    kind: ClassVar = "minutes.issued"

    series: str
    year: int
    number: int
    composer: int
    document: str
    sources: str
    replaces: int | None

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return self._step(
            state,
            stamp,
            "issued",
            series=self.series,
            year=self.year,
            number=self.number,
            replaces=self.replaces,
        )

    def tell(self, teller: MeetingTeller) -> Words:
        number = f"〔{self.year}〕{self.number}号"
        return f"印发会议纪要{number}", f"Minutes issued: {number}"


class MinutesDrawn(OfMinutes, frozen=True):
    """The PDF of an issue is made; `sha256` is its hash (hex). A job writes it, so nobody acted."""

    kind: ClassVar = "minutes.drawn"

    sha256: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return self._with(state, sha256=self.sha256)

    def tell(self, teller: MeetingTeller) -> Words:
        return "会议纪要文件已生成", "The file of the minutes is made"


class MinutesVoided(OfMinutes, frozen=True):
    """Issued minutes are void; their number stays theirs."""

    kind: ClassVar = "minutes.voided"

    number: int
    year: int
    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return self._with(state, state="voided", reason=self.reason)

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        number = f"〔{self.year}〕{self.number}号"
        return f"作废会议纪要{number}{why}", f"Minutes {number} are void{why_en}"


class MinutesDistributed(OfMinutes, frozen=True):
    """Copies were sent to these recipients."""

    kind: ClassVar = "minutes.distributed"

    recipients: tuple[str, ...]

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return self._with(state, copies={**dict.fromkeys(self.recipients, False), **state.minutes[self.minutes].copies})

    def tell(self, teller: MeetingTeller) -> Words:
        return f"分发会议纪要：{'、'.join(self.recipients)}", f"Minutes sent to {', '.join(self.recipients)}"


class MinutesVoidSeen(OfMinutes, frozen=True):
    """A recipient who had receipted a copy took note that the issue is void."""

    kind: ClassVar = "minutes.void_seen"

    recipient: str

    def tell(self, teller: MeetingTeller) -> Words:
        return f"{self.recipient}已知悉会议纪要作废", f"{self.recipient} took note that the minutes are void"


class MinutesReceived(OfMinutes, frozen=True):
    """A recipient has their copy."""

    kind: ClassVar = "minutes.received"

    recipient: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return self._with(state, copies={**state.minutes[self.minutes].copies, self.recipient: True})

    def tell(self, teller: MeetingTeller) -> Words:
        return f"{self.recipient}签收会议纪要", f"{self.recipient} received the minutes"
