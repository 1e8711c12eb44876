"""Closing a vote: counted once, by `tally.py`; below quorum it is void and may be taken again (Rules 5)."""

from acts.refusal import Refused, RefusedError, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda, VoteRound
from voting import store
from voting.attendance import void_opinions_of
from voting.casting import vote_in_session
from voting.chairing import chairing
from voting.kinds.balloting import ChoiceSaid, VoteClosed, VoteVoided
from voting.outstanding import check_outstanding
from voting.quorum import check_still_quorate, count_quorum
from voting.room import roll_for
from voting.tally import count_votes
from voting.vote_form import check_objections


def allow_closing(
    situation: Situation, vote_id: int, *, confirm_outstanding: bool = False
) -> tuple[ItemOnAgenda, VoteRound]:
    """Returns the item and its open vote, where it may be closed. Raises RefusedError."""
    item, vote = vote_in_session(situation.state, vote_id)
    if vote.state != "open":
        raise RefusedError(Refused("state.wrong", "本轮表决已经结束。", "This vote is closed already."))
    chairing(situation, item.id, "voting")
    require(
        check_outstanding(
            frozenset(vote.roll), vote.ballots.keys(), chair_confirms=confirm_outstanding, name=situation.name
        ),
        check_objections({person for person, ballot in vote.ballots.items() if ballot.objected}, situation.name),
    )
    return item, vote


async def close_vote(act: MeetingAct, vote_id: int, *, confirm_outstanding: bool) -> None:
    """Close the vote and count it; with ballots outstanding only on the chair's explicit word (Rules 6(5))."""
    situation = await situation_of(act)
    item, vote = allow_closing(situation, vote_id, confirm_outstanding=confirm_outstanding)
    roll = roll_for(situation, item)
    quorum = count_quorum(situation.charter, item.personnel, roll)
    lost = check_still_quorate(quorum)
    void = isinstance(lost, Refused)
    cast = {person: ballot.choice for person, ballot in sorted(vote.ballots.items()) if ballot.choice is not None}
    count = count_votes(
        situation.charter,
        members=len(roll.members),
        recused=len(roll.members & roll.recused),
        voters=len(vote.roll),
        choices=cast.values(),
    )
    await store.close_vote(act.connection, vote.id, count, void=void, at=act.context.now)
    await agenda_store.set_proceedings(act.connection, item.id, "open" if void else "voted")
    choices = tuple(ChoiceSaid(person, choice) for person, choice in cast.items())
    if isinstance(lost, Refused):
        await act.record(VoteVoided(item.id, vote.id, count.tally, choices, quorum, rule=lost.rule))
        # The item is discussed again: an author who came while it was voted speaks for themselves now.
        for person in sorted(roll.present):
            await void_opinions_of(act, person, situation.state.presence[person].seq)
        return
    await act.record(
        VoteClosed(
            item=item.id,
            vote=vote.id,
            tally=count.tally,
            choices=choices,
            quorum=quorum,
            base=count.base,
            needed=count.needed,
            result=count.result,
            sensitive=count.sensitive,
            outstanding=tuple(sorted(set(vote.roll) - cast.keys())),
        )
    )
