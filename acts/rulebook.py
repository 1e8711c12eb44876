"""A rulebook: the texts that a body decides by, and for each rule and cause the clause that stands for it. Data.

`rulebook.json` holds the rulebook of one bureau, which is the default; a body may bring its own. Where a rulebook has
no clause for a rule, the rule says 惯例.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import msgspec
from msgspec import Struct

from acts.packages import rules


class Clause(Struct, frozen=True):
    """A clause as refusals and papers cite it, its texts by their short titles; without English the Chinese stands."""

    zh: str
    en: str = ""


_NONE, _PRACTICE = Clause(""), Clause("惯例", "practice")


class Rulebook(Struct, frozen=True):
    """`version` counts a body's own rulebooks from 1, and is 0 for the default; `titles` maps a text's short title
    (《…》, as clauses name it) to its full one, `clauses` a rule's id to its clause."""

    titles: dict[str, str]
    clauses: dict[str, Clause]
    version: int = 0

    def clause(self, rule: str) -> Clause:
        """Returns the clause of a rule or cause; 惯例 where the book has none, empty for a rule that none can have."""
        if rule not in citable():
            return _NONE
        clause = self.clauses.get(rule, _PRACTICE)
        return clause if clause.en else Clause(clause.zh, clause.zh)


@cache
def citable() -> Mapping[str, tuple[str, str]]:
    """Returns the meaning, in Chinese and English, of each rule and cause for which a rulebook may have a clause."""
    return MappingProxyType({rule.id: (rule.meaning, rule.meaning_en) for rule in rules().values() if rule.meaning})


@cache
def default() -> Rulebook:
    """Returns the rulebook of the bodies that brought none of their own."""
    return msgspec.json.decode(Path(__file__).with_name("rulebook.json").read_bytes(), type=Rulebook)
