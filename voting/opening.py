"""Opening a vote: every rule that forbids it is asked, all that do are named; the roll is frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acts.refusal import Refused, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct
from agenda.materials import check_materials
from agenda.notice import check_lead, check_missing
from agenda.notice_standing import notice_standing
from agenda.records import Item, Meeting
from agenda.state import Positions, Quorum
from voting import store
from voting.chairing import chairing
from voting.close_positions import weigh_positions
from voting.discussion import check_discussed
from voting.in_charge import check_in_charge
from voting.item_by_item import check_item_by_item
from voting.kinds.balloting import VoteOpened
from voting.quorum import check_quorum, count_quorum
from voting.recusal import check_withdrawn
from voting.recusing import kinship_recusals
from voting.roll import Roll
from voting.room import named_refusals, place_of, roll_for
from voting.tally import Count, count_votes
from voting.written import count_written, heard_of

if TYPE_CHECKING:
    from storage.store import Connection


class Readiness(Struct, frozen=True):
    """How an item stands before its vote: what forbids it, and the advisory on close positions (Rules 6(5)),
    which the chair weighs: to vote, or to put off."""

    refusals: tuple[Refused, ...]
    quorum: Quorum
    positions: Positions


async def weigh(connection: Connection, meeting: Meeting, item: Item) -> tuple[Readiness, Roll[int]]:
    """Ask every rule about opening this item's vote now; the meeting is in session."""
    roll = await roll_for(connection, meeting, item)
    opinions = [each for each in await store.opinions(connection, meeting.id) if each.item == item.id and not each.void]
    # Presenting an item recuses whom kinship knows of; who is found related since must go before the vote.
    related = [] if item.state == "listed" else await kinship_recusals(connection, meeting, item)
    quorum = count_quorum(meeting.charter, item.personnel, roll)
    standing = await notice_standing(connection, meeting)
    open_title = await store.open_title(connection, meeting.id)
    recorded = await store.has_speech(connection, item.id)
    refusals = await named_refusals(
        connection,
        [*roll.members, item.in_charge_id or 0, item.deputy_in_charge_id or 0],
        lambda name: (
            check_item_by_item(open_title),
            check_lead(standing, name),
            check_missing(standing, name),
            check_materials(complete=item.materials_complete, personnel=item.personnel),
            check_discussed(
                presented=item.state != "listed",
                recorded=recorded,
                all_heard=item.discussed,
                unread=heard_of([each.person for each in opinions if not each.read], roll),
                name=name,
            ),
            check_withdrawn([(each.person, each.reason) for each in related], roll, name),
            check_quorum(quorum, item.personnel),
            check_in_charge(item.in_charge_id, item.deputy_in_charge_id, roll.voters, name),
        ),
    )
    written = count_written({each.person: each.choice for each in opinions}, roll)
    positions = weigh_positions(meeting.charter, await store.positions(connection, item.id), roll.voters, written)
    return Readiness(refusals=refusals, quorum=quorum, positions=positions), roll


async def open_vote(act: MeetingAct, item_id: int) -> None:
    """Open the item's vote, or its next round after a void one. Raises RefusedError with every rule against it."""
    meeting = act.place.meeting
    item = await chairing(act, item_id, "listed", "open", "voting")
    ready, roll = await weigh(act.connection, meeting, item)
    require(*ready.refusals)
    voters = sorted(roll.voters)
    recused = sorted(roll.members & roll.recused)
    empty: Count = count_votes(
        meeting.charter, members=len(roll.members), recused=len(recused), voters=len(voters), choices=()
    )
    place = place_of(act, item.id)
    vote, round_ = await store.open_vote(
        act.connection, place, voters, meeting.chair_id, empty.base, empty.needed, act.place.now
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
        )
    )
