"""The SQL of people, sign-in and sessions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from acts.acting import Caller
from identity.records import Organization, Person, pinyin

if TYPE_CHECKING:
    from storage.store import Connection


# Sign-in.


async def find_for_sign_in(connection: Connection, staff_number: str) -> tuple[int | None, str | None, datetime]:
    """Person, password hash, time now."""
    row = await connection.fetchrow("SELECT person_id, password_hash, now FROM sign_in_find($1)", staff_number)
    assert row is not None
    return row["person_id"], row["password_hash"], row["now"]


async def count_failure(connection: Connection, staff_number: str, free: int, closed_for: timedelta) -> bool:
    """One failed sign-in more; False where `free` were counted and the last is no longer ago than `closed_for`."""
    counted = await connection.fetchval(
        "INSERT INTO sign_in_failures AS f VALUES ($1, 1, yijue_now()) ON CONFLICT (staff_number)"
        " DO UPDATE SET failures = f.failures + 1, last_at = yijue_now()"
        " WHERE f.failures < $2 OR f.last_at + $3 <= yijue_now() RETURNING true",
        staff_number, free, closed_for,
    )  # fmt: skip
    return bool(counted)


async def last_failure(connection: Connection, staff_number: str) -> tuple[datetime, datetime]:
    """The time of the last failure, and the time now; both the same where none is left."""
    row = await connection.fetchrow(
        "SELECT coalesce(last_failure, now) AS last, now FROM sign_in_find($1)", staff_number
    )
    assert row is not None
    return row["last"], row["now"]


async def clear_failures(connection: Connection, staff_number: str) -> None:
    """The count begins anew."""
    await connection.execute("DELETE FROM sign_in_failures WHERE staff_number = $1", staff_number)


async def open_session(connection: Connection, token: bytes, person: int, csrf: str, expires: datetime) -> None:
    """Keep a session; `token` is the token's SHA-256."""
    await connection.execute(
        "INSERT INTO sessions (token_hash, person_id, csrf, expires_at) VALUES ($1, $2, $3, $4)",
        token,
        person,
        csrf,
        expires,
    )


async def close_session(connection: Connection, token: bytes) -> None:
    """Forget a session."""
    await connection.execute("SELECT close_session($1)", token)


async def close_sessions_of(connection: Connection, person: int, but: bytes | None = None) -> None:
    """Forget all sessions of one of the organization's people, but the one whose token has this SHA-256."""
    await connection.execute("SELECT close_sessions_of($1, $2)", person, but)


async def authenticate(connection: Connection, token: bytes) -> Caller | None:
    """Who holds the session whose token has this SHA-256."""
    row = await connection.fetchrow("SELECT * FROM authenticate($1)", token)
    if row is None:
        return None
    roles: dict[int, set[str]] = {}
    for body, role in zip(row["body_ids"] or (), row["roles"] or (), strict=True):
        roles.setdefault(body, set()).add(role)
    return Caller(
        person=row["person_id"],
        organization=row["organization_id"],
        name=row["name"],
        administrator=row["administrator"],
        csrf=row["csrf"],
        roles={body: frozenset(held) for body, held in roles.items()},
    )


# The organization and its people.


async def read_organization(connection: Connection, organization: int) -> Organization | None:
    """The organization, where it is the transaction's own."""
    row = await connection.fetchrow("SELECT id, name FROM organizations WHERE id = $1", organization)
    return Organization(row["id"], row["name"]) if row else None


async def lock_organization(connection: Connection, organization: int) -> tuple[int, datetime] | None:
    """The organization's book and the time; acts in the organization take turns until the transaction ends.

    The program's role may change no column of `organizations`, hence lock no row: an advisory lock it is.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('yijue.organization', $1))", organization)
    row = await connection.fetchrow(
        "SELECT id, yijue_now() AS now FROM books WHERE organization_id = $1 AND body_id IS NULL", organization
    )
    return (row["id"], row["now"]) if row else None


_PERSON = "id, staff_number, name, post, administrator, active, can_sign_in"


async def people(connection: Connection) -> list[Person]:
    """The organization's people, by name (see `records.pinyin`), then staff number."""
    rows = await connection.fetch(f"SELECT {_PERSON} FROM people")
    found = [Person(**row) for row in rows]
    return sorted(found, key=lambda person: (pinyin(person.name), person.staff_number))


async def read_person(connection: Connection, person: int) -> Person | None:
    """One of the organization's people."""
    row = await connection.fetchrow(f"SELECT {_PERSON} FROM people WHERE id = $1", person)
    return Person(**row) if row else None


async def staff_number_taken(connection: Connection, staff_number: str) -> bool:
    """Whether a person of the transaction's organization has it; another's shows by the constraint alone."""
    return bool(await connection.fetchval("SELECT 1 FROM people WHERE staff_number = $1", staff_number))


async def create_person(
    connection: Connection,
    organization: int,
    staff_number: str,
    name: str,
    post: str,
    administrator: bool,
    password_hash: str | None,
) -> int:
    """Keep a person; give the id."""
    person: int = await connection.fetchval(
        "INSERT INTO people (organization_id, staff_number, name, post, administrator, password_hash)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        organization, staff_number, name, post, administrator, password_hash,
    )  # fmt: skip
    return person


async def change_person(connection: Connection, person: Person) -> None:
    """Write name, post, administrator and active."""
    await connection.execute(
        "UPDATE people SET name = $2, post = $3, administrator = $4, active = $5 WHERE id = $1",
        person.id, person.name, person.post, person.administrator, person.active,
    )  # fmt: skip


async def set_password(connection: Connection, person: int, password_hash: str) -> None:
    """Write the password's hash."""
    await connection.execute("UPDATE people SET password_hash = $2 WHERE id = $1", person, password_hash)


async def another_administrator(connection: Connection, person: int) -> bool:
    """Whether the organization has an active administrator besides this one."""
    return bool(
        await connection.fetchval("SELECT 1 FROM people WHERE administrator AND active AND id <> $1 LIMIT 1", person)
    )
