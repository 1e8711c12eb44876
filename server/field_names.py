"""The Chinese name of a field in refusals: one for each, wherever it is sent, near the word of the pages."""

import re

from acts.packages import fields

_STEP = re.compile(r"([^.\[\]]+)(?:\[([0-9]{1,6})\])?")


def chinese_name(field: str) -> str | None:
    """Returns the name of a field, `title` or deep within the body: `items[0].due` is 议题第 1 项的完成时限; None for a
    field that no command has."""
    steps = [_STEP.fullmatch(step) for step in field.split(".")]
    names = [_named(step[1], step[2]) for step in steps if step and step[1] in fields()]
    return "的".join(names) if len(names) == len(steps) else None


def _named(name: str, index: str | None) -> str:
    return fields()[name] if index is None else f"{fields()[name]}第 {int(index) + 1} 项"
