"""Casting a ballot: one transaction that asks the rules, keeps the ballot and writes its record.

The meeting's row is locked, so a ballot and the closing take turns: a ballot is acknowledged and in the tally,
or refused and in none.
"""

from uuid import UUID, uuid4

from acts.acting import existing
from acts.refusal import Refused, RefusedError, require
from agenda.acting import MeetingAct, require_state
from agenda.records import Choice
from agenda.situation import Outside, Situation
from agenda.state import BallotState, ItemOnAgenda, MeetingState, VoteRound
from voting import store
from voting.chair_last import check_chair_last
from voting.changing import check_change
from voting.kinds.balloting import BallotCast
from voting.roll import Roll, check_choice, check_on_roll
from voting.room import present
from voting.stale import check_stale


def vote_in_session(state: MeetingState, vote: int) -> tuple[ItemOnAgenda, VoteRound]:
    """Returns the item and its vote, the meeting in session. Raises RefusedError."""
    require_state(state, "in_session")
    return existing(next(((item, item.votes[vote]) for item in state.items.values() if vote in item.votes), None))  # type: ignore[no-any-return] # existing gives what it is given


def allow_ballot(
    situation: Situation,
    vote_id: int,
    choice: Choice | None = None,
    *,
    replaces: UUID | None = None,
    confirm_outstanding: bool = False,
) -> tuple[ItemOnAgenda, VoteRound]:
    """Returns the item and its open vote, where the caller may cast this ballot (choice None: any that replaces
    the standing one). Raises RefusedError."""
    state, member = situation.state, situation.person
    item, vote = vote_in_session(state, vote_id)
    if vote.state != "open":
        raise RefusedError(
            Refused("state.wrong", "表决已结束，本票未计入。", "The vote is closed; this ballot was not counted.")
        )
    voters, voted, here = frozenset(vote.roll), vote.ballots.keys(), present(state)
    recused = frozenset(item.recusals)
    standing = vote.ballots.get(member, BallotState())
    roll = Roll(members=situation.formal, present=(voters | recused) & here, recused=recused)
    require(
        check_on_roll(member, roll, situation.name, left=voters - here),
        *(() if choice is None else (check_choice(choice, item.personnel),)),
        check_chair_last(
            situation.charter,
            member,
            vote.chair,
            voters,
            voted,
            chair_confirms=confirm_outstanding,
            name=situation.name,
        ),
        check_change(situation.charter, has_voted=member in voted, chair_has_voted=vote.chair in voted),
    )
    if choice is not None:
        require(check_stale(standing.key, replaces))
    return item, vote


async def cast_ballot(
    act: MeetingAct,
    vote_id: int,
    choice: Choice,
    *,
    replaces: UUID | None = None,
    confirm_outstanding: bool = False,
) -> None:
    """Cast the caller's ballot, or replace the one with the key `replaces` where the charter allows. With others
    outstanding the chair's needs the chair's explicit word, and its record names them. Raises RefusedError."""
    meeting, member, state = act.context.meeting, act.caller.person, act.context.state
    # A ballot reads nothing of other books: the roll is frozen, the names are the meeting's.
    situation = Situation(state, Outside(), act.context.now, member, act.context.roles)
    item, vote = allow_ballot(situation, vote_id, choice, replaces=replaces, confirm_outstanding=confirm_outstanding)
    version = vote.ballots[member].version + 1 if member in vote.ballots else 1
    key = act.key or uuid4()
    replaced = vote.ballots[member].key if version > 1 else None
    ballot = store.Ballot(vote.id, meeting.body_id, member, version, choice, key, replaced)
    await store.cast(act.connection, ballot, act.context.now)
    last = member == vote.chair and meeting.charter.chair_last
    outstanding = sorted(set(vote.roll) - vote.ballots.keys() - {member}) if last else ()
    await act.record(BallotCast(item.id, vote.id, member, choice, version, tuple(outstanding), key, replaced))
