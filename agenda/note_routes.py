"""Private notes on items: each person's own, seen by nobody else, on no record and in no minutes.

Row security keeps them to their body and to their author, whom the session's secret proves in the transaction.
"""

from datetime import datetime

from litestar import get, post
from litestar.params import JSONBody
from msgspec import Struct

from acts.acting import existing
from acts.http import Db, PathId, Text, Who
from agenda import store
from agenda.acting import look_into, require_state

MEETING = "/api/meetings/{meeting_id:int}"


class Note(Struct, frozen=True):
    """The caller's note on an item, as of `at`."""

    item: int
    text: str
    at: datetime


class NoteText(Struct, frozen=True, forbid_unknown_fields=True):
    """The note's new text; a blank one deletes the note."""

    text: Text


@get(MEETING + "/notes", opt={"operation": "note.list"})
async def list_notes(meeting_id: PathId, database: Db, caller: Who) -> list[Note]:
    """Returns the caller's own notes in a meeting, by item."""
    async with look_into(database, caller, "note.list", meeting_id) as look:
        rows = await store.notes(look.connection, meeting_id)
    return [Note(*row) for row in rows]


@post(MEETING + "/items/{item_id:int}/notes", opt={"operation": "note.write"}, status_code=200)
async def write_note(
    meeting_id: PathId, item_id: PathId, data: JSONBody[NoteText], database: Db, caller: Who
) -> Note | None:
    """Write the caller's note on an item in place of an earlier one. Returns null where the text is blank."""
    async with look_into(database, caller, "note.write", meeting_id) as look:
        require_state(look.meeting, "noticed", "in_session", "adjourned")  # a draft's agenda is the desk's
        item = existing(await store.item(look.connection, meeting_id, item_id))
        if not data.text.strip():
            await store.drop_note(look.connection, item.id)
            return None
        keys = (item.id, meeting_id, item.body_id)
        return Note(item.id, data.text, await store.write_note(look.connection, keys, caller.person, data.text))


routes = [list_notes, write_note]
