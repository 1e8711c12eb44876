"""Planning a meeting: when, where, who presides, who keeps the record (Rules 8)."""

import base64
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from msgspec import Struct

from acts.access import HEADS
from acts.acting import Caller, Receipt
from acts.database import Database
from acts.refusal import require
from agenda import store
from agenda.acting import MeetingAct, require_step
from agenda.contents import people_said
from agenda.errors import bad_field
from agenda.kinds.planning import MeetingChanged, MeetingCreated, MeetingPresiding
from agenda.kinds.scheduling import MeetingPlanned
from agenda.sealed import check_sealed
from bodies.entering import BodyAct, perform_in_body
from bodies.records import BodyPerson
from bodies.store import body_people

_YEARS = range(2000, 9999)


class Plan(Struct, frozen=True):
    """A meeting to be; where nobody is named, the body's head presides and the caller keeps the record."""

    title: str
    starts_at: datetime
    place: str
    presiding: int | None = None
    secretary: int | None = None


async def plan_meeting(database: Database, caller: Caller, body: int, plan: Plan, key: UUID | None) -> Receipt:
    """Create a meeting. The receipt is `meeting.planned` in the body's book; it holds the meeting's id."""
    return await perform_in_body(database, caller, "meeting.create", body, partial(_create, plan=plan), key)


async def _create(act: BodyAct, plan: Plan) -> None:
    body = act.context.body.id
    people = await body_people(act.connection, body)
    heads = sorted((role, person.id) for person in people for role in HEADS & set(person.roles))
    presiding = plan.presiding or (heads[-1][1] if heads else None)
    if presiding is None:
        raise bad_field(
            "presiding",
            "本机构尚未设主要负责人，请指定主持本次会议的成员。",
            "The body has no head; name who presides over this meeting.",
        )
    _require_formal(people, presiding, "presiding")
    secretary = plan.secretary or act.caller.person
    if not any(person.id == secretary and "secretary" in person.roles for person in people):
        raise bad_field(
            "secretary", "会议记录人员须为本机构的秘书。", "Who keeps the record is a secretary of the body."
        )
    starts_at = _starting(plan.starts_at)
    meeting, book = await store.add_meeting(
        act.connection, body, plan.title, starts_at, plan.place, presiding, secretary, _hall_secret()
    )
    await act.record(MeetingPlanned(meeting))
    await act.record_in(
        book,
        MeetingCreated(
            title=plan.title,
            starts_at=starts_at,
            place=plan.place,
            presiding=presiding,
            secretary=secretary,
            people=people_said(people),
        ),
    )


async def change_meeting(act: MeetingAct, title: str | None, starts_at: datetime | None, place: str | None) -> None:
    """Change what the notice will say; None leaves a value. Raises RefusedError (`agenda.locked`) after notice."""
    meeting = act.context.meeting
    require(check_sealed("edit", sealed=meeting.state != "draft"))
    title = meeting.title if title is None else title
    starts_at = meeting.starts_at if starts_at is None else _starting(starts_at)
    place = meeting.place if place is None else place
    await store.change_meeting(act.connection, meeting.id, title, starts_at, place)
    await act.record(MeetingChanged(title, starts_at.astimezone(UTC), place))


async def set_presiding(act: MeetingAct, person: int) -> None:
    """Name the presiding member; the call to order makes it final."""
    meeting = act.context.meeting
    require_step(meeting.kind, meeting, "meeting.presiding")
    _require_formal(await body_people(act.connection, meeting.body_id), person, "person")
    await store.set_presiding(act.connection, meeting.id, person)
    await act.record(MeetingPresiding(person))


def _require_formal(people: Sequence[BodyPerson], person: int, field: str) -> None:
    if not any(each.id == person and each.formal for each in people):
        raise bad_field(field, "主持人须为本机构的正式成员。", "Who presides is a formal member of the body.")


def _starting(at: datetime) -> datetime:
    if at.year not in _YEARS:
        raise bad_field("starts_at", "会议时间有误，请检查年份。", "The year is out of range.")
    return at.astimezone(UTC)


def _hall_secret() -> str:
    """Returns 160 random bits in base32, as authenticators write them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()
