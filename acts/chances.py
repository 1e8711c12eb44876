"""Operations open to somebody now, and the refusals that each would meet, by target. Pure.

A package's module `chances.py` names its operations' judgements, the same that its acts ask.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from acts.access import check_access
from acts.packages import chances
from acts.refusal import Allowed, Refused, RefusedError

Chance: TypeAlias = tuple[str, str, Callable[[], object]]
"""An operation, its target ("" where there is but one; an id, or ids joined by "/"), and the judgement to ask, which
raises RefusedError."""

May: TypeAlias = Mapping[str, Mapping[str, tuple[Refused, ...]]]


def may(subject: str, situation: Any) -> May:
    """For each operation of the situation's roles and each of its targets the refusals that it would meet now, none
    where it is allowed."""
    found: dict[str, dict[str, tuple[Refused, ...]]] = {}
    allowed: dict[str, bool] = {}
    for operation, target, ask in _chances(subject, situation):
        if operation not in allowed:
            allowed[operation] = isinstance(check_access(operation, situation.roles), Allowed)
        if allowed[operation]:
            found.setdefault(operation, {})[target] = _refusals(ask)
    return found


def _chances(subject: str, situation: Any) -> Iterable[Chance]:
    for offered in chances(subject):
        yield from offered(situation)


def _refusals(ask: Callable[[], object]) -> tuple[Refused, ...]:
    try:
        ask()
    except RefusedError as refusal:
        return refusal.refusals
    return ()
