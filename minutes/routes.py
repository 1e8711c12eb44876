"""Minutes over HTTP: draft, review, sign, issue, void, distribute; the PDF."""

import asyncio
from functools import partial
from typing import Annotated, TypeAlias

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct
from msgspec.structs import replace

from acts.access import check_access
from acts.acting import Receipt, existing
from acts.dates import BUREAU_TIME
from acts.files import DOCX, file_answer
from acts.http import Db, DueReason, Id, Key, Line, PathId, Who
from acts.refusal import Allowed
from agenda.acting import Look, look_into, perform_in_meeting
from documents.fonts import FontSet
from documents.undrawn import Undrawn, find_undrawn
from identity.accessing import note_access
from minutes import approving, issuing, store
from minutes.completeness import Check, checklist
from minutes.composers import COMPOSERS, NEWEST
from minutes.composers.v1.document import Minutes
from minutes.issuing import number_of, require_drawn
from minutes.reading import ISSUED, as_on_paper, progress, readable, works_on
from minutes.records import MinutesRow, Texts
from minutes.taking import taken
from minutes.turns import SentBack, Step, Turn
from storage import store as storage_store

ALL = "/api/meetings/{meeting_id:int}/minutes"
ONE = ALL + "/{minutes_id:int}"
Fonts: TypeAlias = NamedDependency[FontSet]


class MinutesSheet(Struct, frozen=True):
    """Minutes as they stand: the texts that may be written, and the document that the records give. `turn` says whose
    turn it is, `sent_back` why they came back, `steps` by whose hands they went. `checks` says what they must say and
    whether they do, `undrawn` what no font can put on the paper, until they are issued. The texts are the secretary's
    alone; readers who do not work on the minutes have the document as it is printed, and no steps."""

    id: int
    state: str
    turn: Turn
    sent_back: SentBack | None
    steps: list[Step]
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
    document, _ = await issuing.compose(look.connection, row, (now.astimezone(BUREAU_TIME).year, 0), now)
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
        turn, back, steps = await progress(look, row.id)
    whole = msgspec.json.decode(document, type=Minutes)
    return MinutesSheet(
        id=row.id,
        state=row.state,
        turn=turn,
        sent_back=back,
        steps=steps if works_on(look) else [],
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
    if row.state in ISSUED:
        await note_access(database, caller, taken("minutes", look.meeting))
    return file_answer(pdf)


@get(ONE + "/docx", opt={"operation": "minutes.docx"})
async def read_docx(meeting_id: PathId, minutes_id: PathId, database: Db, caller: Who) -> Response[bytes]:
    """Returns the minutes as a DOCX to work with; the PDF alone is what was issued."""
    async with look_into(database, caller, "minutes.docx", meeting_id, of_body=True) as look:
        row = await readable(look, minutes_id)
        issued = await store.issued(look.connection, meeting_id, minutes_id)
        document, composer = (issued.document, issued.composer) if issued else (await _draft(look, row), NEWEST)
    content = await asyncio.to_thread(COMPOSERS[composer].render_docx, document)
    await note_access(database, caller, taken("minutes_docx", look.meeting))
    return file_answer(content, DOCX, f"{row.series}{number_of(row) if row.number else '（草稿）'}.docx")


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
    """The head signs, or whom the head entrusts, or the acting head."""
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


@post(ONE + "/void-note", opt={"operation": "minutes.note_void"}, status_code=200)
async def note_void(meeting_id: PathId, minutes_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Take note that an issue is void of which one receipted a copy."""
    act = partial(issuing.note_void, minutes_id=minutes_id)
    return await perform_in_meeting(database, caller, "minutes.note_void", meeting_id, act, key)


routes = [
    draft, read, read_pdf, read_docx, edit, review_office, review_deputy, send_back, sign, issue, void, distribute,
    receive, note_void,
]  # fmt: skip
