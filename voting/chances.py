"""The operations that may come next in the room: coming and going, the items, the vote."""

from collections.abc import Iterator
from functools import partial
from typing import get_args

from acts.chances import Chance
from agenda.acting import require_state
from agenda.recusing import recused_by
from agenda.situation import Situation
from agenda.state import ItemOnAgenda, VoteRound
from voting.announcing import allow_announcing, allow_reopening
from voting.attendance import allow_arrival, allow_leave, allow_leaving, allow_noting
from voting.calling import allow_adjournment, allow_call
from voting.calling_in import allow_calling_in
from voting.casting import allow_ballot
from voting.chairing import allow_hand_over
from voting.closing import allow_closing
from voting.correcting import allow_position_correction, allow_presence_correction, allow_speech_correction
from voting.decision import Announced
from voting.discussing import (
    allow_closing_discussion,
    allow_position,
    allow_presenter,
    allow_presenting,
    allow_taking_part,
)
from voting.leaving import allow_putting_off, allow_taking_off
from voting.objecting import allow_objection
from voting.opening import allow_opening
from voting.opinions import allow_opinion, allow_reading_out
from voting.recorder import allow_recorder
from voting.recusing import allow_recusal, allow_taking_back
from voting.room import present
from voting.taking_down import allow_ballot_objection, allow_taking_down

_OPEN = ("listed", "open", "voting", "voted")


def of_meeting(situation: Situation) -> Iterator[Chance]:
    """Yields the operations of voting in a meeting."""
    state = situation.state
    yield "meeting.call", "", partial(allow_call, situation)
    yield "meeting.adjourn", "", partial(allow_adjournment, situation)
    yield "presence.check_in", "", partial(allow_arrival, state, situation.person)
    yield "motion.try", "", partial(require_state, state, "in_session")
    yield "objection.raise", "", partial(allow_objection, state)
    people = situation.everyone
    leaving = people if "secretary" in situation.roles else (situation.person,)
    for person in leaving:
        yield "presence.leave", str(person), partial(allow_leaving, situation, person)
    for person in people:
        yield "presence.record", str(person), partial(allow_noting, situation, person)
    for person in sorted(state.presence.keys() & leaving):
        yield "presence.correct", str(person), partial(allow_presence_correction, situation, person)
    for person in situation.formal:
        yield "leave.grant", str(person), partial(allow_leave, situation, person)
    if state.state == "in_session" and (situation.person == state.presiding or "secretary" in situation.roles):
        for person in situation.formal:
            yield "chair.hand_over", str(person), partial(allow_hand_over, situation, person)
    for item in state.agenda:
        if "secretary" in situation.roles or situation.person in (state.chair, item.recorder):
            for seq in item.speeches:
                yield "speech.correct", f"{item.id}/{seq}", partial(allow_speech_correction, situation, item.id, seq)
            for person in item.voiced:
                both = f"{item.id}/{person}"
                yield "position.correct", both, partial(allow_position_correction, situation, item.id, person)
        if item.state in _OPEN and state.state in ("noticed", "in_session"):
            yield from _of_item(situation, item)


def _of_item(situation: Situation, item: ItemOnAgenda) -> Iterator[Chance]:
    target, here = str(item.id), present(situation.state)
    yield "opinion.submit", target, partial(allow_opinion, situation, item.id)
    yield "item.withdraw", target, partial(allow_taking_off, situation, item.id)
    yield "item.defer", target, partial(allow_taking_off, situation, item.id)
    yield from _attendees(situation, item)
    if situation.state.state != "in_session":
        return
    yield "item.present", target, partial(allow_presenting, situation, item.id)
    yield "vote.open", target, partial(allow_opening, situation, item.id)
    yield "item.put_off", target, partial(allow_putting_off, situation, item.id)
    yield "discussion.close", target, partial(allow_closing_discussion, situation, item.id)
    recused = situation.everyone if "chair" in situation.roles else (situation.person,)
    for person in recused:
        yield "recusal.declare", f"{target}/{person}", partial(allow_recusal, situation, item.id, person)
    for person in item.recusals:
        yield "recusal.take_back", f"{target}/{person}", partial(allow_taking_back, situation, item.id, person)
    if recused_by(situation, item, situation.state.secretary):
        for person in here:
            yield "recorder.name", f"{target}/{person}", partial(allow_recorder, situation, item.id, person)
    for person in here:
        both = f"{target}/{person}"
        if item.state == "listed":
            yield "item.present", both, partial(allow_presenter, situation, item.id, person)
        if item.state == "open":
            yield "speech.record", both, partial(allow_taking_part, situation, item.id, person)
            yield "position.record", both, partial(allow_position, situation, item.id, person)
    for author in item.opinions:
        yield "opinion.read_out", f"{target}/{author}", partial(allow_reading_out, situation, item.id, author)
    if item.vote is not None and item.vote.state == "open":
        yield from _of_vote(situation, item.vote)
    if item.state == "voted":
        for outcome in get_args(Announced):
            yield "decision.announce", f"{target}/{outcome}", partial(allow_announcing, situation, item.id, outcome, "")
        yield "item.reopen", target, partial(allow_reopening, situation, item.id, "")


def _of_vote(situation: Situation, vote: VoteRound) -> Iterator[Chance]:
    yield "ballot.cast", str(vote.id), partial(allow_ballot, situation, vote.id)
    yield "vote.close", str(vote.id), partial(allow_closing, situation, vote.id)
    if vote.form != "device":
        yield "ballot.object", str(vote.id), partial(allow_ballot_objection, situation, vote.id)
        for person in vote.roll if situation.roles & {"secretary", "recorder"} else ():
            both = f"{vote.id}/{person}"
            yield "ballot.take", both, partial(allow_taking_down, situation, vote.id, person)


def _attendees(situation: Situation, item: ItemOnAgenda) -> Iterator[Chance]:
    """Yields for each attendee of the body whether the chair may call them in."""
    for person, known in situation.outside.people.items():
        if "attendee" in known.roles and item.state in ("listed", "open"):
            yield "attendee.call", f"{item.id}/{person}", partial(allow_calling_in, situation, item.id, person)


CHANCES = {"meeting": of_meeting}
