"""Whether a PDF is what was issued, and whether its figures follow from the records (Rules 6(7)).

Each check stands by itself, so that one that fails says which link of the chain it is: file → hash on record →
document → records → ballots.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from documents.fonts import FontSet
from minutes import store
from minutes.document import Minutes
from minutes.draft import compose_minutes
from minutes.issuing import encode, number_of
from minutes.pdf import render
from minutes.records import Letterhead, MinutesRow
from storage import store as storage_store
from storage.database import Database, Scope
from storage.ledger import BrokenChainError, Entry, check_chain
from voting.recounting import recount

if TYPE_CHECKING:
    from storage.store import Connection


class Check(Struct, frozen=True):
    """One thing that was looked at, whether it holds, and what was found, in both languages."""

    holds: bool
    zh: str
    en: str


class Verification(Struct, frozen=True):
    """What became of one file; `number` is empty where it was never issued."""

    number: str
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        return all(check.holds for check in self.checks)


async def verify(database: Database, pdf: bytes, fonts: FontSet) -> Verification:
    """Hold a PDF against everything that is kept of it, in whatever body it was issued."""
    digest = hashlib.sha256(pdf).digest()
    async with database.connection() as connection:
        place = await store.find_issue(connection, digest)
    if place is None:
        return Verification("", (_unknown(digest),))
    async with database.transaction(Scope(place.organization, (place.body,))) as transaction:
        return await _verify(transaction.connection, place, digest, fonts)


async def _verify(connection: Connection, place: store.Place, digest: bytes, fonts: FontSet) -> Verification:
    kept = await store.issued(connection, place.meeting, place.minutes)
    assert kept is not None
    row = kept.row
    entries = await storage_store.entries(connection, ("meeting", place.meeting))
    letterhead = await store.letterhead(connection, place.body)
    numbers = await store.numbers(connection, place.body, row.series, row.year or 0)
    before = _before_issue(entries, row.id)
    document = _compose(before, row, letterhead)
    drawn = await asyncio.to_thread(render, document, fonts)
    checks = (
        _on_record(entries, row, digest),
        _standing(row),
        _unbroken(entries),
        _counted(entries),
        Check(
            encode(document) == kept.document,
            "纪要内容由会议记录重新生成，逐字节一致",
            "drawn anew from the records, the document is the same to the byte",
        ),
        Check(
            hashlib.sha256(drawn).digest() == digest,
            "版面重新生成，逐字节一致（须使用印发时的字体）",
            "set anew, the PDF is the same to the byte (with the fonts of its issue)",
        ),
        Check(
            numbers == list(range(1, len(numbers) + 1)),
            f"{row.year} 年度编号 1 至 {len(numbers)} 号连续，无缺号、重号",
            f"the numbers of {row.year} run from 1 to {len(numbers)} without a gap or a double",
        ),
    )
    return Verification(number_of(row), checks)


def _before_issue(entries: Sequence[Entry], minutes_id: int) -> list[Entry]:
    for place, each in enumerate(entries):
        if each.record.kind == "minutes.issued" and each.record.content["minutes"] == minutes_id:
            return list(entries[:place])
    return []


def _compose(entries: Sequence[Entry], row: MinutesRow, letterhead: Letterhead) -> Minutes:
    assert row.issued_at is not None
    number = (row.year or 0, row.number or 0)
    records = [each.record for each in entries]
    return compose_minutes(records, letterhead, row.texts, row.id, row.series, number, row.issued_at)


def _unknown(digest: bytes) -> Check:
    return Check(
        False,
        f"本系统从未印发过这一文件，或文件已被改动（SHA-256 {digest.hex()}）",
        f"no such file was issued here, or it was changed since (SHA-256 {digest.hex()})",
    )


def _on_record(entries: Sequence[Entry], row: MinutesRow, digest: bytes) -> Check:
    issued = next(
        (
            each
            for each in entries
            if each.record.kind == "minutes.issued"
            and each.record.content["minutes"] == row.id
            and each.record.content["sha256"] == digest.hex()
            and (each.record.content["year"], each.record.content["number"]) == (row.year, row.number)
        ),
        None,
    )
    seq = issued.record.seq if issued else 0
    return Check(
        issued is not None,
        f"文件与印发记录一致：第 {seq} 条记录载明其编号和 SHA-256" if issued else "印发记录与文件不符",
        f"the file is the one issued: record {seq} names its number and SHA-256"
        if issued
        else "no record of an issue names this file's hash and number",
    )


def _standing(row: MinutesRow) -> Check:
    if row.state == "issued":
        return Check(True, "该纪要有效，未作废", "it stands and was not voided")
    return Check(False, f"该纪要已作废：{row.void_reason}", f"it was voided: {row.void_reason}")


def _unbroken(entries: Sequence[Entry]) -> Check:
    try:
        last = check_chain(entries)
    except BrokenChainError as error:
        return Check(
            False, f"会议记录链在第 {error.seq} 条断裂", f"the chain breaks at record {error.seq}: {error.why}"
        )
    return Check(
        True,
        f"会议记录 1 至 {len(entries)} 条记录链完整，末条 {last.hex()[:16]}…",
        f"records 1 to {len(entries)} form one unbroken chain, the last hash {last.hex()[:16]}…",
    )


def _counted(entries: Sequence[Entry]) -> Check:
    rounds = recount([each.record for each in entries])
    wrong = [each for each in rounds if not each.agrees]
    if wrong:
        return Check(
            False,
            f"{len(wrong)} 轮表决的计票与选票不符",
            f"{len(wrong)} round(s) of voting do not come to what their closing says",
        )
    return Check(
        True,
        f"{len(rounds)} 轮表决由选票重新计票，票数和结果一致",
        f"{len(rounds)} round(s) of voting counted anew from the ballots come to the same",
    )
