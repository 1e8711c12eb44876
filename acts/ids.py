"""Ids as the rules take them: text in a decision case, a number in the server.

Rules that speak of people take `name`, which turns an id into the name used in a sentence.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

Id = TypeVar("Id", int, str)


def ordered(ids: Iterable[Id]) -> tuple[Id, ...]:
    """Each id once, text by code point, numbers by size."""
    return tuple(sorted(set(ids)))


def in_chinese(ids: Iterable[Id], name: Callable[[Id], str] = str) -> str:
    """Their names, as a Chinese sentence lists them: 张三、李四."""
    return "、".join(name(each) for each in ids)


def in_english(ids: Iterable[Id], name: Callable[[Id], str] = str) -> str:
    """Their names, as an English sentence lists them."""
    return ", ".join(name(each) for each in ids)


def as_fact(ids: Iterable[Id]) -> list[str]:
    """The ids as a refusal's facts hold them."""
    return [str(each) for each in ids]
