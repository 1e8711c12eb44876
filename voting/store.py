"""The SQL of voting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bodies.kinship import Relations
from storage.ledger import Entry, entry
from voting.records import Opinion, PresenceState, Standing, Vote
from voting.tally import Count, Tally

if TYPE_CHECKING:
    from storage.store import Connection

_VOTE = "SELECT id, item_id, round, roll, chair_id, state, opened_at, result FROM votes"


async def belongs(connection: Connection, body: int, person: int) -> bool:
    """Whether a person holds any role in the body."""
    there: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM grants WHERE body_id = $1 AND person_id = $2)", body, person
    )
    return there


async def minutes_stand(connection: Connection, meeting: int) -> bool:
    """Whether minutes of the meeting are issued, and not void."""
    issued: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT 1 FROM minutes WHERE meeting_id = $1 AND state = 'issued')", meeting
    )
    return issued


async def names(connection: Connection, people: Iterable[int]) -> dict[int, str]:
    """What each person is called."""
    rows = await connection.fetch("SELECT id, name FROM people WHERE id = ANY ($1)", list(people))
    return {row["id"]: row["name"] for row in rows}


async def next_ordinal(connection: Connection, body: int, year: int) -> int:
    """The number of the next meeting of the year, 第N次; the body's row is locked so that none is given twice."""
    await connection.fetchval("SELECT 1 FROM bodies WHERE id = $1 FOR NO KEY UPDATE", body)
    ordinal: int = await connection.fetchval(
        "SELECT coalesce(max(ordinal), 0) + 1 FROM meetings WHERE body_id = $1 AND year = $2", body, year
    )
    return ordinal


async def call(
    connection: Connection, meeting: int, members: Sequence[int], year: int, ordinal: int, at: datetime
) -> None:
    """The meeting is in session, with N and its number."""
    await connection.execute(
        "UPDATE meetings SET state = 'in_session', formal_members = $2, year = $3, ordinal = $4, called_at = $5"
        " WHERE id = $1",
        meeting,
        members,
        year,
        ordinal,
        at,
    )


async def adjourn(connection: Connection, meeting: int, at: datetime) -> None:
    """The meeting is over; the chair is with who presides again."""
    await connection.execute(
        "UPDATE meetings SET state = 'adjourned', adjourned_at = $2, acting_id = NULL WHERE id = $1", meeting, at
    )


async def set_acting(connection: Connection, meeting: int, person: int | None) -> None:
    """Who holds the chair in place of who presides, None for nobody."""
    await connection.execute("UPDATE meetings SET acting_id = $2 WHERE id = $1", meeting, person)


async def presence(connection: Connection, meeting: int) -> dict[int, PresenceState]:
    """Where each person is of whom anything is known."""
    rows = await connection.fetch("SELECT person_id, state FROM presence WHERE meeting_id = $1", meeting)
    return {row["person_id"]: row["state"] for row in rows}


async def set_presence(
    connection: Connection,
    meeting: tuple[int, int],
    person: int,
    state: PresenceState,
    at: datetime,
    method: str = "",
    reason: str = "",
) -> None:
    """Note where a person is; `meeting` is (meeting, body)."""
    await connection.execute(
        "INSERT INTO presence (meeting_id, body_id, person_id, state, at, method, reason)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (meeting_id, person_id)"
        " DO UPDATE SET state = $4, at = $5, method = $6, reason = $7",
        *meeting,
        person,
        state,
        at,
        method,
        reason,
    )


async def opinions(connection: Connection, meeting: int) -> list[Opinion]:
    """The written opinions of a meeting."""
    rows = await connection.fetch(
        "SELECT item_id AS item, person_id AS person, choice, read_at IS NOT NULL AS read, void_at IS NOT NULL AS void"
        " FROM written_opinions WHERE meeting_id = $1 ORDER BY item_id, person_id",
        meeting,
    )
    return [Opinion(**dict(row)) for row in rows]


async def submit_opinion(
    connection: Connection, place: tuple[int, int, int], person: int, choice: str, text: str, at: datetime
) -> None:
    """Keep a written opinion, in place of an earlier one; `place` is (item, meeting, body)."""
    await connection.execute(
        "INSERT INTO written_opinions (item_id, meeting_id, body_id, person_id, choice, text, submitted_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (item_id, person_id)"
        " DO UPDATE SET choice = $5, text = $6, submitted_at = $7, read_at = NULL, void_at = NULL",
        *place,
        person,
        choice,
        text,
        at,
    )


async def mark_opinion_read(connection: Connection, item: int, person: int, at: datetime) -> None:
    """The opinion was read out."""
    await connection.execute(
        "UPDATE written_opinions SET read_at = $3 WHERE item_id = $1 AND person_id = $2", item, person, at
    )


async def void_opinions(connection: Connection, meeting: int, person: int, at: datetime) -> list[int]:
    """Their author has come: void those on items not yet voted; give the items."""
    rows = await connection.fetch(
        "UPDATE written_opinions w SET void_at = $3 FROM proceedings p WHERE p.item_id = w.item_id"
        " AND w.meeting_id = $1 AND w.person_id = $2 AND w.void_at IS NULL AND p.state IN ('listed', 'open')"
        " RETURNING w.item_id",
        meeting,
        person,
        at,
    )
    return sorted(row["item_id"] for row in rows)


async def kin(connection: Connection, body: int) -> tuple[Relations[int], dict[int, int], dict[int, str]]:
    """The relations between a body's kin, kin by person, and the kin's names."""
    relations = await connection.fetch("SELECT type, a, b FROM kinships WHERE body_id = $1", body)
    rows = await connection.fetch("SELECT id, person_id, name FROM kin WHERE body_id = $1", body)
    return (
        Relations((row["type"], row["a"], row["b"]) for row in relations),
        {row["person_id"]: row["id"] for row in rows if row["person_id"] is not None},
        {row["id"]: row["name"] for row in rows},
    )


async def recuse(connection: Connection, place: tuple[int, int, int], person: int, rule: str, reason: str) -> None:
    """Keep a recusal; one that is there already stands."""
    await connection.execute(
        "INSERT INTO recusals (item_id, meeting_id, body_id, person_id, rule, reason) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT DO NOTHING",
        *place,
        person,
        rule,
        reason,
    )


async def recused(connection: Connection, item: int) -> dict[int, str]:
    """Who is recused from an item, and by which rule."""
    rows = await connection.fetch("SELECT person_id, rule FROM recusals WHERE item_id = $1", item)
    return {row["person_id"]: row["rule"] for row in rows}


async def add_speech(connection: Connection, place: tuple[int, int, int], person: int, summary: str) -> None:
    """Who spoke, and what was said in short."""
    await connection.execute(
        "INSERT INTO speeches (item_id, meeting_id, body_id, person_id, summary) VALUES ($1, $2, $3, $4, $5)",
        *place,
        person,
        summary,
    )


async def has_speech(connection: Connection, item: int) -> bool:
    """Whether anything of the discussion is on record."""
    there: bool = await connection.fetchval("SELECT EXISTS (SELECT 1 FROM speeches WHERE item_id = $1)", item)
    return there


async def set_position(connection: Connection, place: tuple[int, int, int], person: int, position: str) -> None:
    """The position a member voiced; a later word replaces it."""
    await connection.execute(
        "INSERT INTO positions (item_id, meeting_id, body_id, person_id, position) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (item_id, person_id) DO UPDATE SET position = $5",
        *place,
        person,
        position,
    )


async def positions(connection: Connection, item: int) -> dict[int, str]:
    """The positions voiced on an item."""
    rows = await connection.fetch("SELECT person_id, position FROM positions WHERE item_id = $1", item)
    return {row["person_id"]: row["position"] for row in rows}


async def open_title(connection: Connection, meeting: int) -> str | None:
    """The title of the item whose vote is open."""
    title: str | None = await connection.fetchval(
        "SELECT i.title FROM votes v JOIN items i ON i.id = v.item_id WHERE v.meeting_id = $1 AND v.state = 'open'",
        meeting,
    )
    return title


async def open_vote(
    connection: Connection,
    place: tuple[int, int, int],
    roll: Sequence[int],
    chair: int,
    base: int,
    needed: int,
    at: datetime,
) -> tuple[int, int]:
    """Open the item's next round; give (vote, round)."""
    row = await connection.fetchrow(
        "INSERT INTO votes (item_id, meeting_id, body_id, round, roll, chair_id, base, needed, opened_at)"
        " SELECT $1, $2, $3, coalesce(max(round), 0) + 1, $4, $5, $6, $7, $8 FROM votes WHERE item_id = $1"
        " RETURNING id, round",
        *place,
        roll,
        chair,
        base,
        needed,
        at,
    )
    assert row is not None
    return row["id"], row["round"]


async def vote(connection: Connection, meeting: int, vote_id: int) -> Vote | None:
    """One vote of that meeting."""
    row = await connection.fetchrow(f"{_VOTE} WHERE id = $2 AND meeting_id = $1", meeting, vote_id)
    return Vote(**dict(row)) if row else None


async def last_vote(connection: Connection, item: int) -> Vote | None:
    """The item's latest round."""
    row = await connection.fetchrow(f"{_VOTE} WHERE item_id = $1 ORDER BY round DESC LIMIT 1", item)
    return Vote(**dict(row)) if row else None


async def standing(connection: Connection, vote_id: int) -> list[Standing]:
    """The ballots that count: each member's latest."""
    rows = await connection.fetch(
        "SELECT DISTINCT ON (person_id) person_id AS person, choice, version FROM ballots WHERE vote_id = $1"
        " ORDER BY person_id, version DESC",
        vote_id,
    )
    return [Standing(**dict(row)) for row in rows]


async def ballot_context(
    connection: Connection, meeting: int, vote_id: int, person: int
) -> tuple[Vote, bool, frozenset[int], frozenset[int], frozenset[int], int] | None:
    """All that one ballot is asked against, in one question: the vote, whether its item is personnel, who has
    voted, who is in the room, who is recused, and this member's latest version (0 for none)."""
    row = await connection.fetchrow(
        "SELECT v.id, v.item_id, v.round, v.roll, v.chair_id, v.state, v.opened_at, v.result,"
        " i.category = 'personnel' AS personnel,"
        " ARRAY(SELECT DISTINCT person_id FROM ballots WHERE vote_id = v.id) AS voted,"
        " ARRAY(SELECT person_id FROM presence WHERE meeting_id = v.meeting_id AND state = 'present') AS here,"
        " ARRAY(SELECT person_id FROM recusals WHERE item_id = v.item_id) AS recused,"
        " coalesce((SELECT max(version) FROM ballots WHERE vote_id = v.id AND person_id = $3), 0) AS version"
        " FROM votes v JOIN items i ON i.id = v.item_id WHERE v.meeting_id = $1 AND v.id = $2",
        meeting,
        vote_id,
        person,
    )
    if row is None:
        return None
    found = Vote(**{name: row[name] for name in Vote.__struct_fields__})
    sets = (frozenset(row["voted"]), frozenset(row["here"]), frozenset(row["recused"]))
    return found, row["personnel"], *sets, row["version"]


async def ballot_records(connection: Connection, meeting: int, person: int) -> list[Entry]:
    """The records of a member's ballots in a meeting, the latest first."""
    rows = await connection.fetch(
        "SELECT l.record, l.hash FROM ledger l JOIN books b ON b.id = l.book_id"
        " WHERE (b.subject_type, b.subject_id) = ('meeting', $1) AND l.kind = 'ballot.cast'"
        " AND l.actor_id = $2 ORDER BY l.seq DESC",
        meeting, person,
    )  # fmt: skip
    return [entry(row["record"], row["hash"]) for row in rows]


async def cast(
    connection: Connection, vote_id: int, body: int, person: int, version: int, choice: str, at: datetime
) -> None:
    """Keep a ballot, or its next version."""
    await connection.execute(
        "INSERT INTO ballots (vote_id, body_id, person_id, version, choice, at) VALUES ($1, $2, $3, $4, $5, $6)",
        vote_id,
        body,
        person,
        version,
        choice,
        at,
    )


async def close_vote(connection: Connection, vote_id: int, count: Count, *, void: bool, at: datetime) -> None:
    """Close a vote with its tally; a void one has no result."""
    tally: Tally = count.tally
    await connection.execute(
        "UPDATE votes SET state = $2, closed_at = $3, yes = $4, no = $5, abstain = $6, defer = $7, not_voted = $8,"
        " result = $9 WHERE id = $1",
        vote_id,
        "void" if void else "closed",
        at,
        tally.yes,
        tally.no,
        tally.abstain,
        tally.defer,
        tally.not_voted,
        None if void else count.result,
    )


async def decide(connection: Connection, place: tuple[int, int, int], outcome: str, reason: str) -> None:
    """Keep what the chair announced."""
    await connection.execute(
        "INSERT INTO decisions (item_id, meeting_id, body_id, outcome, reason) VALUES ($1, $2, $3, $4, $5)",
        *place,
        outcome,
        reason,
    )
