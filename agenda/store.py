"""The SQL of the agenda."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from agenda.records import Meeting
from bodies.charter import Charter

if TYPE_CHECKING:
    from storage.store import Connection

_MEETING = (
    "m.id, m.body_id, m.title, m.starts_at, m.place, m.state, m.presiding_id, m.secretary_id, m.hall_secret,"
    " m.year, m.ordinal, m.formal_members, m.called_at, m.adjourned_at, coalesce(m.charter, b.charter)::text AS charter"
)


def _meeting(row: Any) -> Meeting:
    values = dict(row)
    values["charter"] = msgspec.json.decode(values["charter"], type=Charter)
    return Meeting(**{name: values[name] for name in Meeting.__struct_fields__})


async def lock_meeting(connection: Connection, meeting_id: int) -> tuple[Meeting, int, datetime] | None:
    """The meeting, its book and the time, the meeting's row locked; None where it is not to be seen."""
    # Locked by itself first: a row read in the same statement could be older than the lock.
    if not await connection.fetchval("SELECT 1 FROM meetings WHERE id = $1 FOR NO KEY UPDATE", meeting_id):
        return None
    row = await connection.fetchrow(
        f"SELECT {_MEETING}, k.id AS book, yijue_now() AS now FROM meetings m JOIN bodies b ON b.id = m.body_id"
        " JOIN books k ON k.meeting_id = m.id WHERE m.id = $1",
        meeting_id,
    )
    assert row is not None
    return _meeting(row), row["book"], row["now"]


async def read_meeting(connection: Connection, meeting_id: int) -> Meeting | None:
    """The meeting as it stands, without a lock."""
    row = await connection.fetchrow(
        f"SELECT {_MEETING} FROM meetings m JOIN bodies b ON b.id = m.body_id WHERE m.id = $1", meeting_id
    )
    return _meeting(row) if row else None
