"""Corrections in the room: a check-in, a leaving or a leave of absence, a speech, a position."""

from collections.abc import Iterable
from typing import Literal

from acts.acting import existing
from acts.folding import content_of, stamp_of
from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct
from agenda.correcting import require_correctable, require_own_entry, require_unchanged
from agenda.kinds.noticing import OpinionRestored
from agenda.records import Position
from agenda.recusing import require_unrecused
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda, MeetingState, PresenceNote, Speech, Voiced
from storage.ledger import Record
from voting import store
from voting.attendance import void_opinions_of
from voting.kinds.discussing import PositionCorrected, SpeechCorrected
from voting.kinds.sitting import PresenceCorrected
from voting.room import keys_of


def allow_presence_correction(situation: Situation, person: int, corrects: int | None = None) -> PresenceNote:
    """Returns the note of where this person is, where its record `corrects` (None: any) may be put right.

    A person's own check-in is theirs to correct. A leaving is the secretary's, whoever entered it: being present is
    proved in the room, by the hall's code or by the secretary. Raises RefusedError.
    """
    require_correctable(situation.state)
    note: PresenceNote = existing(situation.state.presence.get(person))
    require_unchanged(corrects, note.seq)
    if note.state == "left" and "secretary" not in situation.roles:
        raise RefusedError(
            Refused(
                "access.role",
                "离场登记有误的，请秘书更正，或者在会场重新签到。",
                "A leaving that was a mistake is corrected by the secretary, or by checking in again in the room.",
            )
        )
    require_own_entry(situation, note.by, desk=note.state == "left" or note.by != person)
    return note


async def correct_presence(act: MeetingAct, person: int, corrects: int) -> None:
    """Take back a check-in, a leaving or a leave of absence: what stood before it stands again, as do the written
    opinions that the check-in voided. Raises RefusedError."""
    situation, meeting = await situation_of(act), act.context.meeting
    allow_presence_correction(situation, person, corrects)
    before = note_before((each.record for each in await store.presence_records(act.connection, meeting.id)), person)
    here = before.state if before else "absent"
    await store.set_presence(
        act.connection,
        (meeting.id, meeting.body_id),
        person,
        here,
        before.at if before else act.context.now,
        before.method if before else "",
        before.reason if before else "",
        corrects,
    )
    await act.record(
        PresenceCorrected(person, corrects, here)
        if before is None
        else PresenceCorrected(
            person, corrects, before.state, before.at, before.method, before.reason, before.seq, before.by
        )
    )
    voided = [
        item.id
        for item in situation.state.agenda
        if (opinion := item.opinions.get(person)) and opinion.void and opinion.arrival == corrects
    ]
    await store.restore_opinions(act.connection, person, voided)
    for item in voided:
        await act.record(OpinionRestored(item, person))
    if before is not None and before.state == "present":
        await void_opinions_of(act, person, before.seq)


def note_before(records: Iterable[Record], person: int) -> PresenceNote | None:
    """Returns the note that stood before the person's latest one, by the records of presence in order, or None."""
    notes: list[PresenceNote] = []
    for record in records:
        if record.content["person"] != person:
            continue
        if record.kind == PresenceCorrected.kind:
            notes.pop()
        else:
            alone: MeetingState = content_of(record).apply(MeetingState(), stamp_of(record))
            notes.append(alone.presence[person])
    return notes[-2] if len(notes) > 1 else None


def allow_speech_correction(situation: Situation, item_id: int, corrects: int) -> Speech:
    """Returns the speech of this record, where it may be put right. Raises RefusedError."""
    item = _item(situation, item_id)
    speech: Speech = existing(item.speeches.get(corrects))
    require_own_entry(situation, speech.by)
    return speech


async def correct_speech(
    act: MeetingAct, item_id: int, corrects: int, person: int, summary: str, *, struck: bool
) -> None:
    """Put right who spoke and what was said, or strike a speech that nobody made. Raises RefusedError."""
    situation = await situation_of(act)
    speech = allow_speech_correction(situation, item_id, corrects)
    if struck:
        person, summary = speech.person, speech.summary
    elif person not in situation.state.people and not situation.belongs(person):
        raise RefusedError(
            Refused(
                "input.invalid",
                "发言人不在本次会议的人员名单内，请重新选择。",
                "The speaker does not belong to this meeting; choose another.",
                {"field": "person"},
            )
        )
    elif recusal := situation.item(item_id).recusals.get(person):
        raise RefusedError(
            Refused(
                recusal.rule,
                "该成员对本议题应当回避，不得参加讨论。",
                "That member is recused from this item and takes no part in it.",
                {"person": person},
            )
        )
    await store.add_speech(act.connection, keys_of(act, item_id), person, summary, corrects, struck=struck)
    await act.record(SpeechCorrected(item_id, corrects, person, summary, struck))


def allow_position_correction(situation: Situation, item_id: int, person: int, corrects: int | None = None) -> None:
    """The record `corrects` (None: any) of this member's position may be put right. Raises RefusedError."""
    voiced: Voiced = existing(_item(situation, item_id).voiced.get(person))
    require_unchanged(corrects, voiced.seq)
    require_own_entry(situation, voiced.by)


async def correct_position(
    act: MeetingAct, item_id: int, person: int, corrects: int, position: Position | Literal["none"]
) -> None:
    """Put right which position a member voiced, or that they voiced none. Raises RefusedError."""
    allow_position_correction(await situation_of(act), item_id, person, corrects)
    await store.set_position(act.connection, keys_of(act, item_id), person, position, corrects)
    await act.record(PositionCorrected(item_id, corrects, person, position))


def _item(situation: Situation, item_id: int) -> ItemOnAgenda:
    require_correctable(situation.state)
    item = situation.item(item_id)
    require_unrecused(situation, item)
    return item
