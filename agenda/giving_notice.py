"""Giving notice seals the agenda; withdrawing it opens the agenda again (Rules 6(1), 6(3), 6(4))."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date

from msgspec import Struct

from acts.ids import as_fact, in_chinese, in_english
from acts.refusal import ALLOWED, Refused, RefusedError, Verdict, refusals_of, require
from agenda import notice_store, store
from agenda.acting import MeetingAct, require_step
from agenda.approving import check_approved
from agenda.calendar import day_of
from agenda.contents import agenda_hash, agenda_said, people_said
from agenda.deputies import check_deputies, deputy_on_record
from agenda.errors import bad_field
from agenda.kinds.noticing import ItemNoticed, NoticeGiven, NoticeWithdrawn
from agenda.materials import check_let_through, check_notice_materials
from agenda.notice import check_ahead
from agenda.one_by_one import check_one_by_one
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda


class NoticeCheck(Struct, frozen=True):
    """How a notice would stand if it were given now.

    `earliest` is the first lawful date of the meeting, None where a calendar is missing. `without_papers` and
    `incomplete` hold item ids; a personnel item may be among them, though the vote alone waits for its
    papers, not the notice.
    """

    meeting_on: date
    lead_working_days: int
    earliest: date | None
    without_papers: list[int]
    incomplete: list[int]
    refusals: tuple[Refused, ...]


def check_giving(situation: Situation) -> NoticeCheck:
    """Ask every rule about giving the meeting's notice now."""
    state, items = situation.state, situation.state.agenda
    assert state.starts_at is not None
    incomplete = [item for item in items if not item.materials_complete]
    lead, meeting_on = situation.charter.lead_working_days, day_of(state.starts_at)
    in_time, earliest = _weigh_lead(situation, day_of(situation.now), meeting_on, lead)
    return NoticeCheck(
        meeting_on=meeting_on,
        lead_working_days=lead,
        earliest=earliest,
        without_papers=[item.id for item in items if not item.papers],
        incomplete=[item.id for item in incomplete],
        refusals=refusals_of(
            [
                in_time,
                _check_items(len(items)),
                check_approved(situation),
                _check_presiding(state.presiding, situation.outside.formal_members),
                check_one_by_one([item.title for item in items if item.personnel and len(item.subjects) > 1]),
                check_deputies(situation.charter, [item.title for item in items if item.deputy_in_charge is not None]),
                _check_attendees(situation, items),
                check_notice_materials([item.title for item in incomplete if not item.personnel]),
                check_let_through(
                    [paper.name for item in items for paper in item.papers.values() if paper.state != "kept"],
                    personnel=False,
                ),
            ]
        ),
    )


def _weigh_lead(situation: Situation, today: date, meeting_on: date, lead: int) -> tuple[Verdict, date | None]:
    try:
        calendar, known = situation.calendar(today, max(today, meeting_on))
    except RefusedError as unknown_year:
        return unknown_year.refusals[0], None
    earliest = calendar.earliest_meeting_date(today, lead)
    if earliest is not None and earliest > known:
        earliest = None  # in a year not yet announced: not guessed
    return check_ahead(today, meeting_on, calendar, lead, earliest), earliest


def _check_items(count: int) -> Verdict:
    if count:
        return ALLOWED
    return Refused(
        "state.wrong", "议程没有议题，请先列入议题。", "The agenda is empty; put an item on it.", {"items": count}
    )


def _check_presiding(presiding: int, members: Set[int]) -> Verdict:
    if presiding in members:
        return ALLOWED
    return Refused(
        "state.wrong",
        "原定主持人已不是正式成员，请另行指定主持人。",
        "Who was to preside is no longer a formal member; name another.",
        {"presiding": presiding},
    )


def _check_attendees(situation: Situation, items: Sequence[ItemOnAgenda]) -> Verdict:
    people = situation.outside.people
    gone = {
        person
        for item in items
        for person in item.attendees
        if person not in people or "attendee" not in people[person].roles
    }
    if not gone:
        return ALLOWED
    return Refused(
        "state.wrong",
        f"{in_chinese(gone, situation.name)}已不是列席人员，请秘书调整有关议题的列席人员，或请管理员重新授予其角色。",
        f"{in_english(gone, situation.name)} no longer hold the role of attendee; the secretary changes the items for "
        "which they were named, or the administrator grants the role anew.",
        {"attendees": as_fact(gone)},
    )


def allow_notice(situation: Situation) -> None:
    """Ask whether notice may be given now. Raises RefusedError with every rule against it."""
    require_step(situation.outside.kind, situation.state, "notice.given")
    require(*check_giving(situation).refusals)


async def _sealed(act: MeetingAct, situation: Situation) -> list[ItemNoticed]:
    """Returns the agenda as the notice seals it, the deputies among it."""
    meeting = act.context.meeting
    deputies = {
        item.id: deputy_on_record(situation.charter, item.in_charge, item.deputy_in_charge, situation.outside.people)
        for item in situation.state.agenda
    }
    await notice_store.set_deputies(act.connection, deputies)
    items = await store.items_of(act.connection, meeting.id)
    papers = await store.papers_of(act.connection, meeting.id)
    names = await store.kin_names(act.connection, meeting.body_id, {kin for item in items for kin in item.subjects})
    return agenda_said(items, papers, names)


async def give_notice(act: MeetingAct) -> None:
    """Seal the agenda under a notice. The secretary delivers it to each member, on the record."""
    meeting = act.context.meeting
    situation = await situation_of(act)
    allow_notice(situation)
    agenda = await _sealed(act, situation)
    digest = agenda_hash(agenda)
    notice = await notice_store.give_notice(
        act.connection, meeting, act.caller.person, digest, meeting.charter, act.context.now
    )
    await act.record(
        NoticeGiven(
            notice=notice,
            agenda_hash=digest.hex(),
            charter=meeting.charter,
            rulebook=situation.rulebook,
            people=people_said(situation.outside.people.values()),
            items=tuple(agenda),
        )
    )


async def withdraw_notice(act: MeetingAct, reason: str) -> None:
    """Make the meeting a draft again; a new notice needs its full lead time and new deliveries."""
    meeting = act.context.meeting
    require_step(meeting.kind, meeting, "notice.withdrawn")
    if not reason.strip():
        raise bad_field("reason", "撤回会议通知须说明理由。", "Withdrawing a notice needs a reason.")
    notice = await notice_store.standing_notice(act.connection, meeting.id)
    assert notice is not None
    await notice_store.withdraw_notice(act.connection, meeting.id, notice.id, reason, act.context.now)
    await act.record(NoticeWithdrawn(notice.id, reason))
