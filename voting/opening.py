"""Opening a vote: every rule about it is asked, all that forbid it are named; the roll is frozen."""

from msgspec import Struct

from acts.refusal import Refused, refusals_of, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct
from agenda.records import VoteForm
from agenda.recusing import required_recusals
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda, Positions, Quorum
from voting import store
from voting.chairing import chairing
from voting.close_positions import weigh_positions
from voting.discussion import check_discussed
from voting.item_by_item import check_item_by_item
from voting.kinds.balloting import VoteOpened
from voting.recorder import recorder_standing
from voting.recusal import check_withdrawn
from voting.room import keys_of, roll_for
from voting.taking import weigh_taking
from voting.tally import Count, count_votes
from voting.vote_form import check_form
from voting.written import count_written, heard_of


class Readiness(Struct, frozen=True):
    """How an item stands before its vote: the refusals, the quorum, and the advisory on close positions (Rules
    6(5)), by which the chair chooses to vote or to put off."""

    refusals: tuple[Refused, ...]
    quorum: Quorum
    positions: Positions


def weigh(situation: Situation, item: ItemOnAgenda, form: VoteForm = "device") -> Readiness:
    """Ask every rule about opening this item's vote now, in this form; the meeting is in session."""
    roll, name = roll_for(situation, item), situation.name
    opinions = {person: opinion for person, opinion in item.opinions.items() if not opinion.void}
    # Presenting an item recuses those related by then; a member found related since must leave before the vote.
    related = [] if item.state == "listed" else required_recusals(situation, item)
    quorum, taken = weigh_taking(situation, item, roll)
    current = situation.state.current
    refusals = refusals_of(
        (
            check_item_by_item(current.title if current is not None and current.state == "voting" else None),
            *taken,
            check_discussed(
                presented=item.state != "listed",
                recorded=bool(item.speeches),
                all_heard=item.discussed,
                unread=heard_of([person for person, opinion in opinions.items() if not opinion.read], roll),
                name=name,
            ),
            check_withdrawn([(each.person, each.reason) for each in related], roll, name),
            recorder_standing(situation, item),
            check_form(situation.charter, form),
        )
    )
    choices = {person: opinion.choice for person, opinion in opinions.items() if opinion.choice is not None}
    written = count_written(choices, roll)
    positions = weigh_positions(situation.charter, item.positions, roll.voters, written)
    return Readiness(refusals=refusals, quorum=quorum, positions=positions)


def allow_opening(situation: Situation, item_id: int, form: VoteForm = "device") -> tuple[ItemOnAgenda, Readiness]:
    """Returns the item and how it stands, where its vote may open. Raises RefusedError with every rule against it."""
    item = chairing(situation, item_id, "listed", "open", "voting")
    ready = weigh(situation, item, form)
    require(*ready.refusals)
    return item, ready


async def open_vote(act: MeetingAct, item_id: int, form: VoteForm = "device") -> None:
    """Open the item's vote in this form, or its next round after another; see `allow_opening`."""
    meeting, situation = act.context.meeting, await situation_of(act)
    item, ready = allow_opening(situation, item_id, form)
    roll = roll_for(situation, item)
    voters = sorted(roll.voters)
    recused = sorted(roll.members & roll.recused)
    empty: Count = count_votes(
        meeting.charter, members=len(roll.members), recused=len(recused), voters=len(voters), choices=()
    )
    keys = keys_of(act, item.id)
    vote, round_ = await store.open_vote(
        act.connection, keys, voters, meeting.chair_id, empty.base, empty.needed, act.context.now, form
    )
    await agenda_store.set_proceedings(act.connection, item.id, "voting")
    await act.record(
        VoteOpened(
            item=item.id,
            vote=vote,
            round=round_,
            roll=tuple(voters),
            absent=tuple(sorted(roll.members - roll.present)),
            recused=tuple(recused),
            quorum=ready.quorum,
            base=empty.base,
            needed=empty.needed,
            close=ready.positions,
            vote_form=form,
        )
    )
