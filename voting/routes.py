"""Voting over HTTP: the acts of a meeting in session, and what may be asked of it."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Literal

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody
from msgspec import Meta, Struct

from acts.acting import Caller, Receipt, existing, receipt_of
from acts.database import Database
from acts.http import Db, DueReason, DueText, Id, Key, Line, Measured, PathId, Reason, Text, Who
from acts.problems import RefusedRule, refused_rule
from agenda.acting import MeetingAct, look_into, perform_in_meeting, require_state
from agenda.records import Choice
from agenda.state import Positions, Quorum
from storage import store as storage_store
from voting import (
    announcing,
    attendance,
    calling,
    casting,
    chairing,
    closing,
    discussing,
    leaving,
    motions,
    objecting,
    opening,
    opinions,
    store,
)
from voting.decision import Announced
from voting.hall_code import SECONDS, code_at, picture_of
from voting.recusing import Required, declare_recusal, require_unrecused, required_recusals
from voting.room import item_in_session

MEETING = "/api/meetings/{meeting_id:int}"
ITEM = MEETING + "/items/{item_id:int}"
VOTE = MEETING + "/votes/{vote_id:int}"


def act(path: str, operation: str) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Returns the decorator of a command: a POST that answers with its receipt."""
    return post(path, opt={"operation": operation}, status_code=200)


def _in(
    meeting_id: int, operation: str, database: Database, caller: Caller, key: Key, item: int | None = None
) -> Callable[[Callable[[MeetingAct], Awaitable[object]]], Awaitable[Receipt]]:
    async def run(what: Callable[[MeetingAct], Awaitable[object]]) -> Receipt:
        return await perform_in_meeting(database, caller, operation, meeting_id, what, key, item)

    return run


# --- attendance --------------------------------------------------------------------------------------


class HallCode(Struct, frozen=True):
    """The code for the hall's screen, and how many seconds it stays; `qr` is a picture (SVG) that leads a tablet to
    the meeting with the code filled in."""

    code: str
    seconds: int
    qr: str


class CheckIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The six digits from the hall's screen."""

    code: Annotated[str, Meta(pattern=r"^[0-9]{6}$(?!\n)")]


class OfPerson(Struct, frozen=True, forbid_unknown_fields=True):
    """One person, by id."""

    person: Id


class Leave(Struct, frozen=True, forbid_unknown_fields=True):
    """A member excused, and why."""

    person: Id
    reason: Reason = ""


@get(MEETING + "/hall-code", opt={"operation": "hall_code.read"})
async def read_hall_code(meeting_id: PathId, request: Request[Any, Any, Any], database: Db, caller: Who) -> HallCode:
    """Returns the code that checking in asks for; it changes every minute."""
    async with look_into(database, caller, "hall_code.read", meeting_id) as look:
        require_state(look.meeting, "noticed", "in_session")
        now = await storage_store.now(look.connection)
    code = code_at(look.meeting.hall_secret, now)
    picture = picture_of(f"{request.base_url}meetings/{meeting_id}?code={code}")
    return HallCode(code, SECONDS - int(now.timestamp()) % SECONDS, picture)


@act(MEETING + "/check-in", "presence.check_in")
async def check_in(
    meeting_id: PathId, data: JSONBody[CheckIn], database: Db, caller: Who, limits: Measured, key: Key = None
) -> Receipt:
    """Check in with the hall's code."""
    run = _in(meeting_id, "presence.check_in", database, caller, key)
    return await run(partial(attendance.check_in, code=data.code, tries=limits.hall_codes))


@act(MEETING + "/arrivals", "presence.record")
async def record_arrival(
    meeting_id: PathId, data: JSONBody[OfPerson], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """The secretary checks somebody in by hand, on the record."""
    run = _in(meeting_id, "presence.record", database, caller, key)
    return await run(partial(attendance.record_arrival, person=data.person))


@act(MEETING + "/departures", "presence.leave")
async def record_departure(
    meeting_id: PathId, data: JSONBody[OfPerson], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Note that somebody left the room; to return they check in again."""
    run = _in(meeting_id, "presence.leave", database, caller, key)
    return await run(partial(attendance.leave, person=data.person))


@act(MEETING + "/leaves", "leave.grant")
async def grant_leave(meeting_id: PathId, data: JSONBody[Leave], database: Db, caller: Who, key: Key = None) -> Receipt:
    """Excuse a formal member from the meeting."""
    run = _in(meeting_id, "leave.grant", database, caller, key)
    return await run(partial(attendance.grant_leave, person=data.person, reason=data.reason))


# --- the meeting and its items -----------------------------------------------------------------------


@act(MEETING + "/call", "meeting.call")
async def call_to_order(meeting_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Call the meeting to order: N and its number are taken."""
    return await _in(meeting_id, "meeting.call", database, caller, key)(calling.call_to_order)


@act(MEETING + "/adjournment", "meeting.adjourn")
async def adjourn(meeting_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """End the meeting."""
    return await _in(meeting_id, "meeting.adjourn", database, caller, key)(calling.adjourn)


class Entrusting(Struct, frozen=True, forbid_unknown_fields=True):
    """The member to be entrusted with the chair, and why; the presiding member takes it back by naming themselves."""

    person: Id
    reason: DueReason


@act(MEETING + "/chair", "chair.hand_over")
async def hand_over_chair(
    meeting_id: PathId, data: JSONBody[Entrusting], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Hand the chair to another formal member in the room, or take it back."""
    run = _in(meeting_id, "chair.hand_over", database, caller, key)
    return await run(partial(chairing.hand_over, person=data.person, reason=data.reason))


class Presentation(Struct, frozen=True, forbid_unknown_fields=True):
    """The person who presents the item."""

    presenter: Id


@act(ITEM + "/presentation", "item.present")
async def present_item(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Presentation],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Put an item before the meeting."""
    run = _in(meeting_id, "item.present", database, caller, key, item_id)
    return await run(partial(discussing.present_item, item_id=item_id, presenter=data.presenter))


class Speech(Struct, frozen=True, forbid_unknown_fields=True):
    """A speech: the person, and what was said in short."""

    person: Id
    summary: Text


@act(ITEM + "/speeches", "speech.record")
async def record_speech(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Speech],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Record a speech."""
    run = _in(meeting_id, "speech.record", database, caller, key, item_id)
    return await run(partial(discussing.record_speech, item_id=item_id, person=data.person, summary=data.summary))


class Position(Struct, frozen=True, forbid_unknown_fields=True):
    """A member's position as voiced."""

    person: Id
    position: Literal["yes", "no"]


@act(ITEM + "/positions", "position.record")
async def record_position(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Position],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Record a position voiced in the discussion."""
    run = _in(meeting_id, "position.record", database, caller, key, item_id)
    return await run(partial(discussing.record_position, item_id=item_id, person=data.person, position=data.position))


@act(ITEM + "/discussion-close", "discussion.close")
async def close_discussion(meeting_id: PathId, item_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Close the discussion: all who wished to speak did."""
    run = _in(meeting_id, "discussion.close", database, caller, key, item_id)
    return await run(partial(discussing.close_discussion, item_id=item_id))


class WrittenOpinion(Struct, frozen=True, forbid_unknown_fields=True):
    """An absent member's opinion: its choice, and its words."""

    choice: Choice
    text: Text


@act(ITEM + "/opinions", "opinion.submit")
async def submit_opinion(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[WrittenOpinion],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Give a written opinion as an absent member."""
    run = _in(meeting_id, "opinion.submit", database, caller, key, item_id)
    return await run(partial(opinions.submit_opinion, item_id=item_id, choice=data.choice, text=data.text))


@act(ITEM + "/opinions/read-out", "opinion.read_out")
async def read_out_opinion(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[OfPerson],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Record that the opinion was read out."""
    run = _in(meeting_id, "opinion.read_out", database, caller, key, item_id)
    return await run(partial(opinions.read_out, item_id=item_id, person=data.person))


class Withdrawal(Struct, frozen=True, forbid_unknown_fields=True):
    """The person who withdraws from the item (the caller where nobody is named), and why."""

    reason: DueReason
    person: Id | None = None


@act(ITEM + "/recusals", "recusal.declare")
async def declare(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Withdrawal],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Declare a recusal."""
    run = _in(meeting_id, "recusal.declare", database, caller, key, item_id)
    person = data.person or caller.person
    return await run(partial(declare_recusal, item_id=item_id, person=person, reason=data.reason))


@get(MEETING + "/recusals", opt={"operation": "recusal.list"})
async def read_required_recusals(meeting_id: PathId, database: Db, caller: Who) -> list[Required]:
    """Returns the members whom the record of kinship recuses, by item."""
    async with look_into(database, caller, "recusal.list", meeting_id) as look:
        situation = await look.situation()
    return [each for item in situation.state.agenda for each in required_recusals(situation, item)]


class Motion(Struct, frozen=True, forbid_unknown_fields=True):
    """A motion from the floor; the mover is the caller where nobody is named."""

    title: Line
    mover: Id | None = None


@act(MEETING + "/motions", "motion.try")
async def try_motion(meeting_id: PathId, data: JSONBody[Motion], database: Db, caller: Who, key: Key = None) -> Receipt:
    """Try an ad hoc motion: it is refused, and recorded."""
    run = _in(meeting_id, "motion.try", database, caller, key)
    return await run(partial(motions.try_motion, title=data.title, mover=data.mover or caller.person))


class NewObjection(Struct, frozen=True, forbid_unknown_fields=True):
    """An objection of the observer, on an item or (none named) on the meeting as it is held."""

    text: DueText
    item: Id | None = None


@act(MEETING + "/objections", "objection.raise")
async def raise_objection(
    meeting_id: PathId, data: JSONBody[NewObjection], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Raise an objection, which enters the record and the minutes."""
    run = _in(meeting_id, "objection.raise", database, caller, key, data.item)
    return await run(partial(objecting.raise_objection, text=data.text, item_id=data.item))


# --- the vote ----------------------------------------------------------------------------------------


class ItemReadiness(Struct, frozen=True):
    """The refusals that the item's vote meets now, its quorum, and the advisory on close positions."""

    refusals: list[RefusedRule]
    quorum: Quorum
    positions: Positions


@get(ITEM + "/readiness", opt={"operation": "vote.weigh"})
async def read_readiness(meeting_id: PathId, item_id: PathId, database: Db, caller: Who) -> ItemReadiness:
    """Returns how the item stands before its vote, for the chair to weigh."""
    async with look_into(database, caller, "vote.weigh", meeting_id) as look:
        situation = await look.situation()
    item = item_in_session(situation, item_id)
    require_unrecused(item, caller.person)
    ready = opening.weigh(situation, item)
    return ItemReadiness([refused_rule(each) for each in ready.refusals], ready.quorum, ready.positions)


@act(ITEM + "/votes", "vote.open")
async def open_vote(meeting_id: PathId, item_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Open the item's vote; after a void one, take it again."""
    return await _in(meeting_id, "vote.open", database, caller, key, item_id)(
        partial(opening.open_vote, item_id=item_id)
    )


class Ballot(Struct, frozen=True, forbid_unknown_fields=True):
    """A ballot: 同意 yes, 反对 no, 弃权 abstain; on personnel items also 缓议 defer. The chair may say not to
    wait any longer for those who have yet to vote."""

    choice: Choice
    confirm_outstanding: bool = False


@act(VOTE + "/ballots", "ballot.cast")
async def cast_ballot(
    meeting_id: PathId,
    vote_id: PathId,
    data: JSONBody[Ballot],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Cast or replace the caller's ballot; the receipt is its record."""
    run = _in(meeting_id, "ballot.cast", database, caller, key)
    cast = partial(
        casting.cast_ballot, vote_id=vote_id, choice=data.choice, confirm_outstanding=data.confirm_outstanding
    )
    return await run(cast)


@get(VOTE + "/ballot", opt={"operation": "ballot.read"})
async def read_ballot(meeting_id: PathId, vote_id: PathId, database: Db, caller: Who) -> Receipt:
    """Returns the receipt of the caller's own standing ballot. Refuses as unknown where there is none."""
    async with look_into(database, caller, "ballot.read", meeting_id) as look:
        mine = await store.ballot_records(look.connection, meeting_id, caller.person)
    return receipt_of(existing(next((each for each in mine if each.record.content["vote"] == vote_id), None)))


class Close(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the chair closes although ballots are outstanding."""

    confirm_outstanding: bool = False


@act(VOTE + "/close", "vote.close")
async def close_vote(
    meeting_id: PathId,
    vote_id: PathId,
    data: JSONBody[Close],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Close the vote and count it; one that lost its quorum is void."""
    run = _in(meeting_id, "vote.close", database, caller, key)
    return await run(partial(closing.close_vote, vote_id=vote_id, confirm_outstanding=data.confirm_outstanding))


class WithReason(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for an act."""

    reason: Reason


@act(ITEM + "/put-off", "item.put_off")
async def put_off(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[WithReason],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Put the vote off to a later meeting."""
    run = _in(meeting_id, "item.put_off", database, caller, key, item_id)
    return await run(partial(leaving.put_off, item_id=item_id, reason=data.reason))


@act(ITEM + "/withdrawal", "item.withdraw")
async def withdraw_item(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[WithReason],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Withdraw an item of the sealed agenda."""
    run = _in(meeting_id, "item.withdraw", database, caller, key, item_id)
    return await run(partial(leaving.take_off, item_id=item_id, how="withdraw", reason=data.reason))


@act(ITEM + "/deferral", "item.defer")
async def defer_item(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[WithReason],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Defer an item of the sealed agenda."""
    run = _in(meeting_id, "item.defer", database, caller, key, item_id)
    return await run(partial(leaving.take_off, item_id=item_id, how="defer", reason=data.reason))


class Announcement(Struct, frozen=True, forbid_unknown_fields=True):
    """The decision that the chair announces; a reason is due where it is not what the vote decided."""

    outcome: Announced
    reason: Reason = ""


@act(ITEM + "/decision", "decision.announce")
async def announce(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Announcement],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Announce the decision."""
    run = _in(meeting_id, "decision.announce", database, caller, key, item_id)
    return await run(partial(announcing.announce, item_id=item_id, outcome=data.outcome, reason=data.reason))


# --- the notice ---------------------------------------------------------------------------------------


class NoticeWithdrawal(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for withdrawing the notice."""

    reason: Reason


@act(MEETING + "/notice/withdrawal", "notice.withdraw")
async def withdraw_notice(
    meeting_id: PathId, data: JSONBody[NoticeWithdrawal], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Withdraw the notice, before the call to order; written opinions on its agenda are void."""
    run = _in(meeting_id, "notice.withdraw", database, caller, key)
    return await run(partial(opinions.withdraw_notice, reason=data.reason))


routes = [
    withdraw_notice,
    read_hall_code, check_in, record_arrival, record_departure, grant_leave, call_to_order, adjourn, hand_over_chair,
    present_item, record_speech, record_position, close_discussion, submit_opinion, read_out_opinion, declare,
    read_required_recusals, try_motion, raise_objection, read_readiness, open_vote, cast_ballot, read_ballot,
    close_vote, put_off, withdraw_item, defer_item, announce,
]  # fmt: skip
