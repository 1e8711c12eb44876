"""Issuing minutes: the number, the document, the PDF and its hash, in one transaction (Rules 6(7)).

The number comes from a locked row and is used or not taken: whatever fails, there is no gap. What was issued
never changes; a correction voids it, keeps its number, and is a new issue.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec

from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct
from documents.fonts import FontSet
from minutes import store
from minutes.approving import minutes_in
from minutes.document import Minutes
from minutes.draft import compose_minutes
from minutes.number import annual_number, number_year
from minutes.pdf import render
from minutes.records import MinutesRow
from storage import store as storage_store


async def compose(
    connection: "storage_store.Connection", row: MinutesRow, number: tuple[int, int], at: datetime, until: int | None
) -> Minutes:
    """The document as the record gives it, from records up to seq `until`."""
    entries = await storage_store.entries(connection, ("meeting", row.meeting_id), limit=until)
    letterhead = await store.letterhead(connection, row.body_id)
    records = [entry.record for entry in entries]
    return compose_minutes(records, letterhead, row.texts, row.id, row.series, number, at)


def encode(document: Minutes) -> bytes:
    """The document as JSON with sorted keys: the same document, the same bytes."""
    return msgspec.json.encode(document, order="sorted")


async def issue(act: MeetingAct, minutes_id: int, fonts: FontSet) -> None:
    """Give signed minutes the year's next number, draw the PDF, keep and hash it."""
    row, now, meeting = await minutes_in(act, minutes_id, "signed"), act.place.now, act.place.meeting
    year = number_year(meeting.charter, meeting.starts_at, now)
    number = await store.next_number(act.connection, row.body_id, row.series, year)
    document = await compose(act.connection, row, (year, number), now, None)
    pdf = await asyncio.to_thread(render, document, fonts)
    sha256 = hashlib.sha256(pdf).digest()
    await store.issue(act.connection, row.id, (year, number), now, encode(document), pdf, sha256)
    await act.record(
        "minutes.issued",
        {
            "minutes": row.id,
            "series": row.series,
            "year": year,
            "number": number,
            "sha256": sha256.hex(),
            "replaces": row.replaces_id,
        },
    )


async def void(act: MeetingAct, minutes_id: int, reason: str) -> None:
    """Void an issue; it keeps its number, and the register lists it as void."""
    row = await minutes_in(act, minutes_id, "issued")
    await store.set_state(act.connection, row.id, "voided", reason)
    await act.record("minutes.voided", {"minutes": row.id, "number": row.number, "year": row.year, "reason": reason})


async def distribute(act: MeetingAct, minutes_id: int, copies: Sequence[tuple[str, int | None]]) -> None:
    """Send copies out, each to be receipted."""
    row = await minutes_in(act, minutes_id, "issued")
    await store.distribute(act.connection, row.id, row.body_id, copies, act.place.now)
    await act.record("minutes.distributed", {"minutes": row.id, "recipients": [name for name, _ in copies]})


async def receive(act: MeetingAct, minutes_id: int) -> None:
    """The caller receipts their copy."""
    row = await minutes_in(act, minutes_id, "issued", "voided")
    recipients = await store.receive(act.connection, row.id, act.caller.person, act.place.now)
    if not recipients:
        raise RefusedError(Refused("state.wrong", "没有待您签收的文本。", "No copy waits for your receipt."))
    for recipient in recipients:  # one person may stand for several
        await act.record("minutes.received", {"minutes": row.id, "recipient": recipient})


def number_of(row: MinutesRow) -> str:
    """〔2026〕1号, of an issue."""
    assert row.year is not None
    assert row.number is not None
    return annual_number(row.year, row.number)
