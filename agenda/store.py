"""The SQL of the agenda."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from agenda.records import Item, ItemState, Meeting
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


_ITEM = (
    "SELECT i.id, i.meeting_id, i.body_id, i.position, i.title, i.motion, i.category, i.in_charge_id,"
    " i.deputy_in_charge_id, i.subjects, i.confidential, i.materials_complete, p.state, p.presenter_id, p.discussed,"
    " p.reason FROM items i JOIN proceedings p ON p.item_id = i.id WHERE i.meeting_id = $1"
)


async def items_of(connection: Connection, meeting_id: int) -> list[Item]:
    """A meeting's items with their proceedings, in the order of the agenda."""
    rows = await connection.fetch(f"{_ITEM} ORDER BY i.position", meeting_id)
    return [Item(**dict(row)) for row in rows]


async def item(connection: Connection, meeting_id: int, item_id: int) -> Item | None:
    """One item of that meeting; None where the meeting has none of this id."""
    row = await connection.fetchrow(f"{_ITEM} AND i.id = $2", meeting_id, item_id)
    return Item(**dict(row)) if row else None


async def set_proceedings(
    connection: Connection,
    item: int,
    state: ItemState,
    reason: str = "",
    presenter: int | None = None,
    discussed: bool | None = None,
) -> None:
    """Bring an item's proceedings on; a presenter or `discussed` that is None stays as it was."""
    await connection.execute(
        "UPDATE proceedings SET state = $2, reason = $3, presenter_id = coalesce($4, presenter_id),"
        " discussed = coalesce($5, discussed) WHERE item_id = $1",
        item, state, reason, presenter, discussed,
    )  # fmt: skip
