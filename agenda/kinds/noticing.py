"""The notice: given, delivered, acknowledged, withdrawn."""

from typing import ClassVar, Literal

from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words, after_colon
from acts.rulebook import Rulebook
from agenda.kinds.planning import ItemSaid, PaperSaid
from agenda.labels import METHODS
from agenda.records import Method
from agenda.state import Approval, Delivery, ItemOnAgenda, MeetingState, NoticeState, OpinionState, PersonState
from agenda.views import DESK_AND_OBSERVER, EVERYBODY, SECRETARY, MeetingContent, MeetingTeller, View
from bodies.charter import Charter


class ItemNoticed(ItemSaid, frozen=True):
    """An item as the notice seals it, with its papers, and the B角 of its member in charge where it names no deputy."""

    papers: tuple[PaperSaid, ...] = ()
    deputy_on_record: int | None = None

    def state(self) -> ItemOnAgenda:
        papers = {paper.id: paper.state() for paper in self.papers}
        return replace(super().state(), papers=papers, deputy_on_record=self.deputy_on_record)

    def title_alone(self) -> "ItemNoticed":
        return replace(self, motion="", subjects=(), papers=())

    def as_seen(self, view: View) -> "ItemNoticed":
        if not view.opens(self.id, reserved=self.confidential or self.category == "personnel"):
            return replace(
                self.title_alone(), in_charge=None, deputy_in_charge=None, deputy_on_record=None, attendees=()
            )
        hidden = self.id in view.hidden or (self.category == "personnel" and view.name != "secretary")
        return self.title_alone() if hidden else self


class NoticeGiven(MeetingContent, frozen=True):
    """The agenda is sealed under a notice; charter and rulebook are frozen with it. `agenda_hash` (hex) is the SHA-256
    of `items` as JSON with sorted keys."""

    kind: ClassVar = "notice.given"
    rekeys: ClassVar = True
    views: ClassVar = SECRETARY
    part: ClassVar = EVERYBODY - SECRETARY

    notice: int
    agenda_hash: str
    charter: Charter
    rulebook: Rulebook
    people: tuple[PersonState, ...]
    items: tuple[ItemNoticed, ...]

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        # Opinions on an earlier notice went with it; that they were given stays known.
        given = {item.id: item.opinions for item in state.items.values()}
        items = (
            replace(item.state(), position=position, opinions=given.get(item.id, {}))
            for position, item in enumerate(self.items, start=1)
        )
        notice = NoticeState(self.notice, stamp.at, self.agenda_hash, stamp.actor)
        return replace(
            state,
            state="noticed",
            charter=self.charter,
            rulebook=self.rulebook,
            present_needed=self.charter.present_of(
                sum("member" in person.roles for person in self.people), personnel=False
            ),
            people={person.id: person for person in self.people},
            invited=tuple(person.id for person in self.people if "attendee" in person.roles),
            items={item.id: item for item in items},
            notices={**state.notices, notice.id: notice},
        )

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return replace(self, items=tuple(item.as_seen(view) for item in self.items))

    def tell(self, teller: MeetingTeller) -> Words:
        count = len(self.items)
        return f"发出会议通知，议程封存，共 {count} 项议题", f"Notice given; the agenda of {count} items is sealed"


class NoticeDelivered(MeetingContent, frozen=True):
    """The notice reached somebody. `late` marks a formal member whom it reached later than `notice.lead` allows."""

    kind: ClassVar = "notice.delivered"
    views: ClassVar = DESK_AND_OBSERVER

    notice: int
    person: int
    method: Method
    late: bool

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        notice = state.notices[self.notice]
        delivery = Delivery(self.method, stamp.at, stamp.actor, late=self.late, seq=stamp.seq)
        return _with_notice(state, replace(notice, deliveries={**notice.deliveries, self.person: delivery}))

    def tell(self, teller: MeetingTeller) -> Words:
        method, method_en = METHODS[self.method]
        late, late_en = ("，晚于规定时限", ", too late") if self.late else ("", "")
        who = teller.who(self.person)
        return f"会议通知送达{who}（{method}）{late}", f"Notice delivered to {who} ({method_en}){late_en}"


class NoticeAcknowledged(MeetingContent, frozen=True):
    """The member acknowledged the notice."""

    kind: ClassVar = "notice.acknowledged"
    views: ClassVar = DESK_AND_OBSERVER

    notice: int
    person: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        notice = state.notices[self.notice]
        delivery = replace(notice.deliveries[self.person], acknowledged_at=stamp.at)
        return _with_notice(state, replace(notice, deliveries={**notice.deliveries, self.person: delivery}))

    def tell(self, teller: MeetingTeller) -> Words:
        who = teller.who(self.person)
        return f"{who}签收会议通知", f"{who} acknowledged the notice"


class DeliveryCorrected(MeetingContent, frozen=True):
    """The delivery of record `corrects` was entered wrongly: it was made in this way, or (`method` none) not at all."""

    kind: ClassVar = "delivery.corrected"
    views: ClassVar = DESK_AND_OBSERVER

    notice: int
    corrects: int
    person: int
    method: Method | Literal["none"]

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        notice = state.notices[self.notice]
        deliveries = {who: each for who, each in notice.deliveries.items() if who != self.person}
        if self.method != "none":
            deliveries[self.person] = replace(notice.deliveries[self.person], method=self.method)
        return _with_notice(state, replace(notice, deliveries=deliveries))

    def tell(self, teller: MeetingTeller) -> Words:
        chinese, english = f"更正第{self.corrects}号记录：", f"Record {self.corrects} is put right: "
        who = teller.who(self.person)
        if self.method == "none":
            return f"{chinese}会议通知未送达{who}", f"{english}the notice has not reached {who}"
        method, method_en = METHODS[self.method]
        return f"{chinese}会议通知送达{who}（{method}）", f"{english}notice delivered to {who} ({method_en})"


class NoticeWithdrawn(MeetingContent, frozen=True):
    """The notice is withdrawn; the meeting is a draft again."""

    kind: ClassVar = "notice.withdrawn"
    rekeys: ClassVar = True
    views: ClassVar = EVERYBODY

    notice: int
    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        notice = replace(state.notices[self.notice], withdrawn_at=stamp.at, reason=self.reason)
        return _with_notice(
            replace(state, state="draft", charter=None, rulebook=None, present_needed=None, approval=Approval()), notice
        )

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        return f"撤回会议通知{why}", f"Notice withdrawn{why_en}"


def _with_notice(state: MeetingState, notice: NoticeState) -> MeetingState:
    return replace(state, notices={**state.notices, notice.id: notice})


class OpinionVoided(MeetingContent, frozen=True):
    """A written opinion is void: its author has come (by the record `arrival`), or the notice was withdrawn (0)."""

    kind: ClassVar = "opinion.voided"
    views: ClassVar = EVERYBODY

    item: int
    person: int
    arrival: int = 0

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        opinions = state.items[self.item].opinions
        void = replace(opinions.get(self.person, OpinionState()), void=True, arrival=self.arrival)
        return state.on_item(self.item, opinions={**opinions, self.person: void})

    def tell(self, teller: MeetingTeller) -> Words:
        who, title = teller.who(self.person), teller.title(self.item)
        return f"{who}对{title}的书面意见失效", f"The written opinion of {who} on {title} is void"


class OpinionRestored(MeetingContent, frozen=True):
    """A written opinion stands again: its author had not come after all."""

    kind: ClassVar = "opinion.restored"
    views: ClassVar = EVERYBODY

    item: int
    person: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        opinions = state.items[self.item].opinions
        again = replace(opinions[self.person], void=False, arrival=0)
        return state.on_item(self.item, opinions={**opinions, self.person: again})

    def tell(self, teller: MeetingTeller) -> Words:
        who, title = teller.who(self.person), teller.title(self.item)
        return f"{who}对{title}的书面意见恢复有效", f"The written opinion of {who} on {title} stands again"
