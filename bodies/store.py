"""The SQL of bodies, people and sign-in."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bodies.acting import Caller

if TYPE_CHECKING:
    from storage.store import Connection


async def find_for_sign_in(
    connection: Connection, staff_number: str
) -> tuple[int | None, str | None, int, datetime | None, datetime]:
    """Person, password hash, failures in a row, time of the last, time now."""
    row = await connection.fetchrow("SELECT * FROM sign_in_find($1)", staff_number)
    assert row is not None
    return row["person_id"], row["password_hash"], row["failures"], row["last_failure"], row["now"]


async def count_failure(connection: Connection, staff_number: str, now: datetime) -> None:
    """One failed sign-in more."""
    await connection.execute(
        "INSERT INTO sign_in_failures VALUES ($1, 1, $2) ON CONFLICT (staff_number)"
        " DO UPDATE SET failures = sign_in_failures.failures + 1, last_at = $2",
        staff_number,
        now,
    )


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
    await connection.execute("DELETE FROM sessions WHERE token_hash = $1", token)


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
