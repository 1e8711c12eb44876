"""The SQL of voting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from acts.acting import Caller
from agenda.records import Meeting, PresenceState, VoteForm
from agenda.state import Tally
from agenda.store import latest_ordinal, meeting_of, reached
from identity.store import caller_of
from storage.ledger import Answered, Content, Entry, Record, encode_content, entry, read_record
from voting.agreement import Tables, VoteRow
from voting.tally import Count

if TYPE_CHECKING:
    from storage.store import Connection


async def next_ordinal(connection: Connection, body: int, year: int) -> int:
    """Returns the number of the year's next meeting, 第N次, after those held before the body began here; the body's
    row is locked so that none is given twice."""
    await connection.fetchval("SELECT 1 FROM bodies WHERE id = $1 FOR NO KEY UPDATE", body)
    latest = await latest_ordinal(connection, body, year) or await reached(connection, body, "", year)
    return latest + 1


async def call(
    connection: Connection, meeting: int, members: Sequence[int], year: int, ordinal: int, at: datetime
) -> None:
    """Put the meeting in session, with N and its number."""
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
    """End the meeting; the presiding member holds the chair again."""
    await connection.execute(
        "UPDATE meetings SET state = 'adjourned', adjourned_at = $2, acting_id = NULL WHERE id = $1", meeting, at
    )


async def set_acting(connection: Connection, meeting: int, person: int | None) -> None:
    """Set the member who holds the chair in place of the presiding member; None for nobody."""
    await connection.execute("UPDATE meetings SET acting_id = $2 WHERE id = $1", meeting, person)


async def set_presence(
    connection: Connection,
    meeting: tuple[int, int],
    person: int,
    state: PresenceState | Literal["absent"],
    at: datetime,
    method: str = "",
    reason: str = "",
    corrects: int | None = None,
) -> None:
    """Note where a person is; `meeting` is (meeting, body), `corrects` the seq of a record that was a mistake."""
    await connection.execute(
        "INSERT INTO presence (meeting_id, body_id, person_id, state, at, method, reason, corrects)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (meeting_id, person_id)"
        " DO UPDATE SET state = $4, at = $5, method = $6, reason = $7, corrects = $8",
        *meeting,
        person,
        state,
        at,
        method,
        reason,
        corrects,
    )


async def presence_records(connection: Connection, meeting: int) -> list[Entry]:
    """Returns the records of comings and goings in a meeting, in order."""
    rows = await connection.fetch(
        "SELECT l.record, l.hash FROM ledger l JOIN books b ON b.id = l.book_id"
        " WHERE (b.subject_type, b.subject_id) = ('meeting', $1) AND l.kind IN"
        " ('presence.arrived', 'presence.left', 'leave.granted', 'presence.corrected') ORDER BY l.seq",
        meeting,
    )
    return [entry(row["record"], row["hash"]) for row in rows]


async def restore_opinions(connection: Connection, person: int, items: Sequence[int]) -> None:
    """Let a person's void opinions on these items stand again."""
    await connection.execute(
        "UPDATE written_opinions SET void_at = NULL WHERE person_id = $1 AND item_id = ANY ($2)", person, items
    )


async def hall_codes_used(connection: Connection, meeting: int, person: int) -> set[int]:
    """Returns the minutes whose codes have checked the person in."""
    rows = await connection.fetch(
        "SELECT minute FROM hall_codes_used WHERE meeting_id = $1 AND person_id = $2", meeting, person
    )
    return {row["minute"] for row in rows}


async def use_hall_code(connection: Connection, meeting: tuple[int, int], person: int, minute: int) -> None:
    """Keep that this minute's code served the person; `meeting` is (meeting, body)."""
    await connection.execute(
        "INSERT INTO hall_codes_used (meeting_id, body_id, person_id, minute) VALUES ($1, $2, $3, $4)",
        *meeting,
        person,
        minute,
    )


async def submit_opinion(
    connection: Connection, keys: tuple[int, int, int], person: int, choice: str, text: str, at: datetime
) -> None:
    """Keep a written opinion, in place of an earlier one; `keys` are (item, meeting, body)."""
    await connection.execute(
        "INSERT INTO written_opinions (item_id, meeting_id, body_id, person_id, choice, text, submitted_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (item_id, person_id)"
        " DO UPDATE SET choice = $5, text = $6, submitted_at = $7, read_at = NULL, void_at = NULL",
        *keys,
        person,
        choice,
        text,
        at,
    )


async def mark_opinion_read(connection: Connection, item: int, person: int, at: datetime) -> None:
    """Keep that the opinion was read out."""
    await connection.execute(
        "UPDATE written_opinions SET read_at = $3 WHERE item_id = $1 AND person_id = $2", item, person, at
    )


async def void_all_opinions(connection: Connection, meeting: int, at: datetime) -> list[tuple[int, int]]:
    """Void the opinions on an agenda whose notice is withdrawn; give their (item, person)."""
    rows = await connection.fetch(
        "UPDATE written_opinions SET void_at = $2 WHERE meeting_id = $1 AND void_at IS NULL"
        " RETURNING item_id, person_id",
        meeting, at,
    )  # fmt: skip
    return sorted((row["item_id"], row["person_id"]) for row in rows)


async def void_opinions(connection: Connection, meeting: int, person: int, at: datetime) -> list[int]:
    """Void the opinions of a person who has come, on items not yet voted; give the items."""
    rows = await connection.fetch(
        "UPDATE written_opinions w SET void_at = $3 FROM proceedings p WHERE p.item_id = w.item_id"
        " AND w.meeting_id = $1 AND w.person_id = $2 AND w.void_at IS NULL AND p.state IN ('listed', 'open')"
        " RETURNING w.item_id",
        meeting,
        person,
        at,
    )
    return sorted(row["item_id"] for row in rows)


async def recuse(connection: Connection, keys: tuple[int, int, int], person: int, rule: str, reason: str) -> None:
    """Keep a recusal; one that is there already stands."""
    await connection.execute(
        "INSERT INTO recusals (item_id, meeting_id, body_id, person_id, rule, reason) VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT DO NOTHING",
        *keys,
        person,
        rule,
        reason,
    )


async def take_back_recusal(connection: Connection, item: int, person: int) -> None:
    """Take a recusal off; its records stay."""
    await connection.execute("DELETE FROM recusals WHERE item_id = $1 AND person_id = $2", item, person)


async def add_speech(
    connection: Connection,
    keys: tuple[int, int, int],
    person: int,
    summary: str,
    corrects: int | None = None,
    *,
    struck: bool = False,
) -> None:
    """Keep a speech: the person, and what was said in short; `corrects` is the seq of the record that it puts right."""
    await connection.execute(
        "INSERT INTO speeches (item_id, meeting_id, body_id, person_id, summary, corrects, struck)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *keys,
        person,
        summary,
        corrects,
        struck,
    )


async def set_position(
    connection: Connection, keys: tuple[int, int, int], person: int, position: str, corrects: int | None = None
) -> None:
    """Keep the position that a member voiced, in place of an earlier one; "none" where `corrects` (a record's seq) was
    a mistake."""
    await connection.execute(
        "INSERT INTO positions (item_id, meeting_id, body_id, person_id, position, corrects)"
        " VALUES ($1, $2, $3, $4, $5, $6)"
        " ON CONFLICT (item_id, person_id) DO UPDATE SET position = $5, corrects = $6",
        *keys,
        person,
        position,
        corrects,
    )


async def open_vote(
    connection: Connection,
    keys: tuple[int, int, int],
    roll: Sequence[int],
    chair: int,
    base: int,
    needed: int,
    at: datetime,
    form: VoteForm,
) -> tuple[int, int]:
    """Open the item's next round; give (vote, round)."""
    row = await connection.fetchrow(
        "INSERT INTO votes (item_id, meeting_id, body_id, round, roll, chair_id, base, needed, opened_at, form)"
        " SELECT $1, $2, $3, coalesce(max(round), 0) + 1, $4, $5, $6, $7, $8, $9 FROM votes WHERE item_id = $1"
        " RETURNING id, round",
        *keys,
        roll,
        chair,
        base,
        needed,
        at,
        form,
    )
    assert row is not None
    return row["id"], row["round"]


async def ballot_records(connection: Connection, meeting: int, person: int) -> list[Entry]:
    """Returns the records of a member's ballots in a meeting, the latest first."""
    rows = await connection.fetch(
        "SELECT l.record, l.hash FROM ledger l JOIN books b ON b.id = l.book_id"
        " WHERE (b.subject_type, b.subject_id) = ('meeting', $1)"
        " AND (l.kind = 'ballot.cast' AND l.actor_id = $2 OR l.kind = 'ballot.taken') ORDER BY l.seq DESC",
        meeting, person,
    )  # fmt: skip
    entries = [entry(row["record"], row["hash"]) for row in rows]
    return [each for each in entries if each.record.content["person"] == person]


class Entered(Struct, frozen=True):
    """The values that a transaction of ballots begins with: the meeting, its row locked, its book, the time, its
    records that are new to the caller; of each ballot, by its place, the record that its command wrote before."""

    meeting: Meeting
    book: int
    now: datetime
    since: list[Record]
    before: list[Answered | None]


async def enter_to_vote(
    connection: Connection, meeting: int, secrets: Sequence[bytes], keys: Sequence[UUID | None], after: int
) -> tuple[list[Caller | None], list[bool], Entered | None]:
    """Lock the meeting's row for ballots in these sessions, under these commands' keys, and read what they begin with.

    Returns the caller of each session that is open, whether each may see the meeting, and None if none may.
    """
    row = await connection.fetchrow(
        "SELECT (e.meeting).*, e.kind, e.rulebook, e.book, e.now, e.callers, e.records, e.hashes, e.commands, e.since"
        " FROM enter_to_vote($1, $2, $3, $4) AS e",
        meeting, secrets, keys, after,
    )  # fmt: skip
    assert row is not None
    callers: list[Caller | None] = [None] * len(secrets)
    sees = [False] * len(secrets)
    for each in msgspec.json.decode(row["callers"] or "[]"):
        place = each["n"] - 1
        callers[place], sees[place] = caller_of(each, secrets[place]), each["sees"]
    if row["id"] is None:
        return callers, sees, None
    before = [
        Answered(entry(record, digest), command or b"") if record else None
        for record, digest, command in zip(row["records"], row["hashes"], row["commands"], strict=True)
    ]
    since = [read_record(raw) for raw in row["since"]]
    return callers, sees, Entered(meeting_of(row), row["book"], row["now"], since, before)


async def cast_ballots(
    connection: Connection,
    meeting: int,
    secrets: Sequence[bytes],
    contents: Sequence[Content],
    commands: Sequence[bytes | None],
) -> list[Entry]:
    """Keep ballots with their records, which have these contents, in their order; the database proves each session."""
    rows = await connection.fetch(
        "SELECT r_record, r_hash FROM cast_ballots($1, $2, $3, $4)",
        meeting, secrets, [encode_content(each) for each in contents], commands,
    )  # fmt: skip
    return [entry(row["r_record"], row["r_hash"]) for row in rows]


class Ballot(NamedTuple):
    """A ballot as its row has it: `key` is its command's, `replaces` that of the version before, `taken_by` the
    recorder who took it down."""

    vote_id: int
    body_id: int
    person_id: int
    version: int
    choice: str
    key: UUID
    replaces: UUID | None
    taken_by: int | None = None


async def cast(connection: Connection, ballot: Ballot, at: datetime) -> None:
    """Keep a ballot, or its next version."""
    await connection.execute(
        "INSERT INTO ballots (vote_id, body_id, person_id, version, choice, key, replaces, taken_by, at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *ballot,
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


async def decide(connection: Connection, keys: tuple[int, int, int], outcome: str, reason: str, text: str) -> None:
    """Keep what the chair announced; `text` is the motion as amended."""
    await connection.execute(
        "INSERT INTO decisions (item_id, meeting_id, body_id, outcome, reason, text) VALUES ($1, $2, $3, $4, $5, $6)",
        *keys,
        outcome,
        reason,
        text,
    )


async def meetings_in_session(connection: Connection) -> list[int]:
    """Returns the meetings that are in session."""
    rows = await connection.fetch("SELECT id FROM meetings WHERE state = 'in_session' ORDER BY id")
    return [row["id"] for row in rows]


async def votes_are_open(connection: Connection) -> bool:
    """Returns whether a vote is open in any meeting that the connection sees (the owner's sees all)."""
    return bool(await connection.fetchval("SELECT EXISTS (SELECT 1 FROM votes WHERE state = 'open')"))


async def tables_of(connection: Connection, meeting: int) -> Tables:
    """Returns what the tables say of a meeting, to be held beside its records."""
    items = await connection.fetch("SELECT item_id, state FROM proceedings WHERE meeting_id = $1", meeting)
    presence = await connection.fetch("SELECT person_id, state FROM presence WHERE meeting_id = $1", meeting)
    votes = await connection.fetch(
        "SELECT id, state, yes, no, abstain, defer, not_voted, result FROM votes WHERE meeting_id = $1", meeting
    )
    ballots = await connection.fetch(
        "SELECT b.vote_id, b.person_id, b.version, b.choice FROM ballots b JOIN votes v ON v.id = b.vote_id"
        " WHERE v.meeting_id = $1",
        meeting,
    )
    choices = ("yes", "no", "abstain", "defer", "not_voted")
    return Tables(
        await connection.fetchval("SELECT state FROM meetings WHERE id = $1", meeting) or "",
        {row["item_id"]: row["state"] for row in items},
        {row["person_id"]: row["state"] for row in presence},
        {
            row["id"]: VoteRow(
                row["state"], None if row["state"] == "open" else Tally(*(row[name] for name in choices)), row["result"]
            )
            for row in votes
        },
        frozenset((row["vote_id"], row["person_id"], row["version"], row["choice"]) for row in ballots),
    )
