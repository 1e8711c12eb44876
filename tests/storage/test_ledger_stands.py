"""The ledger, attacked in SQL: as the program's role, and as the owner."""

import asyncio
from typing import Any

import asyncpg
import pytest

from acts.database import Database
from storage.chains import check_every_book
from storage.database import Scope
from storage.ledger import BrokenChainError, check_chain
from storage.store import book_of, entries
from tests.conftest import Urls


@pytest.fixture
async def book(database: Database, owner: Any) -> int:
    """An organization's book with three records."""
    organization = await owner.fetchval("INSERT INTO organizations (name) VALUES ('甲') RETURNING id")
    await owner.execute("INSERT INTO job_kinds VALUES ('test.done', 'test.do'), ('x.y', 'test.do')")  # without an actor
    await owner.execute(
        "INSERT INTO jobs (organization_id, kind, arguments, attempts)"
        " SELECT $1, 'test.do', jsonb_build_object('book', id), 1 FROM books WHERE organization_id = $1",
        organization,
    )
    async with database.transaction(Scope(organization)) as transaction:
        book = await book_of(transaction.connection, ("organization", organization))
        assert book is not None
        for number in range(3):
            await transaction.append(book, None, "test.done", {"number": number})
    return book


CONTINUED = (
    "INSERT INTO ledger SELECT book_id, %s, organization_id, body_id, %s, 1, kind, %s, %s, NULL FROM ledger"
    " WHERE seq = 3"
)


ATTACKS = (
    "UPDATE ledger SET kind = 'x.y'",
    "UPDATE ledger SET at = at WHERE seq = 3",
    "DELETE FROM ledger",
    "DELETE FROM ledger WHERE seq = 3",
    "TRUNCATE ledger",
    "TRUNCATE ledger, books CASCADE",
    "MERGE INTO ledger l USING books b ON l.book_id = b.id WHEN MATCHED THEN DELETE",
    "INSERT INTO ledger SELECT * FROM ledger ON CONFLICT (book_id, seq) DO UPDATE SET kind = 'x.y'",
    CONTINUED % (4, "at", "record", "hash"),
    CONTINUED % (5, "at", "record", "sha256(hash || record)"),
    CONTINUED % (3, "at", "record", "sha256(hash || record)"),
    CONTINUED % (4, "at - interval '1 s'", "record", "sha256(hash || record)"),
    "UPDATE books SET seq = 0",
    "UPDATE books SET seq = seq + 1",
    "UPDATE books SET hash = ''",
    "UPDATE books SET subject_id = 7, body_id = 1",
    "UPDATE books SET written_in = NULL",
    "DELETE FROM books",
    "TRUNCATE books CASCADE",
)


async def test_neither_role_rewrites_it(book: int, owner: Any, app_role: Any) -> None:
    before = await owner.fetch("SELECT * FROM ledger"), await owner.fetch("SELECT * FROM books")
    for attack in ATTACKS:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_role.execute(attack)
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await owner.execute(attack)
        assert refused.value.constraint_name in ("ledger_append_only", "ledger_continues", "ledger_pkey"), attack
    assert (await owner.fetch("SELECT * FROM ledger"), await owner.fetch("SELECT * FROM books")) == before


async def test_the_owner_too_can_only_continue_it(book: int, owner: Any) -> None:
    """The owner's record by hand is a link of the chain like any other: it can be seen and hides no other."""
    await owner.execute(CONTINUED % (4, "at", "record", "sha256(hash || record)"))
    assert await owner.fetchval("SELECT seq FROM books WHERE id = $1", book) == 4
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute("SET session_replication_role = replica")


async def test_a_change_behind_the_triggers_breaks_the_chain(book: int, owner: Any) -> None:
    await owner.execute("ALTER TABLE ledger DISABLE TRIGGER USER")
    await owner.execute(
        "UPDATE ledger SET record = overlay(record PLACING '7' FROM position('1}' IN record)) WHERE seq = 2"
    )
    with pytest.raises(BrokenChainError) as broken:
        check_chain(await entries(owner, book))
    assert broken.value.seq == 2


async def test_a_record_s_content_is_an_object(book: int, owner: Any, app_role: Any) -> None:
    await app_role.execute(f"SET yijue.organization = '{await owner.fetchval('SELECT organization_id FROM books')}'")
    for content in ("NULL", "'[]'", "'7'", "'{\"a\":'", "''"):
        with pytest.raises(asyncpg.DataError):
            await app_role.execute(f"SELECT ledger_append({book}, NULL, 'x.y', {content}, NULL)")
    await app_role.execute(f"SELECT ledger_append({book}, NULL, 'x.y', '{{}}', NULL)")
    check_chain(await entries(owner, book))


async def test_writers_take_turns_and_leave_no_gap(book: int, urls: Urls, owner: Any) -> None:
    """Of 60 records by 6 connections a third is rolled back; the rest are numbered without a gap."""
    begin = f"BEGIN; SET LOCAL yijue.organization = '{await owner.fetchval('SELECT organization_id FROM books')}'"

    async def write(writer: int) -> None:
        connection = await asyncpg.connect(urls.app, server_settings={"search_path": "yijue"})
        for number in range(10):
            await connection.execute(begin)
            await connection.execute(f"SELECT ledger_append({book}, NULL, 'x.y', '{{}}', NULL)")
            await connection.execute("ROLLBACK" if (writer + number) % 3 == 0 else "COMMIT")
        await connection.close()

    await asyncio.gather(*(write(writer) for writer in range(6)))
    kept = await entries(owner, book)
    assert len(kept) == 3 + 40
    check_chain(kept)


async def test_a_book_is_open_to_its_own_alone(book: int, app_role: Any) -> None:
    assert await app_role.fetchval("SELECT count(*) FROM ledger") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_role.execute("SELECT ledger_append($1, NULL, 'x.y', '{}', NULL)", book)


async def test_a_production_clock_does_not_move(owner: Any, app_role: Any) -> None:
    await app_role.execute("SELECT set_clock('2026-01-01')")
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("UPDATE deployment SET purpose = 'production'")  # while the clock has its offset
    await owner.execute("UPDATE deployment SET purpose = 'production', clock_offset = '0'")
    for role in (owner, app_role):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await role.execute("SELECT set_clock('2020-01-01')")
        assert refused.value.constraint_name == "deployment_clock"
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("UPDATE deployment SET clock_offset = '1 s'")
    with pytest.raises(asyncpg.UniqueViolationError):
        await owner.execute("INSERT INTO deployment (purpose) VALUES ('test')")


async def test_time_does_not_run_backwards_in_a_book(book: int, owner: Any, app_role: Any) -> None:
    last = await owner.fetchval("SELECT last_at FROM books WHERE id = $1", book)
    await app_role.execute(f"SET yijue.organization = '{await owner.fetchval('SELECT organization_id FROM books')}'")
    await app_role.execute("SELECT set_clock('2020-01-01')")
    assert await app_role.fetchval(f"SELECT r_at FROM ledger_append({book}, NULL, 'x.y', '{{}}', NULL)") == last


async def test_every_record_has_a_salt_of_its_own(book: int, owner: Any) -> None:
    salts = [each.record.salt for each in await entries(owner, book)]
    assert len(set(salts)) == 3
    assert all(len(salt) == 32 and int(salt, 16) >= 0 for salt in salts)


async def test_the_chain_of_every_book_is_checked(book: int, owner: Any) -> None:
    seen: list[tuple[int, int]] = []
    chains = await check_every_book(owner, lambda done, all_: seen.append((done, all_)))
    assert (chains.records, chains.broken, seen[-1]) == (3, (), (3, 3))
    await owner.execute("ALTER TABLE ledger DISABLE TRIGGER USER")
    await owner.execute("DELETE FROM ledger WHERE seq = 3")
    (broken,) = (await check_every_book(owner, lambda _, __: None)).broken
    assert (broken.subject[0], broken.seq) == ("organization", 3)
    await owner.execute("ALTER TABLE books DISABLE TRIGGER USER; UPDATE books SET seq = 2 WHERE seq > 0")
    (broken,) = (await check_every_book(owner, lambda _, __: None)).broken
    assert (broken.seq, broken.why) == (3, "record 2, the last, is missing or another"), "a head that was cut back"
    await owner.execute("UPDATE ledger SET hash = sha256('x') WHERE seq = 1")
    (broken,) = (await check_every_book(owner, lambda _, __: None)).broken
    assert broken.seq == 1
