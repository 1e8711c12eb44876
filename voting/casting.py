"""Casting a ballot: one transaction that asks the rules, keeps the ballot and writes its record.

The meeting's row is locked, so a ballot and the closing take turns: a ballot is acknowledged and in the tally,
or refused and in none.
"""

from typing import Any

from acts.acting import found
from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct, require_state
from voting import store
from voting.chair_last import check_chair_last
from voting.changing import check_change
from voting.roll import Choice, Roll, check_choice, check_on_roll
from voting.room import formal, require_named


async def cast_ballot(act: MeetingAct, vote_id: int, choice: Choice, *, confirm_outstanding: bool = False) -> None:
    """Cast the caller's ballot, or replace it where the charter allows; the chair's with others outstanding only
    on the chair's explicit word, which its record names them for. Raises RefusedError."""
    meeting, member = act.place.meeting, act.caller.person
    require_state(meeting, "in_session")
    vote, personnel, voted, here, recused, version = found(
        await store.ballot_context(act.connection, meeting.id, vote_id, member)
    )
    if vote.state != "open":
        raise RefusedError(
            Refused("state.wrong", "表决已结束，本票未计入。", "The vote is closed; this ballot was not counted.")
        )
    chair, voters = vote.chair_id, frozenset(vote.roll)
    roll = Roll(members=formal(meeting), present=(voters | recused) & here, recused=recused)
    await require_named(
        act.connection,
        [*vote.roll, member],
        lambda name: (
            check_on_roll(member, roll, name, left=voters - here),
            check_choice(choice, personnel),
            check_chair_last(
                meeting.charter, member, chair, voters, voted, chair_confirms=confirm_outstanding, name=name
            ),
            check_change(meeting.charter, has_voted=version > 0, chair_has_voted=chair in voted),
        ),
    )
    await store.cast(act.connection, vote.id, meeting.body_id, member, version + 1, choice, act.place.now)
    content: dict[str, Any] = {
        "item": vote.item_id,
        "vote": vote.id,
        "person": member,
        "choice": choice,
        "version": version + 1,
    }
    if member == chair and meeting.charter.chair_last and (outstanding := sorted(voters - voted - {chair})):
        content["outstanding"] = outstanding
    await act.record("ballot.cast", content)
