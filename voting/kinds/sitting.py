"""Attendance and the chair: leave, arrival, leaving, the call to order, the end."""

from datetime import datetime
from typing import ClassVar, Literal

from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words, after_colon
from agenda.labels import PRESENCE
from agenda.records import PresenceState
from agenda.state import MeetingState, PersonState, PresenceNote
from agenda.views import EVERYBODY, MeetingContent, MeetingTeller, WhyUntold


class LeaveGranted(WhyUntold, frozen=True):
    """A formal member is excused (请假); the desk and the observer see why."""

    kind: ClassVar = "leave.granted"

    person: int
    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return _noted(
            state, self.person, PresenceNote("on_leave", stamp.at, reason=self.reason, seq=stamp.seq, by=stamp.actor)
        )

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        return f"{teller.who(self.person)}请假{why}", f"{teller.who(self.person)} is on leave{why_en}"


class AttendeeCalled(MeetingContent, frozen=True):
    """The chair calls an attendee in for an item, after the notice."""

    kind: ClassVar = "attendee.called"
    views: ClassVar = EVERYBODY
    rekeys: ClassVar = True

    item: int
    person: int
    name: str
    post: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        state = state.on_item(self.item, called_in=(*state.items[self.item].called_in, self.person))
        known = {self.person: PersonState(self.person, self.name, self.post, roles=("attendee",))}
        return replace(state, people={**known, **state.people})

    def see_recused(self) -> "Content | Anonymous | None":
        return self

    def tell(self, teller: MeetingTeller) -> Words:
        title = teller.title(self.item)
        return f"通知{self.name}列席{title}", f"{self.name} is called in for {title}"


class PresenceArrived(MeetingContent, frozen=True):
    """Somebody is in the room, by the hall's code or noted by hand."""

    kind: ClassVar = "presence.arrived"
    views: ClassVar = EVERYBODY

    person: int
    method: Literal["code", "hand"]

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return _noted(
            state, self.person, PresenceNote("present", stamp.at, method=self.method, seq=stamp.seq, by=stamp.actor)
        )

    def tell(self, teller: MeetingTeller) -> Words:
        by_hand, by_hand_en = ("（秘书登记）", " (noted by the secretary)") if self.method == "hand" else ("", "")
        return f"{teller.who(self.person)}到会{by_hand}", f"{teller.who(self.person)} arrived{by_hand_en}"


class PresenceLeft(MeetingContent, frozen=True):
    """Somebody left the room."""

    kind: ClassVar = "presence.left"
    views: ClassVar = EVERYBODY

    person: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return _noted(state, self.person, PresenceNote("left", stamp.at, seq=stamp.seq, by=stamp.actor))

    def tell(self, teller: MeetingTeller) -> Words:
        return f"{teller.who(self.person)}离场", f"{teller.who(self.person)} left"


class PresenceCorrected(WhyUntold, frozen=True):
    """Record `corrects` (an arrival, a leaving, a leave of absence) was a mistake: what stood before it, by record
    `note`, stands again; `state` is absent where nothing did. Desk and observer see the reason of a leave."""

    kind: ClassVar = "presence.corrected"

    person: int
    corrects: int
    state: PresenceState | Literal["absent"]
    since: datetime | None = None
    method: str = ""
    reason: str = ""
    note: int = 0
    by: int | None = None

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        if self.state == "absent" or self.since is None:
            return replace(state, presence={who: note for who, note in state.presence.items() if who != self.person})
        note = PresenceNote(self.state, self.since, self.method, self.reason, self.note, self.by)
        return _noted(state, self.person, note)

    def tell(self, teller: MeetingTeller) -> Words:
        (where, where_en), who = PRESENCE[self.state], teller.who(self.person)
        return (
            f"更正第{self.corrects}号记录：{who}{where}",
            f"Record {self.corrects} is put right: {who} is {where_en}",
        )


def _noted(state: MeetingState, person: int, note: PresenceNote) -> MeetingState:
    return replace(state, presence={**state.presence, person: note})


class MeetingCalled(MeetingContent, frozen=True):
    """The meeting is called to order: N is taken, the meeting has its number of the year."""

    kind: ClassVar = "meeting.called"
    views: ClassVar = EVERYBODY
    rekeys: ClassVar = True

    n: int
    formal_members: tuple[int, ...]
    year: int
    ordinal: int
    presiding: int
    people: tuple[PersonState, ...]

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(
            state,
            state="in_session",
            present_needed=state.charter and state.charter.present_of(self.n, personnel=False),
            n=self.n,
            formal_members=self.formal_members,
            year=self.year,
            ordinal=self.ordinal,
            presiding=self.presiding,
            called_at=stamp.at,
            people=state.people | {person.id: person for person in self.people},
        )

    def tell(self, teller: MeetingTeller) -> Words:
        here = sum(1 for person in self.formal_members if teller.state.is_present(person))
        chair = teller.who(self.presiding)
        return (
            f"{chair}宣布开会：{self.year}年第{self.ordinal}次会议，应到 {self.n} 人，实到 {here} 人",
            f"{chair} calls to order meeting {self.ordinal} of {self.year}: {here} of {self.n} members present",
        )


class MeetingAdjourned(MeetingContent, frozen=True):
    """The meeting is over."""

    kind: ClassVar = "meeting.adjourned"
    views: ClassVar = EVERYBODY
    rekeys: ClassVar = True

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state, state="adjourned", adjourned_at=stamp.at, acting=None)

    def tell(self, teller: MeetingTeller) -> Words:
        return "散会", "The meeting is adjourned"


class ChairHanded(WhyUntold, frozen=True):
    """The presiding member entrusts somebody with the chair, or takes it back; desk and observer see why."""

    kind: ClassVar = "chair.handed"
    rekeys: ClassVar = True

    person: int
    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        acting = None if self.person == state.presiding else self.person
        state = replace(state, acting=acting)
        current = state.current
        return state if current is None else state.on_item(current.id, acting=acting)

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        who = teller.who(self.person)
        if teller.state.acting is None:
            return f"{who}收回主持{why}", f"{who} takes the chair back{why_en}"
        return f"委托{who}主持{why}", f"{who} is entrusted with the chair{why_en}"
