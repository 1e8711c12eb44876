"""The kinds of the administration's records: their changes, their sentences, and what each view sees of them."""

from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import pytest

from acts.folding import fold, kinds
from acts.rulebook import Clause, Rulebook
from bodies.charter import Charter
from bodies.state import BodyState, PersonInBody, RelationOnRecord
from identity.state import AdminView, BodyOnRecord, OrganizationState, PersonOnRecord, YearOnRecord
from storage.ledger import Record
from tests.wire import check_wire, sent, walk

NOW = datetime(2026, 1, 8, 2, 0, tzinfo=UTC)
ADMINISTRATOR, OBSERVER = AdminView("administrator"), AdminView("observer")
BOOK = {"titles": {"《甲》": "《某甲》"}, "clauses": {"vote.form": {"zh": "《甲》第一条"}}, "version": 2}
PERSON = {"id": 2, "staff_number": "0002", "name": "林静", "post": "", "administrator": False, "active": True}
ADMIN = {**PERSON, "id": 1, "staff_number": "0001", "name": "系统管理员", "administrator": True}
REFUSAL = {"rule": "state.wrong", "detail": "该人员账号已停用。", "detail_en": "The account is closed.",
           "facts": {"person": 2}}  # fmt: skip
REFUSED = {"operation": "role.grant", "item": None, "refusals": [REFUSAL]}
SAID = ("依规不予办理：该人员账号已停用。", "Refused: The account is closed.")
KIN, CHILD = {"id": 5, "name": "郑大川", "person": None}, {"id": 6, "name": "郑晓楠", "person": None}
RELATION = {"id": 9, "type": "parent", "a": 5, "b": 6}
HASH = "ab" * 32
Row = tuple[str, dict[str, Any], str, str]

ORGANIZATION: list[Row] = [
    ("person.created", {"person": ADMIN}, "新增人员系统管理员（工号 0001），设为管理员",
     "系统管理员 was added (staff number 0001), as an administrator"),
    ("organization.coded", {"before": "jtj", "code": "jt2"}, "单位代号由 jtj 改为 jt2，登录链接随之更改",
     "The organization's code was changed from jtj to jt2, and its sign-in link with it"),
    ("person.created", {"person": PERSON}, "新增人员林静（工号 0002）", "林静 was added (staff number 0002)"),
    ("person.changed", {"person": {**PERSON, "post": "副局长", "administrator": True}},
     "修改人员林静（工号 0002），职务 副局长，管理员",
     "林静 (staff number 0002) was changed, 副局长, an administrator"),
    ("person.changed", {"person": {**PERSON, "active": False}}, "修改人员林静（工号 0002），账号停用",
     "林静 (staff number 0002) was changed, the account closed"),
    ("duties.set", {"apart": True, "reason": "等保"}, "实行系统管理员、安全管理员、审计员分设：等保",
     "The three duties are held apart: 等保"),
    ("duties.set", {"apart": False, "reason": ""}, "取消系统管理员、安全管理员、审计员分设",
     "The three duties are not held apart any more"),
    ("password.changed", {"person": 1}, "系统管理员修改本人密码", "系统管理员 changed their password"),
    ("password.changed", {"person": 2}, "重新设置林静的密码", "The password of 林静 was set anew"),
    ("password.changed", {"person": 7}, "重新设置#7的密码", "The password of #7 was set anew"),
    ("second_factor.set", {"person": 2}, "林静设置本人的动态验证码", "林静 set up a second factor"),
    ("second_factor.reset", {"person": 2}, "取消林静的动态验证码，由本人重新设置",
     "The second factor of 林静 was taken away, to be set up anew"),
    ("second_factor.demanded", {"demanded": True}, "要求管理员、秘书、主要负责人和监督人员使用动态验证码登录",
     "A second factor is demanded of administrators, secretaries, heads and observers"),
    ("second_factor.demanded", {"demanded": False}, "不再要求使用动态验证码登录",
     "A second factor is not demanded any more"),
    ("person.signed_out", {"person": 2}, "结束林静在各处的登录", "林静 was signed out everywhere"),
    ("body.created", {"body": {"id": 3, "name": "局党组", "kind": "党组"}}, "设立局党组（党组）",
     "局党组 (党组) was set up"),
    ("calendar.set", {"year": 2027, "holidays": ["2027-01-01", "2027-02-05"], "workdays": ["2027-02-06"]},
     "录入 2027 年工作日历：休 2 天，调休上班 1 天",
     "The calendar of 2027 was entered: 2 days off, 1 weekend days worked"),
    ("import.applied", {"sha256": HASH, "digest": HASH, "created": 3, "changed": 1, "same": 12},
     "导入工作簿：新增 3 项，修改 1 项，12 项不变", "A workbook was imported: 3 new, 1 changed, 12 the same"),
    ("rule.refused", REFUSED, *SAID),
]  # fmt: skip

BODY: list[Row] = [
    ("charter.changed", {"charter": {"lead_working_days": 3}}, "修改议事决策规范", "The charter was changed"),
    ("rulebook.changed", {"rulebook": BOOK}, "修改议事规则条款（第 2 版）", "The rulebook was changed (version 2)"),
    ("body.renamed", {"before": "局党组", "name": "市局党组"}, "局党组更名为市局党组", "局党组 was renamed 市局党组"),
    ("role.granted", {"person": 2, "name": "林静", "role": "member", "seat": 2, "kin": 4}, "授予林静“成员”角色",
     "林静 was made a member"),
    ("role.granted", {"person": 2, "name": "林静", "role": "deputy", "seat": None, "kin": None},
     "授予林静“分管负责人”角色", "林静 was made the deputy in charge"),
    ("role.granted", {"person": 8, "name": "唐宁", "role": "attendee"}, "授予唐宁“列席人员”角色",
     "唐宁 was made an attendee"),
    ("seat.set", {"person": 2, "name": "林静", "seat": 3, "post": "副局长", "in_charge": "计划财务"},
     "林静排名第 3，职务 副局长，分管 计划财务", "林静 has seat 3, 副局长, in charge of 计划财务"),
    ("seat.set", {"person": 7, "name": "何志远", "seat": 4, "post": "", "in_charge": ""}, "何志远排名第 4",
     "何志远 has seat 4"),
    ("seat.deputy", {"person": 7, "name": "何志远", "deputy": 2, "deputy_name": "林静"}, "何志远的B角为林静",
     "林静 is the deputy of 何志远"),
    ("seat.deputy", {"person": 7, "name": "何志远", "deputy": None, "deputy_name": ""}, "何志远不再设B角",
     "何志远 has no deputy any more"),
    ("role.retired", {"person": 2, "name": "林静", "role": "member", "ends_on": "2026-03-01"},
     "林静自2026年3月1日起不再担任“成员”", "林静 is no longer a member from 2026-03-01 on"),
    ("role.revoked", {"person": 2, "name": "林静", "role": "member"}, "撤销林静的“成员”角色",
     "林静 is no longer a member"),
    ("role.revoked", {"person": 8, "name": "唐宁", "role": "attendee"}, "撤销唐宁的“列席人员”角色",
     "唐宁 is no longer an attendee"),
    ("matters.set", {"matters": [
        {"year": 2026, "code": "1-1", "title": "年度预算", "category": "funds", "note": ""},
        {"year": 2026, "code": "1-2", "title": "误录事项", "category": "other", "note": ""},
     ]}, "录入事项清单 2 项", "2 matters of the catalogue were entered"),
    ("matter.removed", {"matter": {"year": 2026, "code": "1-2", "title": "误录事项", "category": "other", "note": ""}},
     "删除 2026 年事项清单“1-2 误录事项”", "“1-2 误录事项” was taken out of the catalogue of 2026"),
    ("meeting.planned", {"meeting": 11}, "筹备会议（编号 11）", "A meeting was planned (id 11)"),
    ("signing.entrusted", {"person": 2, "name": "林静", "by": "周启明"}, "周启明委托林静签发会议纪要",
     "周启明 entrusted 林静 with signing minutes"),
    ("signing.taken_back", {"person": 2, "name": "林静"}, "收回林静签发会议纪要的委托",
     "林静 is not entrusted with signing minutes any more"),
    ("rule.refused", REFUSED, *SAID),
    ("number.reached", {"series": "", "year": 2026, "reached": 12}, "登记启用前的编号：2026年已开至第12次会议",
     "Number reached: 12 meetings were held in 2026 before"),
    ("number.reached", {"series": "党组会议纪要", "year": 2026, "reached": 5},
     "登记启用前的编号：党组会议纪要已编至〔2026〕5号", "Number reached: 党组会议纪要 had come to 〔2026〕5号"),
    ("records.lost", {"reason": "磁盘损坏", "numbers": [{"series": "会议纪要", "year": 2026, "number": 2}], "books": [
        {"subject": "meeting", "id": 7, "title": "党组会议", "here": 12, "seq": 20, "hash": HASH}]},
     "系统管理员说明操作留痕丢失的原因：磁盘损坏。丢失的是：会议“党组会议”第 12 条之后至第 20 条；"
     "已印发而丢失的会议纪要〔2026〕2号不再使用",
     "The operator said why records are lost: 磁盘损坏. Lost are: meeting “党组会议” after record 12 up to 20; "
     "会议纪要〔2026〕2号 had been issued and is passed over"),
]  # fmt: skip

KINSHIP: list[Row] = [
    ("kin.added", {"kin": KIN}, "亲属登记中新增郑大川", "郑大川 is in the record of kinship"),
    ("kinship.recorded", {"relation": RELATION, "kin": [KIN, CHILD]}, "登记亲属关系：郑大川、郑晓楠（父母子女）",
     "Kinship recorded: 郑大川 and 郑晓楠 (parent and child)"),
    ("kinship.recorded", {"relation": {**RELATION, "id": 10, "type": "spouse"}, "kin": [KIN, CHILD]},
     "登记亲属关系：郑大川、郑晓楠（夫妻）", "Kinship recorded: 郑大川 and 郑晓楠 (spouses)"),
    ("kinship.removed", {"relation": {**RELATION, "id": 10, "type": "sibling"}},
     "删除亲属关系：郑大川、郑晓楠（兄弟姐妹）", "Kinship removed: 郑大川 and 郑晓楠 (siblings)"),
]  # fmt: skip

BOOKS: dict[str, tuple[list[Row], OrganizationState | BodyState]] = {
    "organization": (ORGANIZATION, OrganizationState()),
    "body": ([*BODY, *KINSHIP], BodyState()),
}


def records(rows: list[Row], body: int | None = 3) -> list[Record]:
    return [
        Record(seq, NOW, body, body or 0, 1, kind, content) for seq, (kind, content, *_) in enumerate(rows, start=1)
    ]


@pytest.mark.parametrize("subject", BOOKS)
def test_no_kind_is_left_out(subject: str) -> None:
    assert {kind for kind, *_ in BOOKS[subject][0]} == kinds(subject).keys()


@pytest.mark.parametrize("subject", BOOKS)
def test_what_is_said(subject: str) -> None:
    rows, empty = BOOKS[subject]
    steps = walk(OBSERVER, records(rows), empty, subject)
    assert [step.words for step in steps] == [(zh, en) for _, _, zh, en in rows]


@pytest.mark.parametrize("name", ["administrator", "observer"])
@pytest.mark.parametrize("subject", BOOKS)
def test_what_each_sees(subject: str, name: Literal["administrator", "observer"]) -> None:
    """The observer sees kinship; the administrator does not. Both see all else."""
    rows, empty = BOOKS[subject]
    kinship = {kind for kind, *_ in KINSHIP}
    steps = list(walk(AdminView(name), records(rows), empty, subject))
    for (kind, _, zh, en), step in zip(rows, steps, strict=True):
        if kind in kinship and name == "administrator":
            assert step.seen is None
            assert step.stamp.actor is None
            assert step.words == ("（依规定不予显示）", "(not for this view)")
        else:
            assert step.seen is not None
            assert step.seen.kind == kind
            assert step.stamp.actor == 1
            assert step.words == (zh, en)
    if name == "administrator":
        told = str([(step.seen, step.words, step.state) for step in steps])
        assert "郑" not in told


def test_an_organization_as_it_stands() -> None:
    state = fold(records(ORGANIZATION, None), OrganizationState())
    assert state == OrganizationState(
        seq=len(ORGANIZATION),
        refusals=state.refusals,
        people={
            1: PersonOnRecord("系统管理员", "0001", "", administrator=True, active=True),
            2: PersonOnRecord("林静", "0002", "", administrator=False, active=False),
        },
        bodies={3: BodyOnRecord("局党组", "党组")},
        calendar={2027: YearOnRecord(("2027-01-01", "2027-02-05"), ("2027-02-06",))},
    )
    (refusal,) = state.refusals.values()
    assert (refusal.actor, refusal.operation, refusal.refusals[0].rule) == (1, "role.grant", "state.wrong")
    check_wire(sent(state))


def test_a_body_as_it_stands() -> None:
    state = fold(records([*BODY, *KINSHIP]), BodyState())
    assert state == BodyState(
        seq=len(BODY) + len(KINSHIP),
        body=3,
        id=3,
        refusals=state.refusals,
        people={
            2: PersonInBody("林静", ("deputy",), None, "副局长", "计划财务"),
            7: PersonInBody("何志远", (), 4),
        },
        charter=msgspec.structs.replace(Charter(), lead_working_days=3),
        rulebook=Rulebook({"《甲》": "《某甲》"}, {"vote.form": Clause("《甲》第一条")}, 2),
        kin={4: "林静", 5: "郑大川", 6: "郑晓楠"},
        relations={9: RelationOnRecord("parent", 5, 6)},
        matters={"2026/1-1": "年度预算"},
        meetings={11: 16},
    )
    check_wire(sent(state))
