"""The operations open next on the minutes of a meeting."""

from collections.abc import Callable, Iterator
from functools import partial

from acts.chances import Chance
from agenda.situation import Situation
from agenda.state import MinutesState
from minutes.approving import allow_drafting, allow_step
from minutes.completeness import allow_complete
from minutes.issuing import require_drawn
from minutes.proceedings import allow_signing, capacity_of

_STEPS = (
    ("minutes.edit", "minutes.edited", None),
    ("minutes.review_office", "minutes.reviewed", "office_head"),
    ("minutes.review_deputy", "minutes.reviewed", "deputy"),
    ("minutes.send_back", "minutes.sent_back", None),
    ("minutes.sign", "minutes.signed", None),
    ("minutes.issue", "minutes.issued", None),
    ("minutes.void", "minutes.voided", None),
)
_WHOLE = frozenset({"minutes.review_office", "minutes.review_deputy", "minutes.issue"})  # asked of complete minutes


def of_meeting(situation: Situation) -> Iterator[Chance]:
    """Yields the operations of the minutes of a meeting."""
    kind, state = situation.outside.kind, situation.state
    yield "minutes.draft", "", partial(allow_drafting, state)
    yield "proceedings.sign", "", partial(allow_signing, state, capacity_of(situation.roles))
    for minutes in state.minutes.values():
        for operation, record, turn in _STEPS:
            step = partial(allow_step, kind, minutes.state, record, turn)
            yield operation, str(minutes.id), partial(_allow_whole, step, minutes) if operation in _WHOLE else step
        yield "minutes.distribute", str(minutes.id), partial(_allow_distributing, kind, minutes)


def _allow_whole(step: Callable[[], None], minutes: MinutesState) -> None:
    step()
    allow_complete(minutes.missing)


def _allow_distributing(kind: str, minutes: MinutesState) -> None:
    allow_step(kind, minutes.state, "minutes.distributed")
    require_drawn(minutes.sha256)


CHANCES = {"meeting": of_meeting}
