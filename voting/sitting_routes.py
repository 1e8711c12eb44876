"""A meeting as it sits, over HTTP: attendance, the call to order, the chair, the adjournment."""

from functools import partial
from typing import Annotated, Any

from litestar import Request, get
from litestar.params import JSONBody
from msgspec import Meta, Struct

from acts.acting import Receipt
from acts.http import Db, DueReason, Id, Key, Measured, PathId, Reason, Who
from acts.wire import AS_CODE
from agenda.acting import look_into, require_state
from documents.qr import picture_of
from storage import store as storage_store
from voting import attendance, calling, chairing
from voting.commands import MEETING, OfPerson, act, in_meeting
from voting.hall_code import SECONDS, code_at


class HallCode(Struct, frozen=True):
    """The code for the hall's screen, and how many seconds it stays; `qr` is a picture (SVG) that leads a tablet to
    the meeting with the code filled in."""

    code: str
    seconds: int
    qr: str


class CheckIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The six digits from the hall's screen, as a Chinese keyboard may write them (full width) too."""

    code: Annotated[str, Meta(pattern=r"^[0-9]{6}$(?!\n)", extra=AS_CODE)]


class Leave(Struct, frozen=True, forbid_unknown_fields=True):
    """A member excused, and why."""

    person: Id
    reason: Reason = ""


@get(MEETING + "/hall-code", opt={"operation": "hall_code.read"})
async def read_hall_code(meeting_id: PathId, request: Request[Any, Any, Any], database: Db, caller: Who) -> HallCode:
    """Returns the code that checking in asks for; it changes every minute."""
    async with look_into(database, caller, "hall_code.read", meeting_id) as look:
        require_state(look.meeting, "noticed", "in_session")
        now = await storage_store.now(look.connection)
    code = code_at(look.meeting.hall_secret, now)
    picture = picture_of(f"{request.base_url}meetings/{meeting_id}?code={code}")
    return HallCode(code, SECONDS - int(now.timestamp()) % SECONDS, picture)


@act(MEETING + "/check-in", "presence.check_in")
async def check_in(
    meeting_id: PathId, data: JSONBody[CheckIn], database: Db, caller: Who, limits: Measured, key: Key = None
) -> Receipt:
    """Check in with the hall's code."""
    run = in_meeting(meeting_id, "presence.check_in", database, caller, key)
    return await run(partial(attendance.check_in, code=data.code, tries=limits.hall_codes))


@act(MEETING + "/arrivals", "presence.record")
async def record_arrival(
    meeting_id: PathId, data: JSONBody[OfPerson], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """The secretary checks somebody in by hand, on the record."""
    run = in_meeting(meeting_id, "presence.record", database, caller, key)
    return await run(partial(attendance.record_arrival, person=data.person))


@act(MEETING + "/departures", "presence.leave")
async def record_departure(
    meeting_id: PathId, data: JSONBody[OfPerson], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Note that somebody left the room; to return they check in again."""
    run = in_meeting(meeting_id, "presence.leave", database, caller, key)
    return await run(partial(attendance.leave, person=data.person))


@act(MEETING + "/leaves", "leave.grant")
async def grant_leave(meeting_id: PathId, data: JSONBody[Leave], database: Db, caller: Who, key: Key = None) -> Receipt:
    """Excuse a formal member from the meeting."""
    run = in_meeting(meeting_id, "leave.grant", database, caller, key)
    return await run(partial(attendance.grant_leave, person=data.person, reason=data.reason))


@act(MEETING + "/call", "meeting.call")
async def call_to_order(meeting_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Call the meeting to order: N and its number are taken."""
    return await in_meeting(meeting_id, "meeting.call", database, caller, key)(calling.call_to_order)


@act(MEETING + "/adjournment", "meeting.adjourn")
async def adjourn(meeting_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """End the meeting."""
    return await in_meeting(meeting_id, "meeting.adjourn", database, caller, key)(calling.adjourn)


class Entrusting(Struct, frozen=True, forbid_unknown_fields=True):
    """The member to be entrusted with the chair, and why; the presiding member takes it back by naming themselves."""

    person: Id
    reason: DueReason


@act(MEETING + "/chair", "chair.hand_over")
async def hand_over_chair(
    meeting_id: PathId, data: JSONBody[Entrusting], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Hand the chair to another formal member in the room, or take it back."""
    run = in_meeting(meeting_id, "chair.hand_over", database, caller, key)
    return await run(partial(chairing.hand_over, person=data.person, reason=data.reason))


routes = [
    read_hall_code,
    check_in,
    record_arrival,
    record_departure,
    grant_leave,
    call_to_order,
    adjourn,
    hand_over_chair,
]
