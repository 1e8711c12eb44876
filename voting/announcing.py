"""Announcing the decision (Rules 6(6); Measures 2(5)): what the vote decided, or with a reason something else."""

from acts.acting import found
from acts.refusal import require
from agenda import store as agenda_store
from agenda.acting import MeetingAct
from voting import store
from voting.chairing import chairing
from voting.decision import Announced, check_decision
from voting.room import before, place_of


async def announce(act: MeetingAct, item_id: int, outcome: Announced, reason: str) -> None:
    """The chair's word; it can never turn a failed vote into a passed one where the majority decides."""
    item = await chairing(act, item_id, *before(act, "decision.announced"))
    vote = found(await store.last_vote(act.connection, item.id))
    assert vote.result is not None
    require(check_decision(act.place.meeting.charter, vote.result, outcome, reason))
    await store.decide(act.connection, place_of(act, item.id), outcome, reason)
    await agenda_store.set_proceedings(act.connection, item.id, "decided")
    await act.record("decision.announced", {"item": item.id, "outcome": outcome, "reason": reason})
