"""The sentences of the minutes, derived from the document (Rules 6(7); Working 22). Frozen with v1."""

import re
from datetime import date, datetime

from minutes.composers.v1.document import (
    MARKS,
    Attempt,
    Item,
    Mark,
    Minutes,
    Notice,
    NoticeChange,
    Objection,
    Person,
    Position,
    Recusal,
    Round,
    Tally,
    Task,
    Written,
)

_DIGITS = "〇一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"


def heading(minutes: Minutes) -> str:
    """Returns the red heading, 标志: 江州市交通运输局党组会议纪要."""
    return minutes.organ + minutes.series


def number_text(year: int, number: int) -> str:
    """Returns 〔2026〕3号, with six-sided brackets and no zero padding (GB/T 9704-2012, 7.2.5).

    A draft, number 0, has a blank."""
    return f"〔{year}〕{number or '　'}号"


def person_text(person: Person, *, post: bool = False) -> str:
    """Returns 林静, or 法制科唐宁 with the post; in brackets when they came late or left."""
    note = f"（{person.note}）" if person.note else ""
    return (person.post if post else "") + person.name + note


def date_text(day: date) -> str:
    """Returns 2026年1月13日, in Arabic figures, without zero padding (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def session_text(minutes: Minutes) -> str:
    """Returns 2026年第1次党组会议 (Working 22)."""
    return f"{minutes.session_year}年第{minutes.session}次{minutes.meeting}"


def time_text(at: datetime) -> str:
    """Returns 9:00, in the zone that the value carries."""
    return f"{at.hour}:{at.minute:02d}"


def moment_text(at: datetime) -> str:
    """Returns 1月8日15:20."""
    return f"{at.month}月{at.day}日{time_text(at)}"


def span_text(minutes: Minutes) -> str:
    """Returns when the meeting was: 2026年1月13日（星期二）9:00至11:20."""
    start, end = minutes.started, minutes.ended
    text = f"{date_text(start)}（星期{_WEEKDAYS[start.weekday()]}）{time_text(start)}"
    if end is None:
        return text
    return text + "至" + (time_text(end) if end.date() == start.date() else moment_text(end))


def ordinal(number: int) -> str:
    """Returns 一, 二 … 十, 十一 … 九十九, 一〇〇 …, as headings count from 1."""
    if number >= 100:
        return "".join(_DIGITS[int(d)] for d in str(number))
    tens, ones = divmod(number, 10)
    head = ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "")
    return head + (_DIGITS[ones] if ones else "")


def half_text(base: int) -> str:
    """Returns half of `base` exactly: 4.5人, 4人."""
    return f"{base // 2}{'.5' if base % 2 else ''}人"


def tally_text(tally: Tally) -> str:
    """Returns 同意7票，反对1票，弃权0票; 缓议 and 未表决 only where there are any."""
    parts = [f"同意{tally.yes}票", f"反对{tally.no}票", f"弃权{tally.abstain}票"]
    if tally.defer:
        parts.append(f"缓议{tally.defer}票")
    if tally.not_voted:
        parts.append(f"未表决{tally.not_voted}人")
    return "，".join(parts)


def count_text(round_: Round) -> str:
    """Returns 应到会9人，实到8人；同意7票，反对1票，弃权0票; with those recused in the room, where there are any."""
    apart = f"，其中回避{round_.stepped_out}人" if round_.stepped_out else ""
    return f"应到会{len(round_.rows)}人，实到{round_.attended}人{apart}；{tally_text(round_.tally)}"


def result_text(round_: Round) -> str:
    """Says the round's result against its majority, or that it is void and why (Rules 5, 6(6))."""
    if round_.void:
        return f"本轮表决无效：{stopped(round_.void)}"
    more, verdict = ("超过", "表决通过") if round_.passed else ("未超过", "表决未获通过")
    of = "应到会成员" if round_.base == len(round_.rows) else "应到会成员（不含回避成员）"
    return f"同意{round_.tally.yes}票，{more}{of}{round_.base}人的半数（{half_text(round_.base)}），{verdict}。"


def quorum_text(round_: Round) -> str:
    """Returns 到会8人，法定人数5人; where another number counts as present, at opening or close, that too (Rules 5)."""
    apart = f"（计入法定人数{round_.present}人）" if round_.present != round_.attended else ""
    text = f"到会{round_.attended}人{apart}，法定人数{round_.quorum}人"
    if round_.closing is not None and round_.closing != round_.present:
        text += f"，表决结束时计入法定人数{round_.closing}人"
    return text


def marked_text(round_: Round, *marks: Mark) -> str:
    """Returns the names of those with these marks, by mark: 反对：马腾；请假：许文博."""
    parts = []
    for mark in marks:
        if names := [row.name for row in round_.rows if row.mark == mark]:
            parts.append(f"{MARKS[mark]}：{'、'.join(names)}")
    return "；".join(parts)


def report_text(item: Item) -> str:
    """Returns 会议听取了林静关于…的汇报。"""
    chair = f"本议题由{item.chair}受委托主持。" if item.chair else ""
    title = re.sub(r"^关于|的?(?:情况)?(?:汇报|报告)$", "", item.title)
    if item.presenter:
        return f"{chair}会议听取了{item.presenter}关于{title}的汇报。"
    return f"{chair}会议研究了{title}。" if item.rounds or item.discussion else chair


def committee_text(item: Item) -> str:
    """Returns 本议题落实〔2026〕1号第一项（…党组）。 (Measures 2; Working 6-7)"""
    return f"本议题{item.committee}。" if item.committee else ""


def discussion_text(item: Item) -> list[str]:
    """Returns the paragraphs of the discussion: 会议认为，… as the secretary wrote it, else what each speaker brought
    forward, without the presenter's report."""
    written = [speech.text for speech in item.discussion if not speech.speaker]
    if written:
        first = written[0] if written[0].startswith("会议") else f"会议认为，{written[0]}"
        return [stopped(each) for each in [first, *written[1:]]]
    spoken = list(item.discussion)
    if spoken and spoken[0].speaker == item.presenter:
        spoken = spoken[1:]
    said = "；".join(f"{speech.speaker}提出，{speech.text.rstrip('。；')}" for speech in spoken)
    return [f"讨论中，{said}。"] if said else []


def decision_text(item: Item) -> str:
    """Returns 会议决定，…（应到会9人，实到8人；同意7票，反对1票，弃权0票）。An item in brief has no count. An amendment
    after a vote that failed says that the motion failed, and comes before a later meeting (Rules 6(6))."""
    assert item.decision is not None
    outcome, by = item.decision.outcome, item.decision.by
    last = next((each for each in reversed(item.rounds) if not each.void), None)
    count = f"（{count_text(last)}）" if last else ""
    who = f"{by}听取会议表决情况后决定" if by else "会议决定"
    text = re.sub(r"^会议决定[，：,:]?", "", item.decision.text.strip()).rstrip("。")
    if outcome == "amended" and item.decision.failed:
        how = f"按以下意见修改后，须另行列入议程、通知和表决：{text}" if text else "修改后，须另行列入议程、通知和表决"
        return f"本议题未获通过{count}。会议决定，议案{how}。"
    if outcome in ("passed", "amended"):
        lead = "对议案作出修改：" if outcome == "amended" and text else ""
        return f"{who}，{lead}{text or _BARE[outcome]}{count}。"
    bare = f"{who}，{_BARE[outcome]}" if by or outcome != "not_passed" else f"本议题{_BARE[outcome]}"
    return f"{bare}{count}。" + (f"{'' if by else '会议决定，'}{text}。" if text else "")


_BARE = {
    "passed": "本议题通过",
    "not_passed": "未获通过",
    "amended": "本议题修改后通过",
    "shelved": "搁置本议题",
    "reconsidered": "本议题留待再次讨论",
}


def positions_text(positions: tuple[Position, ...]) -> str:
    """Returns the positions voiced, by side: 赞成4人（…），反对4人（…）."""
    sides = []
    for word, choice in (("赞成", "yes"), ("反对", "no"), ("缓议", "defer")):
        names = [p.name for p in positions if p.choice == choice]
        if choice == "defer" and not names:
            continue
        sides.append(f"{word}{len(names)}人" + (f"（{'、'.join(names)}）" if names else ""))
    return "，".join(sides) + "。"


def written_text(written: Written) -> str:
    """Returns 许文博：反对。…, and whether the opinion was read out and stands."""
    marks = ([] if written.read else ["未宣读"]) + (["本人到会，书面意见失效"] if written.void else [])
    apart = f"（{'，'.join(marks)}）" if marks else ""
    return f"{written.name}{apart}：{MARKS[written.choice]}。{stopped(written.text)}"


def recusal_text(recusal: Recusal) -> str:
    """Returns 郑凯回避：…。依据：《人事办法》第十八条。"""
    return f"{recusal.name}回避：{_cited(recusal.reason, recusal.clause)}"


def ending_text(item: Item) -> str:
    """Says what became of an item that was not decided, with reason and clause."""
    void = bool(item.rounds) and bool(item.rounds[-1].void)
    unvoted = "未进入表决" if not item.rounds else "表决无效，未形成决定" if void else "再次讨论后未形成决定"
    opening = {
        "put_off": "会议决定，本议题暂缓表决，留待下次会议讨论",
        "deferred": f"本议题{unvoted}，延期至以后的会议讨论",
        "withdrawn": f"本议题撤下，{unvoted if item.presenter else '未讨论、未表决'}",
        "reported": "本议题为事后报告，不作表决",
        "decided": "本议题已作决定",
    }[item.ending]
    return _cited(opening + (f"。理由：{item.reason}" if item.reason else ""), item.clause)


def task_text(task: Task) -> str:
    """Returns 由计划财务科负责预算调整报备，于2026年1月31日前办理，办公室负责督办。"""
    due = f"于{date_text(task.due)}前办理" if task.due is not None else ""
    if not task.what:
        text = f"由{task.who}{due or '负责办理'}"
    else:
        text = f"由{task.who}负责{task.what.rstrip('。')}" + (f"，{due}" if due else "")
    return text + (f"，{task.supervisor}负责督办。" if task.supervisor else "。")


def attempt_text(attempt: Attempt) -> str:
    """Says in a line who tried what and why it was refused, with the clause."""
    if attempt.kind == "motion":
        text = f"{attempt.who}临时提出“{attempt.title}”，因未列入会议议程，会议未予讨论和表决"
    else:
        verb = {"taking": "提请审议", "opening": "提请表决", "other": "提请"}[attempt.kind]
        text = f"{attempt.who}{verb}“{attempt.title}”，未获准许：{attempt.detail}"
    return _cited(text, attempt.clause)


def objection_text(objection: Objection) -> str:
    """Returns 1月13日9:40，赵肃（派驻纪检监察组）就“…”提出：…"""
    post = f"（{objection.who.post}）" if objection.who.post else ""
    about = f"就“{objection.title}”" if objection.title else ""
    text = f"：{stopped(objection.text)}" if objection.text else "监督意见（内容从简）。"
    return f"{moment_text(objection.when)}，{objection.who.name}{post}{about}提出{text}"


def notice_text(notice: Notice) -> str:
    """Says that the notice reached everybody in time, and when it reached the last (Rules 6(3))."""
    papers = {"all": "及议题材料", "some": "及议题材料（人事议题材料除外）", "none": ""}[notice.papers]
    if not notice.deliveries:
        return f"会议通知{papers}于{date_text(notice.given)}{time_text(notice.given)}发出。"
    last = max(delivery.when for delivery in notice.deliveries)
    return (
        f"会议通知{papers}至{date_text(last)}{time_text(last)}送达应到会成员{len(notice.deliveries)}人，"
        f"符合至少提前{notice.lead_days}个工作日的规定。"
    )


def changes_text(changes: tuple[NoticeChange, ...]) -> str:
    """Says how start and place were changed after the notice, from what it gave to what stood; empty for no change."""
    if not changes:
        return ""
    first, last = changes[0], changes[-1]
    parts = []
    if last.starts != first.started:
        before, after = (f"{date_text(each)}{time_text(each)}" for each in (first.started, last.starts))
        parts.append(f"时间由{before}推迟至{after}")
    if last.place != first.before:
        parts.append(f"地点由{first.before or '未定'}改为{last.place or '未定'}")
    return f"会前，会议{'，'.join(parts)}，已重新告知。" if parts else ""


def stopped(text: str) -> str:
    """Returns `text` with a full stop, unless it ends in a mark already or is empty."""
    return text if not text or text[-1] in "。！？…”，、；：" else text + "。"


def _cited(text: str, clause: str) -> str:
    return stopped(text) + (f"依据：{stopped(clause)}" if clause else "")
