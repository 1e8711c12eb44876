"""An item before the meeting, over HTTP: presented, discussed, opinions in writing, motions and objections."""

from functools import partial

from litestar.params import JSONBody
from msgspec import Struct

from acts.acting import Receipt
from acts.http import Db, DueText, Id, Key, Line, PathId, Text, Who
from agenda.records import Choice
from agenda.records import Position as PositionSaid
from voting import calling_in, discussing, motions, objecting, opinions
from voting.commands import ITEM, MEETING, OfPerson, act, in_meeting


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


routes = [
    present_item,
    call_in_attendee,
    record_speech,
    record_position,
    close_discussion,
    submit_opinion,
    read_out_opinion,
    try_motion,
    raise_objection,
]
