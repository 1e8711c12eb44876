"""Messages of msgspec about a value that does not fit its type, translated: the field, and why in Chinese."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from msgspec import Struct

Words: TypeAlias = tuple[tuple[re.Pattern[str], str], ...]
"""Patterns with their translations, the first that fits taken; `\\1` stands for the pattern's first group."""

_PATH = re.compile(r" - at (?P<key>`key` in )?`\$\.?(?P<path>[^`]*)`$")
_NAMED = re.compile(r"^Object (?:missing required|contains unknown) field `(?P<name>.*)`", re.DOTALL)


def words(rows: Iterable[tuple[str, str]]) -> Words:
    """The patterns compiled."""
    return tuple((re.compile(pattern, re.DOTALL), said) for pattern, said in rows)


WORDS = words(
    (
        (r"^Object missing required", "缺少此项"),
        (r"^Object contains unknown", "没有此项"),
        (r"^Invalid enum value", "不在可选范围内"),
        (r"^Expected `str` of length <= (\d+)", r"最多 \1 个字符"),
        (r"^Expected `str` of length >= 1$", "不能为空"),
        (r"^Expected `str` of length >= (\d+)", r"至少 \1 个字符"),
        (r"^Expected `str` matching regex", "内容为空、含有控制字符，或格式不正确"),
        (r"^Expected `array` of length <= (\d+)", r"最多 \1 项"),
        (r"^Expected `array` of length >= (\d+)", r"至少 \1 项"),
        (r"^Expected `int` >= (-?\d+)", r"不得小于 \1"),
        (r"^Expected `int` <= (-?\d+)", r"不得大于 \1"),
        (r"^Expected `datetime` with a timezone", "时间须注明时区，例如 2026-01-13T09:00:00+08:00"),
        (r"^Invalid RFC3339 encoded date", "日期或时间有误"),
        (r"^Expected `bool", "应为 true 或 false"),
        (r"^Expected `int", "应为整数"),
        (r"^Expected `str", "应为文字"),
    )
)


class Malformed(Struct, frozen=True):
    """Where a value is malformed (`items[0].due`, empty for the whole), and why, in msgspec's words.

    `of_key`: the malformed one is a key of the map at `path`.
    """

    path: str
    why: str
    of_key: bool = False

    def chinese(self, *more: Words) -> str | None:
        """The reason in Chinese, by `more`, the reader's own words, then by `WORDS`; None where neither fits."""
        for vocabulary in (*more, WORDS):
            for pattern, said in vocabulary:
                if found := pattern.search(self.why):
                    return found.expand(said)
        return None


def malformed(message: str) -> Malformed:
    """Read msgspec's message. A field that is missing or unknown is itself the path."""
    found = _PATH.search(message)
    path, of_key = (found["path"], found["key"] is not None) if found else ("", False)
    why = message[: found.start()] if found else message
    if named := _NAMED.match(why):
        path = f"{path}.{named['name']}".lstrip(".")
    return Malformed(path, why, of_key)
