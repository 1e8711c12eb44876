"""A record as one view shows it: its content, its sentence, the state that follows. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from acts.content import Anonymous, Content, Stamp, Words
from acts.folding import BookState, after, content_of, stamp_of
from acts.packages import subjects
from storage.ledger import Entry, Record

MASKED = "masked"
"""The kind given to a record of which a view sees only that it is there."""

PAGE = 500
"""Records that one page of a book holds at most."""

S = TypeVar("S", bound=BookState)


class LedgerRecord(Struct, frozen=True, omit_defaults=True):
    """A record as the reader's view shows it, and the hash (hex) that seals it: SHA-256(the hash before ‖ text's
    bytes). `text` is exactly what was hashed, left out where the view keeps something back; `by` is the actor's name,
    where the book does not have it."""

    seq: int
    at: datetime
    kind: str
    zh: str
    en: str
    hash: str
    actor: int | None = None
    by: str = ""
    item: int | None = None
    text: str | None = None


class LedgerPage(Struct, frozen=True):
    """Records in order; `next` is `after` of the next page, None when these are the last."""

    records: list[LedgerRecord]
    next: int | None


def see(view: Any, record: Record, content: Content, whole: BookState) -> tuple[Content | None, Stamp]:
    """The part of the record that the view sees, or None, and its stamp; `whole` is the subject's state after it."""
    seen = view.see(content, whole)
    if seen is None:
        return None, Stamp(record.seq, record.at, None)
    if isinstance(seen, Anonymous):
        return seen.content, Stamp(record.seq, record.at, None)
    return seen, stamp_of(record)


def follow(state: S, seen: Content | None, stamp: Stamp, record: Record) -> S:
    """The view's state after the part of the record that it sees: this content under this stamp."""
    if seen is None:
        return replace(state, seq=record.seq, body=record.body, id=record.subject_id)
    return after(state, seen, record, stamp)


def tell(seen: Content | None, stamp: Stamp, state: BookState, subject: str) -> Words:
    """The part of a record that the view sees, as a sentence; `state` is the view's after it."""
    if seen is None:
        return "（依规定不予显示）", "(not for this view)"
    return seen.tell(subjects()[subject].teller(stamp, state))


def item_of(content: Content) -> int | None:
    """The item that a record's content names by id, or None."""
    item = getattr(content, "item", None)
    return item if isinstance(item, int) else None


def show_book(
    entries: Sequence[Entry], subject: str, view_of: Callable[[Any], Any], start: int, names: Mapping[int, str] = {}
) -> LedgerPage:
    """A page of a book: the records with seq > `start`, as the view that follows from its last state shows them.

    `entries` are the whole book, for a view and a sentence depend on all earlier records; `names` are the actors' names
    by id.
    """
    contents = [content_of(entry.record) for entry in entries]
    whole = subjects()[subject].empty
    states = [whole := after(whole, content, entry.record) for entry, content in zip(entries, contents, strict=True)]
    view, shown = view_of(whole), subjects()[subject].empty
    page = []
    for entry, content, then in zip(entries, contents, states, strict=True):
        seen, stamp = see(view, entry.record, content, then)
        shown = follow(shown, seen, stamp, entry.record)
        if not start < entry.record.seq <= start + PAGE:
            continue
        zh, en = tell(seen, stamp, shown, subject)
        record = LedgerRecord(
            seq=stamp.seq,
            at=stamp.at,
            kind=MASKED if seen is None else entry.record.kind,
            zh=zh,
            en=en,
            hash=entry.hash.hex(),
            actor=stamp.actor,
            by=names.get(stamp.actor or 0, ""),
            item=view.item(content, seen),
            text=entry.raw.decode() if (seen, stamp) == (content, stamp_of(entry.record)) else None,
        )
        page.append(record)
    return LedgerPage(page, start + PAGE if len(entries) > start + PAGE else None)
