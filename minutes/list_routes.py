"""Minutes of a body over HTTP: those on their way, those of a year, the register of a year as one PDF."""

import asyncio
from datetime import datetime
from typing import Annotated, TypeAlias

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from acts.acting import existing
from acts.dates import BUREAU_TIME
from acts.files import file_answer
from acts.http import Db, PathId, PathYear, Who
from agenda.acting import Look, look_at
from bodies.entering import require_in_body
from bodies.store import read_body
from documents.fonts import FontSet
from identity.accessing import note_access
from identity.kinds.accessing import FileTaken
from minutes import store
from minutes.composers.v1.document import Minutes
from minutes.composers.v1.sentences import session_text
from minutes.issuing import number_of
from minutes.reading import progress, works_on
from minutes.records import MinutesRow, Pending, Stage, VoidCopy
from minutes.register import Entry, render_register
from minutes.turns import SentBack, Turn
from storage import store as storage_store

Fonts: TypeAlias = NamedDependency[FontSet]


class Issue(Struct, frozen=True):
    """One number of a year; `number` as it is printed, `sha256` of its PDF in hex. `session`, `started` and the titles
    `items` are those on the paper; `replaced_by` is the number that a voided issue was replaced by, "" where there is
    none yet."""

    minutes: int
    meeting: int
    series: str
    number: str
    issued_at: datetime
    sha256: str
    voided: bool
    session: str
    started: datetime
    items: list[str]
    replaced_by: str


class PendingMinutes(Struct, frozen=True):
    """Minutes on their way: the meeting, where they stand and since when; `turn` is whose turn it is, `sent_back` why
    they came back, `roles` are the caller's in that meeting."""

    id: int
    meeting: int
    title: str
    starts_at: datetime
    state: Stage
    turn: Turn
    sent_back: SentBack | None
    version: int
    since: datetime
    roles: list[str]


@get("/api/bodies/{body_id:int}/minutes/pending", opt={"operation": "minutes.list_pending"})
async def list_pending(body_id: PathId, database: Db, caller: Who) -> list[PendingMinutes]:
    """Returns a body's minutes that are drafted and not yet issued, those that moved last first, as far as the caller
    may read the draft."""
    found = []
    async with database.transaction(caller.scope) as transaction:
        require_in_body(caller, "minutes.list_pending", await read_body(transaction.connection, body_id))
        for row in await store.pending(transaction.connection, body_id):
            look = await look_at(transaction.connection, database.folds, caller, row.meeting)
            if works_on(look):
                found.append(await _pending(look, row))
    return found


async def _pending(look: Look, row: Pending) -> PendingMinutes:
    turn, back, _ = await progress(look, row.id)
    return PendingMinutes(
        id=row.id,
        meeting=row.meeting,
        title=row.title,
        starts_at=row.starts_at,
        state=row.state,
        turn=turn,
        sent_back=back,
        version=row.version,
        since=row.since,
        roles=sorted(look.roles),
    )


@get("/api/bodies/{body_id:int}/minutes/void-copies", opt={"operation": "minutes.list_void_copies"})
async def list_void_copies(body_id: PathId, database: Db, caller: Who) -> list[VoidCopy]:
    """Returns the void issues of which the caller receipted a copy and has not taken note."""
    async with database.transaction(caller.scope) as transaction:
        require_in_body(caller, "minutes.list_void_copies", await read_body(transaction.connection, body_id))
        return await store.void_copies(transaction.connection, body_id, caller.person)


@get("/api/bodies/{body_id:int}/minutes", opt={"operation": "register.list"})
async def list_issues(
    body_id: PathId,
    year: Annotated[int, QueryParameter(ge=2000, le=9999)],
    database: Db,
    caller: Who,
) -> list[Issue]:
    """Returns the issues of a body under a year's numbers, by series and number; voided issues keep their numbers."""
    async with database.transaction(caller.scope) as transaction:
        require_in_body(caller, "register.list", await read_body(transaction.connection, body_id))
        rows = await store.issues(transaction.connection, body_id, year)
    successors = {row.replaces_id: number_of(row) for row, _ in rows}
    return [_issue(row, document, successors.get(row.id, "")) for row, document in rows]


def _issue(row: MinutesRow, document: bytes, replaced_by: str) -> Issue:
    paper = msgspec.json.decode(document, type=Minutes)
    return Issue(
        minutes=row.id,
        meeting=row.meeting_id,
        series=row.series,
        number=number_of(row),
        issued_at=existing(row.issued_at),
        sha256=row.sha256.hex() if row.sha256 else "",
        voided=row.state == "voided",
        session=session_text(paper),
        started=paper.started,
        items=[item.title for item in paper.items],
        replaced_by=replaced_by,
    )


@get("/api/bodies/{body_id:int}/register/{year:int}", opt={"operation": "register.read"})
async def read_register(
    body_id: PathId,
    year: PathYear,
    database: Db,
    caller: Who,
    fonts: Fonts,
    series: Annotated[str | None, QueryParameter(required=False, max_length=100)] = None,
) -> Response[bytes]:
    """Returns the register of a year as one PDF: the contents, then the minutes; void numbers are listed as void.

    `series` is the one that the body's charter names now, unless another is asked for.
    """
    async with database.transaction(caller.scope) as transaction:
        body = await read_body(transaction.connection, body_id)
        require_in_body(caller, "register.read", body)
        assert body is not None
        named = body.charter.minutes_series if series is None else series
        rows = await store.issued_in(transaction.connection, body_id, named, year)
        letterhead = await store.letterhead(transaction.connection, body_id)
        made = (await storage_store.now(transaction.connection)).astimezone(BUREAU_TIME).date()
    successors = {row.replaces_id: number_of(row) for row, _ in rows if row.replaces_id}
    entries = [
        Entry(existing(row.composer), document, row.state == "voided", successors.get(row.id, ""))
        for row, document in rows
    ]
    await note_access(database, caller, FileTaken("register", f"{body.name} {year} 年"))
    return file_answer(
        await asyncio.to_thread(render_register, letterhead.organization, named, year, entries, made, fonts)
    )


routes = [list_pending, list_void_copies, list_issues, read_register]
