"""Three questions about a PDF, answered apart (Rules 6(7)): whether it is the file that was issued, whether its figures
follow from the records, whether its pages come out the same to the byte.

The first rests on hashes alone. The second asks the composer that the issue names, on what was stored with it; live
tables and the live catalogue have no part in it. The third is asked where the issue's typesetter and fonts are at hand.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from acts.database import Database
from agenda import store as agenda_store
from documents.fonts import WANTED, FontSet
from documents.pdf import TYPESETTER
from minutes import store
from minutes.composers import COMPOSERS, Composer
from minutes.issuing import number_of
from minutes.records import MinutesRow
from minutes.store import Issued
from storage import store as storage_store
from storage.database import Scope
from storage.errors import DamagedBookError
from storage.ledger import BrokenChainError, Entry, check_chain

if TYPE_CHECKING:
    pass

Asked = Literal["issued", "follows", "page"]
Said = Literal["yes", "no", "not_asked"]


class Check(Struct, frozen=True):
    """One thing that was looked at, whether it holds, and what was found, in both languages."""

    holds: bool
    zh: str
    en: str


class Answer(Struct, frozen=True):
    """One question's answer, as a sentence in both languages that reveals nothing of the content."""

    asked: Asked
    said: Said
    zh: str
    en: str


class Finding(Struct, frozen=True):
    """An answer and the checks that it rests on."""

    answer: Answer
    checks: tuple[Check, ...] = ()


class Verification(Struct, frozen=True):
    """The findings on one file; `number` is empty if it was never issued. `standing` checks the issue, not the file:
    that it was not voided, and that the year's numbers have no gap."""

    number: str
    findings: tuple[Finding, ...]
    standing: tuple[Check, ...] = ()

    @property
    def answers(self) -> list[Answer]:
        return [each.answer for each in self.findings]

    @property
    def holds(self) -> bool:
        """Whether everything that was asked holds."""
        return all(each.said != "no" for each in self.answers) and all(check.holds for check in self.standing)


_WORDS: dict[tuple[Asked, Said], tuple[str, str]] = {
    ("issued", "yes"): ("是本系统印发的文件，印发后未被改动", "it is the file that was issued, unchanged since"),
    ("issued", "no"): (
        "不是本系统印发的文件，或印发后已被改动",
        "it is not a file that was issued here, or it was changed since",
    ),
    ("follows", "yes"): (
        "内容出自操作留痕：记录完整，由记录重新编成的内容与印发时一致，选票重新计票无误",
        "its figures follow from the records: they are whole, compose to what was issued, and the ballots come to the"
        " same",
    ),
    ("follows", "no"): (
        "内容与操作留痕不符，或操作留痕已被改动",
        "its figures do not follow from the records, or the records were changed",
    ),
    ("page", "yes"): ("版面重新生成，与文件逐字节一致", "set anew, its pages are the same to the byte"),
    ("page", "no"): ("版面重新生成，与文件不一致", "set anew, its pages differ from the file"),
}


def _found(asked: Asked, checks: Sequence[Check]) -> Finding:
    said: Said = "yes" if all(check.holds for check in checks) else "no"
    return Finding(Answer(asked, said, *_WORDS[asked, said]), tuple(checks))


def _not_asked(asked: Asked, zh: str, en: str) -> Finding:
    return Finding(Answer(asked, "not_asked", zh, en))


async def verify(database: Database, digest: bytes, fonts: Iterable[FontSet]) -> Verification:
    """Check the file with this SHA-256 against all that is kept of its issue, in any body; `fonts` are those at hand,
    the server's own first."""
    async with database.connection() as connection:
        issue = await store.find_issue(connection, digest)
    if issue is None:
        unknown = Check(
            False,
            f"本系统没有印发过 SHA-256 为 {digest.hex()} 的文件",
            f"no file of SHA-256 {digest.hex()} was issued here",
        )
        why = "本系统未印发过这一文件", "no such file was issued here"
        return Verification("", (_found("issued", [unknown]), _not_asked("follows", *why), _not_asked("page", *why)))
    async with database.transaction(Scope(issue.organization, (issue.body,))) as transaction:
        connection = transaction.connection
        kept = await store.issued(connection, issue.meeting, issue.minutes)
        assert kept is not None
        row = kept.row
        try:
            entries = await storage_store.entries(connection, ("meeting", issue.meeting))
        except (msgspec.MsgspecError, DamagedBookError):  # changed so that it cannot be decoded, or missing
            entries = None
        ballots = await store.ballots(connection, issue.meeting)
        numbers = await store.numbers(connection, issue.body, row.series, row.year or 0)
        reached = await agenda_store.reached(connection, issue.body, row.series, row.year or 0)
    composer = COMPOSERS.get(kept.composer)
    return Verification(
        number_of(row),
        (
            _found("issued", [_on_record(entries, row, digest)]),
            await asyncio.to_thread(_follows, composer, kept, entries, ballots),
            await _page(composer, kept, digest, fonts),
        ),
        (_standing(row), _gapless(row, numbers, reached + 1)),
    )


# Is it the file that was issued?


def _on_record(entries: Sequence[Entry] | None, row: MinutesRow, digest: bytes) -> Check:
    if entries is None:
        return Check(
            row.sha256 == digest,
            "所存文件的 SHA-256 与之一致；操作留痕无法读取",
            "the file kept has this SHA-256; the records cannot be read",
        )
    seq = next(
        (
            each.record.seq
            for each in entries
            if each.record.kind == "minutes.drawn"
            and (each.record.content["minutes"], each.record.content["sha256"]) == (row.id, digest.hex())
        ),
        0,
    )
    return Check(
        bool(seq),
        f"第 {seq} 条操作留痕载明这一文件的 SHA-256" if seq else "操作留痕中没有这一文件的 SHA-256",
        f"record {seq} names this file's SHA-256" if seq else "no record names this file's SHA-256",
    )


# Do its figures follow from the records?


def _follows(
    composer: Composer | None, kept: Issued, entries: Sequence[Entry] | None, ballots: set[tuple[int, int, int, str]]
) -> Finding:
    if entries is None:
        return _found(
            "follows",
            [Check(False, "操作留痕已被改动或缺失，无法读取", "records were changed or are missing, and read no more")],
        )
    issue = next((each for each in entries if _issues(each, kept.row)), None)
    checks = [_unbroken(entries), _stored(issue, kept), _rows(entries, ballots)]
    if composer is None and all(check.holds for check in checks):
        return _not_asked(
            "follows",
            f"该纪要由第 {kept.composer} 版编成程序编成，本程序没有这一版，请升级程序后再核验",
            f"version {kept.composer} of the composer made it, which this program lacks; update the program",
        )
    if composer is not None:
        before = [each.raw for each in entries[: issue.record.seq - 1]] if issue else []
        try:
            document = composer.compose(before, kept.sources)
            checks += [_composed(document == kept.document, kept.composer), _counted(composer.recount(before))]
        except Exception:  # records or sources were changed so that they cannot be read
            checks.append(_composed(False, kept.composer))
    return _found("follows", checks)


def _issues(entry: Entry, row: MinutesRow) -> bool:
    record = entry.record
    names = ("minutes", "year", "number")
    return record.kind == "minutes.issued" and [record.content[name] for name in names] == [
        row.id, row.year, row.number
    ]  # fmt: skip


def _unbroken(entries: Sequence[Entry]) -> Check:
    try:
        last = check_chain(entries)
    except BrokenChainError as error:
        return Check(
            False, f"操作留痕链在第 {error.seq} 条断裂", f"the chain breaks at record {error.seq}: {error.why}"
        )
    return Check(
        True,
        f"操作留痕 1 至 {len(entries)} 条记录链完整，末条 {last.hex()[:16]}…",
        f"records 1 to {len(entries)} form one unbroken chain, the last hash {last.hex()[:16]}…",
    )


def _stored(issue: Entry | None, kept: Issued) -> Check:
    said = issue and [issue.record.content[name] for name in ("document", "sources", "composer")]
    holds = said == [hashlib.sha256(each).hexdigest() for each in (kept.document, kept.sources)] + [kept.composer]
    return Check(
        holds,
        "所存纪要内容及其依据与印发记录载明的 SHA-256 一致" if holds else "所存纪要内容或其依据与印发记录不符",
        "the document and the sources kept are those that the record of the issue names"
        if holds
        else "the document or the sources kept are not those that the record of the issue names",
    )


def _composed(holds: bool, version: int) -> Check:
    return Check(
        holds,
        f"由操作留痕和印发时的依据（编成程序第 {version} 版）重新编成，内容{'逐字节一致' if holds else '不一致'}",
        f"composed anew from the records and the sources of the issue (composer {version}), the document is"
        f" {'the same to the byte' if holds else 'another'}",
    )


def _counted(rounds: Sequence[bool]) -> Check:
    if wrong := rounds.count(False):
        return Check(
            False,
            f"{wrong} 轮的表决结果与选票不符",
            f"{wrong} round(s) of voting do not come to what their closing says",
        )
    return Check(
        True,
        f"{len(rounds)} 轮表决由选票重新计票，票数和结果一致",
        f"{len(rounds)} round(s) of voting counted anew from the ballots come to the same",
    )


def _rows(entries: Sequence[Entry], rows: set[tuple[int, int, int, str]]) -> Check:
    names = ("vote", "person", "version", "choice")
    ballots = (each.record.content for each in entries if each.record.kind in ("ballot.cast", "ballot.taken"))
    said = {tuple(content[name] for name in names) for content in ballots}
    return Check(
        said == rows,
        f"所存选票 {len(rows)} 张与操作留痕{'一致' if said == rows else '不符'}",
        f"the {len(rows)} ballots kept {'are' if said == rows else 'are not'} those on record",
    )


# Are its pages the same?


async def _page(composer: Composer | None, kept: Issued, digest: bytes, fonts: Iterable[FontSet]) -> Finding:
    if composer is None or kept.typesetter != TYPESETTER:
        return _not_asked(
            "page",
            f"印发时的排版程序（{kept.typesetter}）与本机的（{TYPESETTER}）不同",
            f"the issue was set by another typesetter ({kept.typesetter}) than this ({TYPESETTER})",
        )
    at_hand = list(fonts)
    same = next((each for each in at_hand if each.fingerprints == kept.fonts), None)
    if same is None:
        missing = [
            name
            for name, sha256 in (kept.fonts or {}).items()
            if all(each.fingerprints.get(name) != sha256 for each in at_hand)
        ]
        return _not_asked(
            "page",
            f"印发时使用的字体不在本机（{'、'.join(_font_name(each) for each in missing)}）",
            f"fonts of the issue are not at hand ({', '.join(missing)})",
        )
    drawn = await asyncio.to_thread(composer.render, kept.document, same)
    holds = hashlib.sha256(drawn).digest() == digest
    return _found(
        "page",
        [
            Check(
                holds,
                "以印发时的排版程序和字体重新生成，逐字节一致" if holds else "重新生成的版面与文件不一致",
                "set anew with the typesetter and fonts of its issue, the PDF is the same to the byte"
                if holds
                else "set anew with the typesetter and fonts of its issue, the PDF is another",
            )
        ],
    )


def _font_name(name: str) -> str:
    role, _, bundled = name.partition("/")
    return WANTED[role] + ("（备用）" if bundled else "")  # type: ignore[index] # a role that this version knows


# Does the issue stand?


def _standing(row: MinutesRow) -> Check:
    if row.state == "issued":
        return Check(True, "该纪要有效，未作废", "the issue stands and was not voided")
    return Check(False, f"该纪要已作废：{row.void_reason}", f"the issue was voided: {row.void_reason}")


def _gapless(row: MinutesRow, numbers: Sequence[int], first: int) -> Check:
    """Whether the year's numbers go on from `first` one by one: 1, or what a body that began in midyear had reached."""
    last = first + len(numbers) - 1
    holds = list(numbers) == list(range(first, last + 1))
    return Check(
        holds,
        f"{row.year} 年度编号 {first} 至 {last} 号连续，无缺号、重号" if holds else f"{row.year} 年度编号有缺号",
        f"the numbers of {row.year} run from {first} to {last} without a gap or a double"
        if holds
        else f"the numbers of {row.year} have a gap",
    )
