"""Giving notice seals the agenda; withdrawing it opens the agenda again (Rules 6(1), 6(3), 6(4))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from acts.refusal import ALLOWED, Refused, RefusedError, Verdict, refusals_of, require
from agenda import store
from agenda.acting import MeetingAct, require_step
from agenda.calendar import calendar_for, day_of
from agenda.contents import agenda_content, agenda_hash, people_content
from agenda.errors import bad_field
from agenda.materials import check_notice_materials
from agenda.notice import check_ahead
from agenda.records import Meeting
from bodies.records import BodyPerson
from bodies.store import body_people

if TYPE_CHECKING:
    from storage.store import Connection


class Readiness(Struct, frozen=True):
    """How a notice would stand if it were given now.

    `earliest` is the first lawful date of the meeting, None where a calendar is missing. `without_papers` and
    `incomplete` hold item ids; a personnel item may be among them, whose papers the notice does not wait for
    but its vote does.
    """

    meeting_on: date
    lead_working_days: int
    earliest: date | None
    without_papers: list[int]
    incomplete: list[int]
    refusals: tuple[Refused, ...]
    people: list[BodyPerson]
    agenda: list[dict[str, Any]]


async def weigh_giving(connection: Connection, meeting: Meeting, now: datetime) -> Readiness:
    """Ask every rule about giving this meeting's notice now."""
    items = await store.items_of(connection, meeting.id)
    papers = await store.papers_of(connection, meeting.id)
    people = await body_people(connection, meeting.body_id)
    names = await store.kin_names(connection, meeting.body_id, {kin for item in items for kin in item.subjects})
    incomplete = [item for item in items if not item.materials_complete]
    lead, meeting_on = meeting.charter.lead_working_days, day_of(meeting.starts_at)
    in_time, earliest = await _weigh_lead(connection, day_of(now), meeting_on, lead)
    return Readiness(
        meeting_on=meeting_on,
        lead_working_days=lead,
        earliest=earliest,
        without_papers=[item.id for item in items if item.id not in papers],
        incomplete=[item.id for item in incomplete],
        refusals=refusals_of(
            [
                in_time,
                _check_items(len(items)),
                _check_presiding(meeting, people),
                check_notice_materials([item.title for item in incomplete if not item.personnel]),
            ]
        ),
        people=people,
        agenda=agenda_content(items, papers, names),
    )


async def _weigh_lead(connection: Connection, today: date, meeting_on: date, lead: int) -> tuple[Verdict, date | None]:
    try:
        calendar, known = await calendar_for(connection, today, max(today, meeting_on))
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


def _check_presiding(meeting: Meeting, people: Sequence[BodyPerson]) -> Verdict:
    if any(person.id == meeting.presiding_id and person.formal for person in people):
        return ALLOWED
    return Refused(
        "state.wrong",
        "原定主持人已不是正式成员，请另行指定主持人。",
        "Who was to preside is no longer a formal member; name another.",
        {"presiding": meeting.presiding_id},
    )


async def give_notice(act: MeetingAct) -> None:
    """Seal the agenda under a notice. Delivering it is the secretary's, to each member, on the record."""
    meeting = act.place.meeting
    require_step(meeting, "notice.given")
    ready = await weigh_giving(act.connection, meeting, act.place.now)
    require(*ready.refusals)
    digest = agenda_hash(ready.agenda)
    notice = await store.give_notice(act.connection, meeting, act.caller.person, digest, meeting.charter, act.place.now)
    await act.record(
        "notice.given",
        {
            "notice": notice,
            "agenda_hash": digest.hex(),
            "charter": meeting.charter,
            "people": people_content(ready.people),
            "items": ready.agenda,
        },
    )


async def withdraw_notice(act: MeetingAct, reason: str) -> None:
    """Back to the draft; a new notice needs its full lead time and new deliveries, written opinions are void."""
    meeting = act.place.meeting
    require_step(meeting, "notice.withdrawn")
    if not reason.strip():
        raise bad_field("reason", "撤回会议通知须说明理由。", "Withdrawing a notice needs a reason.")
    notice = await store.standing_notice(act.connection, meeting.id)
    assert notice is not None
    await store.withdraw_notice(act.connection, meeting.id, notice.id, reason, act.place.now)
    await act.record("notice.withdrawn", {"notice": notice.id, "reason": reason})
    for item, person in await store.void_opinions(act.connection, meeting.id, act.place.now):
        await act.record("opinion.voided", {"item": item, "person": person})
