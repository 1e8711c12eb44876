"""Corrections of a meeting's entries, over HTTP."""

from functools import partial
from typing import Literal

from litestar.params import JSONBody
from msgspec import Struct

from acts.acting import Receipt
from acts.http import Db, Id, Key, PathId, Text, Who
from agenda import delivering
from agenda.records import Method, Position
from voting import correcting
from voting.commands import ITEM, MEETING, act, in_meeting


class DeliveryCorrection(Struct, frozen=True, forbid_unknown_fields=True):
    """The seq of the record of a delivery that was entered wrongly, and how the notice reached the person: `none` where
    it did not."""

    person: Id
    corrects: Id
    method: Method | Literal["none"]


@act(MEETING + "/deliveries/correction", "delivery.correct")
async def correct_delivery(
    meeting_id: PathId, data: JSONBody[DeliveryCorrection], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Put right how the notice was delivered, or that it was not."""
    run = in_meeting(meeting_id, "delivery.correct", database, caller, key)
    correct = partial(delivering.correct_delivery, person=data.person, corrects=data.corrects, method=data.method)
    return await run(correct)


class PresenceCorrection(Struct, frozen=True, forbid_unknown_fields=True):
    """The seq of the record of a check-in, a leaving or a leave of absence that was entered wrongly."""

    person: Id
    corrects: Id


@act(MEETING + "/presence/correction", "presence.correct")
async def correct_presence(
    meeting_id: PathId, data: JSONBody[PresenceCorrection], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Take back a check-in, a leaving or a leave of absence; the written opinions that it voided come back."""
    run = in_meeting(meeting_id, "presence.correct", database, caller, key)
    return await run(partial(correcting.correct_presence, person=data.person, corrects=data.corrects))


class SpeechCorrection(Struct, frozen=True, forbid_unknown_fields=True):
    """The seq of the record of a speech that was entered wrongly, who spoke, and what was said in short; `struck` where
    nobody made it."""

    corrects: Id
    person: Id
    summary: Text
    struck: bool = False


@act(ITEM + "/speeches/correction", "speech.correct")
async def correct_speech(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[SpeechCorrection],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Put right who spoke and what was said, or strike the speech."""
    run = in_meeting(meeting_id, "speech.correct", database, caller, key, item_id)
    correct = partial(
        correcting.correct_speech,
        item_id=item_id,
        corrects=data.corrects,
        person=data.person,
        summary=data.summary,
        struck=data.struck,
    )
    return await run(correct)


class PositionCorrection(Struct, frozen=True, forbid_unknown_fields=True):
    """The seq of the record of a position that was entered wrongly, and the member's position: `none` where they voiced
    none."""

    person: Id
    corrects: Id
    position: Position | Literal["none"]


@act(ITEM + "/positions/correction", "position.correct")
async def correct_position(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[PositionCorrection],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Put right which position a member voiced."""
    run = in_meeting(meeting_id, "position.correct", database, caller, key, item_id)
    correct = partial(
        correcting.correct_position,
        item_id=item_id,
        person=data.person,
        corrects=data.corrects,
        position=data.position,
    )
    return await run(correct)


routes = [correct_delivery, correct_presence, correct_speech, correct_position]
