"""Bring a database to the program's schema: numbered files of plain SQL, each applied once, in order.

Why neither sqlspec nor alembic: docs/decisions/0002-migrations.md.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from msgspec import Struct

from storage.errors import ChangedMigrationError, NewerSchemaError, SchemaBehindError, StorageError

if TYPE_CHECKING:
    from storage.store import Connection


class Migration(Struct, frozen=True):
    """One file: its number, name, text, and the hash by which a later change shows."""

    number: int
    name: str
    sql: str
    sha256: str


def known() -> tuple[Migration, ...]:
    """The program's migrations, in order; their numbers run 1, 2, 3 … without gap."""
    found = sorted(
        (path for path in files("storage").joinpath("migrations").iterdir() if path.name.endswith(".sql")),
        key=lambda path: path.name,
    )
    migrations = tuple(
        Migration(int(path.name[:4]), path.name, text, hashlib.sha256(text.encode()).hexdigest())
        for path in found
        for text in [path.read_text("utf-8")]
    )
    if [m.number for m in migrations] != list(range(1, len(migrations) + 1)):
        raise StorageError("the migrations' numbers have a gap: restore the program's files")
    return migrations


async def check(connection: Connection) -> tuple[Migration, ...]:
    """The migrations that the database still lacks.

    Raises NewerSchemaError, ChangedMigrationError.
    """
    applied = []
    if await connection.fetchval("SELECT to_regclass('yijue.migrations')"):
        applied = await connection.fetch("SELECT number, name, sha256 FROM yijue.migrations ORDER BY number")
    migrations = known()
    if len(applied) > len(migrations):
        raise NewerSchemaError(applied[-1]["number"], len(migrations))
    for row, migration in zip(applied, migrations, strict=False):
        if row["sha256"] != migration.sha256:
            raise ChangedMigrationError(row["name"])
    return migrations[len(applied) :]


async def migrate(connection: Connection, purpose: str = "production") -> int:
    """Apply the missing migrations, as the owner, all in one transaction; give the number applied.

    `purpose` is kept at the first migration only: production, demonstration or test. Two programs that
    start at once do it one after the other.
    """
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(hashtext('yijue.migrate'))")
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = 'yijue_app'"):
            raise StorageError("the server lacks the role yijue_app: create it (see README) and start again")
        missing = await check(connection)
        for migration in missing:
            await connection.execute(migration.sql)
            if migration.number == 1:
                await connection.execute("INSERT INTO yijue.deployment (purpose) VALUES ($1)", purpose)
            await connection.execute(
                "INSERT INTO yijue.migrations (number, name, sha256) VALUES ($1, $2, $3)",
                migration.number,
                migration.name,
                migration.sha256,
            )
    return len(missing)


async def require_current(connection: Connection) -> None:
    """Raise SchemaBehindError, or what `check` raises, for a database that does not fit the program."""
    if missing := await check(connection):
        raise SchemaBehindError(missing[0].number - 1, missing[-1].number)
