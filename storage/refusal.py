"""What the program says when it refuses.

A rule answers with `Allowed` or `Refused`; an act raises `RefusedError` with all that forbid it.
The catalogue below is the one place where a rule's id meets its clause and its HTTP status.

Sources, as the Chinese clause names them: 实施办法 is the design's *Measures*, 议事细则 its *Rules* (as it calls
itself; the 议事规则 that it implements are another text), 工作规则 its *Working*, 人事办法 its *Personnel*.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

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
    mend it, and the facts that it rests on."""

    rule: str
    detail: str
    detail_en: str
    facts: dict[str, Fact] = {}

    @property
    def clause(self) -> str:
        return RULES[self.rule].clause

    @property
    def clause_en(self) -> str:
        return RULES[self.rule].clause_en

    @property
    def status(self) -> int:
        return RULES[self.rule].status


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


def _catalogue(*rules: Rule) -> Mapping[str, Rule]:
    return MappingProxyType({rule.id: rule for rule in rules})


RULES = _catalogue(
    Rule("notice.lead", "议事细则第六条第（三）项", "Rules 6(3)"),
    Rule("notice.missing", "议事细则第六条第（三）项", "Rules 6(3)"),
    Rule("calendar.unknown", "议事细则第六条第（三）项", "Rules 6(3)"),
    Rule("agenda.locked", "议事细则第六条第（一）、（四）项", "Rules 6(1), 6(4)"),
    Rule("agenda.ad_hoc", "议事细则第六条第（一）、（四）项；人事办法第二十条", "Rules 6(1), 6(4); Personnel 20"),
    Rule("materials.incomplete", "议事细则第六条第（二）、（三）项", "Rules 6(2), 6(3)"),
    Rule("personnel.materials", "议事细则第六条第（三）项；人事办法第二十条", "Rules 6(3); Personnel 20"),
    Rule("quorum.general", "实施办法第二条；议事细则第五条", "Measures 2; Rules 5"),
    Rule("quorum.personnel", "实施办法第二条；议事细则第五条", "Measures 2; Rules 5"),
    Rule("quorum.in_charge", "实施办法第二条；议事细则第五条", "Measures 2; Rules 5"),
    Rule("quorum.lost", "议事细则第五条", "Rules 5"),
    Rule("recusal.related", "人事办法第十八条、第二十三条", "Personnel 18, 23", 403),
    Rule("recusal.declared", "人事办法第二十三条", "Personnel 23", 403),
    Rule("vote.item_by_item", "议事细则第六条第（五）项", "Rules 6(5)"),
    Rule("vote.not_discussed", "议事细则第六条第（四）项", "Rules 6(4)"),
    Rule("vote.absent", "议事细则第六条第（五）项", "Rules 6(5)"),
    Rule("vote.recused", "人事办法第二十三条", "Personnel 23"),
    Rule("vote.not_member", "议事细则第六条第（五）项", "Rules 6(5)", 403),
    Rule("vote.choice", "议事细则第六条第（五）项", "Rules 6(5)", 422),
    Rule("vote.chair_last", "末位表态（惯例）", "practice"),
    Rule("vote.changed", "议事细则第七条、第十条（议事决策规范）", "Rules 7, 10 (the charter)"),
    Rule("vote.outstanding", "议事细则第六条第（五）项", "Rules 6(5)"),
    Rule("vote.close_positions", "议事细则第六条第（五）项", "Rules 6(5)"),
    Rule("decision.majority", "议事细则第六条第（六）项", "Rules 6(6)"),
    Rule("decision.reason", "实施办法第二条第（五）项；工作规则第六条、第七条", "Measures 2(5); Working 6-7"),
    Rule("minutes.number", "议事细则第六条第（七）项；工作规则第二十二条", "Rules 6(7); Working 22"),
    Rule("minutes.immutable", "议事细则第六条第（七）项", "Rules 6(7)"),
    Rule("presence.code", "", "", 422),
    # What is refused without a clause: the edge, the state, the door.
    Rule("input.invalid", "", "", 422),
    Rule("input.too_large", "", "", 413),
    Rule("state.wrong", "", "", 409),
    Rule("unknown", "", "", 404),
    Rule("access.signed_out", "", "", 401),
    Rule("access.csrf", "", "", 403),
    Rule("access.origin", "", "", 403),
    Rule("access.role", "", "", 403),
    Rule("access.rate", "", "", 429),
    Rule("unavailable", "", "", 503),
    Rule("internal", "", "", 500),
)
