"""The time at which a meeting may be called to order (Rules 6(3)): on its day, not before. Pure."""

from datetime import datetime, time, timedelta

from acts.dates import BUREAU_TIME, date_text
from acts.refusal import ALLOWED, Fact, Refused, Verdict

AHEAD = timedelta(hours=1)


def opening_time(starts_at: datetime) -> datetime:
    """Returns the moment from which the meeting may be called to order: an hour before its time, not before its day
    begins in the bureau's time zone."""
    starts_at = starts_at.astimezone(BUREAU_TIME)
    return max(starts_at - AHEAD, datetime.combine(starts_at.date(), time(), BUREAU_TIME))


def is_past(starts_at: datetime, now: datetime) -> bool:
    """Whether the meeting's day is over, in the bureau's time zone."""
    return starts_at.astimezone(BUREAU_TIME).date() < now.astimezone(BUREAU_TIME).date()


def check_early(starts_at: datetime, now: datetime) -> Verdict:
    """`meeting.early`: the meeting may be called to order `now`, on its day, at most an hour before its time (Rules
    6(3)). A refusal that time alone lifts says when (`until`)."""
    opens, day = opening_time(starts_at), starts_at.astimezone(BUREAU_TIME)
    facts: dict[str, Fact] = {"starts_at": day.isoformat(), "opens_at": opens.isoformat()}
    if is_past(starts_at, now):
        return Refused(
            "meeting.early",
            f"会议原定于{date_text(day.date())}召开，当日已过，不能宣布开会。请秘书推迟开会时间，或撤回通知、改期后重新发出会议通知。",
            f"The meeting was to be held on {day.date()}, which is past. The secretary moves the start "
            "later, or withdraws the notice and gives a new one.",
            {**facts, "past": True},
        )
    if now < opens:
        return Refused(
            "meeting.early",
            f"会议定于{date_text(day.date())}{day:%H:%M}召开，当日{opens:%H:%M}起方可宣布开会，请届时再办理。",
            f"The meeting is at {day:%Y-%m-%d %H:%M}; it can be called to order from {opens:%H:%M} on that day.",
            facts,
            until=opens,
        )
    return ALLOWED
