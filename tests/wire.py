"""Data on the wire, of any subject: each view's state after each record, and the patches between them."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import jsonschema_rs
import msgspec
from litestar import Litestar
from msgspec import Struct

from acts.content import Content, Stamp, Words
from acts.folding import BookState, after, content_of
from acts.patch import diff, merge, plain
from acts.showing import follow, see, tell
from server.openapi import describe
from storage.ledger import Record

S = TypeVar("S", bound=BookState)


class Step(Struct, frozen=True):
    """A record as a view shows it, with the view's state after it."""

    seen: Content | None
    stamp: Stamp
    state: Any
    words: Words


def check_wire(value: Any, where: str = "") -> None:
    """Assert that there is no null and no array of objects, so that RFC 7396 can express every change."""
    assert value is not None, where
    if isinstance(value, dict):
        for name, each in value.items():
            assert isinstance(name, str)
            check_wire(each, f"{where}.{name}")
    elif isinstance(value, list):
        assert all(isinstance(each, str | int) for each in value), where


def validator_of(app: Litestar) -> jsonschema_rs.Draft202012Validator:
    """A validator of the live feed's messages by the OpenAPI document."""
    components = describe(app)["components"]
    return jsonschema_rs.Draft202012Validator({"$ref": "#/components/schemas/LiveMessage", "components": components})


def sent(state: Any) -> Any:
    """A state as it is sent."""
    return msgspec.json.decode(msgspec.json.encode(plain(state)))


def walk(view: Any, records: Iterable[Record], empty: S, subject: str) -> Iterator[Step]:
    """Yield a step for each record as the view follows the book. Assert after each that old state plus patch is fresh
    state, both as JSON and as the struct decoded from it."""
    whole = shown = empty
    wire = sent(empty)
    for record in records:
        content = content_of(record)
        whole = after(whole, content, record)
        seen, stamp = see(view, record, content, whole)
        before, shown = shown, follow(shown, seen, stamp, record)
        wire = merge(wire, msgspec.json.decode(msgspec.json.encode(diff(before, shown))))
        assert wire == sent(shown), record
        check_wire(wire)
        assert msgspec.convert(wire, type(empty), str_keys=True) == shown, record
        words = tell(seen, stamp, shown, subject)
        assert all(words), record
        yield Step(seen, stamp, shown, words)
