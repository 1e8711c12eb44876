"""The operations open next on the minutes of a meeting."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from types import MappingProxyType

from acts.chances import Chance
from acts.damage import check_lost
from acts.refusal import require
from agenda.situation import Situation
from agenda.state import MinutesState
from minutes.approving import allow_drafting, allow_hand, allow_step
from minutes.completeness import allow_complete
from minutes.hands import Hand, allow_sending_back
from minutes.issuing import require_drawn
from minutes.proceedings import allow_signing, capacity_of

_STEPS = (("minutes.edit", "minutes.edited"), ("minutes.void", "minutes.voided"))
HANDS: Mapping[Hand, str] = MappingProxyType(
    {"office_head": "minutes.review_office", "deputy": "minutes.review_deputy", "head": "minutes.sign"}
)
"""The operation by which each hand passes the minutes on."""


def of_meeting(situation: Situation) -> Iterator[Chance]:
    """Yields the operations of the minutes of a meeting."""
    kind, state = situation.outside.kind, situation.state
    yield "minutes.draft", "", partial(allow_drafting, state)
    yield "proceedings.sign", "", partial(allow_signing, state, capacity_of(situation.roles))
    for minutes in state.minutes.values():
        for operation, record in _STEPS:
            yield operation, str(minutes.id), partial(allow_step, kind, minutes.state, record)
        for hand, operation in HANDS.items():
            ask = partial(allow_hand, kind, minutes, hand, situation.person, situation.roles)
            yield operation, str(minutes.id), ask
        yield "minutes.send_back", str(minutes.id), partial(_allow_sending_back, kind, minutes, situation.roles)
        yield "minutes.issue", str(minutes.id), partial(_allow_issuing, situation, minutes)
        yield "minutes.distribute", str(minutes.id), partial(_allow_distributing, kind, minutes)


def _allow_sending_back(kind: str, minutes: MinutesState, roles: AbstractSet[str]) -> None:
    allow_step(kind, minutes.state, "minutes.sent_back")
    allow_sending_back(kind, minutes, roles)


def _allow_issuing(situation: Situation, minutes: MinutesState) -> None:
    allow_step(situation.outside.kind, minutes.state, "minutes.issued")
    require(check_lost(situation.outside.lost))
    allow_complete(minutes.missing)


def _allow_distributing(kind: str, minutes: MinutesState) -> None:
    allow_step(kind, minutes.state, "minutes.distributed")
    require_drawn(minutes.sha256)


CHANCES = {"meeting": of_meeting}
