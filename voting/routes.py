"""Items and votes of a meeting in session, over HTTP."""

from functools import partial
from uuid import UUID

from litestar import get
from litestar.params import JSONBody
from msgspec import Struct
from msgspec.structs import replace

from acts.acting import Receipt, existing, receipt_of
from acts.http import Db, DueReason, DueText, Id, Key, Line, PathId, Reason, Text, Who
from acts.problems import RefusedRule, refused_rule
from agenda.acting import look_into
from agenda.records import Choice, VoteForm
from agenda.records import Position as PositionSaid
from agenda.recusing import Required, recused_by, required_recusals
from agenda.state import Positions, Quorum
from voting import (
    announcing,
    calling_in,
    casting,
    closing,
    discussing,
    leaving,
    motions,
    objecting,
    opening,
    opinions,
    store,
    taking_down,
)
from voting.commands import ITEM, MEETING, VOTE, OfPerson, act, in_meeting
from voting.decision import Announced
from voting.outlook import outlook
from voting.recorder import name_recorder
from voting.recusing import declare_recusal, take_back_recusal
from voting.room import item_in_session


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
    run = in_meeting(meeting_id, "item.present", database, caller, key, item_id)
    return await run(partial(discussing.present_item, item_id=item_id, presenter=data.presenter))


@act(ITEM + "/attendees", "attendee.call")
async def call_in_attendee(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[OfPerson],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Call an attendee in for an item, after the notice."""
    run = in_meeting(meeting_id, "attendee.call", database, caller, key, item_id)
    return await run(partial(calling_in.call_in, item_id=item_id, person=data.person))


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
    run = in_meeting(meeting_id, "speech.record", database, caller, key, item_id)
    return await run(partial(discussing.record_speech, item_id=item_id, person=data.person, summary=data.summary))


class Position(Struct, frozen=True, forbid_unknown_fields=True):
    """A member's position as voiced."""

    person: Id
    position: PositionSaid


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
    run = in_meeting(meeting_id, "position.record", database, caller, key, item_id)
    return await run(partial(discussing.record_position, item_id=item_id, person=data.person, position=data.position))


@act(ITEM + "/discussion-close", "discussion.close")
async def close_discussion(meeting_id: PathId, item_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Close the discussion: all who wished to speak did."""
    run = in_meeting(meeting_id, "discussion.close", database, caller, key, item_id)
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
    run = in_meeting(meeting_id, "opinion.submit", database, caller, key, item_id)
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
    run = in_meeting(meeting_id, "opinion.read_out", database, caller, key, item_id)
    return await run(partial(opinions.read_out, item_id=item_id, person=data.person))


class Withdrawal(Struct, frozen=True, forbid_unknown_fields=True):
    """The person who withdraws from the item (the caller where nobody is named), and why."""

    reason: DueReason
    person: Id | None = None


class TakenBack(Struct, frozen=True, forbid_unknown_fields=True):
    """The person whose recusal is taken back, and why."""

    person: Id
    reason: DueReason


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
    run = in_meeting(meeting_id, "recusal.declare", database, caller, key, item_id)
    person = data.person or caller.person
    return await run(partial(declare_recusal, item_id=item_id, person=person, reason=data.reason))


@get(MEETING + "/recusals", opt={"operation": "recusal.list"})
async def read_required_recusals(meeting_id: PathId, database: Db, caller: Who) -> list[Required]:
    """Returns the people whom the record of kinship recuses, by item; nothing of an item from which the caller is."""
    async with look_into(database, caller, "recusal.list", meeting_id) as look:
        situation = await look.situation()
    secretary = "secretary" in situation.roles
    if situation.state.state == "draft" and not secretary:
        return []  # the agenda is the desk's until notice
    return [
        each if secretary or item.state != "listed" else replace(each, reason="")  # it names the candidate
        for item in situation.state.agenda
        if not recused_by(situation, item, caller.person)
        for each in required_recusals(situation, item)
    ]


@act(ITEM + "/recusals/taken-back", "recusal.take_back")
async def take_back(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[TakenBack],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Take a recusal back, until the vote opens."""
    run = in_meeting(meeting_id, "recusal.take_back", database, caller, key, item_id)
    return await run(partial(take_back_recusal, item_id=item_id, person=data.person, reason=data.reason))


@act(ITEM + "/recorder", "recorder.name")
async def substitute_recorder(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[OfPerson],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Name the person who keeps the item's record in place of a recused secretary."""
    run = in_meeting(meeting_id, "recorder.name", database, caller, key, item_id)
    return await run(partial(name_recorder, item_id=item_id, person=data.person))


class Motion(Struct, frozen=True, forbid_unknown_fields=True):
    """A motion from the floor; the mover is the caller where nobody is named. The secretary alone names another."""

    title: Line
    mover: Id | None = None


@act(MEETING + "/motions", "motion.try")
async def try_motion(meeting_id: PathId, data: JSONBody[Motion], database: Db, caller: Who, key: Key = None) -> Receipt:
    """Try an ad hoc motion: it is refused, and recorded."""
    run = in_meeting(meeting_id, "motion.try", database, caller, key)
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
    run = in_meeting(meeting_id, "objection.raise", database, caller, key, data.item)
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
    ready = opening.weigh(situation, item)
    refusals = [refused_rule(each.by(situation.rulebook)) for each in ready.refusals]
    return ItemReadiness(refusals, ready.quorum, ready.positions)


@get(MEETING + "/outlook", opt={"operation": "notice.outlook"})
async def read_outlook(meeting_id: PathId, database: Db, caller: Who) -> list[RefusedRule]:
    """Returns what of the agenda the meeting could not take or pass, and who would leave; `facts.item` is the item."""
    async with look_into(database, caller, "notice.outlook", meeting_id) as look:
        situation = await look.situation()
    return [refused_rule(each.by(situation.rulebook)) for each in outlook(situation)]


class VoteOpening(Struct, frozen=True, forbid_unknown_fields=True):
    """The form of the vote: on devices, 口头 (oral), 举手 (hands)."""

    form: VoteForm = "device"


@act(ITEM + "/votes", "vote.open")
async def open_vote(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[VoteOpening],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Open the item's vote; after a void one, take it again."""
    run = in_meeting(meeting_id, "vote.open", database, caller, key, item_id)
    return await run(partial(opening.open_vote, item_id=item_id, form=data.form))


class Ballot(Struct, frozen=True, forbid_unknown_fields=True):
    """A ballot: 同意 yes, 反对 no, 弃权 abstain; on personnel items also 缓议 defer. The chair may say not to
    wait any longer for those who have yet to vote. `replaces` is the key (`Idempotency-Key`) of the ballot that it
    replaces: the member's standing one as they saw it, or their device's own before it."""

    choice: Choice
    replaces: UUID | None = None
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
    run = in_meeting(meeting_id, "ballot.cast", database, caller, key)
    cast = partial(
        casting.cast_ballot,
        vote_id=vote_id,
        choice=data.choice,
        replaces=data.replaces,
        confirm_outstanding=data.confirm_outstanding,
    )
    return await run(cast)


class BallotOfMember(Struct, frozen=True, forbid_unknown_fields=True):
    """A member's ballot by voice or show of hands. For the chair's: the chair's word not to wait any longer for those
    who have yet to vote."""

    person: Id
    choice: Choice
    confirm_outstanding: bool = False


@act(VOTE + "/taken-down", "ballot.take")
async def take_ballot(
    meeting_id: PathId,
    vote_id: PathId,
    data: JSONBody[BallotOfMember],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Take down a member's ballot in a vote by voice or show of hands, or put right what was taken down."""
    run = in_meeting(meeting_id, "ballot.take", database, caller, key)
    take = partial(
        taking_down.take_down,
        vote_id=vote_id,
        member=data.person,
        choice=data.choice,
        confirm_outstanding=data.confirm_outstanding,
    )
    return await run(take)


@act(VOTE + "/ballot/objection", "ballot.object")
async def object_to_ballot(meeting_id: PathId, vote_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Object to the ballot that was taken down for the caller."""
    run = in_meeting(meeting_id, "ballot.object", database, caller, key)
    return await run(partial(taking_down.object_to, vote_id=vote_id))


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
    run = in_meeting(meeting_id, "vote.close", database, caller, key)
    return await run(partial(closing.close_vote, vote_id=vote_id, confirm_outstanding=data.confirm_outstanding))


class WithReason(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for an act."""

    reason: Reason


class Leaving(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason why an item leaves without a vote, and its cause, by which the clause is cited."""

    reason: Reason
    cause: leaving.Cause = "other"


@act(ITEM + "/put-off", "item.put_off")
async def put_off(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Leaving],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Put the vote off to a later meeting."""
    run = in_meeting(meeting_id, "item.put_off", database, caller, key, item_id)
    return await run(partial(leaving.put_off, item_id=item_id, reason=data.reason, cause=data.cause))


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
    run = in_meeting(meeting_id, "item.withdraw", database, caller, key, item_id)
    return await run(partial(leaving.take_off, item_id=item_id, how="withdraw", reason=data.reason))


@act(ITEM + "/deferral", "item.defer")
async def defer_item(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[Leaving],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Defer an item of the sealed agenda."""
    run = in_meeting(meeting_id, "item.defer", database, caller, key, item_id)
    return await run(partial(leaving.take_off, item_id=item_id, how="defer", reason=data.reason, cause=data.cause))


@act(ITEM + "/reopening", "item.reopen")
async def reopen_item(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[WithReason],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Return a voted item to discussion in this meeting."""
    run = in_meeting(meeting_id, "item.reopen", database, caller, key, item_id)
    return await run(partial(announcing.reopen, item_id=item_id, reason=data.reason))


class Announcement(Struct, frozen=True, forbid_unknown_fields=True):
    """The decision that the chair announces; a reason is due where it is not what the vote decided, and where it is
    amended the amended motion in full."""

    outcome: Announced
    reason: Reason = ""
    text: Text = ""


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
    run = in_meeting(meeting_id, "decision.announce", database, caller, key, item_id)
    said = partial(announcing.announce, item_id=item_id, outcome=data.outcome, reason=data.reason, text=data.text)
    return await run(said)


# --- the notice ---------------------------------------------------------------------------------------


class NoticeWithdrawal(Struct, frozen=True, forbid_unknown_fields=True):
    """The reason for withdrawing the notice."""

    reason: Reason


@act(MEETING + "/notice/withdrawal", "notice.withdraw")
async def withdraw_notice(
    meeting_id: PathId, data: JSONBody[NoticeWithdrawal], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Withdraw the notice, before the call to order; written opinions on its agenda are void."""
    run = in_meeting(meeting_id, "notice.withdraw", database, caller, key)
    return await run(partial(opinions.withdraw_notice, reason=data.reason))


routes = [
    withdraw_notice,
    present_item,
    call_in_attendee,
    record_speech,
    record_position,
    close_discussion,
    submit_opinion,
    read_out_opinion,
    declare,
    read_required_recusals,
    take_back,
    substitute_recorder,
    try_motion,
    raise_objection,
    read_readiness,
    read_outlook,
    open_vote,
    cast_ballot,
    take_ballot,
    object_to_ballot,
    read_ballot,
    close_vote,
    put_off,
    withdraw_item,
    defer_item,
    reopen_item,
    announce,
]
