"""Issued minutes verify after any later change; a question that could not be asked is named; tampering is found by the
right question."""

import hashlib
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pypdf
import pytest
from msgspec import Struct

from acts.database import Database
from acts.rulebook import Clause, Rulebook, default
from documents import fonts
from documents.fonts import FOLDER, FontSet, choose, load
from minutes import composers, issuing, verifying
from minutes.composers import v1
from minutes.composers.v1.document import Minutes
from minutes.composers.v1.sources import Sources
from minutes.verifying import Asked, Said, Verification, verify
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.minutes.playing import Adjourned, held
from tests.minutes.test_pdf import font_set
from tests.server.commands import run
from tests.storage.attacks import Connection

pytestmark = pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")

ALL: dict[Asked, Said] = {"issued": "yes", "follows": "yes", "page": "yes"}


def said(outcome: Verification) -> dict[Asked, Said]:
    return {each.asked: each.said for each in outcome.answers}


async def asked(database: Database, pdf: bytes, at_hand: FontSet | None = None) -> Verification:
    return await verify(database, hashlib.sha256(pdf).digest(), [at_hand or font_set()])


@pytest.fixture
async def meeting(bureau: Bureau, owner: Connection) -> Adjourned:
    """An adjourned meeting whose minutes are issued."""
    meeting = await held(bureau, owner)
    await meeting.write_up({"copies_to": ["党组成员"]})
    return meeting


class Wordier(Minutes, frozen=True):
    """The document's struct with one field more."""

    motto: str = "集体领导"


class Second:
    """A composer of another version."""

    sheets, render, recount = staticmethod(v1.sheets), staticmethod(v1.render), staticmethod(v1.recount)

    @staticmethod
    def compose(records: Any, sources: bytes) -> bytes:
        document = msgspec.json.decode(v1.compose(records, sources), type=Wordier)
        return msgspec.json.encode(document, order="sorted")


async def test_it_verifies_whatever_changes_after_it(
    meeting: Adjourned, database: Database, owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later changes are of clauses, names, letterhead, charter, people and composer, then of fonts and typesetter."""
    b, pdf = meeting.bureau, await meeting.pdf()
    before = await asked(database, pdf)
    assert said(before) == ALL
    # The clauses are now worded otherwise than at the issue, in the default rulebook and in the body's own.
    monkeypatch.setattr(Rulebook, "clause", lambda *_: Clause("新条", "new"))
    await owner.execute("""UPDATE bodies SET rulebook = '{"titles": {}, "clauses": {}, "version": 1}'""")
    assert await asked(database, pdf) == before

    await owner.execute("UPDATE organizations SET name = '江州市运输局'")
    await owner.execute("""UPDATE bodies SET name = '局党组', charter = '{"quorum": "3/4"}'""")
    await owner.execute("UPDATE people SET name = name || '改'")
    await owner.execute("UPDATE seats SET post = '顾问'")
    both = MappingProxyType({1: v1, 2: Second()})
    monkeypatch.setattr(verifying, "COMPOSERS", both)
    monkeypatch.setattr(issuing, "COMPOSERS", both)
    monkeypatch.setattr(issuing, "NEWEST", 2)
    assert await asked(database, pdf) == before

    # After a new issue by the newer composer both verify, each by its own composer.
    await b.zhou.do(f"{meeting.minutes}/void", {"reason": "文字有误"})
    second = await meeting.write_up()
    assert second["composer"] == 2
    newer = await meeting.pdf()
    kept = await owner.fetchval("SELECT document FROM minutes WHERE composer = 2")
    assert b'"motto":"' + "集体领导".encode() in kept
    assert said(await asked(database, newer)) == said(await asked(database, pdf)) == ALL

    # Without its typesetter or its fonts the page is not asked for, and the answer says why.
    other = load(choose({"body": FOLDER / "LXGWWenKai-Regular.ttf"}))
    outcome = await asked(database, pdf, other)
    assert said(outcome) == {**ALL, "page": "not_asked"}
    assert "仿宋" in outcome.answers[2].zh
    assert "body" in outcome.answers[2].en
    assert said(await verify(database, hashlib.sha256(pdf).digest(), [other, font_set()])) == ALL
    monkeypatch.setattr(verifying, "TYPESETTER", "2, reportlab 9, zlib 9")
    outcome = await asked(database, pdf)
    assert said(outcome) == {**ALL, "page": "not_asked"}
    assert "2, reportlab 9" in outcome.answers[2].zh
    # A program without its composer says so.
    monkeypatch.setattr(verifying, "COMPOSERS", MappingProxyType({2: Second()}))
    assert said(await asked(database, pdf)) == {"issued": "yes", "follows": "not_asked", "page": "not_asked"}


async def test_file_sources_and_standing(meeting: Adjourned, database: Database, owner: Connection) -> None:
    """Another file was not issued; the sources are kept with the issue; a void issue was issued and does not stand."""
    pdf = await meeting.pdf()
    other = await asked(database, pdf + b"\n")
    assert said(other) == {"issued": "no", "follows": "not_asked", "page": "not_asked"}
    assert not other.holds

    kept = await owner.fetchval("SELECT sources FROM minutes")
    sources = msgspec.json.decode(kept, type=Sources)
    assert (sources.organization, sources.kind, sources.number) == ("江州市交通运输局", "党组", 1)
    assert sources.texts.copies_to == ["党组成员"]
    assert sources.clauses["decision.majority"] == default().clauses["decision.majority"].zh
    assert msgspec.json.encode(sources, order="sorted") == kept

    # The file names the last record that it was made of: the one before the issue's.
    last = [each for each in await meeting.room.entries() if each.record.kind != "minutes.drawn"][-2]
    keywords = (pypdf.PdfReader(BytesIO(pdf)).metadata or pypdf.DocumentInformation()).get("/Keywords")
    assert str(keywords) == f"{last.record.seq} {last.hash.hex()}"

    assert (await asked(database, pdf)).holds
    await meeting.bureau.zhou.do(f"{meeting.minutes}/void", {"reason": "文字有误"})
    outcome = await asked(database, pdf)
    assert said(outcome) == ALL
    assert not outcome.holds
    assert [check.holds for check in outcome.standing] == [False, True]


LEDGER = "UPDATE ledger SET record = convert_to(replace(convert_from(record, 'UTF8'), {}), 'UTF8') WHERE {}"
NOT_FOLLOWING: dict[Asked, Said] = {**ALL, "follows": "no"}


class Tampered(Struct, frozen=True):
    """One statement of the server's administrator, past every trigger, and the answers to the questions after it."""

    sql: str
    otherwise: dict[Asked, Said] = {}  # where the answers differ from NOT_FOLLOWING

    @property
    def answers(self) -> dict[Asked, Said]:
        return {**NOT_FOLLOWING, **self.otherwise}


TAMPERING = {
    "a ballot's row": Tampered("UPDATE ballots SET choice = 'yes' WHERE choice = 'no'"),
    "a ballot more": Tampered(
        "INSERT INTO ballots SELECT vote_id, 1, 9, body_id, 'yes', key, NULL, at FROM ballots LIMIT 1"
    ),
    "a ballot's record": Tampered(LEDGER.format("""'"choice":"no"', '"choice":"yes"'""", "kind = 'ballot.cast'")),
    "who cast it": Tampered(LEDGER.format("""'"actor":', '"actor":1'""", "kind = 'ballot.cast'")),
    "a record that is no JSON": Tampered(LEDGER.format("'{', '['", "kind = 'vote.closed'")),
    "a record gone": Tampered("DELETE FROM ledger WHERE kind = 'item.spoken'"),
    "the document": Tampered(
        "UPDATE minutes SET document = convert_to(replace(convert_from(document, 'UTF8'), '林静', '林　静'), 'UTF8')",
        {"page": "no"},
    ),
    "the sources": Tampered(
        "UPDATE minutes SET sources = convert_to(replace(convert_from(sources, 'UTF8'), '党组成员', '无'), 'UTF8')"
    ),
    "document and sources": Tampered(
        "UPDATE minutes SET sources = convert_to(replace(convert_from(sources, 'UTF8'), '党组成员', '无'), 'UTF8'),"
        " document = convert_to(replace(convert_from(document, 'UTF8'), '\"党组成员\"', '\"无\"'), 'UTF8')",
        {"page": "no"},
    ),
    "the composer": Tampered("UPDATE minutes SET composer = 9", {"page": "not_asked"}),
    "the record of its drawing": Tampered(
        LEDGER.format("""'"sha256":"', '"sha256":"0'""", "kind = 'minutes.drawn'"), {"issued": "no"}
    ),
}


TABLES = ("ledger", "ballots", "minutes")


async def test_tampering_is_found_by_the_right_question(
    meeting: Adjourned, database: Database, unguarded: Connection
) -> None:
    """Each tampering is done alone and undone; then all of it at once, with the chain made anew."""
    pdf = await meeting.pdf()
    assert said(await asked(database, pdf)) == ALL
    for table in TABLES:
        await unguarded.execute(f"CREATE TEMPORARY TABLE kept_{table} AS TABLE yijue.{table}")
    for what, tampered in TAMPERING.items():
        changed = await unguarded.execute(tampered.sql)
        assert int(changed.rpartition(" ")[2]) >= 1, what
        assert said(await asked(database, pdf)) == tampered.answers, what
        for table in TABLES:
            await unguarded.execute(f"DELETE FROM {table}")
            await unguarded.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept_{table}")
        assert said(await asked(database, pdf)) == ALL, what

    await unguarded.execute(TAMPERING["a ballot's row"].sql)
    await unguarded.execute(TAMPERING["a ballot's record"].sql)
    last = bytes(32)
    rows = await unguarded.fetch(
        "SELECT l.book_id, l.seq, l.record FROM ledger l JOIN books b ON b.id = l.book_id"
        " WHERE b.subject_type = 'meeting' AND b.subject_id = $1"
        " ORDER BY l.seq", meeting.room.meeting,
    )  # fmt: skip
    for row in rows:
        last = hashlib.sha256(last + row["record"]).digest()
        await unguarded.execute(
            "UPDATE ledger SET hash = $3 WHERE book_id = $1 AND seq = $2", row["book_id"], row["seq"], last
        )
    outcome = await asked(database, pdf)
    assert said(outcome) == NOT_FOLLOWING
    assert [check.en for check in outcome.findings[1].checks if not check.holds] == [
        # The chain holds again, but its head is not the one that the document names.
        "composed anew from the records and the sources of the issue (composer 1), the document is another",
        "1 round(s) of voting do not come to what their closing says",
    ]


async def test_the_command_where_the_last_records_are_gone(
    meeting: Adjourned, urls: Urls, unguarded: Connection, tmp_path: Path
) -> None:
    """`yijue verify` says ✗ in a sentence and ends with 1."""
    file = tmp_path / "纪要.pdf"
    file.write_bytes(await meeting.pdf())
    settings = {"YIJUE_DATABASE_URL": urls.app, "YIJUE_DATABASE_OWNER_URL": urls.owner}
    status, out, err = await run("verify", str(file), **settings)
    assert status == 0, out + err
    await unguarded.execute(
        "DELETE FROM ledger l USING books b WHERE b.id = l.book_id AND subject_type = 'meeting' AND l.seq > b.seq - 3"
    )
    status, out, err = await run("verify", str(file), **settings)
    assert (status, "Traceback" in out + err) == (1, False), out + err
    assert "✗ 二、内容是否出自操作留痕：内容与操作留痕不符" in out
    assert "✗ 操作留痕已被改动或缺失，无法读取" in out
    assert "核验未通过" in out
    await unguarded.execute("DELETE FROM ledger")
    status, out, err = await run("verify", str(file), "--lang", "en", **settings)
    assert (status, "Traceback" in out + err) == (1, False), out + err
    assert "✗ records were changed or are missing" in out


def test_every_version_is_a_composer() -> None:
    assert max(composers.COMPOSERS) == composers.NEWEST
