"""Refusals: the rules' answers, and the error of an act that they forbid.

A rule answers with `Allowed` or `Refused`; an act raises `RefusedError` with all that forbid it.
A rule's id gets its clause and its HTTP status in the `package.py` of the package that brings it.

The Chinese clauses name their texts by the short titles of `bodies/rulebook.py`, the English ones as the design does.
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from acts.packages import rules

Fact = int | str | bool | list[str] | None


class Rule(Struct, frozen=True):
    """A rule's id, its clause in both languages (empty where none is cited), its HTTP status."""

    id: str
    clause: str
    clause_en: str
    status: int = 409


class Allowed(Struct, frozen=True):
    """The rule has nothing against it."""


class Refused(Struct, frozen=True, omit_defaults=True):
    """One rule's refusal: its id, a sentence in each language that says what is missing and who can
    mend it, and the facts that it rests on; `cause` is the id of the clause that is cited where it is not the rule's
    own, `until` the moment at which time alone lifts it."""

    rule: str
    detail: str
    detail_en: str
    facts: dict[str, Fact] = {}
    cause: str = ""
    until: datetime | None = None

    @property
    def clause(self) -> str:
        return rules()[self.cause or self.rule].clause

    @property
    def clause_en(self) -> str:
        return rules()[self.cause or self.rule].clause_en

    @property
    def status(self) -> int:
        return rules()[self.rule].status


Verdict = Allowed | Refused
ALLOWED = Allowed()


class RefusedError(Exception):
    """An act was refused; `refusals` holds every reason, at least one."""

    def __init__(self, *refusals: Refused) -> None:
        self.refusals: tuple[Refused, ...] = refusals
        super().__init__("; ".join(f"{r.rule}: {r.detail_en}" for r in refusals))


def refusals_of(verdicts: Sequence[Verdict]) -> tuple[Refused, ...]:
    """The refusals among `verdicts`, sorted by rule id."""
    return tuple(sorted((v for v in verdicts if isinstance(v, Refused)), key=lambda r: r.rule))


def require(*verdicts: Verdict) -> None:
    """Raise `RefusedError` with all refusals among `verdicts`, if there is one."""
    if refused := refusals_of(verdicts):
        raise RefusedError(*refused)
