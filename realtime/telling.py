"""A record as a sentence, in Chinese and in English: what `yijue watch` and `yijue demo` say. Pure.

A sentence says what its reader may see and no more: a record that a view shows with less in it gives a shorter one.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from acts.packages import rules
from agenda.calendar import BUREAU_TIME
from storage.ledger import Record
from voting.state_records import MeetingState

Language = Literal["zh", "en"]
Words = tuple[str, str]  # Chinese, English

CATEGORIES: Mapping[str, Words] = {
    "major": ("重大事项", "major matter"),
    "personnel": ("人事任免", "personnel"),
    "project": ("重大项目", "project"),
    "funds": ("大额资金", "funds"),
    "other": ("其他事项", "other"),
}
CHOICES: Mapping[str, Words] = {
    "yes": ("同意", "yes"),
    "no": ("反对", "no"),
    "abstain": ("弃权", "abstain"),
    "defer": ("缓议", "defer"),
    "not_voted": ("未表决", "not voted"),
}
POSITIONS: Mapping[str, Words] = {"yes": ("赞成", "for"), "no": ("反对", "against")}
METHODS: Mapping[str, Words] = {
    "in_person": ("书面", "in person"),
    "phone": ("电话", "by phone"),
    "electronic": ("电子", "electronically"),
}
RESULTS: Mapping[str, Words] = {"passed": ("通过", "passed"), "not_passed": ("未通过", "not passed")}
OUTCOMES: Mapping[str, Words] = {
    "passed": ("通过", "passed"),
    "not_passed": ("不予通过", "not passed"),
    "amended": ("修改", "amended"),
    "shelved": ("搁置", "shelved"),
    "reconsidered": ("再次讨论", "to be reconsidered"),
}
STAGES: Mapping[str, Words] = {
    "draft": ("筹备中", "being prepared"),
    "noticed": ("已通知", "noticed"),
    "in_session": ("开会中", "in session"),
    "adjourned": ("已散会", "adjourned"),
}
ITEM_STATES: Mapping[str, Words] = {
    "listed": ("待议", "to come"),
    "open": ("讨论中", "in discussion"),
    "voting": ("表决中", "being voted"),
    "voted": ("待宣布", "voted"),
    "decided": ("已决定", "decided"),
    "put_off": ("暂缓表决", "put off"),
    "withdrawn": ("已撤回", "withdrawn"),
    "deferred": ("缓议", "deferred"),
}


def tell(record: Record, state: MeetingState, lang: Language) -> str:
    """The record as one sentence; `state` is the meeting after it, as the same view shows it. A kind that has no
    sentence is a KeyError."""
    return _CASES[record.kind](_Told(record, state))[0 if lang == "zh" else 1]


def local(at: datetime, lang: Language) -> str:
    """A moment where the bureau is, to the minute."""
    there = at.astimezone(BUREAU_TIME)
    if lang == "zh":
        return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"
    return f"{there.day} {there:%B %Y, %H:%M}"


class _Told(Struct, frozen=True):
    """A record, and what its ids are called."""

    record: Record
    state: MeetingState

    def __getitem__(self, name: str) -> Any:
        return self.record.content[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.record.content.get(name, default)

    def who(self, person: int | None) -> str:
        if person is None:
            return "—"
        known = self.state.people.get(person)
        return known.name if known else f"#{person}"

    @property
    def actor(self) -> str:
        return self.who(self.record.actor)

    @property
    def person(self) -> str:
        return self.who(self["person"])

    def title(self, item: int | None = None) -> str:
        wanted = self["item"] if item is None else item
        return next((f"“{each.title}”" for each in self.state.items if each.id == wanted), "—")

    def position(self) -> int:
        return next((each.position for each in self.state.items if each.id == self["item"]), 0)

    @property
    def because(self) -> Words:
        return _after_colon((self.get("reason", ""),) * 2)

    @property
    def choice(self) -> Words:
        choice = self.get("choice")
        return _after_colon(CHOICES[choice] if choice else ("", ""))


def _after_colon(words: Words) -> Words:
    chinese, english = words
    return f"：{chinese}" if chinese else "", f": {english}" if english else ""


_CASES: dict[str, Callable[[_Told], Words]] = {}


def _of(*kinds: str) -> Callable[[Callable[[_Told], Words]], Callable[[_Told], Words]]:
    def known(case: Callable[[_Told], Words]) -> Callable[[_Told], Words]:
        _CASES.update(dict.fromkeys(kinds, case))
        return case

    return known


@_of("masked")
def _masked(_: _Told) -> Words:
    return "（依规定不予显示）", "(not for this view)"


# Preparing


@_of("meeting.created", "meeting.changed")
def _meeting(told: _Told) -> Words:
    at = msgspec.convert(told["starts_at"], datetime)
    new = told.record.kind == "meeting.created"
    where, where_en = (f"，{told['place']}", f", {told['place']}") if told["place"] else ("", "")
    return (
        f"{'筹备会议' if new else '会议改为'}“{told['title']}”：{local(at, 'zh')}{where}",
        f"{'Meeting planned' if new else 'The meeting is now'} “{told['title']}”: {local(at, 'en')}{where_en}",
    )


@_of("meeting.presiding")
def _presiding(told: _Told) -> Words:
    return f"由{told.person}主持会议", f"{told.person} presides"


@_of("item.added", "item.changed")
def _item(told: _Told) -> Words:
    item = told["item"]
    category, category_en = CATEGORIES[item["category"]]
    new = told.record.kind == "item.added"
    charge, charge_en = (
        (f"，{told.who(item['in_charge'])}分管", f", {told.who(item['in_charge'])} in charge")
        if item["in_charge"] is not None
        else ("", "")
    )
    return (
        f"{'列入' if new else '修改'}议题“{item['title']}”（{category}{charge}）",
        f"Item {'added' if new else 'changed'}: “{item['title']}” ({category_en}{charge_en})",
    )


@_of("item.removed")
def _item_removed(_: _Told) -> Words:
    return "删去一项议题", "An item was removed"


@_of("item.moved")
def _item_moved(told: _Told) -> Words:
    titles = [told.title(item) for item in told["order"]]
    return f"调整议题顺序：{''.join(titles)}", f"Items in a new order: {', '.join(titles)}"


@_of("paper.added")
def _paper_added(told: _Told) -> Words:
    name = told["paper"]["name"]
    return f"{told.title()}附材料《{name}》", f"Paper “{name}” added to {told.title()}"


@_of("paper.removed")
def _paper_removed(told: _Told) -> Words:
    return f"{told.title()}撤下一份材料", f"A paper was removed from {told.title()}"


@_of("materials.checked")
def _materials(told: _Told) -> Words:
    if told["complete"]:
        return f"{told.title()}材料齐全", f"The papers of {told.title()} are complete"
    return f"{told.title()}材料尚不齐全", f"The papers of {told.title()} are not complete"


@_of("notice.given")
def _notice_given(told: _Told) -> Words:
    count = len(told["items"])
    return f"发出会议通知，议程封存，共 {count} 项议题", f"Notice given; the agenda of {count} items is sealed"


@_of("notice.delivered")
def _delivered(told: _Told) -> Words:
    method, method_en = METHODS[told["method"]]
    late, late_en = ("，晚于规定时限", ", too late") if told["late"] else ("", "")
    return f"会议通知送达{told.person}（{method}）{late}", f"Notice delivered to {told.person} ({method_en}){late_en}"


@_of("notice.acknowledged")
def _acknowledged(told: _Told) -> Words:
    return f"{told.person}签收会议通知", f"{told.person} acknowledged the notice"


@_of("notice.withdrawn")
def _notice_withdrawn(told: _Told) -> Words:
    why, why_en = told.because
    return f"撤回会议通知{why}", f"Notice withdrawn{why_en}"


# Who is here


@_of("leave.granted")
def _leave(told: _Told) -> Words:
    why, why_en = told.because
    return f"{told.person}请假{why}", f"{told.person} is on leave{why_en}"


@_of("presence.arrived")
def _arrived(told: _Told) -> Words:
    by_hand = told.get("method") == "hand"
    return (
        f"{told.person}到会{'（秘书登记）' if by_hand else ''}",
        f"{told.person} arrived{' (noted by the secretary)' if by_hand else ''}",
    )


@_of("presence.left")
def _gone(told: _Told) -> Words:
    return f"{told.person}离场", f"{told.person} left"


@_of("meeting.called")
def _called(told: _Told) -> Words:
    here = sum(1 for person in told["formal_members"] if _present(told.state, person))
    chair = told.who(told["presiding"])
    return (
        f"{chair}宣布开会：{told['year']}年第{told['ordinal']}次会议，应到 {told['n']} 人，实到 {here} 人",
        f"{chair} calls to order meeting {told['ordinal']} of {told['year']}: {here} of {told['n']} members present",
    )


def _present(state: MeetingState, person: int) -> bool:
    note = state.presence.get(person)
    return note is not None and note.state == "present"


@_of("meeting.adjourned")
def _adjourned(_: _Told) -> Words:
    return "散会", "The meeting is adjourned"


@_of("chair.handed")
def _chair_handed(told: _Told) -> Words:
    why, why_en = told.because
    if told.state.acting is None:
        return f"{told.person}收回主持{why}", f"{told.person} takes the chair back{why_en}"
    return f"委托{told.person}主持{why}", f"{told.person} is entrusted with the chair{why_en}"


# An item before the meeting


@_of("item.presented")
def _presented(told: _Told) -> Words:
    presenter = told.who(told["presenter"])
    leaving, leaving_en = "", ""
    for each in told["recusals"]:
        why, why_en = _after_colon((each.get("reason", ""),) * 2)
        leaving += f"；{told.who(each['person'])}回避{why}"
        leaving_en += f"; {told.who(each['person'])} is recused{why_en}"
    return (
        f"审议第{told.position()}项{told.title()}，{presenter}汇报{leaving}",
        f"Item {told.position()} {told.title()}, presented by {presenter}{leaving_en}",
    )


@_of("item.spoken")
def _spoken(told: _Told) -> Words:
    return f"{told.person}发言：{told['summary']}", f"{told.person} speaks: {told['summary']}"


@_of("position.voiced")
def _voiced(told: _Told) -> Words:
    position, position_en = POSITIONS[told["position"]]
    return f"{told.person}表态：{position}", f"{told.person} is {position_en}"


@_of("discussion.closed")
def _discussed(told: _Told) -> Words:
    return f"{told.title()}讨论充分", f"The discussion of {told.title()} is closed"


@_of("opinion.submitted")
def _submitted(told: _Told) -> Words:
    choice, choice_en = told.choice
    return (
        f"{told.person}就{told.title()}提交书面意见{choice}",
        f"{told.person} gives a written opinion on {told.title()}{choice_en}",
    )


@_of("opinion.read")
def _read_out(told: _Told) -> Words:
    opinion = next(each for each in told.state.items if each.id == told["item"]).opinions[told["person"]]
    choice, choice_en = CHOICES[opinion.choice] if opinion.choice else ("", "")
    return (
        f"宣读{told.person}的书面意见（不计票）：{choice}。{opinion.text or ''}",
        f"The written opinion of {told.person} is read out (not counted): {choice_en}. {opinion.text or ''}",
    )


@_of("opinion.voided")
def _opinion_voided(told: _Told) -> Words:
    return (
        f"{told.person}对{told.title()}的书面意见失效",
        f"The written opinion of {told.person} on {told.title()} is void",
    )


@_of("recusal.declared")
def _recused(told: _Told) -> Words:
    why, why_en = told.because
    return f"{told.person}回避{told.title()}{why}", f"{told.person} is recused from {told.title()}{why_en}"


# The vote


@_of("vote.opened")
def _vote_opened(told: _Told) -> Words:
    nth = told["round"]
    chinese = f"{told.title()}开始{f'第{nth}轮' if nth > 1 else ''}表决"
    english = f"The vote on {told.title()} is open{f', round {nth}' if nth > 1 else ''}"
    if "roll" not in told.record.content:
        return chinese, english
    voters, needed, quorum = len(told["roll"]), told["needed"], told["quorum"]
    return (
        f"{chinese}：参加表决 {voters} 人，须 {needed} 票同意；"
        f"到会 {quorum['present']} 人，法定人数 {quorum['needed']} 人",
        f"{english}: {voters} vote, {needed} yes pass it; {quorum['present']} present, {quorum['needed']} needed",
    )


@_of("ballot.cast")
def _ballot(told: _Told) -> Words:
    if "person" not in told.record.content:
        vote = next(vote for item in told.state.items for vote in item.votes if vote.id == told["vote"])
        return f"应表决 {len(vote.roll)} 人，已表决 {vote.cast} 人", f"{vote.cast} of {len(vote.roll)} have voted"
    choice, choice_en = told.choice
    again = told["version"] > 1
    names = [told.who(each) for each in told.get("outstanding", ())]
    alone = f"，不再等候{'、'.join(names)}" if names else ""
    alone_en = f", not waiting for {', '.join(names)}" if names else ""
    return (
        f"{told.person}{'改投' if again else '已表决'}{choice}{alone}",
        f"{told.person} {'changed their ballot' if again else 'has voted'}{choice_en}{alone_en}",
    )


def _counted(told: _Told) -> Words:
    tally: dict[str, int] = told["tally"]
    shown = [(each, tally[each]) for each in CHOICES if tally[each] or each in ("yes", "no", "abstain")]
    return (
        "，".join(f"{CHOICES[each][0]} {number} {'人' if each == 'not_voted' else '票'}" for each, number in shown),
        ", ".join(f"{CHOICES[each][1]} {number}" for each, number in shown),
    )


@_of("vote.closed")
def _vote_closed(told: _Told) -> Words:
    if "tally" not in told.record.content:
        return f"{told.title()}表决结束", f"The vote on {told.title()} is closed"
    counted, counted_en = _counted(told)
    result, result_en = RESULTS[told["result"]]
    return (
        f"{told.title()}表决{result}：{counted}（须 {told['needed']} 票同意）",
        f"The vote on {told.title()}: {result_en}. {counted_en} ({told['needed']} yes needed)",
    )


@_of("vote.voided")
def _vote_voided(told: _Told) -> Words:
    chinese, english = f"{told.title()}本轮表决无效", f"This vote on {told.title()} is void"
    if "tally" not in told.record.content:
        return chinese, english
    counted, counted_en = _counted(told)
    return f"{chinese}，到会人数不足：{counted}", f"{english}, the quorum was lost: {counted_en}"


@_of("item.put_off")
def _put_off(told: _Told) -> Words:
    why, why_en = told.because
    return f"{told.title()}暂缓表决{why}", f"{told.title()} is put off{why_en}"


@_of("item.withdrawn")
def _withdrawn(told: _Told) -> Words:
    why, why_en = told.because
    return f"{told.title()}撤回{why}", f"{told.title()} is withdrawn{why_en}"


@_of("item.deferred")
def _deferred(told: _Told) -> Words:
    why, why_en = told.because
    return f"{told.title()}缓议{why}", f"{told.title()} is deferred{why_en}"


@_of("decision.announced")
def _decided(told: _Told) -> Words:
    outcome, outcome_en = OUTCOMES[told["outcome"]]
    why, why_en = (f"（{told['reason']}）", f" ({told['reason']})") if told["reason"] else ("", "")
    return f"宣布决定：{told.title()}{outcome}{why}", f"Decided: {told.title()} {outcome_en}{why_en}"


@_of("rule.refused")
def _refused(told: _Told) -> Words:
    said = [(each["detail"] or _clause(each["rule"])[0], each["detail_en"] or _clause(each["rule"])[1])
            for each in told["refusals"]]  # fmt: skip
    return f"依规不予办理：{''.join(zh for zh, _ in said)}", f"Refused: {' '.join(en for _, en in said)}"


def _clause(rule: str) -> Words:
    """What is left to say where the view may not know why."""
    known = rules().get(rule)
    return (f"依据{known.clause}。", f"by {known.clause_en}.") if known and known.clause else (rule, rule)


@_of("objection.raised")
def _objected(told: _Told) -> Words:
    about, about_en = ("", "") if told["item"] is None else (f"就{told.title()}", f" on {told.title()}")
    return f"{told.actor}{about}提出监督意见：{told['text']}", f"{told.actor} objects{about_en}: {told['text']}"


# Minutes


@_of("minutes.drafted")
def _drafted(_: _Told) -> Words:
    return "起草会议纪要", "Minutes drafted"


@_of("minutes.edited")
def _edited(told: _Told) -> Words:
    return f"修改会议纪要（第{told['version']}稿）", f"Minutes edited (version {told['version']})"


@_of("minutes.reviewed")
def _reviewed(told: _Told) -> Words:
    by, by_en = {"office_head": ("办公室主任", "the office head"), "deputy": ("分管负责人", "the deputy in charge")}[
        told["by"]
    ]
    return f"会议纪要第{told['version']}稿经{by}审核", f"Minutes (version {told['version']}) reviewed by {by_en}"


@_of("minutes.sent_back")
def _sent_back(told: _Told) -> Words:
    why, why_en = told.because
    return f"退回会议纪要{why}", f"Minutes sent back{why_en}"


@_of("minutes.signed")
def _signed(told: _Told) -> Words:
    return (
        f"{told.actor}签发会议纪要第{told['version']}稿",
        f"{told.actor} signed the minutes (version {told['version']})",
    )


@_of("minutes.issued")
def _issued(told: _Told) -> Words:
    number = f"〔{told['year']}〕{told['number']}号"
    return f"印发会议纪要{number}", f"Minutes issued: {number}"


@_of("minutes.drawn")
def _drawn(_: _Told) -> Words:
    return "会议纪要文件已生成", "The file of the minutes is made"


@_of("minutes.voided")
def _minutes_voided(told: _Told) -> Words:
    number = f"〔{told['year']}〕{told['number']}号"
    why, why_en = told.because
    return f"作废会议纪要{number}{why}", f"Minutes {number} are void{why_en}"


@_of("minutes.distributed")
def _distributed(told: _Told) -> Words:
    to: list[str] = told["recipients"]
    return f"分发会议纪要：{'、'.join(to)}", f"Minutes sent to {', '.join(to)}"


@_of("minutes.received")
def _received(told: _Told) -> Words:
    return f"{told['recipient']}签收会议纪要", f"{told['recipient']} received the minutes"


KINDS = frozenset(_CASES)
"""Every kind that has a sentence."""
