"""Issuing minutes: number, document and sources in one transaction, the PDF by a job of its own (Rules 6(7)).

The number comes from a locked row and is used or not taken, so that no failure leaves a gap. An issue never changes; a
correction voids it, keeping its number, and is a new issue. docs/decisions/0010-jobs.md says how number and file stay
together whatever is killed when.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from acts.damage import check_lost
from acts.heads import leave_heads
from acts.jobs import Work, leave
from acts.refusal import Refused, RefusedError, require
from acts.rulebook import Rulebook, citable
from agenda.acting import MeetingAct
from bodies.kinds_of_body import KINDS_OF_BODY
from documents.fonts import FontSet
from documents.pdf import TYPESETTER
from minutes import store
from minutes.approving import minutes_in
from minutes.completeness import allow_complete
from minutes.composers import COMPOSERS, NEWEST
from minutes.composers.v1.sources import Sources
from minutes.composers.v1.sources import Texts as SourceTexts
from minutes.kinds.minuting import (
    MinutesDistributed,
    MinutesDrawn,
    MinutesIssued,
    MinutesReceived,
    MinutesVoided,
    MinutesVoidSeen,
)
from minutes.number import annual_number, number_year
from minutes.records import MinutesRow
from storage import store as storage_store
from storage.ledger import Entry


async def compose(
    connection: "storage_store.Connection", row: MinutesRow, number: tuple[int, int], at: datetime
) -> tuple[bytes, bytes]:
    """Returns the document and its sources as they are now; `number` is (year, number), number 0 for a draft."""
    entries = await storage_store.entries(connection, ("meeting", row.meeting_id))
    book = _rulebook_of(entries)
    letterhead = await store.letterhead(connection, row.body_id)
    sources = msgspec.json.encode(
        Sources(
            organization=letterhead.organization,
            kind=letterhead.kind,
            decides=KINDS_OF_BODY[letterhead.kind].decides,
            minutes=row.id,
            series=row.series,
            year=number[0],
            number=number[1],
            at=at,
            texts=msgspec.convert(row.texts, SourceTexts, from_attributes=True),
            clauses={rule: book.clause(rule).zh for rule in citable()},
            titles=book.titles,
            head=True,
        ),
        order="sorted",
    )
    return COMPOSERS[NEWEST].compose([entry.raw for entry in entries], sources), sources


def _rulebook_of(entries: Sequence[Entry]) -> Rulebook:
    """Returns the rulebook that the meeting's notice froze."""
    noticed = next(each.record for each in reversed(entries) if each.record.kind == "notice.given")
    return msgspec.convert(noticed.content["rulebook"], Rulebook)


async def issue(act: MeetingAct, minutes_id: int) -> None:
    """Give signed minutes the year's next number, keep their document and sources, and leave a job that draws them."""
    row, now, meeting = await minutes_in(act, minutes_id, "minutes.issued"), act.context.now, act.context.meeting
    require(check_lost(await storage_store.lost_books(act.connection, row.body_id)))
    allow_complete(act.context.state.minutes[row.id].missing)
    year = number_year(meeting.charter, meeting.starts_at, now)
    number = await store.next_number(act.connection, row.body_id, row.series, year)
    document, sources = await compose(act.connection, row, (year, number), now)
    await store.issue(act.connection, row.id, (year, number), now, NEWEST, document, sources)
    await act.record(
        MinutesIssued(
            minutes=row.id,
            series=row.series,
            year=year,
            number=number,
            composer=NEWEST,
            document=hashlib.sha256(document).hexdigest(),
            sources=hashlib.sha256(sources).hexdigest(),
            replaces=row.replaces_id,
        )
    )
    arguments = {"meeting": meeting.id, "minutes": row.id, "book": act.context.book}
    await leave(act.transaction, act.caller.organization, row.body_id, "minutes.draw", arguments)
    await leave_heads(
        act.transaction, act.caller.organization, row.body_id, meeting.id, "minutes.issued",
        title=meeting.title, series=row.series, year=year, number=number,
    )  # fmt: skip


async def draw(work: Work) -> None:
    """Do the job that an issue leaves: draw its PDF, hash it and keep it, once."""
    meeting, minutes, book = (work.arguments[name] for name in ("meeting", "minutes", "book"))
    kept = await store.issued(work.connection, meeting, minutes)
    assert kept is not None

    def drawn() -> tuple[bytes, FontSet]:
        fonts = work.tool(FontSet)
        return COMPOSERS[kept.composer].render(kept.document, fonts), fonts

    pdf, fonts = await asyncio.to_thread(drawn)
    sha256 = hashlib.sha256(pdf).digest()
    await store.keep_pdf(work.connection, minutes, pdf, sha256, TYPESETTER, fonts.fingerprints)
    await work.record(book, MinutesDrawn(minutes, sha256.hex()))


def require_drawn(sha256: bytes | str | None) -> None:
    """Refuse while the PDF of an issue, whose hash this is, is not drawn. Raises RefusedError."""
    if not sha256:
        raise RefusedError(
            Refused(
                "minutes.drawing",
                "会议纪要已编号印发，文件正在生成，请稍候。",
                "The minutes are issued under their number; the file is being made. Wait a little.",
                {"seconds": 2},
            )
        )


async def void(act: MeetingAct, minutes_id: int, reason: str) -> None:
    """Void an issue; it keeps its number, and the register lists it as void."""
    row = await minutes_in(act, minutes_id, "minutes.voided")
    await store.set_state(act.connection, row.id, "voided", reason)
    await act.record(MinutesVoided(row.id, number=row.number or 0, year=row.year or 0, reason=reason))


async def distribute(act: MeetingAct, minutes_id: int, copies: Sequence[tuple[str, int | None]]) -> None:
    """Send copies out, each (recipient, id of the person who is to receipt it or None)."""
    row = await minutes_in(act, minutes_id, "minutes.distributed")
    require_drawn(row.sha256)
    await store.distribute(act.connection, row.id, row.body_id, copies, act.context.now)
    await act.record(MinutesDistributed(row.id, tuple(name for name, _ in copies)))


async def receive(act: MeetingAct, minutes_id: int) -> None:
    """Receipt the caller's copies. Raises RefusedError if none waits."""
    row = await minutes_in(act, minutes_id, "minutes.received")
    recipients = await store.receive(act.connection, row.id, act.caller.person, act.context.now)
    if not recipients:
        raise RefusedError(Refused("state.wrong", "没有待您签收的文本。", "No copy waits for your receipt."))
    for recipient in recipients:  # one person may stand for several
        await act.record(MinutesReceived(row.id, recipient))


async def note_void(act: MeetingAct, minutes_id: int) -> None:
    """Take note that an issue is void of which the caller receipted copies. Raises RefusedError if nothing waits."""
    row = await minutes_in(act, minutes_id, "minutes.void_seen")
    recipients = await store.note_void(act.connection, row.id, act.caller.person, act.context.now)
    if not recipients:
        raise RefusedError(Refused("state.wrong", "没有待您知悉的作废纪要。", "No void copy waits for your note."))
    for recipient in recipients:
        await act.record(MinutesVoidSeen(row.id, recipient))


def number_of(row: MinutesRow) -> str:
    """Returns the number of an issue as printed: 〔2026〕1号."""
    assert row.year is not None
    assert row.number is not None
    return annual_number(row.year, row.number)
