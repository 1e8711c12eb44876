"""Citations on paper: the first one of a text names it in full, with its short title after 以下简称. Frozen with v1."""

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

S = TypeVar("S", bound=Struct)


def in_full(document: S, titles: dict[str, str]) -> S:
    """Returns the document with full titles at the first citations, in the order of its fields; `titles` maps a short
    title to the full one."""
    left = dict(titles)

    def said(text: str) -> str:
        for short in [each for each in left if each in text]:
            text = text.replace(short, f"{left.pop(short)}（以下简称{short}）", 1)
        return text

    def walk(value: Any) -> Any:
        if isinstance(value, Struct):
            fields = {name: getattr(value, name) for name in value.__struct_fields__}
            return msgspec.structs.replace(
                value,
                **{
                    name: said(each) if name in ("clause", "basis") and isinstance(each, str) else walk(each)
                    for name, each in fields.items()
                },
            )
        return tuple(map(walk, value)) if isinstance(value, tuple) else value

    whole: S = walk(document)
    return whole
