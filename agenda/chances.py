"""The operations that may come next for the agenda and its notice."""

from collections.abc import Iterator
from functools import partial

from acts.chances import Chance
from acts.refusal import require
from agenda.acting import require_step
from agenda.administering import allow_deciding
from agenda.approving import allow_answer, allow_submission
from agenda.cancelling import allow_cancelling
from agenda.changing_notice import allow_change
from agenda.delivering import allow_acknowledgement, allow_delivery, allow_delivery_correction
from agenda.giving_notice import allow_notice
from agenda.sealed import check_sealed
from agenda.situation import Situation


def _unsealed(situation: Situation) -> None:
    require(check_sealed("edit", sealed=situation.state.state != "draft"))


def of_meeting(situation: Situation) -> Iterator[Chance]:
    """Yields the operations of the agenda in a meeting."""
    state, kind = situation.state, situation.outside.kind
    for operation in ("meeting.change", "item.add", "item.change", "item.move", "item.remove", "paper.add"):
        yield operation, "", partial(_unsealed, situation)
    yield "meeting.cancel", "", partial(allow_cancelling, situation)
    yield "agenda.submit", "", partial(allow_submission, situation)
    yield "agenda.approve", "", partial(allow_answer, situation)
    yield "agenda.send_back", "", partial(allow_answer, situation, "agenda.sent_back")
    yield "notice.give", "", partial(allow_notice, situation)
    yield "notice.withdraw", "", partial(require_step, kind, state, "notice.withdrawn")
    yield "notice.change", "", partial(allow_change, situation)
    yield "meeting.preside", "", partial(require_step, kind, state, "meeting.presiding")
    yield "delivery.acknowledge", "", partial(allow_acknowledgement, state, situation.person)
    for request in state.requests:
        yield "people.decide", str(request), partial(allow_deciding, situation, request)
    for person in situation.outside.people:
        yield "delivery.record", str(person), partial(allow_delivery, situation, [person])
    for person in state.notice.deliveries if state.notice else ():
        yield "delivery.correct", str(person), partial(allow_delivery_correction, situation, person)


CHANCES = {"meeting": of_meeting}
