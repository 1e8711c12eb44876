"""The agenda over HTTP: meetings, items, notice, deliveries; papers stand in `paper_routes.py`, private
notes in `note_routes.py`."""

from datetime import date, datetime
from functools import partial
from typing import Annotated

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from acts.access import check_access
from acts.acting import Receipt, existing
from acts.http import Db, Id, Key, Line, MaybeLine, PathId, Text, Who
from acts.problems import RefusedRule, refused_rule
from acts.refusal import require
from acts.wire import DueReason, Title
from agenda import (
    approving,
    cancelling,
    delivering,
    giving_notice,
    items,
    meetings,
    note_routes,
    notice_store,
    paper_routes,
    store,
)
from agenda.acting import look_into, perform_in_meeting, require_state
from agenda.carrying import CATALOGUE, due_in_committee
from agenda.planning import Planning, plan_ahead
from agenda.records import Carried, Category, Method
from agenda.state import MeetingState
from agenda.viewing import MeetingLine, MeetingView, NoticeView, line_of, view_meeting, view_notices
from bodies.entering import require_in_body
from bodies.store import read_body
from documents.fonts import FontSet
from documents.undrawn import Undrawn, find_undrawn
from storage.store import now

BODY = "/api/bodies/{body_id:int}"
MEETING = "/api/meetings/{meeting_id:int}"
ITEM = MEETING + "/items/{item_id:int}"

When = Annotated[datetime, Meta(tz=True)]


# --- meetings ----------------------------------------------------------------------------------------


class NewMeeting(Struct, frozen=True, forbid_unknown_fields=True):
    """A meeting to be; `presiding` is the body's head and `secretary` the caller where nobody is named."""

    title: Line
    starts_at: When
    place: MaybeLine = ""
    presiding: Id | None = None
    secretary: Id | None = None


class ChangedMeeting(Struct, frozen=True, forbid_unknown_fields=True):
    """The values of the meeting that change; None leaves one as it is."""

    title: Line | None = None
    starts_at: When | None = None
    place: MaybeLine | None = None


class WhyCancelled(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for which the meeting is not held."""

    reason: DueReason


class OfPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """One person, by id."""

    person: Id


@post(BODY + "/meetings", opt={"operation": "meeting.create"}, status_code=200)
async def create_meeting(
    body_id: PathId, data: JSONBody[NewMeeting], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Plan a meeting; its id is in the receipt, under `content.meeting`."""
    plan = meetings.Plan(data.title, data.starts_at, data.place, data.presiding, data.secretary)
    return await meetings.plan_meeting(database, caller, body_id, plan, key)


@get(BODY + "/meetings", opt={"operation": "meeting.list"})
async def list_meetings(
    body_id: PathId,
    database: Db,
    caller: Who,
    limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 200,
    offset: Annotated[int, QueryParameter(ge=0, lt=2**31)] = 0,
) -> list[MeetingLine]:
    """Returns a body's meetings, the latest first; to an attendee those whose notice, or an act since, names them."""
    if body_id not in caller.roles:
        existing(None)
    require(check_access("meeting.list", caller.roles_in(body_id)))
    attendee = caller.person if caller.roles_in(body_id) <= {"attendee"} else None
    async with database.transaction(caller.scope) as transaction:
        found = await store.meetings_of(transaction.connection, body_id, limit, offset, attendee)
        at, moved = await now(transaction.connection), await notice_store.moved_from(transaction.connection, body_id)
    return [line_of(each, at, moved.get(each.id)) for each in found]


@get(BODY + "/meetings/planning", opt={"operation": "meeting.plan"})
async def read_planning(body_id: PathId, database: Db, caller: Who) -> Planning:
    """Returns what a meeting planned now may go by: the earliest lawful date, the last place, the next number."""
    async with database.transaction(caller.scope) as transaction:
        body = await read_body(transaction.connection, body_id)
        require_in_body(caller, "meeting.plan", body)
        assert body is not None
        return await plan_ahead(transaction.connection, body, await now(transaction.connection))


@get(MEETING, opt={"operation": "meeting.read"})
async def read_meeting(meeting_id: PathId, database: Db, caller: Who) -> MeetingView:
    """Returns the meeting as the caller may see it."""
    async with look_into(database, caller, "meeting.read", meeting_id) as look:
        return await view_meeting(look, caller.person)


@post(MEETING, opt={"operation": "meeting.change"}, status_code=200)
async def change_meeting(
    meeting_id: PathId, data: JSONBody[ChangedMeeting], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Change title, time or place, before notice."""
    act = partial(meetings.change_meeting, title=data.title, starts_at=data.starts_at, place=data.place)
    return await perform_in_meeting(database, caller, "meeting.change", meeting_id, act, key)


@post(MEETING + "/cancellation", opt={"operation": "meeting.cancel"}, status_code=200)
async def cancel_meeting(
    meeting_id: PathId, data: JSONBody[WhyCancelled], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Cancel a draft, with the reason."""
    act = partial(cancelling.cancel, reason=data.reason)
    return await perform_in_meeting(database, caller, "meeting.cancel", meeting_id, act, key)


@post(MEETING + "/presiding", opt={"operation": "meeting.preside"}, status_code=200)
async def set_presiding(
    meeting_id: PathId, data: JSONBody[OfPerson], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Name the presiding member, before the call to order."""
    act = partial(meetings.set_presiding, person=data.person)
    return await perform_in_meeting(database, caller, "meeting.preside", meeting_id, act, key)


# --- items -------------------------------------------------------------------------------------------


class ItemBody(Struct, frozen=True, forbid_unknown_fields=True):
    """All that an item says; `subjects` are kin ids, at least one on a personnel item; `attendees` are the
    people named to attend for it; `carries_out` is the item that decided what this one carries out, of those in
    `CommitteeDecisions`."""

    title: Title
    category: Category
    motion: Text = ""
    in_charge: Id | None = None
    deputy_in_charge: Id | None = None
    subjects: Annotated[list[Id], Meta(max_length=200)] = []
    confidential: bool = False
    attendees: Annotated[list[Id], Meta(max_length=200)] = []
    carries_out: Id | None = None

    def draft(self) -> items.Draft:
        return items.Draft(
            title=self.title,
            motion=self.motion,
            category=self.category,
            in_charge=self.in_charge,
            deputy_in_charge=self.deputy_in_charge,
            subjects=self.subjects,
            confidential=self.confidential,
            attendees=self.attendees,
            carries_out=self.carries_out,
        )


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """Every item of the agenda once, in the order wanted."""

    order: Annotated[list[Id], Meta(max_length=1000)]


class CommitteeDecisions(Struct, frozen=True):
    """The categories whose items at this meeting rest on a decision of the 党组 (none where it is no executive
    meeting), and the decisions passed in issued minutes of the organization's Party committees, the newest first."""

    categories: list[Category]
    decisions: list[Carried]


@get(MEETING + "/committee-decisions", opt={"operation": "item.committee_decisions"})
async def read_committee_decisions(meeting_id: PathId, database: Db, caller: Who) -> CommitteeDecisions:
    """Returns the decisions that an item of this meeting may carry out."""
    async with look_into(database, caller, "item.committee_decisions", meeting_id) as look:
        due = sorted(each for each in CATALOGUE if due_in_committee(look.meeting.kind, each))
        found = await store.committee_decisions(look.connection, look.meeting.body_id) if due else []
    return CommitteeDecisions(due, found)


@post(MEETING + "/items", opt={"operation": "item.add"}, status_code=200)
async def add_item(meeting_id: PathId, data: JSONBody[ItemBody], database: Db, caller: Who, key: Key = None) -> Receipt:
    """Put an item at the end of the agenda."""
    act = partial(items.add_item, draft=data.draft())
    return await perform_in_meeting(database, caller, "item.add", meeting_id, act, key)


@post(ITEM, opt={"operation": "item.change"}, status_code=200)
async def change_item(
    meeting_id: PathId, item_id: PathId, data: JSONBody[ItemBody], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Replace all that an item says."""
    act = partial(items.change_item, item_id=item_id, draft=data.draft())
    return await perform_in_meeting(database, caller, "item.change", meeting_id, act, key)


@delete(ITEM, opt={"operation": "item.remove"}, status_code=200)
async def remove_item(meeting_id: PathId, item_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Take an item and its papers off the agenda."""
    act = partial(items.remove_item, item_id=item_id)
    return await perform_in_meeting(database, caller, "item.remove", meeting_id, act, key)


@post(MEETING + "/items/order", opt={"operation": "item.move"}, status_code=200)
async def order_items(meeting_id: PathId, data: JSONBody[Order], database: Db, caller: Who, key: Key = None) -> Receipt:
    """Put the items in another order."""
    act = partial(items.order_items, order=data.order)
    return await perform_in_meeting(database, caller, "item.move", meeting_id, act, key)


# --- the head's approval ---------------------------------------------------------------------------------


class Approved(Struct, frozen=True, forbid_unknown_fields=True):
    """The submission that the head has read, by its seq."""

    version: Id


class SentBack(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for which the agenda goes back."""

    reason: DueReason


@post(MEETING + "/agenda/submission", opt={"operation": "agenda.submit"}, status_code=200)
async def submit_agenda(meeting_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Submit the draft agenda to the head."""
    return await perform_in_meeting(database, caller, "agenda.submit", meeting_id, approving.submit, key)


@post(MEETING + "/agenda/approval", opt={"operation": "agenda.approve"}, status_code=200)
async def approve_agenda(
    meeting_id: PathId, data: JSONBody[Approved], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Approve the agenda as the head of the body."""
    act = partial(approving.approve, version=data.version)
    return await perform_in_meeting(database, caller, "agenda.approve", meeting_id, act, key)


@post(MEETING + "/agenda/return", opt={"operation": "agenda.send_back"}, status_code=200)
async def send_agenda_back(
    meeting_id: PathId, data: JSONBody[SentBack], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Send the agenda back to the secretary, with the reason."""
    act = partial(approving.send_back, reason=data.reason)
    return await perform_in_meeting(database, caller, "agenda.send_back", meeting_id, act, key)


# --- notice ------------------------------------------------------------------------------------------


class NoticePreview(Struct, frozen=True):
    """How a notice would stand if it were given now: the earliest lawful date of the meeting (null where a
    year's working days are not known), what is missing, and the refusals that the notice would meet."""

    meeting_on: date
    lead_working_days: int
    earliest: date | None
    without_papers: list[int]
    incomplete: list[int]
    undrawn: list[Undrawn]
    refusals: list[RefusedRule]


class Deliveries(Struct, frozen=True, forbid_unknown_fields=True):
    """The people whom the notice reached, one or several, and how."""

    method: Method
    person: Id | None = None
    people: Annotated[list[Id], Meta(max_length=1000)] = []


@get(MEETING + "/notice/preview", opt={"operation": "notice.preview"})
async def preview_notice(
    meeting_id: PathId, database: Db, caller: Who, fonts: NamedDependency[FontSet]
) -> NoticePreview:
    """Returns how a notice would stand if it were given now, and what no font could put on its paper."""
    async with look_into(database, caller, "notice.preview", meeting_id) as look:
        require_state(look.meeting, "draft")
        situation = await look.situation()
        check = giving_notice.check_giving(situation)
    return NoticePreview(
        meeting_on=check.meeting_on,
        lead_working_days=check.lead_working_days,
        earliest=check.earliest,
        without_papers=check.without_papers,
        incomplete=check.incomplete,
        undrawn=_undrawn(situation.state, fonts),
        refusals=[refused_rule(each.by(situation.rulebook)) for each in check.refusals],
    )


def _undrawn(state: MeetingState, fonts: FontSet) -> list[Undrawn]:
    items = [(item.title, [item.title, item.motion, list(item.subjects.values())]) for item in state.agenda]
    return find_undrawn([("", [state.title, state.place, list(state.people.values())]), *items], fonts)


@post(MEETING + "/notice", opt={"operation": "notice.give"}, status_code=200)
async def give_notice(meeting_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Give notice: the agenda is sealed."""
    return await perform_in_meeting(database, caller, "notice.give", meeting_id, giving_notice.give_notice, key)


@get(MEETING + "/notice", opt={"operation": "notice.read"})
async def read_notices(meeting_id: PathId, database: Db, caller: Who) -> list[NoticeView]:
    """Returns every notice of the meeting, the withdrawn too, with the deliveries that the caller may know of."""
    async with look_into(database, caller, "notice.read", meeting_id) as look:
        return await view_notices(look, caller.person)


@post(MEETING + "/deliveries", opt={"operation": "delivery.record"}, status_code=200)
async def record_deliveries(
    meeting_id: PathId, data: JSONBody[Deliveries], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Record that the notice reached somebody now; the receipt is the first delivery's."""
    people = [*data.people, *([data.person] if data.person else [])]
    act = partial(delivering.deliver, people=people, method=data.method)
    return await perform_in_meeting(database, caller, "delivery.record", meeting_id, act, key)


@post(MEETING + "/acknowledgement", opt={"operation": "delivery.acknowledge"}, status_code=200)
async def acknowledge(meeting_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Acknowledge the notice as the caller."""
    return await perform_in_meeting(database, caller, "delivery.acknowledge", meeting_id, delivering.acknowledge, key)


routes = [
    create_meeting, read_planning, list_meetings, read_meeting, change_meeting, cancel_meeting, set_presiding,
    read_committee_decisions, add_item, change_item, remove_item, order_items,
    submit_agenda, approve_agenda, send_agenda_back,
    preview_notice, give_notice, read_notices, record_deliveries, acknowledge,
    *paper_routes.routes,
    *note_routes.routes,
]  # fmt: skip
