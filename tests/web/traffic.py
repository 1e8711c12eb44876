"""What reached a page, read: whose choices in open votes it tells."""

from typing import Any

import msgspec

OWN = "own"


def choices(received: list[bytes]) -> set[str]:
    """The ids of those whose choice these messages tell, of opinions in writing and of closed rounds aside.

    A choice that stands under no person's id is told under the name of what holds it; the reader's own, which a
    message tells them alone (`tests/realtime/test_mine.py`), as OWN."""
    found: set[str] = set()
    for each in received:
        try:
            _collect(msgspec.json.decode(each), "", found)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # a file, or a pong
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
