"""The SQL of minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from agenda.store import reached
from minutes.number import annual_number
from minutes.records import Letterhead, MinutesRow, Pending, PublicIssue, Stage, Texts, VoidCopy

if TYPE_CHECKING:
    from storage.store import Connection

_ROW = (
    "SELECT id, meeting_id, body_id, state, texts::text AS texts, version, drafted_by, series, year, number, issued_at,"
    " composer, sha256, replaces_id, void_reason FROM minutes"
)


class Issued(Struct, frozen=True):
    """An issue: the row, the document and its sources as JSON; once it is drawn, also the PDF, its typesetter and the
    SHA-256 of each font (see `documents.fonts.FontSet.fingerprints`)."""

    row: MinutesRow
    composer: int
    document: bytes
    sources: bytes
    pdf: bytes | None
    typesetter: str | None
    fonts: dict[str, str] | None


class IssueKeys(Struct, frozen=True):
    """The ids by which an issue is found."""

    organization: int
    body: int
    meeting: int
    minutes: int


async def has_copy(connection: Connection, minutes: int, person: int) -> bool:
    """Whether a copy of the minutes was sent to this person."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM minutes_copies WHERE minutes_id = $1 AND person_id = $2)", minutes, person
    )
    return found


def _row(row: Any) -> MinutesRow:
    values = {name: row[name] for name in MinutesRow.__struct_fields__}
    return MinutesRow(**{**values, "texts": msgspec.json.decode(values["texts"], type=Texts)})


async def letterhead(connection: Connection, body: int) -> Letterhead:
    """Returns the letterhead of a body's minutes."""
    row = await connection.fetchrow(
        "SELECT o.name, b.kind FROM bodies b JOIN organizations o ON o.id = b.organization_id WHERE b.id = $1", body
    )
    assert row is not None
    return Letterhead(row["name"], row["kind"])


async def minutes(connection: Connection, meeting: int, minutes_id: int) -> MinutesRow | None:
    """Returns one row of that meeting's minutes, or None."""
    row = await connection.fetchrow(f"{_ROW} WHERE meeting_id = $1 AND id = $2", meeting, minutes_id)
    return _row(row) if row else None


async def minutes_of(connection: Connection, meeting: int) -> list[MinutesRow]:
    """Returns all minutes of a meeting, voided ones too, oldest first."""
    return [_row(row) for row in await connection.fetch(f"{_ROW} WHERE meeting_id = $1 ORDER BY id", meeting)]


async def pending(connection: Connection, body: int) -> list[Pending]:
    """Returns a body's minutes that are neither issued nor voided, those that moved last first."""
    # A meeting's minutes stand one at a time: its last such record is theirs.
    rows = await connection.fetch(
        "SELECT m.id, m.meeting_id AS meeting, t.title, t.starts_at, coalesce(t.acting_id, t.presiding_id) AS chair,"
        " m.state, m.version, (SELECT max(l.at) FROM books b JOIN ledger l ON l.book_id = b.id"
        "  WHERE (b.subject_type, b.subject_id) = ('meeting', m.meeting_id) AND l.kind IN"
        "  ('minutes.drafted', 'minutes.reviewed', 'minutes.signed', 'minutes.sent_back')) AS since"
        " FROM minutes m JOIN meetings t ON t.id = m.meeting_id"
        " WHERE m.body_id = $1 AND m.state NOT IN ('issued', 'voided') ORDER BY since DESC, m.id DESC",
        body,
    )
    return [Pending(**row) for row in rows]


async def draft(
    connection: Connection, keys: tuple[int, int], person: int, series: str, replaces: int | None, texts: Texts
) -> int:
    """Begin minutes and give their id; `keys` are (meeting, body)."""
    minutes_id: int = await connection.fetchval(
        "INSERT INTO minutes (meeting_id, body_id, drafted_by, series, replaces_id, texts)"
        " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        *keys,
        person,
        series,
        replaces,
        msgspec.json.encode(texts).decode(),
    )
    return minutes_id


async def edit(connection: Connection, minutes_id: int, texts: Texts) -> int:
    """Keep the texts; give the new version."""
    version: int = await connection.fetchval(
        "UPDATE minutes SET texts = $2, version = version + 1 WHERE id = $1 RETURNING version",
        minutes_id,
        msgspec.json.encode(texts).decode(),
    )
    return version


async def set_state(connection: Connection, minutes_id: int, state: Stage, void_reason: str = "") -> None:
    """Move minutes on, or back to the draft."""
    await connection.execute(
        "UPDATE minutes SET state = $2, void_reason = $3 WHERE id = $1", minutes_id, state, void_reason
    )


async def next_number(connection: Connection, body: int, series: str, year: int) -> int:
    """Take the next number, past lost ones; its row is locked until the transaction ends, which must use it."""
    number: int = await connection.fetchval(
        "INSERT INTO minutes_counters (body_id, series, year, last) VALUES ($1, $2, $3, next_number($1, $2, $3, $4))"
        " ON CONFLICT (body_id, series, year) DO UPDATE SET last = next_number($1, $2, $3, minutes_counters.last)"
        " RETURNING last",
        body,
        series,
        year,
        await reached(connection, body, series, year),
    )
    return number


async def issue(
    connection: Connection,
    minutes_id: int,
    number: tuple[int, int],
    at: datetime,
    composer: int,
    document: bytes,
    sources: bytes,
) -> None:
    """Keep the issue under (year, number): its document, its sources and the version that composed it."""
    await connection.execute(
        "UPDATE minutes SET state = 'issued', year = $2, number = $3, issued_at = $4, composer = $5, document = $6,"
        " sources = $7 WHERE id = $1",
        minutes_id,
        *number,
        at,
        composer,
        document,
        sources,
    )


async def keep_pdf(
    connection: Connection, minutes_id: int, pdf: bytes, sha256: bytes, typesetter: str, fonts: Mapping[str, str]
) -> None:
    """Keep the PDF of an issue, once."""
    await connection.execute(
        "SELECT minutes_draw($1, $2, $3, $4, $5)",
        minutes_id, pdf, sha256, typesetter, msgspec.json.encode(fonts, order="sorted").decode(),
    )  # fmt: skip


async def issued(connection: Connection, meeting: int, minutes_id: int) -> Issued | None:
    """Returns the issue, voided since or not; None before the minutes are issued."""
    row = await connection.fetchrow(
        f"{_ROW.replace(' FROM', ', document, sources, pdf, typesetter, fonts::text AS fonts FROM')}"
        " WHERE meeting_id = $1 AND id = $2 AND number IS NOT NULL",
        meeting,
        minutes_id,
    )
    if row is None:
        return None
    fonts = row["fonts"] and msgspec.json.decode(row["fonts"], type=dict[str, str])
    names = ("composer", "document", "sources", "pdf", "typesetter")
    return Issued(row=_row(row), fonts=fonts, **{name: row[name] for name in names})


async def issued_in(connection: Connection, body: int, series: str, year: int) -> list[tuple[MinutesRow, bytes]]:
    """Returns a body's issues in a series of one year with their documents, by number."""
    rows = await connection.fetch(
        f"{_ROW.replace(' FROM', ', document FROM')} WHERE body_id = $1 AND series = $2 AND year = $3 ORDER BY number",
        body, series, year,
    )  # fmt: skip
    return [(_row(row), row["document"]) for row in rows]


async def issues(connection: Connection, body: int, year: int) -> list[tuple[MinutesRow, bytes]]:
    """Returns a body's issues of one year with their documents, by series and number."""
    rows = await connection.fetch(
        f"{_ROW.replace(' FROM', ', document FROM')} WHERE body_id = $1 AND year = $2 ORDER BY series, number",
        body, year,
    )  # fmt: skip
    return [(_row(row), row["document"]) for row in rows]


async def find_issue(connection: Connection, sha256: bytes) -> IssueKeys | None:
    """Find the issue whose PDF has this hash, in any body, or None."""
    row = await connection.fetchrow("SELECT * FROM issue_find($1)", sha256)
    return IssueKeys(row["organization_id"], row["body_id"], row["meeting_id"], row["minutes_id"]) if row else None


async def public_issues(
    connection: Connection, *, sha256: bytes | None = None, printed: tuple[str, str, int, int] | None = None
) -> list[PublicIssue]:
    """Find issues, as anybody may know them, by their hash or by (organization, series, year, number)."""
    rows = await connection.fetch("SELECT * FROM issue_look($1, $2, $3, $4, $5)", sha256, *(printed or (None,) * 4))
    return [
        PublicIssue(
            row["organization"], row["series"], annual_number(row["year"], row["number"]), row["issued_at"],
            (row["sha256"] or b"").hex(), row["voided"],
            annual_number(row["by_year"], row["by_number"]) if row["by_number"] else "",
        )
        for row in rows
    ]  # fmt: skip


async def ballots(connection: Connection, meeting: int) -> set[tuple[int, int, int, str]]:
    """Returns every ballot of a meeting, replaced ones too, as (vote, person, version, choice)."""
    rows = await connection.fetch(
        "SELECT b.vote_id, b.person_id, b.version, b.choice FROM ballots b JOIN votes v ON v.id = b.vote_id"
        " WHERE v.meeting_id = $1",
        meeting,
    )
    return {(row["vote_id"], row["person_id"], row["version"], row["choice"]) for row in rows}


async def latest_number(connection: Connection, body: int, series: str, year: int) -> int:
    """Returns the latest number allotted in a series of a year, 0 for none."""
    last: int | None = await connection.fetchval(
        "SELECT last FROM minutes_counters WHERE (body_id, series, year) = ($1, $2, $3)", body, series, year
    )
    return last or 0


async def numbers(connection: Connection, body: int, series: str, year: int) -> list[int]:
    """Returns the numbers issued in a series of a year, in order."""
    rows = await connection.fetch(
        "SELECT number FROM minutes WHERE body_id = $1 AND series = $2 AND year = $3 ORDER BY number",
        body, series, year,
    )  # fmt: skip
    return [row["number"] for row in rows]


async def distribute(
    connection: Connection, minutes_id: int, body: int, copies: Sequence[tuple[str, int | None]], at: datetime
) -> None:
    """Keep copies as sent, each to a recipient and, where one is named, a person of the body."""
    await connection.executemany(
        "INSERT INTO minutes_copies (minutes_id, body_id, recipient, person_id, sent_at) VALUES ($1, $2, $3, $4, $5)",
        [(minutes_id, body, recipient, person, at) for recipient, person in copies],
    )


async def receive(connection: Connection, minutes_id: int, person: int, at: datetime) -> list[str]:
    """Receipt the copies that wait for this person; give the recipients' names, none if no copy waits."""
    rows = await connection.fetch(
        "UPDATE minutes_copies SET received_at = $3 WHERE minutes_id = $1 AND person_id = $2 AND received_at IS NULL"
        " RETURNING recipient",
        minutes_id,
        person,
        at,
    )
    return sorted(row["recipient"] for row in rows)


async def note_void(connection: Connection, minutes_id: int, person: int, at: datetime) -> list[str]:
    """Keep that this person took note of a void issue of which they receipted copies; give the recipients' names."""
    rows = await connection.fetch(
        "UPDATE minutes_copies SET void_seen_at = $3 WHERE minutes_id = $1 AND person_id = $2"
        " AND received_at IS NOT NULL AND void_seen_at IS NULL RETURNING recipient",
        minutes_id,
        person,
        at,
    )
    return sorted(row["recipient"] for row in rows)


async def void_copies(connection: Connection, body: int, person: int) -> list[VoidCopy]:
    """Returns the void issues of a body of which this person receipted a copy and has not taken note."""
    rows = await connection.fetch(
        "SELECT DISTINCT m.id, m.meeting_id, m.year, m.number, m.void_reason, r.year AS by_year, r.number AS by_number"
        " FROM minutes m JOIN minutes_copies c ON c.minutes_id = m.id"
        " LEFT JOIN minutes r ON r.replaces_id = m.id AND r.number IS NOT NULL"
        " WHERE m.body_id = $1 AND m.state = 'voided' AND c.person_id = $2"
        " AND c.received_at IS NOT NULL AND c.void_seen_at IS NULL ORDER BY m.id",
        body, person,
    )  # fmt: skip
    return [
        VoidCopy(
            row["id"], row["meeting_id"], annual_number(row["year"], row["number"]), row["void_reason"],
            annual_number(row["by_year"], row["by_number"]) if row["by_number"] else "",
        )
        for row in rows
    ]  # fmt: skip


async def lose_numbers(owner: Connection, body: int, numbers: Iterable[tuple[str, int, int]]) -> None:
    """Pass over these numbers (series, year, number) that are not issued here, as the owner."""
    await owner.executemany(
        "INSERT INTO lost_numbers (body_id, series, year, number) SELECT $1, $2, $3, $4 WHERE $4 > coalesce((SELECT"
        " last FROM minutes_counters WHERE (body_id, series, year) = ($1, $2, $3)), 0) ON CONFLICT DO NOTHING",
        [(body, *each) for each in numbers],
    )


async def gaps(connection: Connection) -> list[tuple[int, str, int]]:
    """Returns (body, series, year) where the numbers on issues, and the last one allotted, do not run on without gap or
    double from the first, or from what the body had reached before it began here, past those that were lost."""
    rows = await connection.fetch(
        "SELECT body_id, series, year FROM minutes_counters c FULL JOIN (SELECT body_id, series, year,"
        " count(*) AS issued, count(DISTINCT number) AS numbers, min(number) AS first, max(number) AS last"
        " FROM minutes WHERE number IS NOT NULL GROUP BY body_id, series, year) m USING (body_id, series, year)"
        " LEFT JOIN reached_numbers r USING (body_id, series, year)"
        " CROSS JOIN LATERAL (SELECT c.last - coalesce(r.reached, 0) - count(l.number) AS numbers FROM lost_numbers l"
        "  WHERE (l.body_id, l.series, l.year) = (c.body_id, c.series, c.year)"
        "  AND l.number BETWEEN coalesce(r.reached, 0) + 1 AND c.last) due"
        " WHERE (m.issued, m.numbers, m.first, m.last) IS DISTINCT FROM"
        " (due.numbers, due.numbers, next_number(body_id, series, year, coalesce(r.reached, 0)), c.last)"
        " ORDER BY body_id, series, year"
    )
    return [(row["body_id"], row["series"], row["year"]) for row in rows]
