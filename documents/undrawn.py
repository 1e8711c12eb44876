"""The characters of a paper that no font at hand can draw, by where they stand. Pure.

A draft shows them, so that no numbered paper has `[U+E000]` in place of somebody's name.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from documents.fonts import FontSet
from documents.typeset import undrawn


class Undrawn(Struct, frozen=True):
    """Characters that cannot be drawn in the texts of an item, each once; `title` is the item's, "" for other texts."""

    title: str
    characters: list[str]


def find_undrawn(texts: Iterable[tuple[str, Any]], fonts: FontSet) -> list[Undrawn]:
    """Look through (title, anything with texts in it), as structs or lists of them; those without such characters are
    left out."""
    found = ((title, undrawn("".join(texts_in(msgspec.to_builtins(value))), fonts)) for title, value in texts)
    return [Undrawn(title, list(characters)) for title, characters in found if characters]


def texts_in(value: Any) -> Iterator[str]:
    """Yields every text in plain data, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)
