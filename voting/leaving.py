"""An item leaves the meeting without a vote: put off after discussion, withdrawn, or deferred; always with a reason."""

from typing import Literal, TypeAlias

from acts.refusal import Refused, RefusedError, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct, require_state
from agenda.sealed import check_sealed
from agenda.situation import Situation, situation_of
from voting.chairing import chairing, require_chair_unrecused
from voting.kinds.deciding import ItemDeferred, ItemPutOff, ItemWithdrawn
from voting.room import require_chair_here

Cause: TypeAlias = Literal["positions", "study", "materials", "notice", "quorum", "in_charge", "other"]
"""The cause for which an item leaves without a vote; each has its clause, as the rule `leaving.…`."""


def allow_putting_off(situation: Situation, item_id: int) -> None:
    """The chair may put the item's vote off. Raises RefusedError."""
    chairing(situation, item_id, *situation.before("item.put_off"))


async def put_off(act: MeetingAct, item_id: int, reason: str, cause: Cause) -> None:
    """The chair puts the vote off to a later meeting, as when positions are close (Rules 6(5)); the record cites the
    clause of the cause."""
    allow_putting_off(await situation_of(act), item_id)
    if not reason.strip():
        raise RefusedError(
            Refused(
                "decision.reason",
                "暂缓表决须说明理由，请主持人填写。",
                "Putting off takes a reason; the chair gives it.",
            )
        )
    await agenda_store.set_proceedings(act.connection, item_id, "put_off", reason)
    clause = act.context.rulebook.clause(f"leaving.{cause}")
    await act.record(ItemPutOff(item_id, reason, cause, clause.zh, clause.en))


def allow_taking_off(situation: Situation, item_id: int) -> None:
    """The chair may withdraw or defer the item of the sealed agenda (Rules 6(1), 6(4)). Raises RefusedError."""
    require_state(situation.state, "noticed", "in_session")
    item = situation.item(item_id, *situation.before("item.withdrawn"))
    require_chair_unrecused(situation, situation.person, item)
    require_chair_here(situation)


async def take_off(
    act: MeetingAct, item_id: int, how: Literal["withdraw", "defer"], reason: str, cause: Cause | None = None
) -> None:
    """The chair withdraws or defers an item of the sealed agenda (Rules 6(1), 6(4)); the record cites the clause of the
    cause, None for the sealed agenda's own."""
    allow_taking_off(await situation_of(act), item_id)
    require(check_sealed(how, sealed=True, by_chair=True, reason=reason))
    state: Literal["withdrawn", "deferred"] = "withdrawn" if how == "withdraw" else "deferred"
    await agenda_store.set_proceedings(act.connection, item_id, state, reason)
    clause = act.context.rulebook.clause(f"leaving.{cause}" if cause else "agenda.locked")
    kind = ItemWithdrawn if how == "withdraw" else ItemDeferred
    await act.record(kind(item_id, reason, cause or "", clause.zh, clause.en))
