"""The SQL of the agenda."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from msgspec import Struct

from agenda.records import (
    AgendaStage,
    Carried,
    Item,
    ItemState,
    Meeting,
    Paper,
    PaperStage,
)
from bodies.kinds_of_body import charter_of
from bodies.namesakes import Called, printed_names
from bodies.store import own_rulebook
from storage.ledger import Answered, Record, entry, read_record
from storage.store import book_of
from storage.store import entries as ledger_entries

if TYPE_CHECKING:
    from storage.store import Connection

_MEETING = (
    "m.id, m.body_id, m.title, m.starts_at, m.place, m.state, m.presiding_id, m.acting_id, m.secretary_id, m.agenda,"
    " m.hall_secret, m.year, m.ordinal, m.formal_members, m.called_at, m.adjourned_at,"
    " b.kind, coalesce(m.charter, b.charter)::text AS charter,"
    " CASE WHEN m.charter IS NULL THEN b.rulebook::text END AS rulebook"
)


def meeting_of(row: Any) -> Meeting:
    """The meeting as a row of `enter_meeting` and its like has it."""
    values = dict(row)
    values["charter"] = charter_of(values["kind"], values["charter"])
    values["rulebook"] = own_rulebook(values["rulebook"])
    return Meeting(**{name: values[name] for name in Meeting.__struct_fields__})


class Entered(Struct, frozen=True):
    """The values that an act begins with: the meeting, its row locked, its book, the time, the record that a command of
    the actor's with this key wrote before, and the meeting's records that are new to the caller."""

    meeting: Meeting
    book: int
    now: datetime
    before: Answered | None
    since: list[Record]


async def enter_meeting(
    connection: Connection, meeting_id: int, actor: int, key: UUID | None, after: int
) -> Entered | None:
    """Lock the meeting's row and read what an act begins with, `since` with seq > `after`. Returns None where the
    meeting may not be seen."""
    row = await connection.fetchrow(
        "SELECT (e.meeting).*, e.kind, e.rulebook, e.book, e.now, e.record, e.hash, e.command, e.since"
        " FROM enter_meeting($1, $2, $3, $4) AS e",
        meeting_id, actor, key, after,
    )  # fmt: skip
    if row is None or row["id"] is None:
        return None
    before = Answered(entry(row["record"], row["hash"]), row["command"] or b"") if row["record"] else None
    return Entered(meeting_of(row), row["book"], row["now"], before, [read_record(raw) for raw in row["since"]])


async def records_since(connection: Connection, meeting_id: int, after: int) -> list[Record]:
    """Returns the meeting's records with seq > `after`, without a lock."""
    return [each.record for each in await ledger_entries(connection, ("meeting", meeting_id), after)]


async def read_meeting(connection: Connection, meeting_id: int) -> Meeting | None:
    """Returns the meeting as it stands, without a lock; None where it may not be seen."""
    row = await connection.fetchrow(
        f"SELECT {_MEETING} FROM meetings m JOIN bodies b ON b.id = m.body_id WHERE m.id = $1", meeting_id
    )
    return meeting_of(row) if row else None


_ITEM = (
    "SELECT i.id, i.meeting_id, i.body_id, i.position, i.title, i.motion, i.category, i.in_charge_id,"
    " i.deputy_in_charge_id, i.deputy_on_record_id, i.subjects, i.confidential, i.attendees, i.materials_complete,"
    " i.carried::text AS carried, i.to_committee, p.state, p.presenter_id, p.discussed, p.reason"
    " FROM items i JOIN proceedings p ON p.item_id = i.id WHERE i.meeting_id = $1"
)


async def items_of(connection: Connection, meeting_id: int) -> list[Item]:
    """Returns a meeting's items with their proceedings, in the order of the agenda."""
    rows = await connection.fetch(f"{_ITEM} ORDER BY i.position", meeting_id)
    return [_item(row) for row in rows]


async def item(connection: Connection, meeting_id: int, item_id: int) -> Item | None:
    """Returns one item of that meeting; None where the meeting has none of this id."""
    row = await connection.fetchrow(f"{_ITEM} AND i.id = $2", meeting_id, item_id)
    return _item(row) if row else None


def _item(row: Any) -> Item:
    values = dict(row)
    if values["carried"] is not None:
        values["carried"] = msgspec.json.decode(values["carried"], type=Carried)
    return Item(**values)


async def committee_decisions(connection: Connection, body: int) -> list[Carried]:
    """Returns the decisions passed in issued minutes of the Party committees of the body's organization, the newest
    first; none to those who are not the body's secretary."""
    return [Carried(**row) for row in await connection.fetch("SELECT * FROM committee_decisions($1)", body)]


async def set_proceedings(
    connection: Connection,
    item: int,
    state: ItemState,
    reason: str = "",
    presenter: int | None = None,
    discussed: bool | None = None,
) -> None:
    """Advance an item's proceedings; None leaves the presenter or `discussed` as it was."""
    await connection.execute(
        "UPDATE proceedings SET state = $2, reason = $3, presenter_id = coalesce($4, presenter_id),"
        " discussed = coalesce($5, discussed) WHERE item_id = $1",
        item, state, reason, presenter, discussed,
    )  # fmt: skip


async def kin_names(connection: Connection, body: int, kin: Iterable[int]) -> dict[int, str]:
    """Returns the printed names of those of `kin` that the body's record of kinship knows, told apart from namesakes
    there."""
    wanted = set(kin)
    rows = await connection.fetch(
        "SELECT k.id, k.name, coalesce(p.post, '') AS post,"
        " coalesce('工号' || p.staff_number, '登记号' || k.id) AS mark"
        " FROM kin k LEFT JOIN people p ON p.id = k.person_id"
        " WHERE k.body_id = $1 AND k.name IN (SELECT name FROM kin WHERE body_id = $1 AND id = ANY ($2))",
        body, list(wanted),
    )  # fmt: skip
    names = printed_names(Called(**row) for row in rows)
    return {each: name for each, name in names.items() if each in wanted}


# Meetings


async def add_meeting(
    connection: Connection,
    body: int,
    title: str,
    starts_at: datetime,
    place: str,
    presiding: int,
    secretary: int,
    hall_secret: str,
) -> tuple[int, int]:
    """Keep a new meeting; give (meeting, its book)."""
    meeting: int = await connection.fetchval(
        "INSERT INTO meetings (body_id, title, starts_at, place, presiding_id, secretary_id, hall_secret)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        body, title, starts_at, place, presiding, secretary, hall_secret,
    )  # fmt: skip
    book = await book_of(connection, ("meeting", meeting))
    assert book is not None
    return meeting, book


async def change_meeting(connection: Connection, meeting: int, title: str, starts_at: datetime, place: str) -> None:
    """Set what the notice will say of the meeting."""
    await connection.execute(
        "UPDATE meetings SET title = $2, starts_at = $3, place = $4 WHERE id = $1", meeting, title, starts_at, place
    )


async def cancel(connection: Connection, meeting: int) -> None:
    """Set a draft to be cancelled."""
    await connection.execute("UPDATE meetings SET state = 'cancelled' WHERE id = $1", meeting)


async def set_agenda(connection: Connection, meeting: int, stage: AgendaStage, approved_by: int | None) -> None:
    """Set how far the head's approval of the agenda has come."""
    await connection.execute(
        "UPDATE meetings SET agenda = $2, approved_by = $3 WHERE id = $1", meeting, stage, approved_by
    )


async def set_presiding(connection: Connection, meeting: int, person: int) -> None:
    """Set the presiding member."""
    await connection.execute("UPDATE meetings SET presiding_id = $2 WHERE id = $1", meeting, person)


async def meetings_of(
    connection: Connection, body: int, limit: int, offset: int, attendee: int | None = None
) -> list[Meeting]:
    """Returns a body's meetings, the latest first; with an `attendee` those that name them (see `audience.belongs`)."""
    rows = await connection.fetch(
        f"SELECT {_MEETING} FROM meetings m JOIN bodies b ON b.id = m.body_id WHERE m.body_id = $1"
        " AND ($4::bigint IS NULL OR EXISTS (SELECT 1 FROM books k JOIN ledger l ON l.book_id = k.id,"
        " LATERAL (SELECT convert_from(l.record, 'UTF8')::jsonb -> 'content') AS r (said)"
        " WHERE (k.subject_type, k.subject_id) = ('meeting', m.id) AND (l.kind = 'notice.given'"
        " AND said -> 'people' @> jsonb_build_array(jsonb_build_object('id', $4, 'roles', array['attendee']))"
        " OR l.kind IN ('attendee.called', 'presence.arrived') AND (said ->> 'person')::bigint = $4)))"
        " ORDER BY m.starts_at DESC, m.id DESC LIMIT $2 OFFSET $3",
        body, limit, offset, attendee,
    )  # fmt: skip
    return [meeting_of(row) for row in rows]


async def sitting(connection: Connection, body: int) -> list[tuple[int, int]]:
    """Returns the body's meetings that sit now, each with its chair."""
    rows = await connection.fetch(
        "SELECT id, coalesce(acting_id, presiding_id) AS chair FROM meetings"
        " WHERE body_id = $1 AND state = 'in_session' ORDER BY id",
        body,
    )
    return [(row["id"], row["chair"]) for row in rows]


async def meeting_titles(connection: Connection) -> dict[int, str]:
    """Returns the titles of the meetings that the connection sees (the owner's sees all), by id."""
    return {row["id"]: row["title"] for row in await connection.fetch("SELECT id, title FROM meetings")}


async def reached(connection: Connection, body: int, series: str, year: int) -> int:
    """Returns the number that a body had reached in a year before it began here, in a series of minutes, or (series "")
    of its meetings; 0 where none is entered."""
    number: int | None = await connection.fetchval(
        "SELECT reached FROM reached_numbers WHERE (body_id, series, year) = ($1, $2, $3)", body, series, year
    )
    return number or 0


async def keep_reached(connection: Connection, body: int, series: str, year: int, number: int, by: int) -> None:
    """Keep the number that a body had reached."""
    await connection.execute(
        "INSERT INTO reached_numbers (body_id, series, year, reached, entered_by) VALUES ($1, $2, $3, $4, $5)",
        body, series, year, number, by,
    )  # fmt: skip


async def last_place(connection: Connection, body: int) -> str:
    """Returns the place of the body's meeting that was planned last, of those with a place; empty for none."""
    place: str | None = await connection.fetchval(
        "SELECT place FROM meetings WHERE body_id = $1 AND place <> '' AND state <> 'cancelled'"
        " ORDER BY id DESC LIMIT 1",
        body,
    )
    return place or ""


async def latest_ordinal(connection: Connection, body: int, year: int) -> int:
    """Returns the number of the year's latest meeting that was called to order, 0 for none."""
    ordinal: int = await connection.fetchval(
        "SELECT coalesce(max(ordinal), 0) FROM meetings WHERE body_id = $1 AND year = $2", body, year
    )
    return ordinal


# Items


async def add_item(connection: Connection, meeting: int, body: int, values: Mapping[str, Any]) -> int:
    """Put an item at the end of the agenda; `values` by the columns of `change_item`. Gives its id."""
    added: int = await connection.fetchval(
        "INSERT INTO items (meeting_id, body_id, position, title, motion, category, in_charge_id,"
        " deputy_in_charge_id, subjects, confidential, attendees, carries_out, to_committee)"
        " SELECT $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM items"
        " WHERE meeting_id = $1 RETURNING id",
        meeting, body, *(values[name] for name in _ITEM_COLUMNS),
    )  # fmt: skip
    return added


_ITEM_COLUMNS = (
    "title",
    "motion",
    "category",
    "in_charge_id",
    "deputy_in_charge_id",
    "subjects",
    "confidential",
    "attendees",
    "carries_out",
    "to_committee",
)


async def change_item(connection: Connection, item: int, values: Mapping[str, Any]) -> None:
    """Replace what an item says."""
    await connection.execute(
        "UPDATE items SET title = $2, motion = $3, category = $4, in_charge_id = $5, deputy_in_charge_id = $6,"
        " subjects = $7, confidential = $8, attendees = $9, carries_out = $10, to_committee = $11 WHERE id = $1",
        item, *(values[name] for name in _ITEM_COLUMNS),
    )  # fmt: skip


async def remove_item(connection: Connection, meeting: int, item: int) -> None:
    """Take an item and its papers away; those after it move up."""
    await connection.execute("DELETE FROM papers WHERE item_id = $1", item)
    position = await connection.fetchval("DELETE FROM items WHERE id = $1 RETURNING position", item)
    await connection.execute(
        "UPDATE items SET position = position - 1 WHERE meeting_id = $1 AND position > $2", meeting, position
    )


async def set_order(connection: Connection, meeting: int, order: Sequence[int]) -> None:
    """Number the items 1, 2, 3 … in this order; it names each of the meeting's items once."""
    await connection.execute(
        "UPDATE items i SET position = o.position FROM unnest($2::bigint[]) WITH ORDINALITY AS o (id, position)"
        " WHERE i.meeting_id = $1 AND i.id = o.id AND i.position <> o.position",
        meeting, order,
    )  # fmt: skip


async def set_materials(connection: Connection, item: int, complete: bool) -> None:
    """Set whether the item's papers are complete."""
    await connection.execute("UPDATE items SET materials_complete = $2 WHERE id = $1", item, complete)


# Papers


_PAPER = (
    "SELECT id, item_id, name, media_type, size, encode(sha256, 'hex') AS sha256, state, found FROM papers"
    " WHERE meeting_id = $1"
)


async def papers_of(connection: Connection, meeting: int) -> dict[int, list[Paper]]:
    """Returns a meeting's papers by item, in the order they came."""
    found: dict[int, list[Paper]] = {}
    for row in await connection.fetch(f"{_PAPER} ORDER BY id", meeting):
        found.setdefault(row["item_id"], []).append(Paper(**dict(row)))
    return found


async def paper(connection: Connection, meeting: int, item: int, paper_id: int) -> Paper | None:
    """Returns one paper of that item, without its content, or None."""
    row = await connection.fetchrow(f"{_PAPER} AND item_id = $2 AND id = $3", meeting, item, paper_id)
    return Paper(**dict(row)) if row else None


async def paper_content(connection: Connection, paper_id: int) -> bytes:
    """Returns the paper's content, byte for byte."""
    content: bytes = await connection.fetchval("SELECT content FROM papers WHERE id = $1", paper_id)
    return content


async def add_paper(
    connection: Connection,
    keys: tuple[int, int, int],
    name: str,
    media_type: str,
    digest: bytes,
    content: bytes,
    state: PaperStage,
) -> int:
    """Keep a paper; `keys` are (item, meeting, body), `digest` the SHA-256 of `content`. Gives its id."""
    added: int = await connection.fetchval(
        "INSERT INTO papers (item_id, meeting_id, body_id, name, media_type, size, sha256, content, state)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        *keys, name, media_type, len(content), digest, content, state,
    )  # fmt: skip
    return added


class PaperToCheck(Struct, frozen=True):
    """A paper that waits for the virus scanner."""

    name: str
    content: bytes


async def paper_to_check(connection: Connection, paper_id: int) -> PaperToCheck | None:
    """Returns the paper that a job is to have checked; None where it does not wait any more."""
    row = await connection.fetchrow("SELECT name, content FROM paper_to_check($1)", paper_id)
    return PaperToCheck(row["name"], row["content"]) if row else None


async def keep_check(connection: Connection, paper_id: int, found: str) -> bool:
    """Keep the scanner's answer, "" where it found nothing; False where the paper does not wait any more."""
    kept: bool = await connection.fetchval("SELECT paper_checked($1, $2)", paper_id, found)
    return kept


async def papers_waiting(connection: Connection) -> int:
    """Returns the number of papers, of all bodies, that wait for the virus scanner."""
    number: int = await connection.fetchval("SELECT papers_waiting()")
    return number


async def remove_paper(connection: Connection, paper_id: int) -> None:
    """Take a paper away."""
    await connection.execute("DELETE FROM papers WHERE id = $1", paper_id)


async def notes(connection: Connection, meeting: int) -> list[tuple[int, str, datetime]]:
    """Returns (item, text, when) of the notes in a meeting; row security leaves those of the transaction's person."""
    rows = await connection.fetch("SELECT item_id, text, at FROM notes WHERE meeting_id = $1 ORDER BY item_id", meeting)
    return [(row["item_id"], row["text"], row["at"]) for row in rows]


async def write_note(connection: Connection, keys: tuple[int, int, int], person: int, text: str) -> datetime:
    """Write the person's note on the item of `keys` (item, meeting, body); gives when that was."""
    at: datetime = await connection.fetchval(
        "INSERT INTO notes (item_id, meeting_id, body_id, person_id, text, at) VALUES ($1, $2, $3, $4, $5, yijue_now())"
        " ON CONFLICT (item_id, person_id) DO UPDATE SET text = excluded.text, at = excluded.at RETURNING at",
        *keys, person, text,
    )  # fmt: skip
    return at


async def drop_note(connection: Connection, item: int) -> None:
    """Delete the note that the transaction's person has on an item."""
    await connection.execute("DELETE FROM notes WHERE item_id = $1", item)


# Requests to administer a meeting's people.


async def name_of(connection: Connection, person: int) -> str | None:
    """Returns the name of one of the organization's people, or None."""
    name: str | None = await connection.fetchval("SELECT name FROM people WHERE id = $1", person)
    return name


async def ask(connection: Connection, meeting: Meeting, what: str, person: int | None, detail: str, by: int) -> int:
    """Keep a request; give its id."""
    request: int = await connection.fetchval(
        "INSERT INTO people_requests (meeting_id, body_id, what, person_id, detail, requested_by)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        meeting.id, meeting.body_id, what, person, detail, by,
    )  # fmt: skip
    return request


async def decide_request(connection: Connection, request: int, by: int, allowed: bool, at: datetime) -> None:
    """Keep the yes or no to a request."""
    await connection.execute(
        "UPDATE people_requests SET allowed = $3, decided_by = $2, decided_at = $4 WHERE id = $1",
        request, by, allowed, at,
    )  # fmt: skip
