"""Turns the records as stored into the facts that a paper needs: the one place where v1 still asks live code.

At freezing time (docs/decisions/0009-frozen-papers.md) the folds below are copied into this folder, and the imports
from `acts`, `agenda`, `storage` and `voting` go. The other modules of this folder import no live package but
`documents`, the typesetter.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from acts.folding import fold
from agenda.state import MeetingState
from minutes.composers.v1.facts import Facts
from storage import ledger
from voting import recounting


class Record(Struct, frozen=True):
    """The part of a stored record that v1 reads."""

    seq: int
    at: datetime
    actor: int | None
    kind: str
    content: dict[str, Any]


_record = msgspec.json.Decoder(Record)
_live = msgspec.json.Decoder(ledger.Record)


def read(records: Sequence[bytes]) -> list[Record]:
    """Decode records from their bytes as stored."""
    return [_record.decode(raw) for raw in records]


class _InOrder:
    """A state of the live fold with its entries in the order of a paper, where they are keyed by id."""

    def __init__(self, state: Any, **entries: Any) -> None:
        self.__dict__.update({name: getattr(state, name) for name in state.__struct_fields__}, **entries)


def facts_of(records: Sequence[bytes]) -> Facts:
    """Returns the facts that the paper needs of the meeting whose first records these are."""
    state: MeetingState = fold(map(_live.decode, records), MeetingState())
    meeting = _InOrder(
        state,
        notice=state.notice,
        items=[_InOrder(each, speeches=_by_id(each.speeches), votes=_by_id(each.votes)) for each in state.agenda],
        refusals=[_InOrder(each, refusals=_by_id(each.refusals)) for each in _by_id(state.refusals)],
        objections=_by_id(state.objections),
        minutes=_by_id(state.minutes),
    )
    return msgspec.convert(meeting, Facts, from_attributes=True)


def _by_id(entries: Mapping[int, Any]) -> list[Any]:
    return [entries[each] for each in sorted(entries)]


def recount(records: Sequence[bytes]) -> list[bool]:
    """Returns for each closed round, in order, whether its ballots, counted anew, come to what its closing says."""
    return [each.agrees for each in recounting.recount([_live.decode(raw) for raw in records])]
