"""A record as one view shows it: its content, its sentence, the state that follows. Pure."""

from typing import Any, TypeVar

from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words
from acts.folding import BookState, after, stamp_of
from acts.packages import subjects
from storage.ledger import Record

MASKED = "masked"
"""The kind of a record of which a view sees nothing but that it is there."""

S = TypeVar("S", bound=BookState)


def see(view: Any, record: Record, content: Content, whole: BookState) -> tuple[Content | None, Stamp]:
    """What the view sees of the record, None for nothing; `whole` is the subject's whole state after it."""
    seen = view.see(content, whole)
    if seen is None:
        return None, Stamp(record.seq, record.at, None)
    if isinstance(seen, Anonymous):
        return seen.content, Stamp(record.seq, record.at, None)
    return seen, stamp_of(record)


def follow(state: S, seen: Content | None, stamp: Stamp, record: Record) -> S:
    """The view's state after what it sees of the record: this content under this stamp."""
    if seen is None:
        return replace(state, seq=record.seq, body=record.body, id=record.subject_id)
    return after(state, seen, record, stamp)


def tell(seen: Content | None, stamp: Stamp, state: BookState, subject: str) -> Words:
    """What the view sees of a record, as a sentence; `state` is the view's after it."""
    if seen is None:
        return "（依规定不予显示）", "(not for this view)"
    return seen.tell(subjects()[subject].telling(stamp, state))
