"""After notice the place may change and the start move later, told to everyone again (Rules 6(1), 6(4)).

The agenda stays sealed, and deliveries and written opinions stand: a later start leaves nobody less time than the
notice gave. Anything else is a new notice, with its full lead time.
"""

from datetime import UTC, datetime

from acts.ids import as_fact, in_chinese, in_english, ordered
from acts.refusal import ALLOWED, Refused, Verdict, require
from agenda import notice_store
from agenda.acting import MeetingAct, require_step
from agenda.kinds.noticing import NoticeChanged
from agenda.notice_standing import notice_standing
from agenda.situation import Situation, situation_of


def check_later(before: datetime, after: datetime, now: datetime) -> Verdict:
    """`agenda.locked`: after notice the start moves later, to a time that is not past (Rules 6(4))."""
    if after < before:
        return Refused(
            "agenda.locked",
            "会议通知发出后，开会时间只能推迟，不能提前。确需提前的，请秘书撤回通知后重新发出，并重新计算提前时限。",
            "After notice the start only moves later. To meet earlier the secretary withdraws the notice and gives a "
            "new one, with its full lead time.",
            {"field": "starts_at"},
        )
    if after != before and after <= now:
        return Refused(
            "input.invalid",
            "推迟后的开会时间应在现在之后。",
            "The later start is a time to come.",
            {"field": "starts_at"},
        )
    return ALLOWED


def check_told(situation: Situation) -> Verdict:
    """`notice.missing`: every formal member who is neither here nor on leave was told of the latest change (Rules
    6(3)): a member who was not may be waiting elsewhere."""
    state, notice = situation.state, situation.state.notice
    if notice is None or not notice.change:
        return ALLOWED
    elsewhere = {person for person in situation.formal if person not in state.presence}
    untold = ordered(person for person in elsewhere if person in notice.deliveries and not notice.reached(person))
    if not untold:
        return ALLOWED
    return Refused(
        "notice.missing",
        f"会议时间或地点已变更，尚无告知{in_chinese(untold, situation.name)}的记录。请秘书告知并登记后，再宣布开会。",
        f"Time or place have changed, and there is no record that {in_english(untold, situation.name)} were told. The "
        "secretary tells them and records it before the call to order.",
        {"untold": as_fact(untold)},
    )


def allow_change(situation: Situation) -> None:
    """Ask whether place or start may change now. Raises RefusedError."""
    require_step(situation.outside.kind, situation.state, "notice.changed")


async def change_notice(act: MeetingAct, starts_at: datetime | None, place: str | None, reason: str) -> None:
    """Change the place, or move the start later; None leaves a value. Raises RefusedError."""
    situation, meeting = await situation_of(act), act.context.meeting
    allow_change(situation)
    starts_at = meeting.starts_at if starts_at is None else starts_at.astimezone(UTC)
    place = meeting.place if place is None else place
    require(check_later(meeting.starts_at, starts_at, act.context.now))
    if (starts_at, place) == (meeting.starts_at, meeting.place):
        require(Refused("state.wrong", "时间和地点均未变动。", "Neither the time nor the place changes."))
    notice_standing(situation, starts_at=starts_at)  # a year whose working days are not known is refused
    notice = situation.state.notice
    assert notice is not None
    change = await notice_store.change_notice(
        act.connection, meeting, notice.id, act.caller.person, act.context.now, (starts_at, place), reason
    )
    await act.record(
        NoticeChanged(notice.id, change, meeting.starts_at.astimezone(UTC), starts_at, meeting.place, place, reason)
    )
