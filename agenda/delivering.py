"""Delivering the notice: to whom, when, how, by whom; acknowledged when (Rules 6(3))."""

from collections.abc import Sequence

from acts.ids import in_chinese, in_english, ordered
from acts.refusal import Refused, RefusedError
from agenda import store
from agenda.acting import MeetingAct, require_state
from agenda.errors import bad_field
from agenda.kinds.noticing import NoticeAcknowledged, NoticeDelivered
from agenda.notice_standing import notice_standing
from agenda.records import Method, Notice
from bodies.store import body_people


async def deliver(act: MeetingAct, people: Sequence[int], method: Method) -> None:
    """Record that the notice reached these people now, each in a record of its own that says whether that was too late
    (`notice.lead`, Rules 6(3)). Raises RefusedError."""
    meeting = act.place.meeting
    require_state(meeting, "noticed")
    notice = await _notice(act)
    names = {person.id: person.name for person in await body_people(act.connection, meeting.body_id)}
    if not people or not names.keys() >= set(people) or len(set(people)) != len(people):
        raise bad_field(
            "people",
            "送达对象须为本机构的人员，每人一次。",
            "The notice is delivered to people of the body, each named once.",
        )
    told = {delivery.person for delivery in await store.deliveries(act.connection, notice.id)}
    if again := ordered(told & set(people)):
        raise RefusedError(
            Refused(
                "state.wrong",
                f"已有向{in_chinese(again, names.__getitem__)}送达的记录。",
                f"It is on record that the notice reached {in_english(again, names.__getitem__)}.",
                {"people": [str(person) for person in again]},
            )
        )
    for person in people:
        await store.add_delivery(
            act.connection, (notice.id, meeting.body_id), person, method, act.caller.person, act.place.now
        )
    late = (await notice_standing(act.connection, meeting)).late
    for person in people:
        await act.record(NoticeDelivered(notice.id, person, method, late=person in late))


async def acknowledge(act: MeetingAct) -> None:
    """The caller has the notice; its delivery is on record before."""
    require_state(act.place.meeting, "noticed", "in_session")
    notice = await _notice(act)
    person = act.caller.person
    told = {delivery.person: delivery for delivery in await store.deliveries(act.connection, notice.id)}
    if person not in told:
        raise RefusedError(
            Refused(
                "state.wrong",
                "尚无向您送达会议通知的记录，请秘书先登记送达。",
                "There is no record yet that the notice reached you; the secretary records it first.",
            )
        )
    if told[person].acknowledged_at is not None:
        raise RefusedError(Refused("state.wrong", "您已签收会议通知。", "You have acknowledged the notice already."))
    await store.acknowledge(act.connection, notice.id, person, act.place.now)
    await act.record(NoticeAcknowledged(notice.id, person))


async def _notice(act: MeetingAct) -> Notice:
    notice = await store.standing_notice(act.connection, act.place.meeting.id)
    assert notice is not None  # a meeting past its draft has one
    return notice
