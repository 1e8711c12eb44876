"""The rules that a ballot is asked, and its record. Pure; `together.py` asks them for ballots of a meeting at once."""

from uuid import UUID

from acts.acting import existing
from acts.refusal import Refused, RefusedError, Verdict, require
from agenda.acting import require_state
from agenda.records import Choice
from agenda.situation import Situation
from agenda.state import BallotState, ItemOnAgenda, MeetingState, VoteRound
from bodies.charter import Charter
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


def ballot_of(
    situation: Situation,
    vote_id: int,
    choice: Choice,
    key: UUID,
    *,
    replaces: UUID | None = None,
    confirm_outstanding: bool = False,
) -> BallotCast:
    """Returns the record of the caller's ballot with this key, or of the one that replaces the one with the key
    `replaces` where the charter allows. With others outstanding the chair's needs the chair's explicit word, and its
    record names them. Raises RefusedError."""
    item, vote = allow_ballot(situation, vote_id, choice, replaces=replaces, confirm_outstanding=confirm_outstanding)
    standing, member = vote.ballots.get(situation.person), situation.person
    version, replaced = (standing.version + 1, standing.key) if standing else (1, None)
    outstanding = not_waited_for(situation.charter, vote, member)
    return BallotCast(item.id, vote.id, member, choice, version, outstanding, key, replaced)


def not_waited_for(charter: Charter, vote: VoteRound, member: int) -> tuple[int, ...]:
    """Returns those for whom a chair who votes last waits no longer; nobody for another member's ballot."""
    last = member == vote.chair and charter.chair_last
    return tuple(sorted(set(vote.roll) - vote.ballots.keys() - {member})) if last else ()
