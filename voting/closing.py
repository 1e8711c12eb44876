"""Closing a vote: counted once, by `tally.py`; below quorum it is void and may be taken again (Rules 5)."""

from acts.refusal import Refused, RefusedError
from agenda import store as agenda_store
from agenda.acting import MeetingAct
from voting import store
from voting.attendance import void_opinions_of
from voting.chairing import chairing
from voting.kinds.balloting import ChoiceSaid, VoteClosed, VoteVoided
from voting.outstanding import check_outstanding
from voting.quorum import check_still_quorate, count_quorum
from voting.room import require_named, roll_for, vote_in
from voting.tally import count_votes


async def close_vote(act: MeetingAct, vote_id: int, *, confirm_outstanding: bool) -> None:
    """Close the vote and count it; with ballots outstanding only on the chair's explicit word (Rules 6(5))."""
    meeting = act.place.meeting
    vote = await vote_in(act, vote_id)
    if vote.state != "open":
        raise RefusedError(Refused("state.wrong", "本轮表决已经结束。", "This vote is closed already."))
    item = await chairing(act, vote.item_id, "voting")
    ballots = await store.standing(act.connection, vote.id)
    voters, voted = frozenset(vote.roll), frozenset(ballot.person for ballot in ballots)
    await require_named(
        act.connection,
        vote.roll,
        lambda name: (check_outstanding(voters, voted, chair_confirms=confirm_outstanding, name=name),),
    )
    now = await roll_for(act.connection, meeting, item)
    quorum = count_quorum(meeting.charter, item.personnel, now)
    lost = check_still_quorate(quorum)
    void = isinstance(lost, Refused)
    count = count_votes(
        meeting.charter,
        members=len(now.members),
        recused=len(now.members & now.recused),
        voters=len(voters),
        choices=[ballot.choice for ballot in ballots],
    )
    await store.close_vote(act.connection, vote.id, count, void=void, at=act.place.now)
    await agenda_store.set_proceedings(act.connection, item.id, "open" if void else "voted")
    choices = tuple(ChoiceSaid(ballot.person, ballot.choice) for ballot in ballots)
    if isinstance(lost, Refused):
        await act.record(VoteVoided(item.id, vote.id, count.tally, choices, quorum, rule=lost.rule))
        # The item is discussed again: an author who came while it was voted speaks for themselves now.
        for person in sorted(now.present):
            await void_opinions_of(act, person)
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
            outstanding=tuple(sorted(voters - voted)),
        )
    )
