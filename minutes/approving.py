"""Minutes on their way: draft → office head → deputy in charge → signed by the head (Working 21; `minutes.hands`)."""

from collections.abc import Set as AbstractSet
from typing import Literal

from msgspec.structs import replace

from acts.acting import existing
from acts.procedures import starts
from acts.refusal import Refused, RefusedError, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct, require_state
from agenda.state import MeetingState, MinutesState
from bodies.kinds_of_body import KINDS_OF_BODY
from minutes import store
from minutes.completeness import allow_complete, checklist, missing
from minutes.hands import Hand, allow_sending_back, check_hand, turn_of
from minutes.kinds.minuting import (
    MinutesDrafted,
    MinutesEdited,
    MinutesReviewed,
    MinutesSentBack,
    MinutesSigned,
    SigningRole,
)
from minutes.records import MinutesRow, Stage, Texts

_STAGES: dict[Stage, tuple[str, str]] = {
    "draft": ("尚在起草", "are a draft"),
    "office_reviewed": ("已经办公室主任审核", "were reviewed by the office head"),
    "deputy_reviewed": ("已经分管负责人审核", "were reviewed by the deputy in charge"),
    "signed": ("已经签发", "are signed"),
    "issued": ("已经印发，不得改动", "are issued and never change"),
    "voided": ("已经作废", "are voided"),
}


_MENDS: dict[Stage, tuple[str, str]] = {
    "issued": (
        "如需更正，请主要负责人或者主持人作废后重新印发。",
        " To correct them, the head or the chair voids them and they are issued anew.",
    ),
    "voided": ("请秘书重新起草。", " The secretary drafts them anew."),
}


def allow_step(kind: str, stage: Stage, record: str) -> None:
    """Refuse unless the procedure of this kind of body has, at this stage, the step that this kind of record stands
    for.

    Raises RefusedError: `minutes.immutable` (Rules 6(7)) for issued or voided minutes, else `state.wrong`."""
    if stage not in starts(KINDS_OF_BODY[kind].procedure, "minutes", record, "adjourned"):
        raise _out_of_turn(stage)


def _out_of_turn(stage: Stage) -> RefusedError:
    chinese, english = _STAGES[stage]
    rule = "minutes.immutable" if stage in ("issued", "voided") else "state.wrong"
    mend, mend_en = _MENDS.get(stage, ("", ""))
    return RefusedError(
        Refused(
            rule,
            f"会议纪要{chinese}，不能进行此项操作。{mend}",
            f"The minutes {english}; this cannot be done now.{mend_en}",
            {"state": stage},
        )
    )


def allow_hand(kind: str, minutes: MinutesState, hand: Hand, person: int, roles: AbstractSet[str]) -> None:
    """Refuse unless the minutes wait for this hand and it is one of this person's, who holds these roles now. Raises
    RefusedError: `state.wrong`, `minutes.incomplete`, or `minutes.hands` (Working 21; 惯例)."""
    if turn_of(kind, minutes) != hand:
        if turn_of(kind, replace(minutes, missing=(), sent_back_version=0)) != hand:
            raise _out_of_turn(minutes.state)
        allow_complete(minutes.missing)
        raise RefusedError(
            Refused(
                "state.wrong",
                "会议纪要已退回秘书修改，请秘书保存新稿后再办理。",
                "The minutes were sent back; the secretary saves a new version first.",
                {"state": minutes.state},
            )
        )
    require(check_hand(minutes, hand, person, roles))


async def minutes_in(act: MeetingAct, minutes_id: int, record: str) -> MinutesRow:
    """Returns the minutes if `allow_step` allows the step. Raises RefusedError."""
    meeting = act.context.meeting
    row: MinutesRow = existing(await store.minutes(act.connection, meeting.id, minutes_id))
    allow_step(meeting.kind, row.state, record)
    return row


async def minutes_seen(act: MeetingAct, minutes_id: int, hand: Hand, version: int) -> MinutesRow:
    """Returns the minutes if this hand is the caller's and due, and they are still the version that the caller read,
    so that no version is approved unseen. Raises RefusedError."""
    context = act.context
    row: MinutesRow = existing(await store.minutes(act.connection, context.meeting.id, minutes_id))
    allow_hand(context.meeting.kind, context.state.minutes[row.id], hand, act.caller.person, context.roles)
    if version != row.version:
        raise RefusedError(
            Refused(
                "state.wrong",
                f"会议纪要已改为第{row.version}稿，请阅读后再办理。",
                f"The minutes are version {row.version} by now; read it first.",
                {"version": row.version},
            )
        )
    return row


def allow_drafting(state: MeetingState) -> None:
    """Refuse unless the meeting is adjourned and has no minutes that stand. Raises RefusedError."""
    require_state(state, "adjourned")
    if any(each.state != "voided" for each in state.minutes.values()):
        raise RefusedError(
            Refused(
                "state.wrong",
                "本次会议已有会议纪要，不能另行起草；已印发的如需更正，请主要负责人或者主持人先作废。",
                "This meeting has minutes already; to correct issued ones, the head or the chair voids them first.",
            )
        )


async def draft_minutes(act: MeetingAct) -> None:
    """Begin minutes of an adjourned meeting; after a void issue they name the one they replace."""
    meeting = act.context.meeting
    allow_drafting(act.context.state)
    before = await store.minutes_of(act.connection, meeting.id)
    last = before[-1] if before else None
    keys = (meeting.id, meeting.body_id)
    series = last.series if last else meeting.charter.minutes_series
    texts = last.texts if last else Texts()
    minutes_id = await store.draft(act.connection, keys, act.caller.person, series, last.id if last else None, texts)
    await act.record(MinutesDrafted(minutes_id, 1, missing(checklist(act.context.state, texts))))


async def edit_minutes(act: MeetingAct, minutes_id: int, texts: Texts) -> None:
    """Complete the texts of a draft."""
    row = await minutes_in(act, minutes_id, "minutes.edited")
    items = {item.id for item in await agenda_store.items_of(act.connection, row.meeting_id)}
    if strange := [each.item for each in texts.items if each.item not in items]:
        raise RefusedError(
            Refused(
                "input.invalid",
                "所填议题不属于本次会议。",
                "An item is not of this meeting.",
                {"field": "items", "item": strange[0]},
            )
        )
    version = await store.edit(act.connection, row.id, texts)
    await act.record(MinutesEdited(row.id, version, missing(checklist(act.context.state, texts))))


async def review(act: MeetingAct, minutes_id: int, by: Literal["office_head", "deputy"], version: int) -> None:
    """The office head reviews the draft, then the deputy in charge."""
    after: Stage = "office_reviewed" if by == "office_head" else "deputy_reviewed"
    row = await minutes_seen(act, minutes_id, by, version)
    await store.set_state(act.connection, row.id, after)
    await act.record(MinutesReviewed(row.id, by, version))


async def send_back(act: MeetingAct, minutes_id: int, reason: str) -> None:
    """Send the minutes back to the draft, with the reason."""
    row = await minutes_in(act, minutes_id, "minutes.sent_back")
    allow_sending_back(act.context.meeting.kind, act.context.state.minutes[row.id], act.context.roles)
    await store.set_state(act.connection, row.id, "draft")
    await act.record(MinutesSentBack(row.id, reason))


async def sign(act: MeetingAct, minutes_id: int, version: int) -> None:
    """The head signs, or whom the head entrusts, or the acting head."""
    row = await minutes_seen(act, minutes_id, "head", version)
    await store.set_state(act.connection, row.id, "signed")
    held = act.context.roles
    role: SigningRole = "head" if "head" in held else "acting_head" if "acting_head" in held else "signatory"
    await act.record(MinutesSigned(row.id, version, act.caller.name, role))
