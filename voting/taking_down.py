"""Ballots by voice or show of hands (口头, 举手): taken down by name by the secretary, to be objected to (Rules 6(5)).

An entry is put right until the close, by the next version; every version stays on the record. `vote.changed` is not
asked: what is put right is the secretary's entry.
"""

from uuid import uuid4

from acts.acting import existing
from acts.refusal import Refused, RefusedError, require
from agenda.acting import MeetingAct
from agenda.records import Choice
from agenda.recusing import require_unrecused
from agenda.situation import Situation, situation_of
from agenda.state import BallotState, ItemOnAgenda, VoteRound
from voting import store
from voting.casting import check_votable, not_waited_for, require_open, vote_in_session
from voting.kinds.balloting import BallotObjected, BallotTaken
from voting.vote_form import check_taken_down


def allow_taking_down(
    situation: Situation, vote_id: int, member: int, choice: Choice | None = None, *, confirm_outstanding: bool = False
) -> tuple[ItemOnAgenda, VoteRound]:
    """Returns the item and its open vote, where the caller may take down this member's ballot. Raises RefusedError."""
    item, vote = vote_in_session(situation.state, vote_id)
    require_unrecused(situation, item)
    require_open(vote)
    require(check_taken_down(vote.form))
    require(*check_votable(situation, item, vote, member, choice, confirm_outstanding=confirm_outstanding))
    return item, vote


async def take_down(
    act: MeetingAct, vote_id: int, member: int, choice: Choice, *, confirm_outstanding: bool = False
) -> None:
    """Take down a member's ballot, or put right what was taken down; the chair's comes last, or with the chair's word
    that the others are waited for no longer. Raises RefusedError."""
    meeting = act.context.meeting
    item, vote = allow_taking_down(
        await situation_of(act), vote_id, member, choice, confirm_outstanding=confirm_outstanding
    )
    version = vote.ballots[member].version + 1 if member in vote.ballots else 1
    key = act.key or uuid4()
    replaced = vote.ballots[member].key if version > 1 else None
    ballot = store.Ballot(vote.id, meeting.body_id, member, version, choice, key, replaced, act.caller.person)
    await store.cast(act.connection, ballot, act.context.now)
    outstanding = not_waited_for(meeting.charter, vote, member)
    await act.record(BallotTaken(item.id, vote.id, member, choice, version, outstanding, key, replaced))


def allow_ballot_objection(situation: Situation, vote_id: int) -> ItemOnAgenda:
    """Returns the item, where the caller may object to the ballot that was taken down for them. Raises RefusedError."""
    item, vote = vote_in_session(situation.state, vote_id)
    require(check_taken_down(vote.form))
    ballot: BallotState = existing(vote.ballots.get(situation.person))
    if vote.state != "open" or ballot.objected:
        raise RefusedError(
            Refused(
                "state.wrong",
                "表决已结束，或者您已提出异议、等待记录人更正。",
                "The vote is closed, or you have objected and the entry is about to be corrected.",
            )
        )
    return item


async def object_to(act: MeetingAct, vote_id: int) -> None:
    """Object to the ballot that was taken down for the caller; the vote is not closed before it is put right. Raises
    RefusedError."""
    item = allow_ballot_objection(await situation_of(act), vote_id)
    await act.record(BallotObjected(item.id, vote_id, act.caller.person))
