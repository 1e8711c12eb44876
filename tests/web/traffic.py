"""The people whose choices in open votes are in a page's traffic."""

from typing import Any

import msgspec

OWN = "own"


def choices(received: list[bytes]) -> set[str]:
    """The ids of those whose choice these messages contain, without opinions in writing and closed rounds.

    A choice without a person's id counts under the name of its container; the reader's own, in a message to them
    alone (`tests/realtime/test_mine.py`), counts as OWN."""
    found: set[str] = set()
    for each in received:
        try:
            _collect(msgspec.json.decode(each), "", found)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # not JSON: a file, or a pong
    return found


def _collect(value: Any, under: str, found: set[str]) -> None:
    if isinstance(value, list):
        for each in value:
            _collect(each, under, found)
    if not isinstance(value, dict) or value.get("state") in ("closed", "void"):
        return
    if str(value.get("kind")).startswith("opinion."):
        return
    if under == "mine" or value.get("type") == "mine":
        theirs: set[str] = set()
        _collect({name: each for name, each in value.items() if name != "type"}, "", theirs)
        found.update({OWN} if theirs else ())
        return
    if value.get("choice"):
        found.add(str(value.get("person", under)))
    for name, each in value.items():
        if name != "opinions":
            _collect(each, name, found)
