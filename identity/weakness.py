"""Whether a password is easily guessed, by the number of guesses that zxcvbn estimates: no rules of composition.

People take their name in pinyin and a year; so the name's spellings are among the words that are tried first.
"""

from collections.abc import Iterator
from typing import Any

from pypinyin import Style, lazy_pinyin
from zxcvbn import zxcvbn

from acts.refusal import Refused

FEWEST = 10**8  # guesses; strangers have some 300 a day at one account (docs/decisions/0040-a-known-device.md)
_LONGEST = 72  # characters that are looked at; zxcvbn takes no more
_WHY = {
    "user_inputs": ("含有本人的姓名（或其拼音）、工号、单位名称", "it holds the owner's name, number or organization"),
    "dictionary": ("是常见的密码或词语", "it is a common password or word"),
    "spatial": ("是键盘上相邻的键", "it is a row of keys"),
    "repeat": ("是重复的字符", "it repeats itself"),
    "sequence": ("是连续的字符", "it is a sequence"),
    "regex": ("含有年份", "it holds a year"),
    "date": ("含有日期或年份", "it holds a date"),
    "bruteforce": ("太短", "it is too short"),
}


def weakness(password: str, person: str, others: tuple[str, ...], field: str) -> Refused | None:
    """Returns the refusal (input.invalid with `field`) of a password that is easily guessed, else None.

    `person` is its owner's name; `others` are further words that belong to them: number, organization.
    """
    found = zxcvbn(password[:_LONGEST], [*_spellings(person), *others])
    if found["guesses"] >= FEWEST:
        return None
    why, why_en = _WHY[_cause(found["sequence"])]
    return Refused(
        "input.invalid",
        f"这个密码容易被人猜到：{why}。请另设一个，例如把几个互不相干的词连在一起，或用随机的字母和数字。",
        f"This password is easily guessed: {why_en}. Choose another, such as some unrelated words in a row, or random"
        " letters and digits.",
        {"field": field},
    )


def _spellings(name: str) -> Iterator[str]:
    """The name, and its pinyin as people type it: whole, the given name alone or first, initials."""
    family, *given = lazy_pinyin(name)
    first = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    yield from (name, family + "".join(given), "".join(given), "".join(given) + family, first, family)


def _cause(sequence: list[dict[str, Any]]) -> str:
    """Returns the kind of the part that makes a password easy: its longest but for runs of unknown characters."""
    known = [part for part in sequence if part["pattern"] != "bruteforce"] or sequence
    worst = max(known, key=lambda part: (part.get("dictionary_name") == "user_inputs", len(part["token"])))
    return "user_inputs" if worst.get("dictionary_name") == "user_inputs" else str(worst["pattern"])
