"""A meeting is planned: when, where, who presides, what is on its agenda."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words, after_colon
from agenda.carrying import said_of
from agenda.labels import CATEGORIES, local
from agenda.records import Carried, Category, Subject
from agenda.state import CommitteeNote, ItemOnAgenda, MeetingState, PaperState, PersonState, SubjectState
from agenda.views import (
    CHAIR,
    DESK,
    EVERYBODY,
    SECRETARY,
    MeetingContent,
    MeetingTeller,
    View,
    WhyUntold,
)


class PaperSaid(Struct, frozen=True):
    """A paper as records hold it; `size` in bytes, `sha256` in hex."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str

    def state(self) -> PaperState:
        """Returns the paper as the meeting's state holds it."""
        return PaperState(self.id, self.name, self.media_type, self.size, self.sha256)


class ItemSaid(Struct, frozen=True):
    """An item as records hold it and `agenda_hash` seals it; the order of the fields does not matter."""

    id: int
    position: int
    title: str
    motion: str
    category: Category
    in_charge: int | None
    deputy_in_charge: int | None
    subjects: tuple[Subject, ...]
    confidential: bool
    materials_complete: bool
    attendees: tuple[int, ...] = ()
    carried: Carried | None = None
    to_committee: bool = False

    @property
    def committee(self) -> CommitteeNote | None:
        """Returns what is said of the decision by the 党组."""
        words = said_of(self.carried, self.to_committee)
        return CommitteeNote(*words, self.carried.item if self.carried else 0) if words else None

    def state(self) -> ItemOnAgenda:
        """Returns the item as the meeting's state holds it, without papers."""
        return ItemOnAgenda(
            id=self.id,
            position=self.position,
            title=self.title,
            motion=self.motion,
            category=self.category,
            in_charge=self.in_charge,
            deputy_in_charge=self.deputy_in_charge,
            subjects={each.id: SubjectState(each.name) for each in self.subjects},
            confidential=self.confidential,
            attendees=self.attendees,
            materials_complete=self.materials_complete,
            committee=self.committee,
        )

    def title_alone(self) -> "ItemSaid":
        """Returns the item without its motion and subjects."""
        return replace(self, motion="", subjects=())

    def as_seen(self, view: View) -> "ItemSaid":
        """Returns the item as the view sees it: a personnel item by its title, save for the secretary, since the rest
        is handed out in the meeting."""
        return self.title_alone() if self.category == "personnel" and view.name != "secretary" else self


class MeetingCreated(MeetingContent, frozen=True):
    """A meeting is planned; people by seat."""

    kind: ClassVar = "meeting.created"
    views: ClassVar = EVERYBODY

    title: str
    starts_at: datetime
    place: str
    presiding: int
    secretary: int
    people: tuple[PersonState, ...]

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(
            state,
            title=self.title,
            starts_at=self.starts_at,
            place=self.place,
            presiding=self.presiding,
            secretary=self.secretary,
            people={person.id: person for person in self.people},
        )

    def tell(self, teller: MeetingTeller) -> Words:
        return _planned("筹备会议", "Meeting planned", self)


class MeetingChanged(MeetingContent, frozen=True):
    """The meeting's title, time or place changes, before notice."""

    kind: ClassVar = "meeting.changed"
    views: ClassVar = EVERYBODY

    title: str
    starts_at: datetime
    place: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        if (self.title, self.starts_at) != (state.title, state.starts_at):
            state = state.reopened()
        return replace(state, title=self.title, starts_at=self.starts_at, place=self.place)

    def tell(self, teller: MeetingTeller) -> Words:
        return _planned("会议改为", "The meeting is now", self)


def _planned(chinese: str, english: str, plan: MeetingCreated | MeetingChanged) -> Words:
    where, where_en = (f"，{plan.place}", f", {plan.place}") if plan.place else ("", "")
    return (
        f"{chinese}“{plan.title}”：{local(plan.starts_at, 'zh')}{where}",
        f"{english} “{plan.title}”: {local(plan.starts_at, 'en')}{where_en}",
    )


class MeetingCancelled(WhyUntold, frozen=True):
    """The draft is cancelled: the meeting is not held. The desk and the observer see why, which may name an item."""

    kind: ClassVar = "meeting.cancelled"
    rekeys: ClassVar = True

    reason: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state, state="cancelled", cancelled=self.reason)

    def tell(self, teller: MeetingTeller) -> Words:
        why, why_en = after_colon(self.reason)
        return f"取消会议{why}", f"The meeting is cancelled{why_en}"


class MeetingPresiding(MeetingContent, frozen=True):
    """Another member presides."""

    kind: ClassVar = "meeting.presiding"
    views: ClassVar = EVERYBODY
    rekeys: ClassVar = True

    person: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state, presiding=self.person)

    def tell(self, teller: MeetingTeller) -> Words:
        return f"由{teller.who(self.person)}主持会议", f"{teller.who(self.person)} presides"


class Drafting(MeetingContent, frozen=True):
    """A record of the agenda before its notice, for the desk alone."""

    views: ClassVar = DESK
    drafting: ClassVar = True


class OfItemSaid(Drafting, frozen=True):
    """A record that holds an item; one who is recused from it sees its title. Whom it concerns may be recused now."""

    views: ClassVar = SECRETARY
    part: ClassVar = CHAIR
    rekeys: ClassVar = True

    item: ItemSaid

    def concerns(self, hidden: frozenset[int]) -> bool:
        return self.item.id in hidden

    def see_recused(self) -> "Content | Anonymous | None":
        return type(self)(self.item.title_alone())


class ItemAdded(OfItemSaid, frozen=True):
    """An item is put at the end of the agenda."""

    kind: ClassVar = "item.added"

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state.reopened(), items=_placed([*state.agenda, self.item.state()]))

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return ItemAdded(self.item.as_seen(view)) if view.name in DESK else None

    def tell(self, teller: MeetingTeller) -> Words:
        return _listed("列入", "added", self.item, teller)


class ItemChanged(OfItemSaid, frozen=True):
    """All that an item says is replaced."""

    kind: ClassVar = "item.changed"

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        before = state.items[self.item.id]
        item = replace(self.item.state(), position=before.position, papers=before.papers)
        return replace(state.reopened(), items={**state.items, item.id: item})

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return ItemChanged(self.item.as_seen(view)) if view.name in DESK else None

    def tell(self, teller: MeetingTeller) -> Words:
        return _listed("修改", "changed", self.item, teller)


def _listed(chinese: str, english: str, item: ItemSaid, teller: MeetingTeller) -> Words:
    category, category_en = CATEGORIES[item.category]
    charge, charge_en = (
        (f"，{teller.who(item.in_charge)}分管", f", {teller.who(item.in_charge)} in charge")
        if item.in_charge is not None
        else ("", "")
    )
    basis, basis_en = (f"，{note.zh}", f"; {note.en}") if (note := item.committee) else ("", "")
    return (
        f"{chinese}议题“{item.title}”（{category}{charge}{basis}）",
        f"Item {english}: “{item.title}” ({category_en}{charge_en}{basis_en})",
    )


class ItemRemoved(Drafting, frozen=True):
    """An item and its papers are taken away; those after it move up."""

    kind: ClassVar = "item.removed"

    item: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state.reopened(), items=_placed(item for item in state.agenda if item.id != self.item))

    def see_recused(self) -> "Content | Anonymous | None":
        return self

    def tell(self, teller: MeetingTeller) -> Words:
        return "删去一项议题", "An item was removed"


class ItemMoved(Drafting, frozen=True):
    """The items are put in a new order, each named once."""

    kind: ClassVar = "item.moved"

    order: tuple[int, ...]

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return replace(state.reopened(), items=_placed(state.items[item] for item in self.order))

    def tell(self, teller: MeetingTeller) -> Words:
        titles = [teller.title(item) for item in self.order]
        return f"调整议题顺序：{''.join(titles)}", f"Items in a new order: {', '.join(titles)}"


def _placed(items: Iterable[ItemOnAgenda]) -> dict[int, ItemOnAgenda]:
    """Returns the items by id, numbered 1, 2, 3 … in this order."""
    return {item.id: replace(item, position=position) for position, item in enumerate(items, start=1)}


class PaperAdded(Drafting, frozen=True):
    """A paper is added to an item; `checking` says that it waits for the virus scanner."""

    kind: ClassVar = "paper.added"
    views: ClassVar = SECRETARY
    part: ClassVar = CHAIR

    item: int
    paper: PaperSaid
    checking: bool = False

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        paper = replace(self.paper.state(), state="checking" if self.checking else "kept")
        papers = {**state.items[self.item].papers, self.paper.id: paper}
        return state.on_item(self.item, papers=papers)

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return self if _sees_papers(view, state, self.item) else None

    def tell(self, teller: MeetingTeller) -> Words:
        name = self.paper.name
        waits, waits_en = ("，待查毒", ", to be checked for viruses") if self.checking else ("", "")
        title = teller.title(self.item)
        return f"{title}附材料《{name}》{waits}", f"Paper “{name}” added to {title}{waits_en}"


class PaperCleared(Drafting, frozen=True):
    """The virus scanner found nothing in a paper, which can be read from now on."""

    kind: ClassVar = "paper.cleared"
    views: ClassVar = SECRETARY
    part: ClassVar = CHAIR

    item: int
    paper: int
    name: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return _scanned(state, self.item, self.paper, "")

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return self if _sees_papers(view, state, self.item) else None

    def tell(self, teller: MeetingTeller) -> Words:
        return f"材料《{self.name}》查毒通过", f"Paper “{self.name}” was checked: no virus was found"


class PaperInfected(Drafting, frozen=True):
    """The virus scanner found something in a paper, whose content is deleted; an item that is left with none is no
    longer complete."""

    kind: ClassVar = "paper.infected"
    views: ClassVar = SECRETARY
    part: ClassVar = CHAIR

    item: int
    paper: int
    name: str
    found: str

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        after = _scanned(state, self.item, self.paper, self.found)
        item = after.items[self.item]
        kept = any(each.state == "kept" for each in item.papers.values())
        return after.on_item(self.item, materials_complete=item.materials_complete and kept)

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return self if _sees_papers(view, state, self.item) else None

    def tell(self, teller: MeetingTeller) -> Words:
        return (
            f"材料《{self.name}》查出病毒（{self.found}），内容已删除",
            f"A virus ({self.found}) was found in paper “{self.name}”, whose content is deleted",
        )


def _scanned(state: MeetingState, item: int, paper: int, found: str) -> MeetingState:
    papers = state.items[item].papers
    after = replace(papers[paper], state="infected" if found else "kept", found=found)
    return state.on_item(item, papers={**papers, paper: after})


class PaperRemoved(Drafting, frozen=True):
    """A paper is taken away."""

    kind: ClassVar = "paper.removed"
    views: ClassVar = SECRETARY
    part: ClassVar = CHAIR

    item: int
    paper: int

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        papers = {id_: paper for id_, paper in state.items[self.item].papers.items() if id_ != self.paper}
        return state.on_item(self.item, papers=papers)

    def see(self, view: View, state: MeetingState) -> "Content | Anonymous | None":
        return self if _sees_papers(view, state, self.item) else None

    def tell(self, teller: MeetingTeller) -> Words:
        return f"{teller.title(self.item)}撤下一份材料", f"A paper was removed from {teller.title(self.item)}"


def _sees_papers(view: View, state: MeetingState, item_id: int) -> bool:
    item = state.items.get(item_id)
    personnel = item is not None and item.category == "personnel"
    return view.name == "secretary" or (view.name in DESK and not personnel)


class MaterialsChecked(Drafting, frozen=True):
    """An item's papers are noted as complete, or as incomplete."""

    kind: ClassVar = "materials.checked"

    item: int
    complete: bool

    def apply(self, state: MeetingState, stamp: Stamp) -> MeetingState:
        return state.on_item(self.item, materials_complete=self.complete)

    def see_recused(self) -> "Content | Anonymous | None":
        return self

    def tell(self, teller: MeetingTeller) -> Words:
        title = teller.title(self.item)
        if self.complete:
            return f"{title}材料齐全", f"The papers of {title} are complete"
        return f"{title}材料尚不齐全", f"The papers of {title} are not complete"
