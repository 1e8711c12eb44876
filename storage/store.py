"""The SQL of the ledger and of the clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from storage.ledger import Content, Entry, encode_content, entry

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]


async def append(
    connection: Connection, book: int, actor: int | None, kind: str, content: Content, key: UUID | None
) -> Entry:
    """Write one record to `book`; the database gives its seq, time, bytes and hash."""
    row = await connection.fetchrow(
        "SELECT r_record, r_hash FROM ledger_append($1, $2, $3, $4, $5)",
        book, actor, kind, encode_content(content), key,
    )  # fmt: skip
    assert row is not None
    return entry(row["r_record"], row["r_hash"])


async def book_of(connection: Connection, organization: int, body: int | None, meeting: int | None) -> int | None:
    """The book's id, or None where it is unknown or not for this transaction's eyes."""
    book: int | None = await connection.fetchval(
        "SELECT id FROM books WHERE organization_id = $1 AND body_id IS NOT DISTINCT FROM $2"
        " AND meeting_id IS NOT DISTINCT FROM $3",
        organization, body, meeting,
    )  # fmt: skip
    return book


async def entries(connection: Connection, meeting: int, after: int = 0, limit: int | None = None) -> list[Entry]:
    """A meeting's records with seq > `after`, in order, at most `limit`."""
    rows = await connection.fetch(
        "SELECT l.record, l.hash FROM ledger l JOIN books b ON b.id = l.book_id"
        " WHERE b.meeting_id = $1 AND l.seq > $2 ORDER BY l.seq LIMIT $3",
        meeting, after, limit,
    )  # fmt: skip
    return [entry(row["record"], row["hash"]) for row in rows]


async def book_entries(connection: Connection, book: int) -> list[Entry]:
    """All records of one book, in order."""
    rows = await connection.fetch("SELECT record, hash FROM ledger WHERE book_id = $1 ORDER BY seq", book)
    return [entry(row["record"], row["hash"]) for row in rows]


async def book_entries_of(connection: Connection, subject: str, id_: int) -> list[Entry]:
    """All records of an organization's ("organization") or a body's ("body") own book, in order."""
    column = "organization_id" if subject == "organization" else "body_id"
    rows = await connection.fetch(
        "SELECT l.record, l.hash FROM ledger l JOIN books b ON b.id = l.book_id"
        f" WHERE b.{column} = $1 AND b.meeting_id IS NULL AND (b.body_id IS NULL) = $2 ORDER BY l.seq",
        id_, subject == "organization",
    )  # fmt: skip
    return [entry(row["record"], row["hash"]) for row in rows]


async def heads(connection: Connection, meetings: list[int]) -> dict[int, int]:
    """The latest seq of each meeting's book."""
    rows = await connection.fetch("SELECT meeting_id, seq FROM books WHERE meeting_id = ANY ($1)", meetings)
    return {row["meeting_id"]: row["seq"] for row in rows}


async def answered(connection: Connection, book: int, actor: int, key: UUID | None) -> Entry | None:
    """The record that the actor's command with this key wrote before; without a key, none."""
    if key is None:
        return None
    row = await connection.fetchrow(
        "SELECT record, hash FROM ledger WHERE book_id = $1 AND actor_id = $2 AND key = $3", book, actor, key
    )
    return entry(row["record"], row["hash"]) if row else None


async def now(connection: Connection) -> datetime:
    """The one clock's time, UTC."""
    at: datetime = await connection.fetchval("SELECT yijue_now()")
    return at


async def set_clock(connection: Connection, at: datetime) -> None:
    """Move the clock of a demonstration or test database; any other refuses by constraint."""
    await connection.execute("SELECT set_clock($1)", at)


async def purpose(connection: Connection) -> str:
    """What the database was made for: production, demonstration or test."""
    word: str = await connection.fetchval("SELECT purpose FROM deployment")
    return word


async def signed_in_as(connection: Connection) -> tuple[str, bool]:
    """The role that signed in, and whether it could get round the guarantees: by itself or as a role it may become."""
    row = await connection.fetchrow(
        # A superuser is a member of every role.
        "SELECT current_user AS role, EXISTS (SELECT 1 FROM pg_roles r WHERE pg_has_role(r.oid, 'MEMBER')"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR EXISTS (SELECT 1 FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'yijue' AND c.relowner = r.oid))) AS mighty"
    )
    assert row is not None
    return row["role"], row["mighty"]
