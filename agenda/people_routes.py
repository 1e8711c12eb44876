"""Requests to administer a meeting's people while it sits, over HTTP."""

from functools import partial
from typing import Annotated

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from acts.access import check_access
from acts.acting import Receipt, existing
from acts.http import Db, DueReason, Id, Key, PathId, Who
from acts.refusal import require
from acts.wire import ANY_LINE, AS_LINE
from agenda import administering, store
from agenda.acting import perform_in_meeting
from agenda.records import Administered

REQUESTS = "/api/meetings/{meeting_id:int}/people-requests"


class PeopleRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """The change, to whom (None for kinship), and why; `detail` is the role, or the relation as the refusal says it."""

    change: Administered
    reason: DueReason
    person: Id | None = None
    detail: Annotated[str, Meta(max_length=300, pattern=ANY_LINE, extra=AS_LINE)] = ""


class PeopleDecision(Struct, frozen=True, forbid_unknown_fields=True):
    """Yes or no."""

    allowed: bool


class Sitting(Struct, frozen=True):
    """A meeting of the body that sits: a change of its people takes the yes of the role that `decides` stands for by
    person; `others` is the role for everybody who is not named."""

    meeting: int
    decides: dict[int, administering.Decider]
    others: administering.Decider


@get("/api/bodies/{body_id:int}/sitting", opt={"operation": "sitting.list"})
async def list_sitting(body_id: PathId, database: Db, caller: Who) -> list[Sitting]:
    """Returns the body's meetings that sit now, for one who keeps its roles."""
    if body_id not in caller.roles:
        existing(None)
    require(check_access("sitting.list", caller.roles_in(body_id)))
    async with database.transaction(caller.scope) as transaction:
        sitting = await store.sitting(transaction.connection, body_id)
    by = caller.person
    return [
        Sitting(meeting, {chair: administering.decider(chair, chair, by)}, administering.decider(chair, None, by))
        for meeting, chair in sitting
    ]


@post(REQUESTS, opt={"operation": "people.request"}, status_code=200)
async def request_administration(
    meeting_id: PathId, data: JSONBody[PeopleRequest], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Ask for the chair's yes to a change of the meeting's people."""
    act = partial(administering.ask, what=data.change, person=data.person, detail=data.detail, reason=data.reason)
    return await perform_in_meeting(database, caller, "people.request", meeting_id, act, key)


@post(REQUESTS + "/{request_id:int}/decision", opt={"operation": "people.decide"}, status_code=200)
async def decide_administration(
    meeting_id: PathId, request_id: PathId, data: JSONBody[PeopleDecision], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Say yes or no to it; what is allowed is then done by the one who asked."""
    act = partial(administering.decide, request_id=request_id, allowed=data.allowed)
    return await perform_in_meeting(database, caller, "people.decide", meeting_id, act, key)


routes = [list_sitting, request_administration, decide_administration]
