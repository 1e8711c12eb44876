"""The SQL of people, sign-in and sessions."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from acts.acting import Caller
from identity.records import Ending, OpenSession, Organization, Person, pinyin
from storage.store import append, book_of

if TYPE_CHECKING:
    from storage.store import Connection


# Sign-in.


async def is_known_device(connection: Connection, organization: str | None, staff_number: str, device: bytes) -> bool:
    """Whether the owner of this number signed in on the device of this secret before."""
    return bool(await connection.fetchval("SELECT device_known($1, $2, $3)", organization, staff_number, device))


async def start_sign_in(
    connection: Connection, organization: str | None, staff_number: str, device: bytes, address: str
) -> tuple[UUID, str] | timedelta:
    """Count a failure of this device or address ahead; give a ticket and argon2's parameters (a kept hash without its
    last part), or the time to wait where too many have failed. `organization` is a code or a name, None for the only
    one."""
    row = await connection.fetchrow(
        "SELECT ticket, parameters, closed FROM sign_in_start($1, $2, $3, $4)",
        organization, staff_number, device, address,
    )  # fmt: skip
    assert row is not None
    return row["closed"] if row["ticket"] is None else (row["ticket"], row["parameters"])


async def guess(connection: Connection, ticket: UUID, hashed: str) -> None:
    """Write the guess down; it is looked at in a later transaction."""
    await connection.execute("SELECT sign_in_guess($1, $2)", ticket, hashed)


async def finish_sign_in(
    connection: Connection, ticket: UUID, secret: bytes, csrf: str, lasts: timedelta, device: bytes, browser: str
) -> bool:
    """Open the session that has this secret, where the ticket's guess is right; the device is known from then on."""
    kept = hashlib.sha256(secret).digest()
    return bool(
        await connection.fetchval(
            "SELECT sign_in_finish($1, $2, $3, $4, $5, $6)", ticket, kept, csrf, lasts, device, browser
        )
    )


async def open_session(
    owner: Connection, organization: str | None, staff_number: str, secret: bytes, csrf: str, lasts: timedelta
) -> bool:
    """Open a session without a password, as the owner; False where no account of this number is in use there."""
    done = await owner.execute(
        "INSERT INTO sessions (secret_hash, person_id, csrf, expires_at)"
        " SELECT $3, id, $4, yijue_now() + $5 FROM people"
        " WHERE organization_id = organization_called($1) AND staff_number = $2 AND active",
        organization, staff_number, hashlib.sha256(secret).digest(), csrf, lasts,
    )  # fmt: skip
    return done == "INSERT 0 1"


async def open_session_by_provider(
    owner: Connection,
    organization: str | None,
    staff_number: str,
    secret: bytes,
    csrf: str,
    lasts: timedelta,
    address: str,
    browser: str,
) -> bool:
    """Open a session of one whom a provider signed in, on record, as the owner; False where no account of this number
    is in use there. A second factor is asked for as after a password; the password, being unused, is not due."""
    async with owner.transaction():
        done = await owner.execute(
            "INSERT INTO sessions (secret_hash, person_id, csrf, due, browser, expires_at)"
            " SELECT $3, p.id, $4, array_remove(due_of(p), 'password'), $6, yijue_now() + $5 FROM people p"
            " WHERE organization_id = organization_called($1) AND staff_number = $2 AND active",
            organization, staff_number, hashlib.sha256(secret).digest(), csrf, lasts, browser,
        )  # fmt: skip
        await owner.execute(
            "SELECT note_access(p.organization_id, p.id, 'access.signed_in',"
            " format('{\"address\":%s,\"way\":\"provider\"}', to_json(left($2, 100))))"
            " FROM sessions s JOIN people p ON p.id = s.person_id WHERE s.secret_hash = $1",
            hashlib.sha256(secret).digest(), address,
        )  # fmt: skip
    return done == "INSERT 0 1"


async def close_session(connection: Connection, secret: bytes) -> None:
    """Forget a session."""
    await connection.execute("SELECT close_session($1)", secret)


async def start_code(connection: Connection, secret: bytes) -> UUID | timedelta:
    """Count a failure of the session's person ahead; give a ticket, or the time to wait where too many have failed."""
    row = await connection.fetchrow("SELECT ticket, closed FROM code_start($1)", secret)
    assert row is not None
    found: UUID | timedelta = row["ticket"] or row["closed"]
    return found


async def finish_code(connection: Connection, ticket: UUID, secret: bytes) -> bool:
    """Whether the ticket's code is right; the session then awaits none any more."""
    return bool(await connection.fetchval("SELECT code_finish($1, $2)", ticket, secret))


async def begin_second_factor(connection: Connection) -> bytes:
    """Make the transaction's person a secret, and give it."""
    secret: bytes = await connection.fetchval("SELECT second_factor_begin()")
    return secret


async def confirm_second_factor(connection: Connection, ticket: UUID, recovery: list[bytes]) -> bool:
    """Keep the second factor of the transaction's person with the hashes of recovery codes, where the ticket's code is
    right."""
    return bool(await connection.fetchval("SELECT second_factor_confirm($1, $2)", ticket, recovery))


async def reset_second_factor(connection: Connection, person: int) -> bool:
    """Take a person's second factor away, in the administrator's transaction; False where there is none."""
    return bool(await connection.fetchval("SELECT second_factor_reset($1)", person))


async def demand_second_factor(connection: Connection, demanded: bool) -> None:
    """Demand a second factor in the organization of the transaction's administrator, or no longer."""
    await connection.execute("SELECT demand_second_factor($1)", demanded)


async def own_sessions(connection: Connection, secret: bytes) -> list[OpenSession]:
    """The open sessions of the transaction's person: the one that asks, then the one used last."""
    rows = await connection.fetch("SELECT session, browser, since, used, here FROM own_sessions($1)", secret)
    return [OpenSession(**row) for row in rows]


async def close_own_sessions(connection: Connection, secret: bytes, session: int | None, device: bytes) -> int:
    """End the session of this number of the transaction's person, None: all but the one that has this secret, and this
    device alone stays known; give how many ended."""
    ended: int = await connection.fetchval("SELECT close_own_sessions($1, $2, $3)", secret, session, device)
    return ended


async def purge(connection: Connection) -> None:
    """Delete sessions, failures, guesses and devices that have expired."""
    await connection.execute("SELECT sign_in_purge()")


async def close_sessions_of(connection: Connection, person: int) -> None:
    """Forget all sessions of one of the organization's people; the transaction is the administrator's."""
    await connection.execute("SELECT close_sessions_of($1)", person)


async def authenticate(connection: Connection, secret: bytes) -> Caller | None:
    """The person whose session has this secret, or None."""
    row = await connection.fetchrow("SELECT * FROM authenticate($1)", [secret])
    return None if row is None else caller_of(row, secret)


def caller_of(row: Any, secret: bytes) -> Caller:
    """The caller as `authenticate` gives them."""
    roles: dict[int, set[str]] = {}
    for body, role in zip(row["body_ids"] or (), row["roles"] or (), strict=True):
        roles.setdefault(body, set()).add(role)
    return Caller(
        person=row["person_id"],
        organization=row["organization_id"],
        name=row["name"],
        administrator=row["administrator"],
        csrf=row["csrf"],
        due=tuple(row["due"]),
        auditor=row["auditor"],
        security=row["security"],
        roles={body: frozenset(held) for body, held in roles.items()},
        secret=secret,
    )


async def sign_in_page(connection: Connection, organization: str | None) -> tuple[str, list[str]] | None:
    """The name of the organization of this code or name (None: of the only one) and up to three of its administrators,
    or None; asked before anybody signs in."""
    row = await connection.fetchrow("SELECT organization, administrators FROM sign_in_page($1)", organization)
    return (row["organization"], row["administrators"]) if row else None


async def ending_of(connection: Connection, secret: bytes) -> Ending | None:
    """Why the session of this secret has ended; None where it is open, or not known."""
    why: Ending | None = await connection.fetchval("SELECT ending_of($1)", secret)
    return why


# The organization and its people.


async def read_organization(connection: Connection, organization: int) -> Organization | None:
    """The organization, where it is the transaction's own."""
    row = await connection.fetchrow(
        "SELECT id, name, code, second_factor, duties_apart FROM organizations WHERE id = $1", organization
    )
    return Organization(**row) if row else None


async def organization_named(owner: Connection, organization: str | None) -> list[tuple[int, str]]:
    """(id, name) of the organizations of this code or name, of all for None, as the owner sees them."""
    rows = await owner.fetch(
        "SELECT id, name FROM organizations WHERE $1::text IS NULL OR $1 IN (name, code) ORDER BY id", organization
    )
    return [(row["id"], row["name"]) for row in rows]


async def give_password(owner: Connection, organization: int, staff_number: str, hashed: str) -> bool:
    """Give an administrator without one a password, as the owner and on record; False where there is no such
    administrator."""
    person = await owner.fetchval(
        "UPDATE people SET password_hash = $3, password_given = true WHERE organization_id = $1 AND staff_number = $2"
        " AND administrator AND active RETURNING id",
        organization, staff_number, hashed,
    )  # fmt: skip
    book = await book_of(owner, ("organization", organization))
    if person is None or book is None:
        return False
    await append(owner, book, None, "password.changed", {"person": person}, None)
    return True


async def organization_names(owner: Connection) -> list[str]:
    """The names of all organizations, as the owner sees them."""
    return [row["name"] for row in await owner.fetch("SELECT name FROM organizations ORDER BY id")]


async def set_organization_code(connection: Connection, code: str) -> None:
    """Give the organization of the transaction's administrator another code."""
    await connection.execute("SELECT set_organization_code($1)", code)


async def lock_organization(connection: Connection, organization: int) -> tuple[int, datetime] | None:
    """The organization's book and the time; acts in the organization take turns until the transaction ends.

    The program's role may change no column of `organizations`, hence lock no row, so the lock is advisory.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('yijue.organization', $1))", organization)
    row = await connection.fetchrow(
        "SELECT id, yijue_now() AS now FROM books WHERE (subject_type, subject_id) = ('organization', $1)", organization
    )
    return (row["id"], row["now"]) if row else None


_PERSON = (
    "id, staff_number, name, post, administrator, security, auditor, active, can_sign_in, password_given, second_factor"
)


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
    auditor: bool,
    security: bool,
) -> int:
    """Keep a person; give the id."""
    person: int = await connection.fetchval(
        "INSERT INTO people (organization_id, staff_number, name, post, administrator, auditor, security)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        organization, staff_number, name, post, administrator, auditor, security,
    )  # fmt: skip
    return person


async def change_person(connection: Connection, person: Person) -> None:
    """Write name, post, duties and active."""
    await connection.execute(
        "UPDATE people SET name = $2, post = $3, administrator = $4, active = $5, auditor = $6, security = $7"
        " WHERE id = $1",
        person.id, person.name, person.post, person.administrator, person.active, person.auditor, person.security,
    )  # fmt: skip


async def set_password(connection: Connection, person: int, password_hash: str) -> None:
    """Set another's password, in the administrator's transaction: they are signed out everywhere, and may try again."""
    await connection.execute("SELECT set_password_of($1, $2)", person, password_hash)


async def change_own_password(
    connection: Connection, ticket: UUID, password_hash: str, secret: bytes, device: bytes
) -> bool:
    """Set the password of the transaction's person, where the ticket's guess at the old one is right; their sessions
    end but the one that has this secret, and this device alone stays known."""
    return bool(
        await connection.fetchval("SELECT change_own_password($1, $2, $3, $4)", ticket, password_hash, secret, device)
    )


async def set_duties_apart(connection: Connection, apart: bool) -> None:
    """Hold the duties of the transaction's organization apart, or no longer."""
    await connection.execute("SELECT set_duties_apart($1)", apart)


async def flush_missed(connection: Connection) -> None:
    """Put on record the failed sign-ins of the organization that were counted for a minute."""
    await connection.execute("SELECT flush_missed()")


async def another_administrator(connection: Connection, person: int) -> bool:
    """Whether the organization has an active administrator besides this one."""
    return bool(
        await connection.fetchval("SELECT 1 FROM people WHERE administrator AND active AND id <> $1 LIMIT 1", person)
    )
