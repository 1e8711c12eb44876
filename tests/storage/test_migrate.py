"""Migrations run once, all or none, one program after the other; a newer or changed schema is refused."""

import asyncio
from typing import Any

import asyncpg
import pytest

from acts.database import connected
from storage import migrate as migrations
from storage.errors import ChangedMigrationError, NewerSchemaError, SchemaBehindError, StorageError
from storage.migrate import Migration, known, migrate
from tests.conftest import Urls

NEWEST = len(known())
FAILING = Migration(NEWEST + 1, "fails.sql", "CREATE TABLE yijue.later (); SELECT 1 / 0", "0")
LATER = Migration(NEWEST + 1, "later.sql", "CREATE TABLE yijue.later ()", "0")


async def schema(connection: Any) -> tuple[int, int]:
    """The number of migrations on record, and the number of tables."""
    if not await connection.fetchval("SELECT to_regclass('yijue.migrations')"):
        return 0, 0
    return tuple(
        await connection.fetchrow(
            "SELECT (SELECT count(*) FROM yijue.migrations),"
            " (SELECT count(*) FROM pg_class WHERE relnamespace = 'yijue'::regnamespace AND relkind = 'r')"
        )
    )


async def refusal_of(urls: Urls, kind: type[StorageError]) -> str:
    """The message with which the program refuses to start, in its own role."""
    with pytest.raises(kind) as refused:
        async with connected(urls.app, lambda _: None):
            pass
    return str(refused.value)


async def test_each_is_applied_once_and_counted(bare: Urls) -> None:
    owner = await asyncpg.connect(bare.owner)
    assert await migrate(owner) == NEWEST
    tables = await schema(owner)
    assert tables[0] == NEWEST
    assert await migrate(owner) == 0
    assert await schema(owner) == tables
    assert await owner.fetchval("SELECT purpose FROM yijue.deployment") == "production"
    await owner.close()


async def test_a_newer_schema_is_refused(urls: Urls, owner: Any) -> None:
    await owner.execute("INSERT INTO migrations VALUES ($1, 'later', '0')", NEWEST + 1)
    assert await refusal_of(urls, NewerSchemaError) == (
        f"the database is at schema {NEWEST + 1}, this program knows {NEWEST}: install the newer program"
    )
    with pytest.raises(NewerSchemaError):
        await migrate(owner)


async def test_a_changed_file_is_refused(urls: Urls, owner: Any) -> None:
    await owner.execute("UPDATE migrations SET sha256 = 'x' WHERE number = 2")
    assert "0002_bodies.sql was changed after it was applied" in await refusal_of(urls, ChangedMigrationError)
    with pytest.raises(ChangedMigrationError):
        await migrate(owner)


async def test_a_schema_behind_is_refused(bare: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "set YIJUE_DATABASE_OWNER_URL and run `yijue migrate`" in await refusal_of(bare, SchemaBehindError)
    owner = await asyncpg.connect(bare.owner)
    await migrate(owner)
    monkeypatch.setattr(migrations, "known", lambda: (*known(), LATER))
    assert f"is at schema {NEWEST}, the program needs {NEWEST + 1}" in await refusal_of(bare, SchemaBehindError)
    assert await migrate(owner) == 1
    await owner.close()


async def test_a_failing_one_leaves_nothing(bare: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = await asyncpg.connect(bare.owner)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "known", lambda: (*known(), FAILING))
        with pytest.raises(asyncpg.DivisionByZeroError):
            await migrate(owner)
        assert await owner.fetchval("SELECT to_regnamespace('yijue')") is None
    await migrate(owner)
    before = await schema(owner)
    monkeypatch.setattr(migrations, "known", lambda: (*known(), FAILING))
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(owner)
    assert await schema(owner) == before
    await owner.close()


async def test_programs_that_start_at_once_migrate_one_after_the_other(bare: Urls) -> None:
    owners = [await asyncpg.connect(bare.owner) for _ in range(4)]
    assert sorted(await asyncio.gather(*(migrate(owner) for owner in owners))) == [0, 0, 0, NEWEST]
    for owner in owners:
        await owner.close()


async def test_a_gap_in_the_files_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for number in (1, 3):
        (folder / f"{number:04d}_x.sql").write_text("")
    monkeypatch.setattr(migrations, "files", lambda _: tmp_path)
    with pytest.raises(StorageError, match="gap"):
        known()
