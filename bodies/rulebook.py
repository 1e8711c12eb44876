"""A body's own rulebook: what is lawful in it, the act that sets it, and how it is shown."""

import re
from collections.abc import Mapping

from msgspec import Struct

from acts.quoting import quoted
from acts.refusal import ALLOWED, Refused, Verdict, require
from acts.rulebook import Clause, Rulebook, citable
from bodies import store
from bodies.entering import BodyAct
from bodies.kinds.forming import RulebookChanged

_TITLE = re.compile("《[^《》]+》")


class RuleShown(Struct, frozen=True):
    """A rule or cause with its meaning, and its clause (惯例 where the rulebook has none, which `own` says)."""

    rule: str
    meaning: str
    meaning_en: str
    clause: str
    clause_en: str
    own: bool


class RulebookView(Struct, frozen=True):
    """A rulebook as it is shown: `version` 0 is the default one; `titles` maps a text's short title to its full one."""

    version: int
    titles: dict[str, str]
    rules: list[RuleShown]


def view(book: Rulebook) -> RulebookView:
    """Returns the rulebook with every rule that can have a clause."""
    shown = [
        RuleShown(rule, meaning, meaning_en, clause.zh, clause.en, rule in book.clauses)
        for rule, (meaning, meaning_en) in citable().items()
        for clause in [book.clause(rule)]
    ]
    return RulebookView(book.version, book.titles, shown)


async def set_rulebook(act: BodyAct, titles: Mapping[str, str], clauses: Mapping[str, Clause]) -> None:
    """Give the body its own rulebook; meetings whose notice is given keep theirs. Raises RefusedError
    (input.invalid)."""
    before = act.context.rulebook
    book = Rulebook(dict(titles), dict(clauses), before.version + 1)
    require(check_rulebook(book))
    if (before.titles, before.clauses) == (book.titles, book.clauses):
        require(_wrong("clauses", "内容没有变化，无需保存。", "Nothing is changed"))
    await store.set_rulebook(act.connection, act.context.body.id, book)
    await act.record(RulebookChanged(book))


def check_rulebook(book: Rulebook) -> Verdict:
    """Whether its rules are known, and each text that a clause names has its full title. Pure."""
    if strange := sorted(book.clauses.keys() - citable().keys()):
        first = quoted(strange[0])
        return _wrong("clauses", f"没有这样的规则：{first}，请删去或更正。", f"No rule {first}")
    for short, full in book.titles.items():
        if not (_TITLE.fullmatch(short) and full.startswith("《") and full.endswith("》")):
            return _wrong(
                "titles",
                f"文件名称须带书名号，请更正：{quoted(short)}　{quoted(full)}",
                f"Titles stand in 《》: {quoted(short)} {quoted(full)}",
            )
    named = {short: rule for rule, clause in book.clauses.items() for short in _TITLE.findall(clause.zh)}
    if lacking := sorted(named.keys() - book.titles.keys()):
        rule, title = named[lacking[0]], quoted(lacking[0])
        return _wrong(
            "titles",
            f"“{citable()[rule][0]}”引用的{title}没有登记全称，请补上。",
            f"{title}, cited for {rule}, has no full title; add it",
        )
    return ALLOWED


def _wrong(field: str, detail: str, detail_en: str) -> Refused:
    return Refused("input.invalid", detail, f"{detail_en}.", {"field": field})
