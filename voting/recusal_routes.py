"""Recusals and the recorder in place of a recused secretary, over HTTP."""

from functools import partial

from litestar import get
from litestar.params import JSONBody
from msgspec import Struct
from msgspec.structs import replace

from acts.acting import Receipt
from acts.http import Db, DueReason, Id, Key, PathId, Who
from agenda.acting import look_into
from agenda.recusing import Required, recused_by, required_recusals
from voting.commands import ITEM, MEETING, OfPerson, act, in_meeting
from voting.recorder import name_recorder
from voting.recusing import declare_recusal, take_back_recusal


class Withdrawal(Struct, frozen=True, forbid_unknown_fields=True):
    """The person who withdraws from the item (the caller where nobody is named), and why."""

    reason: DueReason
    person: Id | None = None


class TakenBack(Struct, frozen=True, forbid_unknown_fields=True):
    """The person whose recusal is taken back, and why."""

    person: Id
    reason: DueReason


@act(ITEM + "/recusals", "recusal.declare")
async def declare(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Withdrawal],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Declare a recusal."""
    run = in_meeting(meeting_id, "recusal.declare", database, caller, key, item_id)
    person = data.person or caller.person
    return await run(partial(declare_recusal, item_id=item_id, person=person, reason=data.reason))


@get(MEETING + "/recusals", opt={"operation": "recusal.list"})
async def read_required_recusals(meeting_id: PathId, database: Db, caller: Who) -> list[Required]:
    """Returns the people whom the record of kinship recuses, by item; nothing of an item from which the caller is."""
    async with look_into(database, caller, "recusal.list", meeting_id) as look:
        situation = await look.situation()
    secretary = "secretary" in situation.roles
    if situation.state.state == "draft" and not secretary:
        return []  # the agenda is the desk's until notice
    return [
        each if secretary or item.state != "listed" else replace(each, reason="")  # it names the candidate
        for item in situation.state.agenda
        if not recused_by(situation, item, caller.person)
        for each in required_recusals(situation, item)
    ]


@act(ITEM + "/recusals/taken-back", "recusal.take_back")
async def take_back(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[TakenBack],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Take a recusal back, until the vote opens."""
    run = in_meeting(meeting_id, "recusal.take_back", database, caller, key, item_id)
    return await run(partial(take_back_recusal, item_id=item_id, person=data.person, reason=data.reason))


@act(ITEM + "/recorder", "recorder.name")
async def substitute_recorder(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[OfPerson],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Name the person who keeps the item's record in place of a recused secretary."""
    run = in_meeting(meeting_id, "recorder.name", database, caller, key, item_id)
    return await run(partial(name_recorder, item_id=item_id, person=data.person))


routes = [
    declare,
    read_required_recusals,
    take_back,
    substitute_recorder,
]
