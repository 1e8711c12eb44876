"""Delivering the notice: to whom, when, how and by whom; and its acknowledgement (Rules 6(3))."""

from collections.abc import Sequence
from typing import Literal

from acts.acting import existing
from acts.ids import in_chinese, in_english, ordered
from acts.refusal import Refused, RefusedError
from agenda import notice_store
from agenda.acting import MeetingAct, require_state
from agenda.correcting import require_correctable, require_own_entry, require_unchanged
from agenda.errors import bad_field
from agenda.kinds.noticing import DeliveryCorrected, NoticeAcknowledged, NoticeDelivered
from agenda.notice_standing import notice_standing
from agenda.records import Method
from agenda.situation import Situation, situation_of
from agenda.state import Delivery, MeetingState, NoticeState


def allow_delivery(situation: Situation, people: Sequence[int]) -> NoticeState:
    """Returns the standing notice, where its delivery to these people may be recorded. Raises RefusedError."""
    require_state(situation.state, "noticed")
    notice = _notice(situation.state)
    if not people or not situation.outside.people.keys() >= set(people) or len(set(people)) != len(people):
        raise bad_field(
            "people",
            "送达对象须为本机构的人员，每人一次。",
            "The notice is delivered to people of the body, each named once.",
        )
    if again := ordered({person for person in people if notice.reached(person)}):
        raise RefusedError(
            Refused(
                "state.wrong",
                f"已有向{in_chinese(again, situation.name)}送达的记录。",
                f"It is on record that the notice reached {in_english(again, situation.name)}.",
                {"people": [str(person) for person in again]},
            )
        )
    return notice


async def deliver(act: MeetingAct, people: Sequence[int], method: Method) -> None:
    """Record that the notice, or to those who have it its latest change, reached these people now, each in a record of
    its own that says whether the notice was too late (`notice.lead`, Rules 6(3)). Raises RefusedError."""
    situation = await situation_of(act)
    notice, body = allow_delivery(situation, people), act.context.meeting.body_id
    of = {person: notice.change if person in notice.deliveries else 0 for person in people}
    for person, change in of.items():
        keys = (notice.id, change, body)
        await notice_store.add_delivery(act.connection, keys, person, method, act.caller.person, act.context.now)
    late = notice_standing(situation, [person for person, change in of.items() if not change]).late
    for person, change in of.items():
        await act.record(NoticeDelivered(notice.id, person, method, late=not change and person in late, change=change))


def allow_delivery_correction(situation: Situation, person: int, corrects: int | None = None) -> NoticeState:
    """Returns the standing notice, where the record `corrects` (None: any) of the latest delivery to this person, of
    the notice or of its change, may be put right. Raises RefusedError."""
    require_correctable(situation.state)
    notice = _notice(situation.state)
    delivery: Delivery = existing(notice.round(_round_of(notice, person)).get(person))
    require_unchanged(corrects, delivery.seq)
    require_own_entry(situation, delivery.by)
    return notice


def _round_of(notice: NoticeState, person: int) -> int:
    """Returns the change that the latest delivery to this person was of, 0 where it was of the notice itself."""
    return next((each for each in sorted(notice.changes, reverse=True) if person in notice.round(each)), 0)


async def correct_delivery(act: MeetingAct, person: int, corrects: int, method: Method | Literal["none"]) -> None:
    """Put right how the notice reached a person, or (`none`) that it did not; then it can be delivered to them.
    Raises RefusedError; one that its person acknowledged has reached them."""
    notice = allow_delivery_correction(await situation_of(act), person, corrects)
    change = _round_of(notice, person)
    if method == "none" and notice.round(change)[person].acknowledged_at is not None:
        raise RefusedError(
            Refused(
                "state.wrong",
                "本人已签收会议通知，送达登记不能撤销；送达方式有误的，请更正送达方式。",
                "The person has acknowledged the notice, so it reached them; only the way can be put right.",
            )
        )
    await notice_store.correct_delivery(act.connection, (notice.id, change), person, method, corrects)
    await act.record(DeliveryCorrected(notice.id, corrects, person, method, change))


def allow_acknowledgement(state: MeetingState, person: int) -> NoticeState:
    """Returns the standing notice, where this person may acknowledge it. Raises RefusedError."""
    require_state(state, "noticed", "in_session")
    notice = _notice(state)
    delivery = notice.deliveries.get(person)
    if delivery is None:
        raise RefusedError(
            Refused(
                "state.wrong",
                "尚无向您送达会议通知的记录，请秘书先登记送达。",
                "There is no record yet that the notice reached you; the secretary records it first.",
            )
        )
    if not _unacknowledged(notice, person):
        raise RefusedError(Refused("state.wrong", "您已签收会议通知。", "You have acknowledged the notice already."))
    return notice


def _unacknowledged(notice: NoticeState, person: int) -> list[int]:
    """Returns what was delivered to this person and waits for their receipt: the notice (0), changes of it."""
    rounds = (0, *sorted(notice.changes))
    return [each for each in rounds if (of := notice.round(each).get(person)) and of.acknowledged_at is None]


async def acknowledge(act: MeetingAct) -> None:
    """Record that the caller has the notice and its changes, as far as their delivery is on record. Raises RefusedError
    where nothing waits."""
    person = act.caller.person
    notice = allow_acknowledgement(act.context.state, person)
    for change in _unacknowledged(notice, person):
        await notice_store.acknowledge(act.connection, notice.id, change, person, act.context.now)
        await act.record(NoticeAcknowledged(notice.id, person, change))


def _notice(state: MeetingState) -> NoticeState:
    notice = state.notice
    assert notice is not None  # a meeting past its draft has one
    return notice
