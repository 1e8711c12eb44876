"""The paths of voting's routes, and the way from a route into an act."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import post
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from acts.acting import Caller, Receipt
from acts.database import Database
from acts.http import Id, Key
from agenda.acting import MeetingAct, perform_in_meeting

MEETING = "/api/meetings/{meeting_id:int}"
ITEM = MEETING + "/items/{item_id:int}"
VOTE = MEETING + "/votes/{vote_id:int}"


def act(path: str, operation: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Returns the decorator of a command: a POST that answers with its receipt."""
    return post(path, opt={"operation": operation}, status_code=200)


def in_meeting(
    meeting_id: int, operation: str, database: Database, caller: Caller, key: Key, item: int | None = None
) -> Callable[[Callable[[MeetingAct], Awaitable[object]]], Awaitable[Receipt]]:
    """Returns a function that runs an act in the meeting, by `agenda.acting.perform_in_meeting`."""

    async def run(what: Callable[[MeetingAct], Awaitable[object]]) -> Receipt:
        return await perform_in_meeting(database, caller, operation, meeting_id, what, key, item)

    return run


class OfPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """One person, by id."""

    person: Id
