"""A book as its corrections have it: what the proceedings tell is what was right, each at its own time. Pure."""

from collections.abc import Container, Sequence
from typing import Any

from msgspec.structs import replace

from storage.ledger import Entry, Record

_FIELDS = {
    "speech.corrected": ("person", "summary"),
    "position.corrected": ("position",),
    "delivery.corrected": ("method",),
}


def as_corrected(entries: Sequence[Entry]) -> list[Entry]:
    """Returns a meeting's entries less its corrections and what they struck, the entries put right in their place.

    A comings-and-goings record that was a mistake is left out with what followed from it.
    """
    mistaken: set[int] = set()
    first: dict[int, int] = {}  # a correction may itself be corrected: the record that began it
    right: dict[int, dict[str, Any]] = {}
    for record in (each.record for each in entries):
        content = record.content
        if record.kind == "presence.corrected":
            mistaken.add(content["corrects"])
        elif record.kind in _FIELDS:
            began = first[record.seq] = first.get(content["corrects"], content["corrects"])
            right[began] = {name: content[name] for name in _FIELDS[record.kind]}
            if content.get("struck") or "none" in right[began].values():
                mistaken.add(began)
            else:
                mistaken.discard(began)
    return [
        replace(each, record=replace(each.record, content={**each.record.content, **right.get(each.record.seq, {})}))
        for each in entries
        if not _left_out(each.record, mistaken)
    ]


def _left_out(record: Record, mistaken: Container[object]) -> bool:
    return (
        record.seq in mistaken
        or record.kind in ("presence.corrected", "opinion.restored", *_FIELDS)
        or (record.kind == "opinion.voided" and record.content.get("arrival") in mistaken)
    )
