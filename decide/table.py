"""The outcome of a decision case as tables for a person, in Chinese or English."""

import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from acts.ids import in_chinese, in_english
from acts.refusal import Refused
from acts.rulebook import Rulebook
from agenda.recusal import Recusal
from decide.case import Case
from decide.deciding import Findings, ItemFindings, weigh
from decide.reading import visible
from voting.recusal import refusal_for

Language = Literal["zh", "en"]
_WIDTH = 100

_ZH = {
    "major": "重大事项",
    "personnel": "人事任免",
    "project": "重大项目",
    "funds": "大额资金",
    "other": "其他事项",
    "yes": "同意",
    "no": "反对",
    "abstain": "弃权",
    "defer": "缓议",
    "not_voted": "未表决",
    "passed": "通过",
    "not_passed": "未获通过",
    "amended": "修改",
    "shelved": "搁置",
    "reconsidered": "再次讨论",
    "notice": "会议通知",
    "valid": "有效",
    "above": "会议通知不合规定，见上",
    "invalid": "不合规定",
    "vote": "表决",
    "opened": "可以表决",
    "shut": "不得表决",
    "quorum": "到会",
    "met": "达到法定人数",
    "short": "不足法定人数",
    "recused": "回避",
    "written": "书面意见（不计入票数）",
    "positions": "表态",
    "tally": "表决结果",
    "result": "结果",
    "rejected": "不计之票",
    "decision": "决定",
    "accepted": "有效",
    "reason": "，理由：",
    "head": "（实行行政首长负责制：{clause}）",
    "strangers": "注意：以下人员不是应到会成员，所列情况不予计算：",
}
_EN = {
    **{key: key.replace("_", " ") for key in _ZH},
    "shut": "cannot be voted",
    "opened": "can be voted",
    "invalid": "not in order",
    "short": "too few",
    "above": "the notice is not in order, see above",
    "written": "in writing (not counted)",
    "rejected": "ballots not counted",
    "reason": ", for this reason: ",
    "head": " (the head decides: {clause})",
    "strangers": "Note: these are no members; what the case says of them has no effect: ",
}


def print_case(case: Case, lang: Language) -> None:
    """Print what the rules make of `case` to standard output."""
    if isinstance(sys.stdout, TextIOWrapper):
        # Where the terminal's encoding lacks a character, show its escape instead of failing.
        sys.stdout.reconfigure(errors="backslashreplace")
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    words = _ZH if lang == "zh" else _EN
    findings = weigh(case, visible)
    _print(console, words["notice"], _notice(findings, lang, case.rulebook))
    for found in findings.items:
        heading = f"{visible(found.item.id)} · {words[found.item.category]}"
        _print(console, heading, _rows(found, lang, case))
    if strangers := case.strangers():
        listed = in_chinese(strangers, visible) if lang == "zh" else in_english(strangers, visible)
        console.print(Text(words["strangers"] + listed, style="yellow"))


def _print(console: Console, heading: str, rows: Iterator[tuple[str, Text]]) -> None:
    table = Table(title=Text(heading, style="bold"), title_justify="left", show_header=False, expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for label, text in rows:
        table.add_row(Text(label), text)
    console.print(table)


def _notice(findings: Findings, lang: Language, book: Rulebook) -> Iterator[tuple[str, Text]]:
    words = _ZH if lang == "zh" else _EN
    if findings.notice.valid:
        yield words["notice"], Text(words["valid"], style="green")
        return
    yield words["notice"], Text(words["invalid"], style="red")
    for refused in findings.noticed:
        yield refused.rule, _reason(refused.by(book), lang)


def _rows(found: ItemFindings, lang: Language, case: Case) -> Iterator[tuple[str, Text]]:
    words = _ZH if lang == "zh" else _EN
    book = case.rulebook
    verdict = Text(words["opened"], style="green") if found.opened else Text(words["shut"], style="red")
    yield words["vote"], verdict
    for refused in found.refusals:
        # The refusals against the notice have been said once, above.
        said = words["above"] if refused.rule.startswith("notice.") else None
        yield refused.rule, _reason(refused.by(book), lang, said=said)
    for recusal in found.recusals:
        yield words["recused"], _recusal(recusal, lang, book)
    quorum = found.quorum
    met = "met" if quorum.met else "short"
    yield (
        words["quorum"],
        Text(
            f"到会{quorum.present}人，须有{quorum.needed}人（以{quorum.base}人计），{words[met]}"
            if lang == "zh"
            else f"{quorum.present} present, {quorum.needed} needed of {quorum.base}: {words[met]}"
        ),
    )
    written = found.written
    if written.yes or written.no or written.abstain or written.defer:
        parts = {"yes": written.yes, "no": written.no, "abstain": written.abstain}
        if found.item.personnel or written.defer:
            parts["defer"] = written.defer
        yield words["written"], _counted(parts, lang)
    if found.positions.close:
        positions = found.positions
        yield (
            words["positions"],
            Text(
                f"赞成{positions.yes}人，反对{positions.no}人，人数接近，可暂缓表决，留待下次会议讨论"
                f"（{book.clause('vote.close_positions').zh}）"
                if lang == "zh"
                else f"{positions.yes} for and {positions.no} against are close: the chair may put off the "
                f"vote ({book.clause('vote.close_positions').en})",
                style="yellow",
            ),
        )
    yield from _vote(found, lang, case)
    for member, refused in found.rejected:
        # The other refusals name the member themselves.
        colon = "：" if lang == "zh" else ": "
        who = f"{visible(member)}{colon}" if refused.rule == "vote.choice" else ""
        yield words["rejected"], Text(who).append_text(_reason(refused.by(book), lang))


def _vote(found: ItemFindings, lang: Language, case: Case) -> Iterator[tuple[str, Text]]:
    if not found.opened:
        return
    words = _ZH if lang == "zh" else _EN
    count, tally = found.count, found.count.tally
    parts = {"yes": tally.yes, "no": tally.no, "abstain": tally.abstain}
    if found.item.personnel:
        parts["defer"] = tally.defer
    yield words["tally"], _counted({**parts, "not_voted": tally.not_voted}, lang)
    result = Text(words[count.result], style="green" if count.result == "passed" else "red")
    if lang == "zh":
        result.append(f"（须{count.needed}票同意，以{count.base}人计）", style="default")
        sensitive = " 注意：回避人员是否计入基数，将影响结果。"
    else:
        result.append(f" ({count.needed} yes needed of {count.base})", style="default")
        sensitive = " Note: whether the recused count in the base changes the result."
    yield words["result"], result.append(sensitive if count.sensitive else "", style="yellow")
    announced = found.item.decision
    if announced is not None:
        said = Text(f"{words[announced.outcome]}：" if lang == "zh" else f"{words[announced.outcome]}: ")
        refused = found.decision
        if isinstance(refused, Refused):
            yield words["decision"], said.append_text(_reason(refused.by(case.rulebook), lang))
        else:
            said.append(words["accepted"], style="green")
            if announced.outcome != count.result:
                said.append(f"{words['reason']}{visible(announced.reason or '')}")
            if case.body.policy.decision == "head":
                clause = case.rulebook.clause("decision.head")
                said.append(words["head"].format(clause=clause.zh if lang == "zh" else clause.en), style="dim")
            yield words["decision"], said


def _counted(parts: dict[str, int], lang: Language) -> Text:
    words = _ZH if lang == "zh" else _EN
    between = "，" if lang == "zh" else ", "
    return Text(between.join(f"{words[choice]} {number}" for choice, number in parts.items()))


def _recusal(recusal: Recusal[str], lang: Language, book: Rulebook) -> Text:
    return _reason(refusal_for(recusal, visible).by(book), lang, style="default")


def _reason(refused: Refused, lang: Language, style: str = "red", said: str | None = None) -> Text:
    if lang == "zh":
        return Text(said or refused.detail, style=style).append(f"（{refused.clause}）", style="dim")
    return Text(said or refused.detail_en, style=style).append(f" ({refused.clause_en})", style="dim")
