"""The running numbers of a body over HTTP."""

from typing import Annotated, get_args

from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from acts.acting import Receipt
from acts.dates import BUREAU_TIME
from acts.http import Db, Key, PathId, Who
from bodies.entering import perform_in_body, require_in_body
from bodies.store import read_body
from minutes.numbering import Numbered, Numbering, enter_reached, numbering
from storage.store import now

NUMBERS = "/api/bodies/{body_id:int}/numbers"


class Reached(Struct, frozen=True, forbid_unknown_fields=True):
    """The number that the body has reached in a year, of its meetings or of its minutes."""

    of: Numbered
    year: Annotated[int, Meta(ge=2000, le=9999)]
    reached: Annotated[int, Meta(ge=1, le=9999)]


@get(NUMBERS, opt={"operation": "number.read"})
async def read_numbers(
    body_id: PathId,
    database: Db,
    caller: Who,
    year: Annotated[int | None, QueryParameter(required=False, ge=2000, le=9999)] = None,
) -> list[Numbering]:
    """Returns how far the numbers of a year have come, this year's unless another is asked for: meetings, minutes."""
    async with database.transaction(caller.scope) as transaction:
        connection = transaction.connection
        body = await read_body(connection, body_id)
        require_in_body(caller, "number.read", body)
        assert body is not None
        of_year = year or (await now(connection)).astimezone(BUREAU_TIME).year
        return [await numbering(connection, body_id, body.charter, of, of_year) for of in get_args(Numbered)]


@post(NUMBERS, opt={"operation": "number.enter"}, status_code=200)
async def enter_number(body_id: PathId, data: JSONBody[Reached], database: Db, caller: Who, key: Key = None) -> Receipt:
    """Enter the number that the body has reached in a year, once."""
    return await perform_in_body(
        database, caller, "number.enter", body_id, lambda act: enter_reached(act, data.of, data.year, data.reached), key
    )


routes = [read_numbers, enter_number]
