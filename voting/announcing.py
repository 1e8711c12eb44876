"""Announcing the decision (Rules 6(6); Measures 2(5)): what the vote decided, or with a reason something else."""

from acts.acting import existing
from acts.refusal import require
from agenda import store as agenda_store
from agenda.acting import MeetingAct
from agenda.situation import Situation, situation_of
from bodies.kinds_of_body import KINDS_OF_BODY
from voting import store
from voting.chairing import chairing
from voting.decision import Announced, check_decision
from voting.kinds.deciding import DecisionAnnounced
from voting.room import keys_of


def allow_announcing(situation: Situation, item_id: int, outcome: Announced, reason: str) -> None:
    """The chair may announce this outcome with this reason. Raises RefusedError."""
    vote = existing(chairing(situation, item_id, *situation.before("decision.announced")).vote)
    assert vote.result is not None
    decides = KINDS_OF_BODY[situation.outside.kind].decides
    require(check_decision(decides, vote.result, outcome, reason))


async def announce(act: MeetingAct, item_id: int, outcome: Announced, reason: str) -> None:
    """Record the chair's decision; it never turns a failed vote into a passed one where the majority decides."""
    allow_announcing(await situation_of(act), item_id, outcome, reason)
    await store.decide(act.connection, keys_of(act, item_id), outcome, reason)
    await agenda_store.set_proceedings(act.connection, item_id, "decided")
    await act.record(DecisionAnnounced(item_id, outcome, reason))
