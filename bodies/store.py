"""The SQL of organizations, bodies, roles, kinship, matters and the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from acts.constraints import refused
from acts.rulebook import Rulebook
from bodies.charter import Charter
from bodies.kinds_of_body import charter_of
from bodies.kinship import Relations
from bodies.namesakes import Called, printed_names
from bodies.records import Body, BodyPerson, Kin, Matter, MatterLine, Relation, Seat
from identity.records import pinyin
from storage.ledger import Record, entry

if TYPE_CHECKING:
    from storage.store import Connection


# Bodies, roles and seats.


async def found_organization(
    connection: Connection,
    name: str,
    staff_number: str,
    administrator: str,
    password_hash: str,
    code: str | None = None,
) -> int:
    """Make an organization and its first administrator, as the owner; give the organization's id. Without a code it is
    given a random one.

    Raises RefusedError (input.invalid) where the name or the code is taken.
    """
    try:
        organization: int = await connection.fetchval(
            "SELECT organization_id FROM found_organization($1, $2, $3, $4, $5)",
            name, staff_number, administrator, password_hash, code,
        )  # fmt: skip
    except asyncpg.PostgresError as error:
        raise refused(error) or error from error
    return organization


async def bodies_with(connection: Connection, person: int) -> list[str]:
    """Names of the bodies in which the person holds a role."""
    rows = await connection.fetch(
        "SELECT DISTINCT b.name FROM grants g JOIN bodies b ON b.id = g.body_id WHERE g.person_id = $1"
        " AND held(g.ends_on)",
        person,
    )
    return sorted((row["name"] for row in rows), key=pinyin)


def _body(row: Any) -> Body:
    charter = charter_of(row["kind"], row["charter"])
    return Body(row["id"], row["name"], row["kind"], charter, own_rulebook(row["rulebook"]))


def own_rulebook(text: str | None) -> Rulebook | None:
    """Read a body's own rulebook as it is kept, None for none."""
    return None if text is None else msgspec.json.decode(text, type=Rulebook)


_BODY = "id, name, kind, charter::text AS charter, rulebook::text AS rulebook"


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
        "SELECT b.id, b.name, b.kind, b.charter::text AS charter, b.rulebook::text AS rulebook, k.id AS book,"
        " yijue_now() AS now"
        " FROM bodies b JOIN books k ON (k.subject_type, k.subject_id) = ('body', b.id) WHERE b.id = $1",
        body,
    )
    assert row is not None
    return _body(row), row["book"], row["now"]


async def create_body(connection: Connection, name: str, kind: str) -> int:
    """Keep a body of the administrator's organization; give the id. The transaction sees it from now on."""
    body: int = await connection.fetchval("SELECT create_body($1, $2)", name, kind)
    return body


async def rename_body(connection: Connection, body: int, name: str) -> None:
    """Write the body's name."""
    await connection.execute("UPDATE bodies SET name = $2 WHERE id = $1", body, name)


async def set_charter(connection: Connection, body: int, charter: Charter) -> None:
    """Write the body's charter."""
    text = msgspec.json.encode(charter).decode()
    await connection.execute("UPDATE bodies SET charter = $2::text::jsonb WHERE id = $1", body, text)


async def set_rulebook(connection: Connection, body: int, book: Rulebook) -> None:
    """Write the body's own rulebook."""
    text = msgspec.json.encode(book).decode()
    await connection.execute("UPDATE bodies SET rulebook = $2::text::jsonb WHERE id = $1", body, text)


_SEATED = (
    "EXISTS (SELECT 1 FROM grants m WHERE m.body_id = s.body_id AND m.person_id = s.person_id AND m.role = 'member'"
    " AND held(m.ends_on))"
)
"""Whether the seat `s` is that of a member today; one who has retired leaves it free."""


async def body_people(connection: Connection, body: int) -> list[BodyPerson]:
    """The people who hold a role in the body, by the names that lists and papers print: members by seat, then others
    by name."""
    rows = await connection.fetch(
        "SELECT p.id, p.name, p.staff_number, coalesce(nullif(s.post, ''), p.post) AS post, s.seat,"
        " coalesce(s.in_charge, '') AS in_charge, array_agg(g.role ORDER BY g.role) AS roles,"
        " array_agg(g.ends_on ORDER BY g.role) AS ends, s.deputy_id AS deputy"
        " FROM held_roles g JOIN people p ON p.id = g.person_id"
        f" LEFT JOIN seats s ON s.body_id = g.body_id AND s.person_id = g.person_id AND {_SEATED}"
        " WHERE g.body_id = $1 GROUP BY p.id, s.body_id, s.person_id",
        body,
    )
    names = printed_names(Called(row["id"], row["name"], row["post"], f"工号{row['staff_number']}") for row in rows)
    members = {row["id"] for row in rows if "member" in row["roles"]}
    found = [
        BodyPerson(
            **{each: row[each] for each in ("id", "post", "seat", "in_charge", "roles")},
            name=names[row["id"]],
            deputy=row["deputy"] if row["deputy"] in members else None,
            ends={role: ends for role, ends in zip(row["roles"], row["ends"], strict=True) if ends},
        )
        for row in rows
    ]
    return sorted(found, key=lambda person: (person.seat or 1000, pinyin(person.name), person.id))


async def formal_members(connection: Connection, body: int) -> list[int]:
    """The formal members as they stand now, by seat."""
    rows = await connection.fetch(
        "SELECT g.person_id FROM grants g LEFT JOIN seats s USING (body_id, person_id)"
        " WHERE g.body_id = $1 AND g.role = 'member' AND held(g.ends_on) ORDER BY s.seat NULLS LAST, g.person_id",
        body,
    )
    return [row["person_id"] for row in rows]


async def roles_of(connection: Connection, body: int, person: int) -> frozenset[str]:
    """The roles that one person holds in the body."""
    return frozenset(await ends_of(connection, body, person))


async def ends_of(connection: Connection, body: int, person: int) -> dict[str, date | None]:
    """The roles that one person holds in the body, each with the first day on which it is not held any more, None where
    no end is set."""
    rows = await connection.fetch(
        "SELECT role, ends_on FROM grants WHERE body_id = $1 AND person_id = $2 AND held(ends_on)", body, person
    )
    return {row["role"]: row["ends_on"] for row in rows}


async def holder_of(connection: Connection, body: int, role: str) -> str | None:
    """The name of one who holds the role, or None."""
    name: str | None = await connection.fetchval(
        "SELECT p.name FROM grants g JOIN people p ON p.id = g.person_id WHERE g.body_id = $1 AND g.role = $2"
        " AND held(g.ends_on) LIMIT 1",
        body, role,
    )  # fmt: skip
    return name


async def grant(
    connection: Connection, body: int, person: int, role: str, document: str | None, since: date | None
) -> None:
    """Give a role, without an end; an acting head's by a document of that date, null for others."""
    await connection.execute(
        "INSERT INTO grants (body_id, person_id, role, document, since) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (body_id, person_id, role)"
        " DO UPDATE SET ends_on = NULL, document = excluded.document, since = excluded.since",
        body, person, role, document, since,
    )  # fmt: skip


async def retire(connection: Connection, body: int, person: int, role: str, ends_on: date) -> None:
    """Let a role end on a day."""
    await connection.execute(
        "UPDATE grants SET ends_on = $4 WHERE body_id = $1 AND person_id = $2 AND role = $3",
        body, person, role, ends_on,
    )  # fmt: skip


async def revoke(connection: Connection, body: int, person: int, role: str) -> None:
    """Take a role away."""
    await connection.execute(
        "DELETE FROM grants WHERE body_id = $1 AND person_id = $2 AND role = $3", body, person, role
    )


async def entrust(connection: Connection, body: int, person: int, by: int) -> None:
    """Entrust a member with signing minutes, in place of anybody entrusted before."""
    await connection.execute(
        "INSERT INTO entrustments (body_id, person_id, by_id) VALUES ($1, $2, $3)"
        " ON CONFLICT (body_id) DO UPDATE SET person_id = excluded.person_id, by_id = excluded.by_id",
        body, person, by,
    )  # fmt: skip


async def take_back_signing(connection: Connection, body: int) -> int | None:
    """Take the entrustment with signing back; give the person who had it, None where nobody had."""
    person: int | None = await connection.fetchval(
        "DELETE FROM entrustments WHERE body_id = $1 RETURNING person_id", body
    )
    return person


async def seats(connection: Connection, body: int) -> dict[int, Seat]:
    """Every member's seat, by person."""
    rows = await connection.fetch(
        f"SELECT s.person_id, s.seat, s.post, s.in_charge FROM seats s WHERE s.body_id = $1 AND {_SEATED}", body
    )
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
    """Seat a member, or seat them elsewhere; a seat that a former member left is free."""
    await connection.execute(
        f"DELETE FROM seats s WHERE s.body_id = $1 AND s.seat = $2 AND s.person_id <> $3 AND NOT {_SEATED}",
        body, seat, person,
    )  # fmt: skip
    await connection.execute(
        "INSERT INTO seats (body_id, person_id, seat, post, in_charge) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (body_id, person_id) DO UPDATE SET seat = $3, post = $4, in_charge = $5",
        body, person, seat, post, in_charge,
    )  # fmt: skip


async def deputies(connection: Connection, body: int) -> dict[int, int]:
    """The deputy (B角) of each member who has one."""
    rows = await connection.fetch(
        "SELECT person_id, deputy_id FROM seats WHERE body_id = $1 AND deputy_id IS NOT NULL", body
    )
    return {row["person_id"]: row["deputy_id"] for row in rows}


async def set_deputy(connection: Connection, body: int, person: int, deputy: int | None) -> None:
    """Write a member's deputy, None for nobody."""
    await connection.execute(
        "UPDATE seats SET deputy_id = $3 WHERE body_id = $1 AND person_id = $2", body, person, deputy
    )


async def remove_seat(connection: Connection, body: int, person: int) -> None:
    """Free the seat."""
    await connection.execute("DELETE FROM seats WHERE body_id = $1 AND person_id = $2", body, person)


# Kinship.


async def kin(connection: Connection, body: int) -> list[Kin]:
    """The people in the body's record of kinship, by name."""
    rows = await connection.fetch("SELECT id, name, person_id AS person FROM kin WHERE body_id = $1", body)
    return sorted((Kin(**row) for row in rows), key=lambda each: (pinyin(each.name), each.id))


async def read_kin(connection: Connection, body: int, kin_id: int) -> Kin | None:
    """One person in the body's record of kinship, or None."""
    row = await connection.fetchrow(
        "SELECT id, name, person_id AS person FROM kin WHERE body_id = $1 AND id = $2", body, kin_id
    )
    return Kin(**row) if row else None


async def kin_named(connection: Connection, body: int, name: str) -> list[Kin]:
    """The people of exactly this name in the record, by id."""
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
    """Make this kin that person's."""
    await connection.execute("UPDATE kin SET person_id = $2 WHERE id = $1", kin_id, person)


async def rename_kin(connection: Connection, person: int, name: str) -> None:
    """Write a person's new name, in every body that the transaction sees."""
    await connection.execute("UPDATE kin SET name = $2 WHERE person_id = $1", person, name)


async def relations(connection: Connection, body: int) -> list[Relation]:
    """Every relation on the body's record, oldest first."""
    rows = await connection.fetch("SELECT id, type, a, b FROM kinships WHERE body_id = $1 ORDER BY id", body)
    return [Relation(**row) for row in rows]


async def read_kinship(connection: Connection, body: int) -> tuple[Relations[int], dict[int, int], dict[int, str]]:
    """The relations between a body's kin, kin by person, and the kin's names."""
    relations = await connection.fetch("SELECT type, a, b FROM kinships WHERE body_id = $1", body)
    rows = await connection.fetch("SELECT id, person_id, name FROM kin WHERE body_id = $1", body)
    return (
        Relations((row["type"], row["a"], row["b"]) for row in relations),
        {row["person_id"]: row["id"] for row in rows if row["person_id"] is not None},
        {row["id"]: row["name"] for row in rows},
    )


async def read_relation(connection: Connection, body: int, relation: int) -> Relation | None:
    """One relation on the body's record, or None."""
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


async def read_matter(connection: Connection, body: int, matter: int) -> Matter | None:
    """One line of the body's catalogue, or None."""
    row = await connection.fetchrow(
        "SELECT id, year, code, title, category, note FROM matters WHERE body_id = $1 AND id = $2", body, matter
    )
    return Matter(**row) if row else None


async def remove_matter(connection: Connection, matter: int) -> None:
    """Take a line out of the catalogue; that it stood there stays in the ledger."""
    await connection.execute("DELETE FROM matters WHERE id = $1", matter)


async def calendar_years(connection: Connection, years: Iterable[int]) -> dict[int, tuple[list[date], list[date]]]:
    """Holidays and workdays of the years among these that the organization's administrator entered, by year."""
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


async def bodies_unobserved(connection: Connection) -> list[str]:
    """Names of the bodies that have members and no observer, as the owner sees them all."""
    rows = await connection.fetch(
        "SELECT name FROM bodies b WHERE EXISTS (SELECT 1 FROM grants WHERE body_id = b.id AND role = 'member')"
        " AND NOT EXISTS (SELECT 1 FROM grants WHERE body_id = b.id AND role = 'observer')"
    )
    return sorted((row["name"] for row in rows), key=pinyin)


async def body_names(connection: Connection) -> dict[int, str]:
    """The names of the bodies that the connection sees (the owner's sees all), by id."""
    return {row["id"]: row["name"] for row in await connection.fetch("SELECT id, name FROM bodies")}


async def organizations_without_year(connection: Connection, year: int) -> list[str]:
    """Names of the organizations that did not enter the year, as the owner sees them all."""
    rows = await connection.fetch(
        "SELECT name FROM organizations o WHERE NOT EXISTS"
        " (SELECT 1 FROM calendar_years WHERE organization_id = o.id AND year = $1)",
        year,
    )
    return sorted((row["name"] for row in rows), key=pinyin)


async def organizations_without_second_factor(connection: Connection) -> list[str]:
    """Names of the organizations that demand no second factor, as the owner sees them all."""
    rows = await connection.fetch("SELECT name FROM organizations WHERE NOT second_factor")
    return sorted((row["name"] for row in rows), key=pinyin)


# The audit.


async def every_kin_name(connection: Connection) -> dict[int, str]:
    """Returns the names of the kin of all bodies that the transaction's person sees, by kin id."""
    return {row["id"]: row["name"] for row in await connection.fetch("SELECT id, name FROM kin")}


_AUDITED = (
    "SELECT l.record, l.hash FROM books b CROSS JOIN LATERAL ("
    "SELECT l.seq, l.at, l.record, l.hash FROM ledger l WHERE l.book_id = b.id"
    " AND ($1::text[] IS NULL OR l.kind = ANY ($1)) AND l.kind <> ALL ($2::text[])"
    " AND ($3::bigint IS NULL OR l.actor_id = $3 OR l.kind = 'access.failed'"
    " AND convert_from(l.record, 'UTF8')::jsonb #>> '{content,person}' = $3::text)"
    " AND ($4::timestamptz IS NULL OR l.at >= $4) AND ($5::timestamptz IS NULL OR l.at < $5)"
    " ORDER BY l.seq DESC LIMIT $6::bigint + $7::bigint) l"
    " WHERE b.subject_type IN ('organization', 'access', 'body')"
    " ORDER BY l.at DESC, b.id DESC, l.seq DESC OFFSET $6::bigint LIMIT $7::bigint"
)


async def audited(connection: Connection, asked: tuple[Any, ...], offset: int, limit: int) -> list[Record]:
    """Returns records of the organization's, the bodies' and the access's books; `asked` holds the kinds that count
    (None for all), those that do not, the person, since, until, and whether the oldest come first."""
    statement = _AUDITED.replace(" DESC", " ASC") if asked[5] else _AUDITED
    rows = await connection.fetch(statement, *asked[:5], offset, limit)
    return [entry(row["record"], row["hash"]).record for row in rows]
