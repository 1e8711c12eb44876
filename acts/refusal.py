"""Refusals: the rules' answers, and the error of an act that they forbid.

A rule answers with `Allowed` or `Refused`; an act raises `RefusedError` with all that forbid it.
A rule's id gets its meaning and its HTTP status in the `package.py` of the package that brings it, its clause in the
rulebook in force (`rulebook.py`).
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from acts.packages import rules
from acts.rulebook import Clause, Rulebook, default

Fact = int | str | bool | list[str] | None


class Rule(Struct, frozen=True):
    """A rule's id, its meaning in both languages (empty where no rulebook has a clause for it), its HTTP status."""

    id: str
    meaning: str = ""
    meaning_en: str = ""
    status: int = 409


class Allowed(Struct, frozen=True):
    """The rule has nothing against it."""


class Refused(Struct, frozen=True, omit_defaults=True):
    """One rule's refusal: its id, a sentence in each language that says what is missing and who can
    mend it, and the facts that it rests on; `cause` is the id of the clause that is cited where it is not the rule's
    own, `until` the moment at which time alone lifts it; `cited` the clause by the rulebook in force (None: by the
    default one)."""

    rule: str
    detail: str
    detail_en: str
    facts: dict[str, Fact] = {}
    cause: str = ""
    until: datetime | None = None
    cited: Clause | None = None

    def by(self, book: Rulebook) -> "Refused":
        """Returns the refusal with its clause as this rulebook has it; one that is on record keeps its own."""
        return self if self.cited else replace(self, cited=book.clause(self.cause or self.rule))

    @property
    def clause(self) -> str:
        return self._cited.zh

    @property
    def clause_en(self) -> str:
        return self._cited.en

    @property
    def _cited(self) -> Clause:
        return self.cited or default().clause(self.cause or self.rule)

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

    def by(self, book: Rulebook) -> "RefusedError":
        """Returns the refusals with their clauses as this rulebook has them."""
        return RefusedError(*(each.by(book) for each in self.refusals))


def refusals_of(verdicts: Sequence[Verdict]) -> tuple[Refused, ...]:
    """The refusals among `verdicts`, sorted by rule id."""
    return tuple(sorted((v for v in verdicts if isinstance(v, Refused)), key=lambda r: r.rule))


def require(*verdicts: Verdict) -> None:
    """Raise `RefusedError` with all refusals among `verdicts`, if there is one."""
    if refused := refusals_of(verdicts):
        raise RefusedError(*refused)
