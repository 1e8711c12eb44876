"""The SQL of the ledger and of the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from msgspec import Struct

from storage.clock import AheadBook, Jump, WrongTime
from storage.errors import DamagedBookError
from storage.heads import LostBook, Told
from storage.ledger import GENESIS, Answered, Content, Entry, encode_content, entry

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

Subject: TypeAlias = tuple[str, int]
"""The subject of a book: ("meeting", 7), ("body", 2), ("organization", 1) …"""


async def append(
    connection: Connection,
    book: int,
    actor: int | None,
    kind: str,
    content: Content,
    key: UUID | None,
    version: int = 1,
    command: bytes = b"",
) -> Entry:
    """Write one record to `book`; the database gives its seq, time, salt, bytes and hash.

    `actor` is the person whose session the transaction proved; `version` is that of the kind's content, `command`
    the digest of the command that has the key.
    """
    row = await connection.fetchrow(
        "SELECT r_record, r_hash FROM ledger_append($1, $2, $3, $4, $5, $6, $7)",
        book, actor, kind, encode_content(content), key, version, command if key and command else None,
    )  # fmt: skip
    assert row is not None
    return entry(row["r_record"], row["r_hash"])


async def book_of(connection: Connection, subject: Subject) -> int | None:
    """The book's id, or None where there is none or the transaction may not see it."""
    book: int | None = await connection.fetchval(
        "SELECT id FROM books WHERE subject_type = $1 AND subject_id = $2", *subject
    )
    return book


async def entries(connection: Connection, book: int | Subject, after: int = 0, limit: int | None = None) -> list[Entry]:
    """A book's records with seq > `after`, in order, at most `limit`. Raises DamagedBookError where they do not go on
    from `after` to the book's head, or where the record that is the head is missing."""
    where, asked = ("b.id = $1", (book,)) if isinstance(book, int) else ("(subject_type, subject_id) = ($1, $4)", book)
    rows = await connection.fetch(
        "SELECT b.subject_type, b.subject_id, b.seq AS head, e.seq AS ended, l.record, l.hash FROM books b"
        " LEFT JOIN ledger e ON (e.book_id, e.seq) = (b.id, b.seq)"
        f" LEFT JOIN ledger l ON l.book_id = b.id AND l.seq > $2 WHERE {where} ORDER BY l.seq LIMIT $3",
        asked[0], after, limit, *asked[1:],
    )  # fmt: skip
    found = [entry(row["record"], row["hash"]) for row in rows if row["record"] is not None]
    last = next((seq for seq, each in enumerate(found, after) if each.record.seq != seq + 1), after + len(found))
    head, ended = (rows[0]["head"], rows[0]["ended"] or 0) if rows else (0, 0)
    cut = last < after + len(found) or ((limit is None or len(found) < limit) and last < head)
    if cut or ended < head:
        raise DamagedBookError((rows[0]["subject_type"], rows[0]["subject_id"]), head, min(last, head - 1))
    return found


async def damaged_heads(connection: Connection) -> list[tuple[Subject, int, int]]:
    """(subject, seq of the head, seq of the last record) of each book whose last record is not its head; quick, and of
    every book whoever asks."""
    rows = await connection.fetch("SELECT * FROM damaged_heads()")
    return [((row["r_type"], row["r_id"]), row["r_head"], row["r_last"]) for row in rows]


async def heads(connection: Connection, subjects: Iterable[Subject]) -> dict[Subject, tuple[int, bool]]:
    """The latest seq of each subject's book, and whether that record is there."""
    types, ids = zip(*subjects, strict=True)
    rows = await connection.fetch(
        "SELECT subject_type, subject_id, b.seq, b.seq = 0 OR l.seq IS NOT NULL AS there FROM books b"
        " JOIN unnest($1::text[], $2::bigint[]) AS asked (subject_type, subject_id) USING (subject_type, subject_id)"
        " LEFT JOIN ledger l ON (l.book_id, l.seq) = (b.id, b.seq)",
        types, ids,
    )  # fmt: skip
    return {(row["subject_type"], row["subject_id"]): (row["seq"], row["there"]) for row in rows}


async def every_book(connection: Connection) -> list[tuple[int, Subject, int, bytes]]:
    """(id, subject, seq, hash) of every book that the connection sees (the owner's sees all)."""
    rows = await connection.fetch("SELECT id, subject_type, subject_id, seq, hash FROM books ORDER BY id")
    return [(row["id"], (row["subject_type"], row["subject_id"]), row["seq"], row["hash"]) for row in rows]


async def hash_at(connection: Connection, subject: Subject, seq: int) -> str:
    """The hash (hex) of a book's record; of none before the first; empty where the record is not there."""
    if seq == 0:
        return GENESIS.hex()
    found = await connection.fetchval(
        "SELECT encode(l.hash, 'hex') FROM books b JOIN ledger l ON l.book_id = b.id"
        " WHERE (b.subject_type, b.subject_id, l.seq) = ($1, $2, $3)",
        *subject, seq,
    )  # fmt: skip
    return found or ""


async def head_of(connection: Connection, subject: Subject) -> tuple[int, bytes]:
    """Seq and hash of the book's last record; 0 before the first."""
    row = await connection.fetchrow("SELECT seq, hash FROM books WHERE subject_type = $1 AND subject_id = $2", *subject)
    return (row["seq"], row["hash"]) if row else (0, GENESIS)


async def heads_key(connection: Connection) -> bytes:
    """The key with which heads are sealed."""
    key: bytes = await connection.fetchval("SELECT heads_key()")
    return key


async def head_told(
    connection: Connection, subject: Subject, organization: int, body: int, told: Told, by: str
) -> bool:
    """Take what somebody outside says of a book; whether records are lost here and nobody has explained it."""
    lost: bool = await connection.fetchval(
        "SELECT head_told($1, $2, $3, $4, $5, $6, $7)", *subject, organization, body, told.seq, told.hash, by
    )
    return lost


async def lost_books(connection: Connection, body: int | None = None) -> tuple[LostBook, ...]:
    """The books that the transaction sees (of one body, if one is named) of which later records are known outside."""
    rows = await connection.fetch(
        "SELECT l.*, coalesce(b.seq, 0) AS here FROM lost_records l LEFT JOIN books b USING (subject_type, subject_id)"
        " WHERE l.explained_at IS NULL AND ($1::bigint IS NULL OR l.body_id = $1) ORDER BY subject_type, subject_id",
        body,
    )
    return tuple(
        LostBook(
            row["subject_type"], row["subject_id"], row["body_id"], row["here"], row["seq"], row["hash"].hex(),
            row["told_by"], row["noticed_at"],
        )
        for row in rows
    )  # fmt: skip


async def explain_lost(owner: Connection, body: int) -> None:
    """Mark the losses of a body as explained, as the owner."""
    await owner.execute(
        "UPDATE lost_records SET explained_at = yijue_now() WHERE body_id = $1 AND explained_at IS NULL", body
    )


async def has_schema(connection: Connection) -> bool:
    """Whether the database holds anything of the program."""
    return bool(await connection.fetchval("SELECT to_regnamespace('yijue') IS NOT NULL"))


async def answered(connection: Connection, actor: int, key: UUID | None) -> Answered | None:
    """The record that the actor's command with this key wrote before, in whatever book; without a key, none."""
    if key is None:
        return None
    row = await connection.fetchrow(
        "SELECT record, hash, command FROM ledger WHERE actor_id = $1 AND key = $2", actor, key
    )
    return Answered(entry(row["record"], row["hash"]), row["command"] or b"") if row else None


async def now(connection: Connection) -> datetime:
    """The one clock's time, UTC."""
    at: datetime = await connection.fetchval("SELECT yijue_now()")
    return at


async def write_readiness(connection: Connection) -> None:
    """Write a row durably, as large as a page of the disk; the table of such rows stays small."""
    await connection.execute("SELECT write_readiness()")


async def see_clock(connection: Connection, boot: str, since: timedelta) -> int | None:
    """See the clock beside the time since this start of the machine: the seconds that it has jumped since it was last
    seen where these are more than 60, negative for back; None for none."""
    jump: int | None = await connection.fetchval("SELECT see_clock($1, $2)", boot, since)
    return jump


async def clock_jumps(connection: Connection) -> list[Jump]:
    """The jumps of the clock, the latest first."""
    rows = await connection.fetch("SELECT r_at, r_seconds FROM clock_jumps()")
    return [Jump(row["r_at"], row["r_seconds"]) for row in rows]


async def books_ahead(connection: Connection) -> list[AheadBook]:
    """The books that the transaction sees whose last record is more than a minute ahead of the clock. In a database
    whose clock is moved for a demonstration or a test there is none."""
    rows = await connection.fetch(
        "SELECT subject_type, subject_id, body_id, last_at FROM books, deployment WHERE purpose = 'production'"
        " AND last_at > yijue_now() + interval '1 minute' ORDER BY id"
    )
    return [AheadBook(*row) for row in rows]


async def wrong_times(owner: Connection) -> list[WrongTime]:
    """Of each book the first record that is earlier than its predecessor, or ahead of the clock as in `books_ahead`."""
    rows = await owner.fetch(
        "SELECT DISTINCT ON (b.id) b.subject_type, b.subject_id, l.seq, l.at, l.before FROM books b JOIN (SELECT *,"
        " lag(at) OVER (PARTITION BY book_id ORDER BY seq) AS before FROM ledger) l ON l.book_id = b.id, deployment"
        " WHERE l.at < l.before OR purpose = 'production' AND l.at > yijue_now() + interval '1 minute'"
        " ORDER BY b.id, l.seq"
    )
    return [WrongTime(*row) for row in rows]


async def set_clock(connection: Connection, at: datetime) -> None:
    """Move the clock of a demonstration or test database; any other refuses by constraint."""
    await connection.execute("SELECT set_clock($1)", at)


async def purpose(connection: Connection) -> str:
    """The purpose of the database: production, demonstration or test."""
    word: str = await connection.fetchval("SELECT purpose FROM deployment")
    return word


async def purpose_and_offset(connection: Connection) -> tuple[str, timedelta]:
    """The purpose of the database, and by how much its clock is moved (a demonstration's alone)."""
    row = await connection.fetchrow("SELECT purpose, clock_offset FROM deployment")
    assert row is not None
    return row["purpose"], row["clock_offset"]


class Durability(Struct, frozen=True):
    """The server's settings on which it hangs that a commit is kept, and that a damaged page is noticed."""

    fsync: bool
    full_page_writes: bool
    synchronous_commit: str
    checksums: bool


async def durability(connection: Connection) -> Durability:
    """The settings as they hold for this sign-in."""
    row = await connection.fetchrow(
        "SELECT current_setting('fsync')::boolean AS fsync,"
        " current_setting('full_page_writes')::boolean AS full_page_writes,"
        " current_setting('synchronous_commit') AS synchronous_commit,"
        " current_setting('data_checksums')::boolean AS checksums"
    )
    assert row is not None
    return Durability(**dict(row))


async def latest_record(owner: Connection) -> datetime | None:
    """The time of the latest record of all books; None where there is none."""
    at: datetime | None = await owner.fetchval("SELECT max(last_at) FROM books WHERE last_at > '-infinity'")
    return at


async def begin_as(connection: Connection, secret: bytes) -> None:
    """Prove in the open transaction whose session this is; its view and its actor follow from that."""
    await connection.execute("SELECT begin_as($1)", secret)


async def shows_statements(connection: Connection) -> bool:
    """Whether other sign-ins of the role can read the statements of this one in pg_stat_activity."""
    return bool(await connection.fetchval("SELECT current_setting('track_activities')::boolean"))


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


async def export_snapshot(connection: Connection) -> str:
    """The name under which another connection sees what this transaction sees, as long as it lasts."""
    name: str = await connection.fetchval("SELECT pg_export_snapshot()")
    return name


async def keep_log(superuser: Connection) -> None:
    """Keep PostgreSQL's log from being removed as long as this connection lasts."""
    await superuser.execute("SELECT pg_create_physical_replication_slot('yijue_backup', true, true)")


async def size(connection: Connection) -> int:
    """The bytes of all databases of the server; about."""
    return int(await connection.fetchval("SELECT sum(pg_database_size(oid)) FROM pg_database"))
