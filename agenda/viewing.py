"""A meeting as the caller may see it: the agenda after notice, papers only where they may be read."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from acts.access import DESK, HEADS
from acts.refusal import Allowed
from agenda import notice_store, store
from agenda.acting import Look
from agenda.contents import subjects_of
from agenda.deputies import deputy_on_record
from agenda.early import is_past
from agenda.papers import ReaderIn, reader_in
from agenda.reading import check_may_read
from agenda.records import (
    AgendaStage,
    Category,
    Delivery,
    Item,
    ItemState,
    Meeting,
    MeetingStage,
    Notice,
    NoticeChanged,
    Paper,
    Subject,
)
from agenda.state import Approval, CommitteeNote
from agenda.views import view_of
from bodies.charter import Charter
from bodies.records import BodyPerson
from bodies.store import body_people
from storage.store import now


class MovedFrom(Struct, frozen=True):
    """The start and the place that a notice first gave."""

    starts_at: datetime
    place: str


class MeetingLine(Struct, frozen=True):
    """A meeting in a list; `past` says that its day is over and it was not held; `moved_from` is the start and place
    that its notice first gave, where these have changed since."""

    id: int
    title: str
    starts_at: datetime
    place: str
    state: MeetingStage
    presiding: int
    agenda: AgendaStage
    year: int | None
    ordinal: int | None
    past: bool
    moved_from: MovedFrom | None


class ItemView(Struct, frozen=True):
    """An item as the caller may see it. While `readable` is false `papers` are empty, and on a personnel item `motion`
    and `subjects` too; to a person recused from it those and `reason` are. A secretary who is not recused always sees
    `motion` and `subjects`. Of an item that an attendee is not called in for they see the title alone.
    `deputy_on_record` is the B角 of the member in charge where the item names no deputy; in a draft as the notice would
    find it."""

    id: int
    position: int
    title: str
    motion: str
    category: Category
    in_charge: int | None
    deputy_in_charge: int | None
    deputy_on_record: int | None
    subjects: list[Subject]
    confidential: bool
    attendees: list[int]
    materials_complete: bool
    committee: CommitteeNote | None
    state: ItemState
    presenter: int | None
    discussed: bool
    reason: str
    readable: bool
    papers: list[Paper]


class NoticeView(Struct, frozen=True):
    """A notice, its changes and the deliveries of both, as far as the caller may know: all of them for the desk and the
    observer, their own for others."""

    notice: Notice
    deliveries: list[Delivery]
    changes: list[NoticeChanged]


class MeetingView(Struct, frozen=True):
    """A meeting as the caller may see it; before notice the items are for secretary, chair and head alone. `charter`
    is the body's until the notice freezes it; `notices` holds the withdrawn ones too; `acting` is the member
    entrusted with the chair, None while the presiding member holds it; `past` says that its day is over and it was not
    held."""

    id: int
    body: int
    title: str
    starts_at: datetime
    place: str
    state: MeetingStage
    presiding: int
    acting: int | None
    secretary: int
    approval: Approval
    charter: Charter
    year: int | None
    ordinal: int | None
    formal_members: list[int] | None
    called_at: datetime | None
    adjourned_at: datetime | None
    past: bool
    roles: list[str]
    people: list[BodyPerson]
    items: list[ItemView]
    notices: list[NoticeView]


def line_of(meeting: Meeting, at: datetime, moved_from: tuple[datetime, str] | None) -> MeetingLine:
    """Returns the meeting as a list has it at this time."""
    return MeetingLine(
        id=meeting.id,
        title=meeting.title,
        starts_at=meeting.starts_at,
        place=meeting.place,
        state=meeting.state,
        presiding=meeting.presiding_id,
        agenda=meeting.agenda,
        year=meeting.year,
        ordinal=meeting.ordinal,
        past=_is_missed(meeting, at),
        moved_from=MovedFrom(*moved_from) if moved_from else None,
    )


def _is_missed(meeting: Meeting, at: datetime) -> bool:
    return meeting.state in ("draft", "noticed") and is_past(meeting.starts_at, at)


async def view_meeting(look: Look, person: int) -> MeetingView:
    """Returns the meeting as this person may see it."""
    meeting = look.meeting
    people = await body_people(look.connection, meeting.body_id)
    return MeetingView(
        id=meeting.id,
        body=meeting.body_id,
        title=meeting.title,
        starts_at=meeting.starts_at,
        place=meeting.place,
        state=meeting.state,
        presiding=meeting.presiding_id,
        acting=meeting.acting_id,
        secretary=meeting.secretary_id,
        approval=look.state.approval,
        charter=meeting.charter,
        year=meeting.year,
        ordinal=meeting.ordinal,
        formal_members=meeting.formal_members,
        called_at=meeting.called_at,
        adjourned_at=meeting.adjourned_at,
        past=_is_missed(meeting, await now(look.connection)),
        roles=sorted(look.roles),
        people=people,
        items=await _items(look, person, {each.id: each for each in people}),
        notices=await view_notices(look, person),
    )


async def view_notices(look: Look, person: int) -> list[NoticeView]:
    """Returns every notice of the meeting with its deliveries, in order, as this person may see them."""
    of_all = look.roles & (DESK | {"observer"})
    found = []
    for notice in await notice_store.notices(look.connection, look.meeting.id):
        deliveries = await notice_store.deliveries(look.connection, notice.id)
        changes = await notice_store.changes_of(look.connection, notice.id)
        seen = [each for each in deliveries if of_all or each.person == person]
        found.append(NoticeView(notice, seen, changes))
    return found


async def _items(look: Look, person: int, people: Mapping[int, BodyPerson]) -> list[ItemView]:
    if look.meeting.state in ("draft", "cancelled") and not look.roles & (DESK | HEADS):
        return []
    items = await store.items_of(look.connection, look.meeting.id)
    if look.meeting.state == "draft":  # as a notice given now would find them
        charter = look.meeting.charter
        items = [
            replace(each, deputy_on_record_id=deputy_on_record(
                charter, each.in_charge_id, each.deputy_in_charge_id, people
            ))
            for each in items
        ]  # fmt: skip
    names = await store.kin_names(
        look.connection, look.meeting.body_id, {kin for item in items for kin in item.subjects}
    )
    papers = await store.papers_of(look.connection, look.meeting.id)
    reader, view = await reader_in(look, person), view_of(look.state, person, look.roles)
    shown = [_item(look, item, subjects_of(item, names), papers.get(item.id, []), reader) for item in items]
    return [
        each if view.opens(item.id, reserved=item.personnel or item.confidential) else _title(each)
        for item, each in zip(items, shown, strict=True)
    ]


def _title(item: ItemView) -> ItemView:
    """Returns the item as those know it who are not called in for it, and the hall's screen where it is reserved."""
    return replace(
        item, motion="", in_charge=None, deputy_in_charge=None, deputy_on_record=None, subjects=[], attendees=[],
        committee=None, presenter=None, reason="", readable=False, papers=[],
    )  # fmt: skip


def _item(look: Look, item: Item, subjects: list[Subject], papers: list[Paper], reader: ReaderIn) -> ItemView:
    me = reader.of(item.id)
    verdict = check_may_read(me, meeting=look.meeting.state, item=item.state, personnel=item.personnel)
    readable = isinstance(verdict, Allowed)
    # The motion of a personnel item (议案) is handed out and withdrawn as its papers are; the secretary wrote it.
    with_motion = readable or (not me.recused_by and (not item.personnel or "secretary" in look.roles))
    return ItemView(
        id=item.id,
        position=item.position,
        title=item.title,
        motion=item.motion if with_motion else "",
        category=item.category,
        in_charge=item.in_charge_id,
        deputy_in_charge=item.deputy_in_charge_id,
        deputy_on_record=item.deputy_on_record_id,
        subjects=subjects if with_motion else [],
        confidential=item.confidential,
        attendees=[*item.attendees, *look.state.items[item.id].called_in],
        materials_complete=item.materials_complete,
        committee=look.state.items[item.id].committee,
        state=item.state,
        presenter=item.presenter_id,
        discussed=item.discussed,
        reason="" if me.recused_by else item.reason,
        readable=readable,
        papers=papers if readable else [],
    )
