"""What becomes of an item, over HTTP: put off, withdrawn, deferred, discussed again, decided."""

from functools import partial

from litestar.params import JSONBody
from msgspec import Struct

from acts.acting import Receipt
from acts.http import Db, Key, PathId, Reason, Text, Who
from voting import announcing, leaving
from voting.commands import ITEM, act, in_meeting
from voting.decision import Announced


class WithReason(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for an act."""

    reason: Reason


class Leaving(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason why an item leaves without a vote, and its cause, by which the clause is cited."""

    reason: Reason
    cause: leaving.Cause = "other"


@act(ITEM + "/put-off", "item.put_off")
async def put_off(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Leaving],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Put the vote off to a later meeting."""
    run = in_meeting(meeting_id, "item.put_off", database, caller, key, item_id)
    return await run(partial(leaving.put_off, item_id=item_id, reason=data.reason, cause=data.cause))


@act(ITEM + "/withdrawal", "item.withdraw")
async def withdraw_item(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[WithReason],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Withdraw an item of the sealed agenda."""
    run = in_meeting(meeting_id, "item.withdraw", database, caller, key, item_id)
    return await run(partial(leaving.take_off, item_id=item_id, how="withdraw", reason=data.reason))


@act(ITEM + "/deferral", "item.defer")
async def defer_item(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Leaving],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Defer an item of the sealed agenda."""
    run = in_meeting(meeting_id, "item.defer", database, caller, key, item_id)
    return await run(partial(leaving.take_off, item_id=item_id, how="defer", reason=data.reason, cause=data.cause))


@act(ITEM + "/reopening", "item.reopen")
async def reopen_item(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[WithReason],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Return a voted item to discussion in this meeting."""
    run = in_meeting(meeting_id, "item.reopen", database, caller, key, item_id)
    return await run(partial(announcing.reopen, item_id=item_id, reason=data.reason))


class Announcement(Struct, frozen=True, forbid_unknown_fields=True):
    """The decision that the chair announces; a reason is due where it is not what the vote decided, and where it is
    amended the amended motion in full."""

    outcome: Announced
    reason: Reason = ""
    text: Text = ""


@act(ITEM + "/decision", "decision.announce")
async def announce(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Announcement],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Announce the decision."""
    run = in_meeting(meeting_id, "decision.announce", database, caller, key, item_id)
    said = partial(announcing.announce, item_id=item_id, outcome=data.outcome, reason=data.reason, text=data.text)
    return await run(said)


routes = [
    put_off,
    withdraw_item,
    defer_item,
    reopen_item,
    announce,
]
