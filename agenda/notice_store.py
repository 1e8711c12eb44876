"""The SQL of notices: given, withdrawn, changed, delivered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from agenda.records import Delivery, Meeting, Notice, NoticeChanged
from bodies.charter import Charter

if TYPE_CHECKING:
    from storage.store import Connection


async def notices(connection: Connection, meeting: int) -> list[Notice]:
    """Returns every notice of the meeting, the withdrawn among them, in order."""
    rows = await connection.fetch(
        "SELECT id, given_at, given_by, encode(agenda_hash, 'hex') AS agenda_hash, withdrawn_at, reason"
        " FROM notices WHERE meeting_id = $1 ORDER BY id",
        meeting,
    )
    return [Notice(**dict(row)) for row in rows]


async def standing_notice(connection: Connection, meeting: int) -> Notice | None:
    """Returns the notice that stands, if one does."""
    return next((each for each in await notices(connection, meeting) if each.withdrawn_at is None), None)


async def set_deputies(connection: Connection, deputies: Mapping[int, int | None]) -> None:
    """Write for each item of a draft the B角 that its notice finds; the decision that it carries out is named anew, as
    the minutes that stand now have it, and refused (`items_carry_out`) where these were voided."""
    await connection.executemany(
        "UPDATE items SET deputy_on_record_id = $2, carries_out = carries_out WHERE id = $1", deputies.items()
    )


async def give_notice(
    connection: Connection, meeting: Meeting, by: int, agenda_hash: bytes, charter: Charter, at: datetime
) -> int:
    """Keep a notice and seal the meeting under it: charter frozen, every item listed. Gives the notice's id."""
    notice: int = await connection.fetchval(
        "INSERT INTO notices (meeting_id, body_id, given_at, given_by, agenda_hash) VALUES ($1, $2, $3, $4, $5)"
        " RETURNING id",
        meeting.id, meeting.body_id, at, by, agenda_hash,
    )  # fmt: skip
    await connection.execute(
        "UPDATE proceedings SET state = 'listed', reason = '', presenter_id = NULL, discussed = false"
        " WHERE meeting_id = $1 AND state <> 'listed'",
        meeting.id,
    )
    await connection.execute(
        "UPDATE meetings SET state = 'noticed', charter = $2::text::jsonb WHERE id = $1",
        meeting.id, msgspec.json.encode(charter).decode(),
    )  # fmt: skip
    return notice


async def withdraw_notice(connection: Connection, meeting: int, notice: int, reason: str, at: datetime) -> None:
    """Withdraw the notice; the meeting is a draft again, under the body's own charter."""
    await connection.execute("UPDATE notices SET withdrawn_at = $2, reason = $3 WHERE id = $1", notice, at, reason)
    await connection.execute("UPDATE meetings SET state = 'draft', charter = NULL WHERE id = $1", meeting)


async def deliveries(connection: Connection, notice: int) -> list[Delivery]:
    """Returns a notice's deliveries, in order of time."""
    rows = await connection.fetch(
        "SELECT person_id AS person, change_id AS change, method, delivered_at, recorded_by, acknowledged_at"
        " FROM deliveries"
        " WHERE notice_id = $1 ORDER BY delivered_at, person_id",
        notice,
    )
    return [Delivery(**dict(row)) for row in rows]


async def correct_delivery(
    connection: Connection, keys: tuple[int, int], person: int, method: str, corrects: int
) -> None:
    """Keep the right way of a delivery, or drop one that was not made (`none`); `keys` are (notice, change or 0),
    `corrects` is its record's seq."""
    if method == "none":
        await connection.execute(
            "DELETE FROM deliveries WHERE (notice_id, change_id, person_id) = ($1, $2, $3)", *keys, person
        )
        return
    await connection.execute(
        "UPDATE deliveries SET method = $4, corrects = $5 WHERE (notice_id, change_id, person_id) = ($1, $2, $3)",
        *keys, person, method, corrects,
    )  # fmt: skip


async def add_delivery(
    connection: Connection, keys: tuple[int, int, int], person: int, method: str, by: int, at: datetime
) -> None:
    """Keep that the notice, or its change, reached a person; `keys` are (notice, change or 0, body)."""
    await connection.execute(
        "INSERT INTO deliveries (notice_id, change_id, body_id, person_id, method, delivered_at, recorded_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *keys, person, method, at, by,
    )  # fmt: skip


async def acknowledge(connection: Connection, notice: int, change: int, person: int, at: datetime) -> None:
    """Keep that the person acknowledged the notice, or (not 0) its change."""
    await connection.execute(
        "UPDATE deliveries SET acknowledged_at = $4 WHERE (notice_id, change_id, person_id) = ($1, $2, $3)",
        notice, change, person, at,
    )  # fmt: skip


async def change_notice(
    connection: Connection, meeting: Meeting, notice: int, by: int, at: datetime, to: tuple[datetime, str], reason: str
) -> int:
    """Keep a change of a noticed meeting `to` (start, place), which makes it; give its id."""
    change: int = await connection.fetchval(
        "INSERT INTO notice_changes (notice_id, meeting_id, body_id, at, changed_by, starts_before, starts_at,"
        " place_before, place, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        notice, meeting.id, meeting.body_id, at, by, meeting.starts_at, to[0], meeting.place, to[1], reason,
    )  # fmt: skip
    return change


async def changes_of(connection: Connection, notice: int) -> list[NoticeChanged]:
    """Returns the changes of a notice, in order."""
    rows = await connection.fetch(
        "SELECT id, at, changed_by, starts_before, starts_at, place_before, place, reason FROM notice_changes"
        " WHERE notice_id = $1 ORDER BY id",
        notice,
    )
    return [NoticeChanged(**dict(row)) for row in rows]


async def moved_from(connection: Connection, body: int) -> dict[int, tuple[datetime, str]]:
    """Returns the start and place that the standing notice of a body's meetings first gave, of those changed since."""
    rows = await connection.fetch(
        "SELECT DISTINCT ON (c.meeting_id) c.meeting_id, c.starts_before, c.place_before FROM notice_changes c"
        " JOIN notices n ON n.id = c.notice_id WHERE c.body_id = $1 AND n.withdrawn_at IS NULL"
        " ORDER BY c.meeting_id, c.id",
        body,
    )
    return {row["meeting_id"]: (row["starts_before"], row["place_before"]) for row in rows}
