"""Damage is noticed: at start, by `yijue check`, by everybody who opens a book that lacks its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import pytest

from server.checking import Checked, check_all, check_at_start
from server.connecting import SignIns
from server.doctor import _look_at_ledger
from storage.integrity import Progress
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.server.commands import run
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@contextmanager
def no_bar(_: str) -> Iterator[Progress]:
    yield lambda _, __: None


async def voted(bureau: Bureau, owner: Owner) -> Room:
    room = Room(bureau, owner)
    await room.vote(await room.discuss(0, bureau.lin), {})
    return room


async def wrong(urls: Urls) -> dict[str, list[str]]:
    """What `yijue check` finds wrong, by what it looked at."""
    found = await check_all(SignIns(urls.app, urls.owner, urls.admin), no_bar)
    assert [each.en for each in found] == [
        "chains of records", "meetings beside their records", "times of records", "annual numbers", "references",
        "indexes",
    ]  # fmt: skip
    assert all(each.asked for each in found)
    return {each.en: [fault.en for fault in each.faults] for each in found if each.faults}


@pytest.mark.moment("in_session")
async def test_a_database_that_is_whole(bureau: Bureau, owner: Owner, urls: Urls) -> None:
    await voted(bureau, owner)
    assert await wrong(urls) == {}
    assert await check_at_start(SignIns(urls.app, urls.owner)) == []
    found = await check_all(SignIns(urls.app, urls.owner), no_bar)
    assert found[-1] == Checked("索引", "indexes", 0, [], asked=False)


@pytest.mark.moment("in_session")
async def test_a_book_that_lacks_its_end(bureau: Bureau, owner: Owner, urls: Urls) -> None:
    room = await voted(bureau, owner)
    await owner.execute("ALTER TABLE ledger DISABLE TRIGGER USER")
    await owner.execute(
        "DELETE FROM ledger l USING books b WHERE b.id = l.book_id AND subject_type = 'meeting' AND l.seq = b.seq"
    )
    head = await owner.fetchval("SELECT seq FROM books WHERE subject_type = 'meeting'")
    await owner.execute("ALTER TABLE ledger ENABLE TRIGGER USER")
    # Nothing is added to it, and nobody is shown a part of it as the whole.
    said = await bureau.li.post(f"{room.path}/arrivals", {"person": bureau.xu.id})
    assert (said.status_code, said.json()["rule"]) == (500, "ledger.damaged")
    assert "yijue check" in said.json()["detail"]
    for path in (f"{room.path}/ledger", f"{room.path}/prints/proceedings"):
        answer = await bureau.li.get(path)
        assert (answer.status_code, answer.json()["rule"]) == (500, "ledger.damaged"), path
    # Other books are as they were.
    assert (await bureau.li.get(f"/api/bodies/{bureau.body}/kinship")).is_success
    (fault,) = await check_at_start(SignIns(urls.app, urls.owner))
    assert fault.en == f"meeting {room.meeting}: its records end at {head - 1}"
    assert (await wrong(urls))["chains of records"] == [
        f"meeting {room.meeting}: breaks at record {head}: it is missing; the book's head is record {head}"
    ]
    assert "yijue check" in (await _look_at_ledger(owner, urls.owner)).mend


TAMPERED: list[tuple[str, str, str]] = [
    ("UPDATE ballots SET choice = 'no' WHERE version = 1", "meetings beside their records", "ballots are not those"),
    ("DELETE FROM ballots", "meetings beside their records", "ballots are not those"),
    ("UPDATE votes SET yes = yes - 1, no = no + 1", "meetings beside their records", "votes or their results"),
    ("UPDATE proceedings SET state = 'listed' WHERE state = 'voted'", "meetings beside their records", "their states"),
    ("UPDATE presence SET state = 'left'", "meetings beside their records", "attendance is not"),
    (
        "UPDATE meetings SET state = 'adjourned', adjourned_at = now()",
        "meetings beside their records",
        "the meeting's state",
    ),
    ("INSERT INTO minutes_counters SELECT id, 'x', 2026, 3 FROM bodies", "annual numbers", "numbers of “x” 2026"),
    ("UPDATE items SET in_charge_id = 987654 WHERE position = 1", "references", "1 row(s) refer to a row of people"),
]


@pytest.mark.moment("in_session")
@pytest.mark.parametrize(("sql", "what", "said"), TAMPERED)
async def test_tables_that_say_otherwise_than_the_records(
    bureau: Bureau, owner: Owner, urls: Urls, sql: str, what: str, said: str
) -> None:
    await voted(bureau, owner)
    admin: Any = await asyncpg.connect(urls.admin, server_settings={"search_path": "yijue"})
    try:
        await admin.execute(f"SET session_replication_role = replica; {sql}")
    finally:
        await admin.close()
    found = await wrong(urls)
    assert said in found[what][0], found
    if what == "meetings beside their records" and "UPDATE meetings" not in sql:
        assert said in (await check_at_start(SignIns(urls.app, urls.owner)))[0].en


CHANGED = "UPDATE ledger SET record = convert_to(replace(convert_from(record, 'UTF8'), {}), 'UTF8') WHERE {}"
WITHIN: dict[str, tuple[str, str]] = {
    "bytes": (CHANGED.format("""'"choice":"yes"', '"choice":"no"'""", "kind = 'ballot.cast'"), "bytes do not give its"),
    "hash": ("UPDATE ledger SET hash = sha256('') WHERE kind = 'vote.opened'", "bytes do not give its hash"),
    "no JSON": (CHANGED.format("'{', '['", "kind = 'vote.opened'"), "a record cannot be read"),
    "gone": ("DELETE FROM ledger WHERE kind = 'vote.opened'", "it is missing"),
}


@pytest.mark.moment("in_session")
@pytest.mark.parametrize("what", WITHIN)
async def test_a_record_within_a_book_in_session(bureau: Bureau, owner: Owner, urls: Urls, what: str) -> None:
    """The start and `doctor` name it, though the book ends where its head says."""
    room = await voted(bureau, owner)
    assert not (await _look_at_ledger(owner, urls.owner)).mend
    sql, said = WITHIN[what]
    await owner.execute(f"ALTER TABLE ledger DISABLE TRIGGER USER; {sql}; ALTER TABLE ledger ENABLE TRIGGER USER")
    (fault,) = await check_at_start(SignIns(urls.app, urls.owner))
    assert fault.en.startswith(f"meeting {room.meeting}: breaks at record"), fault
    assert said in fault.en
    found = await _look_at_ledger(owner, urls.owner)
    assert fault.zh in found.mend
    assert fault.en in found.mend
    assert "yijue check" in found.mend
    assert "not looked at without the owner" in (await _look_at_ledger(owner, None)).how


@pytest.mark.moment("in_session")
async def test_a_table_whose_file_is_missing(bureau: Bureau, owner: Owner, urls: Urls, tmp_path: Path) -> None:
    """Each kind that reads the table says so in a line; the others are looked at all the same."""
    await voted(bureau, owner)
    admin: Any = await asyncpg.connect(urls.admin)
    try:
        await admin.execute("UPDATE pg_class SET relfilenode = 4000000000 WHERE oid = 'yijue.ballots'::regclass")
    finally:
        await admin.close()
    found = await wrong(urls)
    assert set(found) == {"meetings beside their records", "references", "indexes"}
    for kind, said in found.items():
        assert "could not open file" in said[0], kind
    assert "PostgreSQL cannot read the data" in (await check_at_start(SignIns(urls.app, urls.owner)))[0].en
    # A command that reads it ends with a sentence.
    status, _, err = await run(
        "export", str(tmp_path), YIJUE_DATABASE_URL=urls.app, YIJUE_DATABASE_OWNER_URL=urls.owner
    )
    assert (status, "could not open file" in err, "yijue check" in err, "Traceback" in err) == (1, True, True, False)
