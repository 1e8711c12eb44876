"""The notice: given, delivered, acknowledged, withdrawn."""

from datetime import datetime
from typing import ClassVar, Literal

from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words, after_colon
from acts.rulebook import Rulebook
from agenda.kinds.planning import ItemSaid, PaperSaid
from agenda.labels import METHODS, local
from agenda.records import Method
from agenda.state import (
    Approval,
    Delivery,
    ItemOnAgenda,
    MeetingState,
    NoticeChange,
    NoticeState,
    OpinionState,
    PersonState,
)
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
                self.title_alone(), in_charge=None, deputy_in_charge=None, deputy_on_record=None, attendees=(),
                carried=None, to_committee=False,
            )  # fmt: skip
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


class NoticeChanged(MeetingContent, frozen=True):
    """The place changes or the start moves later, after the notice: told to everyone again."""

    kind: ClassVar = "notice.changed"
    views: ClassVar = EVERYBODY

    notice: int
    change: int
    starts_before: datetime
    starts_at: datetime
    place_before: str
    place: str
    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        notice = state.notices[self.notice]
        change = NoticeChange(
            stamp.at, self.starts_before, self.starts_at, self.place_before, self.place, self.reason, stamp.actor
        )
        state = replace(state, starts_at=self.starts_at, place=self.place)
        return _with_notice(state, replace(notice, changes={**notice.changes, self.change: change}))

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        parts, parts_en = [], []
        if self.starts_at != self.starts_before:
            parts.append(f"时间由{local(self.starts_before, 'zh')}改为{local(self.starts_at, 'zh')}")
            parts_en.append(f"the time from {local(self.starts_before, 'en')} to {local(self.starts_at, 'en')}")
        if self.place != self.place_before:
            parts.append(f"地点由{self.place_before or '未定'}改为{self.place or '未定'}")
            parts_en.append(f"the place from {self.place_before or 'none'} to {self.place or 'none'}")
        return f"会议{'，'.join(parts)}{why}", f"The meeting is changed: {', '.join(parts_en)}{why_en}"


class NoticeDelivered(MeetingContent, frozen=True):
    """The notice, or a `change` of it (0: none), reached somebody. `late` marks a formal member whom the notice reached
    later than `notice.lead` allows."""

    kind: ClassVar = "notice.delivered"
    views: ClassVar = DESK_AND_OBSERVER

    notice: int
    person: int
    method: Method
    late: bool
    change: int = 0

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        delivery = Delivery(self.method, stamp.at, stamp.actor, late=self.late, seq=stamp.seq)
        return _delivered(state, self.notice, self.change, self.person, delivery)

    def tell(self, teller: MeetingTeller) -> Words:
        method, method_en = METHODS[self.method]
        late, late_en = ("，晚于规定时限", ", too late") if self.late else ("", "")
        who = teller.who(self.person)
        if self.change:
            return f"会议变更告知{who}（{method}）", f"The change was told to {who} ({method_en})"
        return f"会议通知送达{who}（{method}）{late}", f"Notice delivered to {who} ({method_en}){late_en}"


class NoticeAcknowledged(MeetingContent, frozen=True):
    """The member acknowledged the notice, or a `change` of it (0: none)."""

    kind: ClassVar = "notice.acknowledged"
    views: ClassVar = DESK_AND_OBSERVER

    notice: int
    person: int
    change: int = 0

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        delivery = state.notices[self.notice].round(self.change)[self.person]
        return _delivered(state, self.notice, self.change, self.person, replace(delivery, acknowledged_at=stamp.at))

    def tell(self, teller: MeetingTeller) -> Words:
        who = teller.who(self.person)
        if self.change:
            return f"{who}签收会议变更通知", f"{who} acknowledged the change"
        return f"{who}签收会议通知", f"{who} acknowledged the notice"


class DeliveryCorrected(MeetingContent, frozen=True):
    """The delivery of record `corrects`, of the notice or of a `change` (0: none), was entered wrongly: it was made in
    this way, or (`method` none) not at all."""

    kind: ClassVar = "delivery.corrected"
    views: ClassVar = DESK_AND_OBSERVER

    notice: int
    corrects: int
    person: int
    method: Method | Literal["none"]
    change: int = 0

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        delivery = state.notices[self.notice].round(self.change)[self.person]
        right = None if self.method == "none" else replace(delivery, method=self.method)
        return _delivered(state, self.notice, self.change, self.person, right)

    def tell(self, teller: MeetingTeller) -> Words:
        chinese, english = f"更正第{self.corrects}号记录：", f"Record {self.corrects} is put right: "
        who = teller.who(self.person)
        if self.change:
            way, way_en = METHODS[self.method] if self.method != "none" else ("未告知", "it was not told")
            return f"{chinese}会议变更告知{who}（{way}）", f"{english}the change, told to {who} ({way_en})"
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


def _delivered(state: MeetingState, number: int, change: int, person: int, delivery: Delivery | None) -> MeetingState:
    """Returns the state with this delivery of a notice or of its change to a person, or (None) without it."""
    notice = state.notices[number]
    deliveries = {who: each for who, each in notice.round(change).items() if who != person}
    if delivery is not None:
        deliveries[person] = delivery
    if not change:
        return _with_notice(state, replace(notice, deliveries=deliveries))
    changed = replace(notice.changes[change], deliveries=deliveries)
    return _with_notice(state, replace(notice, changes={**notice.changes, change: changed}))


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
