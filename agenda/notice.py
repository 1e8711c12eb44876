"""Notice in time, to everybody (Rules 6(3)): 会议通知须至少提前若干个工作日通知应到会人员."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Generic

from msgspec import Struct

from acts.dates import date_text
from acts.ids import Id, as_fact, in_chinese, in_english, ordered
from acts.refusal import ALLOWED, Fact, Refused, Verdict
from agenda.working_days import WorkCalendar


class NoticeStanding(Struct, Generic[Id], frozen=True):
    """The members whom the notice reached too late, and those whom it never reached. `earliest` is the first date that
    would have been in time for all of the late (None where nobody is late, or past the last year a date can have)."""

    late: tuple[Id, ...]
    missing: tuple[Id, ...]
    lead_working_days: int
    earliest: date | None

    @property
    def valid(self) -> bool:
        return not self.late and not self.missing


def weigh_notice(
    members: Iterable[Id],
    reached_on: Mapping[Id, date],
    meeting_on: date,
    calendar: WorkCalendar,
    lead_working_days: int,
) -> NoticeStanding[Id]:
    """Returns how the notice stands; `reached_on` holds the date of each delivery, in the meeting's time zone.

    A notice on a day off counts from the next working day, and the meeting may be on the
    `lead_working_days`-th working day after it at the earliest (Rules 6(3)).
    """
    everyone = ordered(members)
    late = tuple(
        member
        for member in everyone
        if member in reached_on and not calendar.in_time(reached_on[member], meeting_on, lead_working_days)
    )
    last = max((reached_on[member] for member in late), default=None)
    return NoticeStanding(
        late=late,
        missing=tuple(member for member in everyone if member not in reached_on),
        lead_working_days=lead_working_days,
        earliest=None if last is None else calendar.earliest_meeting_date(last, lead_working_days),
    )


def check_lead(standing: NoticeStanding[Id], name: Callable[[Id], str] = str) -> Verdict:
    """`notice.lead`: nobody's notice came too late (Rules 6(3))."""
    if not standing.late:
        return ALLOWED
    lead, earliest = standing.lead_working_days, standing.earliest
    mend = "" if earliest is None else f"按其收到通知之日，最早可于{date_text(earliest)}开会。"
    mend_en = "" if earliest is None else f"By when it came, {earliest} is the earliest date of the meeting. "
    return Refused(
        "notice.lead",
        f"会议通知须至少提前{lead}个工作日送达，{in_chinese(standing.late, name)}收到通知过晚。{mend}"
        "请秘书改期并重新通知；已经开会的，请主持人缓议。",
        f"Notice is due at least {lead} working day(s) ahead; it came too late to "
        f"{in_english(standing.late, name)}. {mend_en}The secretary can move the meeting and give notice anew; "
        "in a meeting that is held, the chair can defer.",
        {
            "late": as_fact(standing.late),
            "lead_working_days": lead,
            "earliest": None if earliest is None else earliest.isoformat(),
        },
    )


def check_missing(standing: NoticeStanding[Id], name: Callable[[Id], str] = str) -> Verdict:
    """`notice.missing`: every formal member has the notice (Rules 6(3))."""
    if not standing.missing:
        return ALLOWED
    return Refused(
        "notice.missing",
        f"尚无向{in_chinese(standing.missing, name)}送达会议通知的记录。请秘书在开会前补送并登记，"
        "提前时限自送达之日起计算；已经开会的，请主持人缓议。",
        f"There is no record that the notice reached {in_english(standing.missing, name)}. Before the meeting the "
        "secretary can deliver and record it, and the lead time runs from that delivery; in a meeting that is "
        "held, the chair can defer.",
        {"missing": as_fact(standing.missing)},
    )


def check_ahead(notice_on: date, meeting_on: date, calendar: WorkCalendar, lead: int, earliest: date | None) -> Verdict:
    """`notice.lead`, before the notice goes out: given on `notice_on` it would be in time (Rules 6(3)).

    `earliest` is the first lawful date, for the refusal to name; None where no calendar knows it.
    """
    if calendar.in_time(notice_on, meeting_on, lead):
        return ALLOWED
    mend = (
        "请秘书将会议改期后再发通知" if earliest is None else f"最早可于{date_text(earliest)}开会，请秘书改期后再发通知"
    )
    mend_en = (
        "Move the meeting first" if earliest is None else f"The earliest date is {earliest}; move the meeting first"
    )
    facts: dict[str, Fact] = {
        "meeting_on": meeting_on.isoformat(),
        "lead_working_days": lead,
        "earliest": None if earliest is None else earliest.isoformat(),
    }
    if meeting_on < notice_on:
        return Refused(
            "notice.lead",
            f"拟定的开会日期{date_text(meeting_on)}已过，会议未召开。{mend}；不再召开的，请秘书取消会议。",
            f"The meeting was planned for {meeting_on}, which is past. {mend_en}; otherwise the secretary cancels it.",
            {**facts, "past": True},
        )
    return Refused(
        "notice.lead",
        f"会议通知须至少提前{lead}个工作日送达，现在发出通知，拟于{date_text(meeting_on)}召开的会议已不足提前时限。{mend}。",
        f"Notice is due at least {lead} working day(s) ahead; given now it is too late for a meeting on "
        f"{meeting_on}. {mend_en}.",
        facts,
    )
