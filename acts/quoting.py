"""Quoting what was sent: the answer to a refusal repeats little of it, however large it was. Pure."""

import re

MOST_QUOTED = 80  # characters
_QUOTES = re.compile(r"([`'])(.*)\1", re.DOTALL)


def quoted(text: str) -> str:
    """Returns what a sentence or a fact quotes of a foreign text: 80 characters at most."""
    return text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"


def requoted(message: str) -> str:
    """Returns another program's message with what it quotes shortened in the same way, and itself where it is long."""
    if len(message) <= MOST_QUOTED:
        return message
    shorter = _QUOTES.sub(lambda found: f"{found[1]}{quoted(found[2])}{found[1]}", message)
    return shorter if len(shorter) <= 2 * MOST_QUOTED else quoted(shorter)
