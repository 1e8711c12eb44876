"""From the records as stored to what a paper needs: the one place where v1 still asks live code.

At freezing time (docs/decisions/0009-frozen-papers.md) the folds below are copied into this folder, and the imports
from `storage` and `voting` go. Nothing else in this folder imports live packages but `documents`, the typesetter.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from minutes.composers.v1.facts import Facts
from storage import ledger
from voting import recounting
from voting.state import fold


class Record(Struct, frozen=True):
    """What v1 reads of a stored record."""

    at: datetime
    actor: int | None
    kind: str
    content: dict[str, Any]


_record = msgspec.json.Decoder(Record)
_live = msgspec.json.Decoder(ledger.Record)


def read(records: Sequence[bytes]) -> list[Record]:
    """The records, from their bytes as stored."""
    return [_record.decode(raw) for raw in records]


def facts_of(records: Sequence[bytes]) -> Facts:
    """What the paper needs of the meeting whose first records these are."""
    return msgspec.convert(fold(map(_live.decode, records)), Facts, from_attributes=True)


def recount(records: Sequence[bytes]) -> list[bool]:
    """Of each closed round, in order: whether its ballots, counted anew, come to what its closing says."""
    return [each.agrees for each in recounting.recount([_live.decode(raw) for raw in records])]
