"""Rows of a body or organization are closed to another's people: every table, to read and to write (section 4)."""

from typing import Any

import asyncpg
import pytest

from tests.bureau import Bureau, Person, client_of, issue, open_session
from tests.storage.attacks import Connection, begin, begin_as
from tests.test_one_meeting import Room
from tests.voting.test_acts import ask


async def _a_whole_life(room: Room, owner: Connection) -> None:
    """Fill every table: a whole meeting, and the rows that are entered beside meetings."""
    b = room.bureau
    await room.prepare()
    moved = {"place": "五楼会议室", "reason": "三楼会议室检修"}
    await b.li.do(f"{room.path}/notice/changes", moved)
    await b.li.do(f"{room.path}/deliveries", {"people": [each.id for each in b.members], "method": "phone"})
    await room.gather()
    await ask(b.admin, room, "password", b.lin.id)
    item = await room.discuss(0, b.lin)
    await b.li.do(f"{item}/positions", {"person": b.lin.id, "position": "yes"})
    await room.vote(item, {})
    await room.decide(item, "passed")
    item = await room.discuss(2, b.chen)
    await b.zhou.do(f"{item}/deferral", {"reason": "另议"})
    for left in (1, 3, 4):
        await b.zhou.do(f"{room.path}/items/{room.items[left]}/withdrawal", {"reason": "不议"})
    await b.zhou.do(f"{room.path}/adjournment")
    minutes = f"{room.path}/minutes/{(await b.li.do(f'{room.path}/minutes'))['content']['minutes']}"
    await b.approve(minutes)
    await issue(b.li, minutes)
    await owner.execute("INSERT INTO minutes_copies (minutes_id, body_id, recipient, sent_at)"
                        " SELECT id, body_id, '存档', now() FROM minutes")  # fmt: skip
    await owner.execute("INSERT INTO matters (body_id, year, code, title, category)"
                        " VALUES ($1, 2026, '1', '预算', 'funds')", b.body)  # fmt: skip
    await b.lin.do(f"{item}/notes", {"text": "存疑。"})
    await b.li.do(f"/api/bodies/{b.body}/numbers", {"of": "meetings", "year": 2027, "reached": 3})
    await b.zhou.do(f"/api/bodies/{b.body}/signing", {"person": b.lin.id})
    await owner.execute("INSERT INTO lost_records SELECT 'body', id, organization_id, id, 99, sha256(''), 'file'"
                        " FROM bodies")  # fmt: skip
    await owner.execute("INSERT INTO calendar_years VALUES ($1, 2027, '{}', '{}')", b.organization)


async def session_of(owner: Connection, person: int) -> Person:
    """A signed-in person of another body or organization."""
    return Person("other", person, client_of(None, *await open_session(owner, person)))


async def _tables(owner: Connection) -> dict[str, str]:
    """Every table with row security, and the condition that marks the bureau's rows of it."""
    rows = await owner.fetch(
        "SELECT c.relname, array_agg(a.attname::text) AS columns FROM pg_class c JOIN pg_attribute a"
        " ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " WHERE c.relrowsecurity AND c.relnamespace = 'yijue'::regnamespace GROUP BY 1"
    )
    return {
        row["relname"]: next(
            f"{column} = {{{name}}}"
            for column, name in (("organization_id", "organization"), ("body_id", "body"), ("id", "organization"))
            if column in row["columns"]
        )
        for row in rows
    }


async def _held(owner: Connection, table: str, verb: str) -> list[str]:
    """The columns on which the program's role holds a verb, without those that the database fills."""
    rows = await owner.fetch(
        "SELECT column_name FROM information_schema.columns c WHERE table_schema = 'yijue' AND table_name = $1"
        " AND is_identity = 'NO' AND is_generated = 'NEVER'"
        " AND has_column_privilege('yijue_app', 'yijue.' || table_name, column_name, $2)",
        table, verb,
    )  # fmt: skip
    return [row["column_name"] for row in rows]


async def test_every_table_both_ways(bureau: Bureau, owner: Connection, app_role: Connection) -> None:
    await _a_whole_life(Room(bureau, owner), owner)
    stranger: Any = await owner.fetchrow("SELECT * FROM found_organization('乙单位', 'z1', '乙甲', 'x')")
    their = await session_of(owner, stranger["person_id"])
    other = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name) VALUES ($1, '乙党组') RETURNING id", stranger["organization_id"]
    )
    tables = await _tables(owner)
    assert len(tables) >= 27
    # Row security itself shall refuse below, not a trigger that comes before it.
    for table in tables:
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, condition in tables.items():
        where = condition.format(body=bureau.body, organization=bureau.organization)
        there = await owner.fetchval(f"SELECT count(*) FROM {table} WHERE {where}")
        assert there, f"{table} has no row and proves nothing"

        await app_role.execute(begin_as(bureau.lin))
        assert await app_role.fetchval(f"SELECT count(*) FROM {table}") == there, table
        await app_role.execute("ROLLBACK")

        row = await owner.fetchval(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {where} LIMIT 1")
        for scope in (begin(None), begin(stranger["organization_id"], other), begin_as(their)):
            await app_role.execute(scope)
            assert await app_role.fetchval(f"SELECT count(*) FROM {table} WHERE {where}") == 0, table
            if columns := await _held(owner, table, "UPDATE"):
                done = await app_role.execute(f"UPDATE {table} SET {columns[0]} = {columns[0]} WHERE {where}")
                assert done == "UPDATE 0", table
            if await owner.fetchval("SELECT has_table_privilege('yijue_app', $1, 'DELETE')", table):
                assert await app_role.execute(f"DELETE FROM {table} WHERE {where}") == "DELETE 0", table
            if columns := await _held(owner, table, "INSERT"):
                into = ", ".join(columns)
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security") as refused:
                    await app_role.execute(
                        f"INSERT INTO {table} ({into}) SELECT {into} FROM jsonb_populate_record(NULL::{table}, $1)", row
                    )
                assert table in str(refused.value)
            await app_role.execute("ROLLBACK")


READ_WITHOUT_A_SESSION = {
    "books", "ledger", "organizations", "bodies", "meetings", "items", "presence", "recusals", "votes", "ballots",
    "minutes", "reached_numbers", "lost_records",
}  # fmt: skip


async def test_without_a_session_few_tables_are_read_and_none_is_written(
    bureau: Bureau, owner: Connection, app_role: Connection
) -> None:
    """A transaction that names the body without a session reads the server's own few tables, and writes none."""
    await _a_whole_life(Room(bureau, owner), owner)
    tables = await _tables(owner)
    for table in tables:
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    forged = "SET LOCAL yijue.proof = '{}|{}|{}|true|{{{}}}'".format(
        "0" * 64, bureau.lin.id, bureau.organization, bureau.body
    )
    read = set()
    for table, condition in tables.items():
        where = condition.format(body=bureau.body, organization=bureau.organization)
        await app_role.execute(f"{begin(bureau.organization, bureau.body)}; {forged}")
        if await app_role.fetchval(f"SELECT count(*) FROM {table} WHERE {where}"):
            read.add(table)
        if columns := await _held(owner, table, "UPDATE"):
            done = await app_role.execute(f"UPDATE {table} SET {columns[0]} = {columns[0]} WHERE {where}")
            assert done == "UPDATE 0", table
        if await owner.fetchval("SELECT has_table_privilege('yijue_app', $1, 'DELETE')", table):
            assert await app_role.execute(f"DELETE FROM {table} WHERE {where}") == "DELETE 0", table
        if columns := await _held(owner, table, "INSERT"):
            row = await owner.fetchval(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {where} LIMIT 1")
            into = ", ".join(columns)
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await app_role.execute(
                    f"INSERT INTO {table} ({into}) SELECT {into} FROM jsonb_populate_record(NULL::{table}, $1)", row
                )
        await app_role.execute("ROLLBACK")
    assert read == READ_WITHOUT_A_SESSION


async def test_a_body_of_the_same_organization_is_as_far(
    bureau: Bureau, owner: Connection, app_role: Connection
) -> None:
    await Room(bureau, owner).prepare()
    other = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name) VALUES ($1, '局长办公会') RETURNING id", bureau.organization
    )
    somebody = await owner.fetchval(
        "INSERT INTO people (organization_id, staff_number, name) VALUES ($1, 'n', '某') RETURNING id",
        bureau.organization,
    )  # fmt: skip
    await owner.execute("INSERT INTO grants (body_id, person_id, role) VALUES ($1, $2, 'secretary')", other, somebody)
    await app_role.execute(begin_as(await session_of(owner, somebody)))
    for table, condition in (await _tables(owner)).items():
        if "body" in condition and table != "grants":
            assert await app_role.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    assert await app_role.fetchval("SELECT array_agg(id) FROM bodies") == [other]
    assert {row["body_id"] for row in await app_role.fetch("SELECT body_id FROM ledger")} <= {other, None}
    assert {row["body_id"] for row in await app_role.fetch("SELECT body_id FROM books")} == {other, None}


async def test_a_function_does_not_open_what_is_closed(bureau: Bureau, owner: Connection, app_role: Connection) -> None:
    """The functions that run with the owner's rights check the scope themselves."""
    book = await owner.fetchval("SELECT id FROM books WHERE (subject_type, subject_id) = ('body', $1)", bureau.body)
    stranger: Any = await owner.fetchrow("SELECT * FROM found_organization('乙单位', 'z1', '乙甲', 'x')")
    their = await session_of(owner, stranger["person_id"])
    await app_role.execute(begin_as(their))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_role.execute("SELECT ledger_append($1, $2, 'x.y', '{}', NULL)", book, their.id)
    await app_role.execute("ROLLBACK")
    await app_role.execute(begin_as(their))
    before = await owner.fetchval("SELECT count(*) FROM sessions")
    await app_role.execute("SELECT set_password_of($1, 'x')", bureau.lin.id)
    await app_role.execute("COMMIT")
    await app_role.execute(begin_as(their))
    with pytest.raises(asyncpg.CheckViolationError, match="an administrator signs another out"):
        await app_role.execute("SELECT close_sessions_of($1)", bureau.lin.id)
    await app_role.execute("ROLLBACK")
    assert await owner.fetchval("SELECT count(*) FROM sessions") == before
