"""The SQL of bodies, people and sign-in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from bodies.acting import Caller
from bodies.charter import Charter
from bodies.records import Body, BodyPerson, Kin, Matter, MatterLine, Organization, Person, Relation, Seat, pinyin
from storage.constraints import refused

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


async def found_organization(
    connection: Connection, name: str, staff_number: str, administrator: str, password_hash: str
) -> int:
    """Make an organization and its first administrator, as the owner; give the organization's id.

    Raises RefusedError (input.invalid) where the name or the staff number is taken.
    """
    try:
        organization: int = await connection.fetchval(
            "SELECT organization_id FROM found_organization($1, $2, $3, $4)",
            name, staff_number, administrator, password_hash,
        )  # fmt: skip
    except asyncpg.PostgresError as error:
        raise refused(error) or error from error
    return organization


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


async def bodies_with(connection: Connection, person: int) -> list[str]:
    """Names of the bodies in which the person holds a role."""
    rows = await connection.fetch(
        "SELECT DISTINCT b.name FROM grants g JOIN bodies b ON b.id = g.body_id WHERE g.person_id = $1", person
    )
    return sorted((row["name"] for row in rows), key=pinyin)


# Bodies, roles and seats.


def _body(row: Any) -> Body:
    return Body(row["id"], row["name"], row["kind"], msgspec.json.decode(row["charter"], type=Charter))


_BODY = "id, name, kind, charter::text AS charter"


async def bodies(connection: Connection) -> list[Body]:
    """The bodies that the transaction sees, by name."""
    found = [_body(row) for row in await connection.fetch(f"SELECT {_BODY} FROM bodies")]
    return sorted(found, key=lambda body: (pinyin(body.name), body.id))


async def read_body(connection: Connection, body: int) -> Body | None:
    """One body as it stands, without a lock."""
    row = await connection.fetchrow(f"SELECT {_BODY} FROM bodies WHERE id = $1", body)
    return _body(row) if row else None


async def lock_body(connection: Connection, body: int) -> tuple[Body, int, datetime] | None:
    """The body, its own book and the time, the body's row locked; None where it is not to be seen."""
    # Locked by itself first: a row read in the same statement could be older than the lock.
    if not await connection.fetchval("SELECT 1 FROM bodies WHERE id = $1 FOR NO KEY UPDATE", body):
        return None
    row = await connection.fetchrow(
        "SELECT b.id, b.name, b.kind, b.charter::text AS charter, k.id AS book, yijue_now() AS now"
        " FROM bodies b JOIN books k ON k.body_id = b.id AND k.meeting_id IS NULL WHERE b.id = $1",
        body,
    )
    assert row is not None
    return _body(row), row["book"], row["now"]


async def create_body(connection: Connection, organization: int, name: str, kind: str) -> int:
    """Keep a body; give the id. The transaction sees it from now on."""
    body: int = await connection.fetchval("SELECT nextval('bodies_id_seq')")
    # Row security shows only the bodies that the transaction named: this one is named before it is there.
    await connection.fetchval("SELECT set_config('yijue.bodies', (visible_bodies() || $1::bigint)::text, true)", body)
    await connection.execute(
        "INSERT INTO bodies (id, organization_id, name, kind) VALUES ($1, $2, $3, $4)", body, organization, name, kind
    )
    return body


async def change_body(connection: Connection, body: int, kind: str) -> None:
    """Write the body's kind."""
    await connection.execute("UPDATE bodies SET kind = $2 WHERE id = $1", body, kind)


async def set_charter(connection: Connection, body: int, charter: Charter) -> None:
    """Write the body's charter."""
    text = msgspec.json.encode(charter).decode()
    await connection.execute("UPDATE bodies SET charter = $2::text::jsonb WHERE id = $1", body, text)


async def body_people(connection: Connection, body: int) -> list[BodyPerson]:
    """Who holds a role in the body: members by seat, then the others by name."""
    rows = await connection.fetch(
        "SELECT p.id, p.name, coalesce(nullif(s.post, ''), p.post) AS post, s.seat,"
        " coalesce(s.in_charge, '') AS in_charge, array_agg(g.role ORDER BY g.role) AS roles"
        " FROM grants g JOIN people p ON p.id = g.person_id"
        " LEFT JOIN seats s ON s.body_id = g.body_id AND s.person_id = g.person_id"
        " WHERE g.body_id = $1 GROUP BY p.id, s.body_id, s.person_id",
        body,
    )
    found = [BodyPerson(**row) for row in rows]
    return sorted(found, key=lambda person: (person.seat or 1000, pinyin(person.name), person.id))


async def formal_members(connection: Connection, body: int) -> list[int]:
    """The formal members as they stand now, by seat."""
    rows = await connection.fetch(
        "SELECT g.person_id FROM grants g LEFT JOIN seats s USING (body_id, person_id)"
        " WHERE g.body_id = $1 AND g.role = 'member' ORDER BY s.seat NULLS LAST, g.person_id",
        body,
    )
    return [row["person_id"] for row in rows]


async def roles_of(connection: Connection, body: int, person: int) -> frozenset[str]:
    """The roles that one person holds in the body."""
    rows = await connection.fetch("SELECT role FROM grants WHERE body_id = $1 AND person_id = $2", body, person)
    return frozenset(row["role"] for row in rows)


async def holder_of(connection: Connection, body: int, role: str) -> str | None:
    """The name of one who holds the role."""
    name: str | None = await connection.fetchval(
        "SELECT p.name FROM grants g JOIN people p ON p.id = g.person_id WHERE g.body_id = $1 AND g.role = $2 LIMIT 1",
        body, role,
    )  # fmt: skip
    return name


async def grant(connection: Connection, body: int, person: int, role: str) -> None:
    """Give a role."""
    await connection.execute("INSERT INTO grants (body_id, person_id, role) VALUES ($1, $2, $3)", body, person, role)


async def revoke(connection: Connection, body: int, person: int, role: str) -> None:
    """Take a role away."""
    await connection.execute(
        "DELETE FROM grants WHERE body_id = $1 AND person_id = $2 AND role = $3", body, person, role
    )


async def seats(connection: Connection, body: int) -> dict[int, Seat]:
    """Every member's seat, by person."""
    rows = await connection.fetch("SELECT person_id, seat, post, in_charge FROM seats WHERE body_id = $1", body)
    return {row["person_id"]: Seat(row["seat"], row["post"], row["in_charge"]) for row in rows}


async def seat_of(connection: Connection, body: int, person: int) -> int | None:
    """The seat of a member."""
    seat: int | None = await connection.fetchval(
        "SELECT seat FROM seats WHERE body_id = $1 AND person_id = $2", body, person
    )
    return seat


async def next_seat(connection: Connection, body: int) -> int | None:
    """The seat after the last; where that is 999, the first free one; None when all are taken."""
    seat: int | None = await connection.fetchval(
        "SELECT n FROM generate_series(1, 999) n WHERE NOT EXISTS"
        " (SELECT 1 FROM seats WHERE body_id = $1 AND seat = n)"
        " ORDER BY n <= (SELECT coalesce(max(seat), 0) FROM seats WHERE body_id = $1), n LIMIT 1",
        body,
    )
    return seat


async def set_seat(connection: Connection, body: int, person: int, seat: int, post: str, in_charge: str) -> None:
    """Seat a member, or seat them elsewhere."""
    await connection.execute(
        "INSERT INTO seats (body_id, person_id, seat, post, in_charge) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (body_id, person_id) DO UPDATE SET seat = $3, post = $4, in_charge = $5",
        body, person, seat, post, in_charge,
    )  # fmt: skip


async def remove_seat(connection: Connection, body: int, person: int) -> None:
    """Free the seat."""
    await connection.execute("DELETE FROM seats WHERE body_id = $1 AND person_id = $2", body, person)


# Kinship.


async def kin(connection: Connection, body: int) -> list[Kin]:
    """Everybody whom the body's record of kinship knows, by name."""
    rows = await connection.fetch("SELECT id, name, person_id AS person FROM kin WHERE body_id = $1", body)
    return sorted((Kin(**row) for row in rows), key=lambda each: (pinyin(each.name), each.id))


async def read_kin(connection: Connection, body: int, kin_id: int) -> Kin | None:
    """One of them."""
    row = await connection.fetchrow(
        "SELECT id, name, person_id AS person FROM kin WHERE body_id = $1 AND id = $2", body, kin_id
    )
    return Kin(**row) if row else None


async def kin_named(connection: Connection, body: int, name: str) -> list[Kin]:
    """Those of exactly this name."""
    rows = await connection.fetch(
        "SELECT id, name, person_id AS person FROM kin WHERE body_id = $1 AND name = $2 ORDER BY id", body, name
    )
    return [Kin(**row) for row in rows]


async def kin_of_person(connection: Connection, body: int, person: int) -> int | None:
    """The kin id of one of the organization's people."""
    kin_id: int | None = await connection.fetchval(
        "SELECT id FROM kin WHERE body_id = $1 AND person_id = $2", body, person
    )
    return kin_id


async def create_kin(connection: Connection, body: int, name: str, person: int | None) -> int:
    """Keep a name; give its id."""
    kin_id: int = await connection.fetchval(
        "INSERT INTO kin (body_id, name, person_id) VALUES ($1, $2, $3) RETURNING id", body, name, person
    )
    return kin_id


async def bind_kin(connection: Connection, kin_id: int, person: int) -> None:
    """Say that this kin is that person."""
    await connection.execute("UPDATE kin SET person_id = $2 WHERE id = $1", kin_id, person)


async def rename_kin(connection: Connection, person: int, name: str) -> None:
    """A person's new name, in every body that the transaction sees."""
    await connection.execute("UPDATE kin SET name = $2 WHERE person_id = $1", person, name)


async def relations(connection: Connection, body: int) -> list[Relation]:
    """Every relation on the body's record, oldest first."""
    rows = await connection.fetch("SELECT id, type, a, b FROM kinships WHERE body_id = $1 ORDER BY id", body)
    return [Relation(**row) for row in rows]


async def read_relation(connection: Connection, body: int, relation: int) -> Relation | None:
    """One of them."""
    row = await connection.fetchrow(
        "SELECT id, type, a, b FROM kinships WHERE body_id = $1 AND id = $2", body, relation
    )
    return Relation(**row) if row else None


async def create_relation(connection: Connection, body: int, type_: str, a: int, b: int) -> int:
    """Keep a relation; give its id."""
    relation: int = await connection.fetchval(
        "INSERT INTO kinships (body_id, type, a, b) VALUES ($1, $2, $3, $4) RETURNING id", body, type_, a, b
    )
    return relation


async def related_directly(connection: Connection, body: int, type_: str, a: int, b: int) -> bool:
    """Whether the relation is on record, in this order."""
    return bool(
        await connection.fetchval(
            "SELECT 1 FROM kinships WHERE body_id = $1 AND type = $2 AND a = $3 AND b = $4", body, type_, a, b
        )
    )


async def remove_relation(connection: Connection, relation: int) -> None:
    """Take a relation off the record; that it stood there stays in the ledger."""
    await connection.execute("DELETE FROM kinships WHERE id = $1", relation)


# Matters and the calendar.


async def matters(connection: Connection, body: int, year: int | None = None) -> list[Matter]:
    """The body's catalogue of a year, or of all years, by year and code."""
    rows = await connection.fetch(
        "SELECT id, year, code, title, category, note FROM matters"
        " WHERE body_id = $1 AND ($2::integer IS NULL OR year = $2) ORDER BY year, code COLLATE \"C\"",
        body, year,
    )  # fmt: skip
    return [Matter(**row) for row in rows]


async def set_matters(connection: Connection, body: int, lines: Iterable[MatterLine]) -> None:
    """Write lines of the catalogue, new or changed."""
    await connection.executemany(
        "INSERT INTO matters (body_id, year, code, title, category, note) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT ON CONSTRAINT matters_code DO UPDATE SET title = $4, category = $5, note = $6",
        [(body, line.year, line.code, line.title, line.category, line.note) for line in lines],
    )


async def calendar_years(connection: Connection, years: Iterable[int]) -> dict[int, tuple[list[date], list[date]]]:
    """Holidays and workdays of those of the years that the organization's administrator entered."""
    rows = await connection.fetch(
        "SELECT year, holidays, workdays FROM calendar_years WHERE year = ANY ($1)", list(years)
    )
    return {row["year"]: (row["holidays"], row["workdays"]) for row in rows}


async def set_calendar_year(
    connection: Connection, organization: int, year: int, holidays: list[date], workdays: list[date]
) -> None:
    """Write a year's days, in place of any entered before."""
    await connection.execute(
        "INSERT INTO calendar_years (organization_id, year, holidays, workdays) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (organization_id, year) DO UPDATE SET holidays = $3, workdays = $4",
        organization, year, holidays, workdays,
    )  # fmt: skip


async def organizations_without_year(connection: Connection, year: int) -> list[str]:
    """Names of the organizations that did not enter the year, as the owner sees them all."""
    rows = await connection.fetch(
        "SELECT name FROM organizations o WHERE NOT EXISTS"
        " (SELECT 1 FROM calendar_years WHERE organization_id = o.id AND year = $1)",
        year,
    )
    return sorted((row["name"] for row in rows), key=pinyin)
