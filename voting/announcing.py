"""Announcing the decision (Rules 6(6); Measures 2(5)): what the vote decided, or with a reason something else.

docs/decisions/0017-after-the-vote.md says what 修改, 搁置 and 再次讨论 lead to.
"""

from acts.acting import existing
from acts.refusal import Refused, RefusedError, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct
from agenda.situation import Situation, situation_of
from agenda.state import VoteRound
from bodies.kinds_of_body import KINDS_OF_BODY
from voting import store
from voting.chairing import chairing
from voting.decision import Announced, check_decision
from voting.kinds.deciding import DecisionAnnounced, ItemReopened
from voting.room import keys_of


def allow_announcing(situation: Situation, item_id: int, outcome: Announced, reason: str) -> None:
    """The chair may announce this outcome with this reason. Raises RefusedError."""
    vote = existing(chairing(situation, item_id, *situation.before("decision.announced")).vote)
    assert vote.result is not None
    decides = KINDS_OF_BODY[situation.outside.kind].decides
    require(check_decision(decides, vote.result, outcome, reason))


async def announce(act: MeetingAct, item_id: int, outcome: Announced, reason: str, text: str = "") -> None:
    """Record the chair's decision; it never turns a failed vote into a passed one where the majority decides. An
    amended motion is given in words, `text`. Raises RefusedError."""
    allow_announcing(await situation_of(act), item_id, outcome, reason)
    text = text.strip()
    if (outcome == "amended") != bool(text):
        raise RefusedError(
            Refused(
                "input.invalid",
                "决定修改的，请填写修改后的议案全文；其他决定不填。",
                "An amended motion is given in full; any other decision has none.",
                {"field": "text"},
            )
        )
    await store.decide(act.connection, keys_of(act, item_id), outcome, reason, text)
    await agenda_store.set_proceedings(act.connection, item_id, "decided")
    await act.record(DecisionAnnounced(item_id, outcome, reason, text))


def allow_reopening(situation: Situation, item_id: int, reason: str) -> VoteRound:
    """Returns the round after which the chair may return the item to discussion in this meeting (Measures 2(5)). Raises
    RefusedError."""
    vote: VoteRound = existing(chairing(situation, item_id, *situation.before("item.reopened")).vote)
    assert vote.result is not None
    require(check_decision(KINDS_OF_BODY[situation.outside.kind].decides, vote.result, "reconsidered", reason))
    return vote


async def reopen(act: MeetingAct, item_id: int, reason: str) -> None:
    """Return a voted item to discussion: its round stands in the record, and another vote may follow. Raises
    RefusedError."""
    vote = allow_reopening(await situation_of(act), item_id, reason)
    await agenda_store.set_proceedings(act.connection, item_id, "open", discussed=False)
    await act.record(ItemReopened(item_id, vote.id, reason))
