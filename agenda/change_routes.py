"""Changes of place and start after the notice, over HTTP."""

from datetime import datetime
from functools import partial
from typing import Annotated

from litestar import post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from acts.acting import Receipt
from acts.http import Db, DueReason, Key, MaybeLine, PathId, Who
from agenda.acting import perform_in_meeting
from agenda.changing_notice import change_notice


class NoticeChangeAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Another place, a later start, and the reason; None leaves a value as it is."""

    reason: DueReason
    starts_at: Annotated[datetime, Meta(tz=True)] | None = None
    place: MaybeLine | None = None


@post("/api/meetings/{meeting_id:int}/notice/changes", opt={"operation": "notice.change"}, status_code=200)
async def record_change(
    meeting_id: PathId, data: JSONBody[NoticeChangeAsked], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Change the place or move the start later, after notice; it is told to everyone again."""
    act = partial(change_notice, starts_at=data.starts_at, place=data.place, reason=data.reason)
    return await perform_in_meeting(database, caller, "notice.change", meeting_id, act, key)


routes = [record_change]
