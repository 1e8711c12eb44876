"""Every kind of record has its sentence in both languages, also where a view shows less of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from acts.content import Content, Stamp
from acts.folding import apply, content_of, kinds, stamp_of
from acts.showing import follow, tell
from agenda.labels import Language
from agenda.state import MeetingState
from bodies.charter import Charter
from storage.ledger import Record
from voting.kinds.balloting import BallotCast, VoteClosed, VoteOpened, VoteVoided
from voting.kinds.discussing import ItemPresented, OpinionSubmitted, RecusalDeclared, RecusalSaid

NOW = datetime(2026, 1, 13, 1, 0, tzinfo=UTC)
BOOK: dict[str, Any] = {"titles": {}, "clauses": {}}
PEOPLE = [
    {"id": 1, "name": "周启明", "post": "局长", "seat": 1, "in_charge": "", "roles": ["head", "member"]},
    {"id": 2, "name": "林静", "post": "副局长", "seat": 2, "in_charge": "计划财务", "roles": ["member"]},
]
MEETING = {"title": "党组会议", "starts_at": "2026-01-13T01:00:00Z", "place": "三楼会议室"}
ITEM = {
    "id": 7, "position": 1, "title": "预算", "motion": "", "category": "funds", "in_charge": 2,
    "deputy_in_charge": None, "subjects": [], "confidential": False, "materials_complete": True,
}  # fmt: skip
QUORUM = {"present": 2, "needed": 1, "base": 2, "met": True}
TALLY = {"yes": 1, "no": 0, "abstain": 0, "defer": 0, "not_voted": 1}
CAST = {"item": 7, "vote": 3, "person": 2, "choice": "yes", "version": 1}
CLOSED = {"item": 7, "vote": 3, "tally": TALLY, "choices": [{"person": 2, "choice": "yes"}], "quorum": QUORUM}
REFUSAL = {"rule": "agenda.ad_hoc", "detail": "“购车”未列入会议通知。", "detail_en": "“购车” was not on the notice.",
           "facts": {}}  # fmt: skip
CITED = {"clause": "《实施细则》第六条第（一）、（四）项", "clause_en": "Rules 6(1), 6(4)"}
BARE = {**REFUSAL, "detail": "", "detail_en": "", **CITED}
RECUSAL = {"person": 1, "rule": "recusal.related", "reason": "亲属"}
Row = tuple[str, dict[str, Any], str, str]

# Records in a possible order: kind, content, and words of its Chinese and its English sentence.
STORY: list[Row] = [
    ("meeting.created", {**MEETING, "presiding": 1, "secretary": 2, "people": PEOPLE}, "2026年1月13日 09:00",
     "planned"),
    ("meeting.changed", MEETING, "会议改为“党组会议”", "13 January 2026, 09:00"),
    ("meeting.presiding", {"person": 1}, "由周启明主持会议", "周启明 presides"),
    ("item.added", {"item": ITEM}, "列入议题“预算”（大额资金，林静分管）", "added: “预算” (funds, 林静 in charge)"),
    ("item.changed", {"item": ITEM}, "修改议题“预算”", "changed: “预算”"),
    ("item.moved", {"order": [7]}, "“预算”", "“预算”"),
    ("paper.added", {"item": 7, "paper": {"id": 5, "name": "预算.pdf", "media_type": "application/pdf", "size": 9,
                                          "sha256": ""}}, "《预算.pdf》", "“预算.pdf”"),
    ("paper.removed", {"item": 7, "paper": 5}, "“预算”撤下一份材料", "removed from “预算”"),
    ("materials.checked", {"item": 7, "complete": True}, "“预算”材料齐全", "complete"),
    ("materials.checked", {"item": 7, "complete": False}, "尚不齐全", "not complete"),
    ("agenda.submitted", {"items": 1}, "议程报请审定，共 1 项议题", "1 items was submitted"),
    ("agenda.sent_back", {"reason": "再协调"}, "退回议程：再协调", "sent the agenda back: 再协调"),
    ("agenda.approved", {"version": 11}, "审定议程", "approved the agenda"),
    ("notice.given", {"notice": 4, "agenda_hash": "", "charter": {}, "rulebook": BOOK, "people": PEOPLE,
                      "items": [ITEM]}, "共 1 项", "1 items"),
    ("notice.delivered", {"notice": 4, "person": 2, "method": "phone", "late": False}, "送达林静（电话）",
     "林静 (by phone)"),
    ("notice.delivered", {"notice": 4, "person": 1, "method": "phone", "late": True}, "周启明（电话），晚于规定时限",
     "(by phone), too late"),
    ("notice.acknowledged", {"notice": 4, "person": 2}, "林静签收", "林静 acknowledged"),
    ("delivery.corrected", {"notice": 4, "corrects": 15, "person": 2, "method": "in_person"},
     "更正第15号记录：会议通知送达林静（书面）", "Record 15 is put right: notice delivered to 林静 (in person)"),
    ("delivery.corrected", {"notice": 4, "corrects": 16, "person": 1, "method": "none"}, "会议通知未送达周启明",
     "has not reached 周启明"),
    ("leave.granted", {"person": 2, "reason": "学习"}, "林静请假：学习", "on leave: 学习"),
    ("leave.granted", {"person": 2, "reason": ""}, "林静请假", "on leave"),
    ("opinion.submitted", {"item": 7, "person": 2, "choice": "no", "text": "不妥"}, "书面意见：反对", "“预算”: no"),
    ("presence.arrived", {"person": 1, "method": "code"}, "周启明到会", "arrived"),
    ("meeting.called", {"n": 2, "formal_members": [1, 2], "year": 2026, "ordinal": 1, "presiding": 1,
                        "people": PEOPLE},
     "第1次会议，应到 2 人，实到 1 人", "1 of 2 members"),
    ("presence.arrived", {"person": 2, "method": "hand"}, "林静到会（秘书登记）", "noted by the secretary"),
    ("item.presented", {"item": 7, "presenter": 2, "recusals": [RECUSAL]},
     "审议第1项“预算”，林静汇报；周启明回避：亲属", "presented by 林静; 周启明 is recused: 亲属"),
    ("attendee.called", {"item": 7, "person": 3, "name": "唐宁", "post": "法制科"}, "通知唐宁列席“预算”",
     "唐宁 is called in for “预算”"),
    ("item.spoken", {"item": 7, "person": 2, "summary": "同意本方案。"}, "林静发言：同意本方案。", "林静 speaks"),
    ("position.voiced", {"item": 7, "person": 2, "position": "no"}, "林静表态：反对", "against"),
    ("opinion.read", {"item": 7, "person": 2}, "（不计入票数）：反对。不妥", "no. 不妥"),
    ("opinion.voided", {"item": 7, "person": 2}, "失效", "void"),
    ("opinion.restored", {"item": 7, "person": 2}, "林静对“预算”的书面意见恢复有效", "stands again"),
    ("position.corrected", {"item": 7, "corrects": 29, "person": 2, "position": "defer"},
     "更正第29号记录：林静表态：缓议", "Record 29 is put right: 林静 is for putting it off"),
    ("position.corrected", {"item": 7, "corrects": 29, "person": 2, "position": "none"}, "记录：林静没有表态",
     "林静 is neither for nor against"),
    ("speech.corrected", {"item": 7, "corrects": 28, "person": 1, "summary": "同意。"},
     "更正第28号记录：周启明发言：同意。", "Record 28 is put right: 周启明 speaks: 同意。"),
    ("speech.corrected", {"item": 7, "corrects": 28, "person": 1, "summary": "同意。", "struck": True},
     "周启明没有此项发言", "周启明 did not say this"),
    ("recusal.declared", {"item": 7, "person": 2, "reason": "另有利益"}, "林静回避“预算”：另有利益", "recused from"),
    ("recusal.taken_back", {"item": 7, "person": 2, "reason": "误报", "corrects": 37},
     "撤销林静对“预算”的回避（更正记录 37）：误报", "is taken back (it corrects record 37): 误报"),
    ("recorder.named", {"item": 7, "person": 1}, "“预算”由周启明代为记录", "周启明 keeps the record of “预算”"),
    ("discussion.closed", {"item": 7}, "讨论充分", "closed"),
    ("vote.opened", {"item": 7, "vote": 3, "round": 1, "roll": [1, 2], "absent": [], "recused": [], "quorum": QUORUM,
                     "base": 2, "needed": 2, "close": None}, "参加表决 2 人，须 2 票同意", "2 yes pass it"),
    ("ballot.cast", CAST, "林静已表决：同意", "林静 has voted: yes"),
    ("ballot.cast", {**CAST, "version": 2}, "林静改投", "changed"),
    ("ballot.cast", {**CAST, "outstanding": [1]}, "同意，不再等候周启明", "yes, not waiting for 周启明"),
    ("ballot.taken", {**CAST, "version": 2}, "林静改投：同意（代记录人登记）",
     "林静 changed their ballot: yes (taken down)"),
    ("ballot.objected", {"item": 7, "vote": 3, "person": 2}, "林静对所登记的表决意见提出异议", "林静 objects"),
    ("vote.voided", {**CLOSED, "rule": "quorum.lost"}, "无效，到会人数不足：同意 1",
     "the quorum was lost: yes 1"),
    ("vote.opened", {"item": 7, "vote": 4, "round": 2, "roll": [1, 2], "absent": [], "recused": [], "quorum": QUORUM,
                     "base": 2, "needed": 2, "close": None, "vote_form": "oral"}, "第2轮口头表决",
     "The oral vote on “预算” is open, round 2"),
    ("vote.closed", {**CLOSED, "vote": 4, "base": 2, "needed": 2, "result": "not_passed", "sensitive": False,
                     "outstanding": [1]},
     "口头表决未获通过：同意 1 票，反对 0 票，弃权 0 票，未表决 1 人（须 2 票同意）", "not passed. yes 1, no 0"),
    ("item.reopened", {"item": 7, "vote": 4, "reason": "有新情况"}, "“预算”再次讨论：有新情况",
     "discussed again: 有新情况"),
    ("decision.announced", {"item": 7, "outcome": "not_passed", "reason": ""}, "“预算”未获通过", "“预算” not passed"),
    ("decision.announced", {"item": 7, "outcome": "amended", "reason": "偏高", "text": "减一成。"},
     "“预算”修改（偏高）：减一成。", "“预算” amended (偏高): 减一成。"),
    ("item.put_off", {"item": 7, "reason": "接近"}, "暂缓表决：接近", "put off: 接近"),
    ("item.withdrawn", {"item": 7, "reason": "重复"}, "撤下：重复", "withdrawn: 重复"),
    ("item.deferred", {"item": 7, "reason": "离会"}, "缓议：离会", "deferred: 离会"),
    ("rule.refused", {"operation": "motion.try", "item": None, "refusals": [REFUSAL]}, "“购车”未列入",
     "“购车” was not"),
    ("rule.refused", {"operation": "motion.try", "item": None, "refusals": [BARE]},
     "依据《实施细则》第六条", "Rules 6(1)"),
    ("objection.raised", {"item": 7, "text": "材料未提前送达"}, "周启明就“预算”提出监督意见：材料未提前送达",
     "周启明 objects on “预算”: 材料未提前送达"),
    ("objection.raised", {"item": None, "text": "未逐项表决"}, "周启明提出监督意见：未逐项表决", "objects: 未逐项表决"),
    ("people.requested", {"request": 6, "what": "password", "person": 2, "name": "林静", "detail": "",
                          "reason": "忘记密码"},
     "请求同意重新设置林静的密码：忘记密码", "asked to set the password of 林静 anew: 忘记密码"),
    ("people.decided", {"request": 6, "allowed": True}, "周启明同意重新设置林静的密码", "allows to set the password"),
    ("people.administered", {"request": 6, "what": "password", "person": 2, "name": "林静", "detail": ""},
     "会议人员变动：重新设置林静的密码", "administered: set the password of 林静 anew"),
    ("people.requested", {"request": 7, "what": "kinship.removed", "person": None, "name": "",
                          "detail": "spouse|林静|赵六", "reason": "登记有误"},
     "删除亲属关系：林静、赵六（夫妻）", "remove"),
    ("people.decided", {"request": 7, "allowed": False}, "周启明不同意删除亲属关系", "does not allow"),
    ("people.administered", {"request": None, "what": "role.granted", "person": 2, "name": "林静",
                             "detail": "observer"}, "授予林静“监督人员”角色", "make 林静 the observer"),
    ("presence.left", {"person": 2}, "林静离场", "林静 left"),
    ("presence.corrected", {"person": 2, "corrects": 66, "state": "on_leave", "since": "2026-01-13T01:00:00Z",
                            "reason": "学习", "note": 15},
     "更正第66号记录：林静请假", "Record 66 is put right: 林静 is on leave"),
    ("presence.corrected", {"person": 2, "corrects": 25, "state": "absent", "reason": ""}, "林静未到会",
     "林静 is absent"),
    ("chair.handed", {"person": 2, "reason": "回避"}, "委托林静主持：回避", "林静 is entrusted with the chair: 回避"),
    ("chair.handed", {"person": 1, "reason": "返会"}, "周启明收回主持", "takes the chair back"),
    ("meeting.adjourned", {}, "散会", "adjourned"),
    ("minutes.drafted", {"minutes": 9, "version": 1}, "起草", "drafted"),
    ("minutes.edited", {"minutes": 9, "version": 2}, "第2稿", "version 2"),
    ("minutes.reviewed", {"minutes": 9, "by": "office_head", "version": 2}, "第2稿经办公室主任审核",
     "(version 2) reviewed by the office head"),
    ("minutes.reviewed", {"minutes": 9, "by": "deputy", "version": 2}, "分管负责人", "deputy"),
    ("minutes.sent_back", {"minutes": 9, "reason": "漏字"}, "退回会议纪要：漏字", "sent back: 漏字"),
    ("minutes.signed", {"minutes": 9, "version": 2, "name": "周启明", "role": "head"}, "周启明签发", "周启明 signed"),
    ("minutes.issued", {"minutes": 9, "series": "纪要", "year": 2026, "number": 1, "composer": 1, "document": "",
                        "sources": "", "replaces": None}, "〔2026〕1号", "〔2026〕1号"),
    ("minutes.drawn", {"minutes": 9, "sha256": ""}, "文件已生成", "is made"),
    ("minutes.voided", {"minutes": 9, "number": 1, "year": 2026, "reason": "有误"}, "作废会议纪要〔2026〕1号：有误",
     "void"),
    ("minutes.distributed", {"minutes": 9, "recipients": ["林静", "存档"]}, "林静、存档", "林静, 存档"),
    ("minutes.received", {"minutes": 9, "recipient": "林静"}, "林静签收", "林静 received"),
    (
        "proceedings.signed",
        {"capacity": "recorder", "upto": 40, "hash": "ab" * 32},
        "作为记录人阅签会议记录",
        "signs the proceedings as recorder",
    ),
    ("notice.withdrawn", {"notice": 4, "reason": "改期"}, "撤回会议通知：改期", "withdrawn: 改期"),
    ("item.removed", {"item": 7}, "删去", "removed"),
    (
        "notice.changed",
        {"notice": 4, "change": 2, "starts_before": "2026-01-13T01:00:00Z", "starts_at": "2026-01-13T06:30:00Z",
         "place_before": "三楼会议室", "place": "五楼会议室", "reason": "与上级会议冲突"},
        "会议时间由2026年1月13日 09:00改为2026年1月13日 14:30，地点由三楼会议室改为五楼会议室：与上级会议冲突",
        "the time from 13 January 2026, 09:00 to 13 January 2026, 14:30, the place from 三楼会议室 to 五楼会议室",
    ),
    ("notice.delivered", {"notice": 4, "person": 2, "method": "phone", "late": False, "change": 2},
     "会议变更告知林静（电话）", "told to 林静 (by phone)"),
    ("notice.acknowledged", {"notice": 4, "person": 2, "change": 2}, "林静签收会议变更通知", "acknowledged the change"),
    ("delivery.corrected", {"notice": 4, "corrects": 90, "person": 2, "method": "none", "change": 2},
     "会议变更告知林静（未告知）", "told to 林静 (it was not told)"),
    ("meeting.cancelled", {"reason": "与另一会议合并"}, "取消会议：与另一会议合并", "cancelled: 与另一会议合并"),
    ("minutes.void_seen", {"minutes": 9, "recipient": "林静"}, "林静已知悉会议纪要作废", "林静 took note"),
    ("item.added", {"item": ITEM}, "列入议题“预算”", "added: “预算”"),
    ("paper.added", {"item": 7, "paper": {"id": 6, "name": "附表.xlsx", "media_type": "", "size": 9, "sha256": ""},
                     "checking": True}, "《附表.xlsx》，待查毒", "to be checked for viruses"),
    ("paper.cleared", {"item": 7, "paper": 6, "name": "附表.xlsx"}, "材料《附表.xlsx》查毒通过", "no virus was found"),
    ("paper.infected", {"item": 7, "paper": 6, "name": "附表.xlsx", "found": "Eicar-Test"},
     "材料《附表.xlsx》查出病毒（Eicar-Test），内容已删除", "A virus (Eicar-Test) was found in paper “附表.xlsx”"),
]  # fmt: skip


def records(story: list[Row]) -> list[Record]:
    return [Record(seq, NOW, 1, 1, 1, kind, content) for seq, (kind, content, *_) in enumerate(story, start=1)]


def told(story: list[Row], lang: Language) -> list[str]:
    meeting = MeetingState()
    said = []
    for record in records(story):
        meeting = apply(meeting, record)
        said.append(say(content_of(record), stamp_of(record), meeting, lang))
    return said


def say(seen: Content | None, stamp: Stamp, meeting: MeetingState, lang: Language) -> str:
    return tell(seen, stamp, meeting, "meeting")[0 if lang == "zh" else 1]


def test_every_kind_has_its_sentence() -> None:
    assert {kind for kind, *_ in STORY} == kinds("meeting").keys()


def test_what_is_said() -> None:
    for (_, _, chinese, english), zh, en in zip(STORY, told(STORY, "zh"), told(STORY, "en"), strict=True):
        assert chinese in zh, zh
        assert english in en, en
        assert "None" not in zh + en


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_said_of_less(lang: Language) -> None:
    """A sentence omits what the view may not see, without an error."""
    known = [row for row in STORY if row[0] != "item.removed"][:11]
    meeting = MeetingState()
    for record in records(known):
        meeting = apply(meeting, record)
    less: list[Content | None] = [
        None,
        OpinionSubmitted(7, 2, None, None),
        ItemPresented(7, 2, (RecusalSaid(1, "recusal.related", ""),)),
        RecusalDeclared(7, 2, ""),
        VoteOpened(7, 3, 1),
        BallotCast(7, 3),
        BallotCast(7, 3, 2, version=1),
        VoteClosed(7, 3),
        VoteVoided(7, 3),
    ]
    said = []
    for seq, seen in enumerate(less, start=len(known) + 1):
        record = Record(seq, NOW, 1, 1, 1, seen.kind if seen else "item.spoken", {})
        meeting = follow(meeting, seen, Stamp(seq, NOW, None), record)
        said.append(say(seen, Stamp(seq, NOW, None), meeting, lang))
    assert said[0] == ("（依规定不予显示）" if lang == "zh" else "(not for this view)")
    assert all(sentence and "None" not in sentence for sentence in said)
    for choice in ("同意", "反对") if lang == "zh" else (": yes", ": no"):
        assert not any(choice in sentence for sentence in said)


def test_a_floor_view_counts_the_ballots() -> None:
    opened = STORY[: [kind for kind, *_ in STORY].index("ballot.cast")]
    assert Charter().ballots_live == "observer"
    assert told([*opened, ("ballot.cast", {"item": 7, "vote": 3}, "", "")], "zh")[-1] == "应表决 2 人，已表决 1 人"
