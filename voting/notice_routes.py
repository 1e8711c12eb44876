"""The outlook before the notice, and the notice withdrawn, over HTTP."""

from functools import partial

from litestar import get
from litestar.params import JSONBody
from msgspec import Struct

from acts.acting import Receipt
from acts.http import Db, Key, PathId, Reason, Who
from acts.problems import RefusedRule, refused_rule
from agenda.acting import look_into
from voting import opinions
from voting.commands import MEETING, act, in_meeting
from voting.outlook import outlook


@get(MEETING + "/outlook", opt={"operation": "notice.outlook"})
async def read_outlook(meeting_id: PathId, database: Db, caller: Who) -> list[RefusedRule]:
    """Returns what of the agenda the meeting could not take or pass, and who would leave; `facts.item` is the item."""
    async with look_into(database, caller, "notice.outlook", meeting_id) as look:
        situation = await look.situation()
    return [refused_rule(each.by(situation.rulebook)) for each in outlook(situation)]


class NoticeWithdrawal(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for withdrawing the notice."""

    reason: Reason


@act(MEETING + "/notice/withdrawal", "notice.withdraw")
async def withdraw_notice(
    meeting_id: PathId, data: JSONBody[NoticeWithdrawal], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Withdraw the notice, before the call to order; written opinions on its agenda are void."""
    run = in_meeting(meeting_id, "notice.withdraw", database, caller, key)
    return await run(partial(opinions.withdraw_notice, reason=data.reason))


routes = [
    read_outlook,
    withdraw_notice,
]
