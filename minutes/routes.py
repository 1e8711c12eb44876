"""Minutes over HTTP: draft, review, issue, void, distribute; the PDF; the register of a year."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated, TypeAlias

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct
from msgspec.structs import replace

from acts.access import check_access
from acts.acting import Receipt, existing
from acts.http import Db, DueReason, Id, Key, Line, PathId, PathYear, Who
from acts.refusal import Allowed
from agenda.acting import Look, look_into, perform_in_meeting, roles_under
from bodies.entering import require_in_body
from bodies.store import read_body
from documents.fonts import FontSet
from documents.undrawn import Undrawn, find_undrawn
from minutes import approving, issuing, store
from minutes.approving import TURNS
from minutes.completeness import Check, checklist
from minutes.composers import COMPOSERS, NEWEST
from minutes.composers.v1.document import Minutes, session_text
from minutes.issuing import number_of, require_drawn
from minutes.number import SHANGHAI
from minutes.reading import ISSUED, as_on_paper, readable, works_on
from minutes.records import MinutesRow, Stage, Texts
from minutes.register import Entry, render_register
from storage import store as storage_store

ALL = "/api/meetings/{meeting_id:int}/minutes"
ONE = ALL + "/{minutes_id:int}"
Fonts: TypeAlias = NamedDependency[FontSet]


class MinutesSheet(Struct, frozen=True):
    """Minutes as they stand: the texts that may be written, and the document that the records give. `turn` is the role
    whose turn it is, or "". `checks` says what they must say and whether they do, `undrawn` what no font can put on the
    paper, until they are issued. The texts are the secretary's alone; readers who do not work on them have the document
    as it is printed."""

    id: int
    state: str
    turn: str
    version: int
    year: int | None
    number: int | None
    sha256: str
    replaces: int | None
    void_reason: str
    texts: Texts
    document: Minutes
    undrawn: list[Undrawn]
    checks: list[Check] = []


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
    """Minutes on their way: the meeting, where they stand and since when; `turn` is the role whose turn
    it is, `roles` are the caller's in that meeting."""

    id: int
    meeting: int
    title: str
    starts_at: datetime
    state: Stage
    turn: str
    version: int
    since: datetime
    roles: list[str]


class Why(Struct, frozen=True, forbid_unknown_fields=True):
    """A reason, which must be given."""

    reason: DueReason


class Seen(Struct, frozen=True, forbid_unknown_fields=True):
    """The version that the approver has read."""

    version: Id


class Copy(Struct, frozen=True, forbid_unknown_fields=True):
    """A copy's recipient, and the person of the body who is to receipt it here, or None."""

    recipient: Line
    person: Id | None = None


class Copies(Struct, frozen=True, forbid_unknown_fields=True):
    """The copies to send out."""

    copies: Annotated[list[Copy], Meta(min_length=1, max_length=500)]


def _hex(row: MinutesRow) -> str:
    return row.sha256.hex() if row.sha256 else ""


async def _draft(look: Look, row: MinutesRow) -> bytes:
    """Returns the document that the records give for minutes not yet issued, as JSON."""
    now = await storage_store.now(look.connection)
    document, _ = await issuing.compose(look.connection, row, (now.astimezone(SHANGHAI).year, 0), now)
    return document


@post(ALL, opt={"operation": "minutes.draft"}, status_code=200)
async def draft(meeting_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Begin the minutes of an adjourned meeting."""
    return await perform_in_meeting(database, caller, "minutes.draft", meeting_id, approving.draft_minutes, key)


@get(ONE, opt={"operation": "minutes.read"})
async def read(meeting_id: PathId, minutes_id: PathId, database: Db, caller: Who, fonts: Fonts) -> MinutesSheet:
    """Minutes as they stand."""
    async with look_into(database, caller, "minutes.read", meeting_id, of_body=True) as look:
        row = await readable(look, minutes_id)
        if row.state in ISSUED:
            document = existing(await store.issued(look.connection, meeting_id, minutes_id)).document
        else:
            document = await _draft(look, row)
        checks = [] if row.state in ISSUED else checklist(look.state, row.texts)
    whole = msgspec.json.decode(document, type=Minutes)
    return MinutesSheet(
        id=row.id,
        state=row.state,
        turn=TURNS.get(row.state, ""),
        version=row.version,
        year=row.year,
        number=row.number,
        sha256=_hex(row),
        replaces=row.replaces_id,
        void_reason=row.void_reason,
        texts=row.texts if isinstance(check_access("minutes.edit", look.roles), Allowed) else Texts(),
        document=whole if works_on(look) else as_on_paper(whole),
        checks=checks,
        undrawn=[] if row.state in ISSUED or not works_on(look) else _undrawn(whole, fonts),
    )


def _undrawn(document: Minutes, fonts: FontSet) -> list[Undrawn]:
    items = [(item.title, item) for item in document.items]
    return find_undrawn([("", replace(document, items=())), *items], fonts)


@get(ONE + "/pdf", opt={"operation": "minutes.pdf"})
async def read_pdf(meeting_id: PathId, minutes_id: PathId, database: Db, caller: Who, fonts: Fonts) -> Response[bytes]:
    """Returns the issued PDF, byte for byte, or a preview of a draft; refused while the PDF is being drawn."""
    async with look_into(database, caller, "minutes.pdf", meeting_id, of_body=True) as look:
        row = await readable(look, minutes_id)
        if row.state in ISSUED:
            require_drawn(row.sha256)
            pdf = existing(await store.issued(look.connection, meeting_id, minutes_id)).pdf
        else:
            pdf = await asyncio.to_thread(COMPOSERS[NEWEST].render, await _draft(look, row), fonts)
    return _pdf(pdf)


def _pdf(content: bytes) -> Response[bytes]:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@post(ONE + "/texts", opt={"operation": "minutes.edit"}, status_code=200)
async def edit(
    meeting_id: PathId,
    minutes_id: PathId,
    data: JSONBody[Texts],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Complete the texts; figures, names and choices cannot be edited."""
    act = partial(approving.edit_minutes, minutes_id=minutes_id, texts=data)
    return await perform_in_meeting(database, caller, "minutes.edit", meeting_id, act, key)


@post(ONE + "/office-review", opt={"operation": "minutes.review_office"}, status_code=200)
async def review_office(
    meeting_id: PathId,
    minutes_id: PathId,
    data: JSONBody[Seen],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """The office head has reviewed the draft."""
    act = partial(approving.review, minutes_id=minutes_id, by="office_head", version=data.version)
    return await perform_in_meeting(database, caller, "minutes.review_office", meeting_id, act, key)


@post(ONE + "/deputy-review", opt={"operation": "minutes.review_deputy"}, status_code=200)
async def review_deputy(
    meeting_id: PathId,
    minutes_id: PathId,
    data: JSONBody[Seen],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """The deputy in charge has reviewed the draft."""
    act = partial(approving.review, minutes_id=minutes_id, by="deputy", version=data.version)
    return await perform_in_meeting(database, caller, "minutes.review_deputy", meeting_id, act, key)


@post(ONE + "/return", opt={"operation": "minutes.send_back"}, status_code=200)
async def send_back(
    meeting_id: PathId,
    minutes_id: PathId,
    data: JSONBody[Why],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Send the minutes back to the secretary."""
    act = partial(approving.send_back, minutes_id=minutes_id, reason=data.reason)
    return await perform_in_meeting(database, caller, "minutes.send_back", meeting_id, act, key)


@post(ONE + "/signature", opt={"operation": "minutes.sign"}, status_code=200)
async def sign(
    meeting_id: PathId,
    minutes_id: PathId,
    data: JSONBody[Seen],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """The chair signs."""
    act = partial(approving.sign, minutes_id=minutes_id, version=data.version)
    return await perform_in_meeting(database, caller, "minutes.sign", meeting_id, act, key)


@post(ONE + "/issue", opt={"operation": "minutes.issue"}, status_code=200)
async def issue(
    meeting_id: PathId,
    minutes_id: PathId,
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Issue signed minutes under the year's next number; the PDF follows, see the record `minutes.drawn`."""
    act = partial(issuing.issue, minutes_id=minutes_id)
    return await perform_in_meeting(database, caller, "minutes.issue", meeting_id, act, key)


@post(ONE + "/void", opt={"operation": "minutes.void"}, status_code=200)
async def void(
    meeting_id: PathId,
    minutes_id: PathId,
    data: JSONBody[Why],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Void an issue; it keeps its number."""
    act = partial(issuing.void, minutes_id=minutes_id, reason=data.reason)
    return await perform_in_meeting(database, caller, "minutes.void", meeting_id, act, key)


@post(ONE + "/copies", opt={"operation": "minutes.distribute"}, status_code=200)
async def distribute(
    meeting_id: PathId,
    minutes_id: PathId,
    data: JSONBody[Copies],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Send copies out."""
    copies = [(each.recipient, each.person) for each in data.copies]
    act = partial(issuing.distribute, minutes_id=minutes_id, copies=copies)
    return await perform_in_meeting(database, caller, "minutes.distribute", meeting_id, act, key)


@post(ONE + "/receipt", opt={"operation": "minutes.receive"}, status_code=200)
async def receive(meeting_id: PathId, minutes_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Receipt one's copy."""
    act = partial(issuing.receive, minutes_id=minutes_id)
    return await perform_in_meeting(database, caller, "minutes.receive", meeting_id, act, key)


@get("/api/bodies/{body_id:int}/minutes/pending", opt={"operation": "minutes.list_pending"})
async def list_pending(body_id: PathId, database: Db, caller: Who) -> list[PendingMinutes]:
    """Returns a body's minutes that are drafted and not yet issued, those that moved last first, as far as the caller
    may read the draft."""
    async with database.transaction(caller.scope) as transaction:
        require_in_body(caller, "minutes.list_pending", await read_body(transaction.connection, body_id))
        rows = await store.pending(transaction.connection, body_id)
    seen = [(row, roles_under(row.chair, body_id, caller)) for row in rows]
    return [
        PendingMinutes(
            id=row.id,
            meeting=row.meeting,
            title=row.title,
            starts_at=row.starts_at,
            state=row.state,
            turn=TURNS[row.state],
            version=row.version,
            since=row.since,
            roles=sorted(roles),
        )
        for row, roles in seen
        if isinstance(check_access("minutes.draft_read", roles), Allowed)
    ]


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
        sha256=_hex(row),
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
        made = (await storage_store.now(transaction.connection)).astimezone(SHANGHAI).date()
    successors = {row.replaces_id: number_of(row) for row, _ in rows if row.replaces_id}
    entries = [
        Entry(existing(row.composer), document, row.state == "voided", successors.get(row.id, ""))
        for row, document in rows
    ]
    return _pdf(await asyncio.to_thread(render_register, letterhead.organization, named, year, entries, made, fonts))


routes = [
    draft, read, read_pdf, edit, review_office, review_deputy, send_back, sign, issue, void, distribute, receive,
    list_pending, list_issues, read_register,
]  # fmt: skip
