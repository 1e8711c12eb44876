"""Refusals as they are sent: problem+json (RFC 9457), one shape for every one."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from acts.packages import rules
from acts.refusal import Fact, Refused

MEDIA_TYPE = "application/problem+json"


class RefusedRule(Struct, frozen=True, omit_defaults=True):
    """One rule that stands against something, with its clause, its sentence, and the facts; `until` is the moment at
    which time alone lifts it, left out where there is none."""

    rule: str
    clause: str
    clause_en: str
    detail: str
    detail_en: str
    facts: dict[str, Fact]
    until: datetime | None = None


class Problem(Struct, frozen=True):
    """A refusal as it is sent: the first by rule id, its facts, and all of them in `refusals`."""

    type: str
    title: str
    status: int
    rule: str
    clause: str
    clause_en: str
    detail: str
    detail_en: str
    facts: dict[str, Fact]
    refusals: list[RefusedRule]


def refused_rule(refused: Refused) -> RefusedRule:
    """The refusal with the clause it rests on."""
    return RefusedRule(
        refused.rule,
        refused.clause,
        refused.clause_en,
        refused.detail,
        refused.detail_en,
        refused.facts,
        refused.until,
    )


def problem_of(*refusals: Refused, status: int | None = None) -> Problem:
    """The problem that these refusals make; its status is the first one's unless given."""
    first = refused_rule(refusals[0])
    return Problem(
        type=f"urn:yijue:rule:{first.rule}",
        title=first.rule,
        status=status or rules()[first.rule].status,
        rule=first.rule,
        clause=first.clause,
        clause_en=first.clause_en,
        detail=first.detail,
        detail_en=first.detail_en,
        facts=first.facts,
        refusals=[refused_rule(each) for each in refusals],
    )


def encode(problem: Problem) -> bytes:
    """Encode it as JSON, with the facts also beside the other members, as in the design (present: 5, needed: 6)."""
    body: dict[str, Any] = {**problem.facts, **msgspec.to_builtins(problem)}
    return msgspec.json.encode(body)
