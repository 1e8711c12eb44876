"""Casting a ballot: one transaction that asks the rules, keeps the ballot and writes its record.

The meeting's row is locked, so a ballot and the closing take turns: a ballot is acknowledged and in the tally,
or refused and in none.
"""

from uuid import UUID, uuid4

from acts.acting import existing
from acts.refusal import Refused, RefusedError, Verdict, require
from agenda.acting import MeetingAct, require_state
from agenda.records import Choice
from agenda.situation import Outside, Situation
from agenda.state import BallotState, ItemOnAgenda, MeetingState, VoteRound
from bodies.charter import Charter
from voting import store
from voting.chair_last import check_chair_last
from voting.changing import check_change
from voting.kinds.balloting import BallotCast
from voting.roll import Roll, check_choice, check_on_roll
from voting.room import present
from voting.stale import check_stale
from voting.vote_form import check_by_device


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
    item, vote = vote_in_session(situation.state, vote_id)
    member, voted = situation.person, vote.ballots.keys()
    require_open(vote)
    require(check_by_device(vote.form))
    require(
        *check_votable(situation, item, vote, member, choice, confirm_outstanding=confirm_outstanding),
        check_change(situation.charter, has_voted=member in voted, chair_has_voted=vote.chair in voted),
    )
    if choice is not None:
        require(check_stale(vote.ballots.get(member, BallotState()).key, replaces))
    return item, vote


def require_open(vote: VoteRound) -> None:
    """Refuse a ballot in a vote that is closed. Raises RefusedError."""
    if vote.state != "open":
        raise RefusedError(
            Refused("state.wrong", "表决已结束，本票未计入。", "The vote is closed; this ballot was not counted.")
        )


def check_votable(
    situation: Situation,
    item: ItemOnAgenda,
    vote: VoteRound,
    member: int,
    choice: Choice | None,
    *,
    confirm_outstanding: bool,
) -> tuple[Verdict, ...]:
    """Whether this member's ballot is taken in this vote, whoever enters it: they are on its roll and in the room, the
    choice is one of the item's, the chair is last."""
    voters, voted, here = frozenset(vote.roll), vote.ballots.keys(), present(situation.state)
    recused = frozenset(item.recusals)
    roll = Roll(members=situation.formal, present=(voters | recused) & here, recused=recused)
    last = check_chair_last(
        situation.charter,
        member,
        vote.chair,
        voters,
        voted,
        chair_confirms=confirm_outstanding,
        name=situation.name,
    )
    on_roll = check_on_roll(member, roll, situation.name, left=voters - here)
    return (on_roll, last) if choice is None else (on_roll, check_choice(choice, item.personnel), last)


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
    outstanding = not_waited_for(meeting.charter, vote, member)
    await act.record(BallotCast(item.id, vote.id, member, choice, version, outstanding, key, replaced))


def not_waited_for(charter: Charter, vote: VoteRound, member: int) -> tuple[int, ...]:
    """Returns those for whom a chair who votes last waits no longer; nobody for another member's ballot."""
    last = member == vote.chair and charter.chair_last
    return tuple(sorted(set(vote.roll) - vote.ballots.keys() - {member})) if last else ()
