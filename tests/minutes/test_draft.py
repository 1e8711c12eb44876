"""The contents of minutes, from made-up records: presence over time, and sentences that hold for any meeting."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from msgspec.structs import replace

from documents.blocks import Heading, Paragraph, Tail
from minutes.composers.v1 import sentences as doc
from minutes.composers.v1.attending import attendance_of
from minutes.composers.v1.blocks import blocks
from minutes.composers.v1.document import Decision, Delivery, Item, Mark, Notice, Round, Row, Speech, Tally, Written
from minutes.composers.v1.fold import Record
from tests.minutes.samples import demo

NINE = datetime(2026, 1, 13, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai


def records(*told: tuple[int, str, dict[str, Any]]) -> list[Record]:
    """Records at these minutes past nine."""
    return [
        Record(seq, NINE + timedelta(minutes=minute), 1, kind, content)
        for seq, (minute, kind, content) in enumerate(told, start=1)
    ]


def here(person: int) -> dict[str, Any]:
    return {"person": person}


def test_where_everybody_was() -> None:
    there = attendance_of(
        records(
            (-30, "leave.granted", here(4)),
            (-29, "leave.granted", here(5)),
            (-10, "presence.arrived", here(1)),
            (-9, "presence.arrived", here(2)),
            (-8, "presence.left", here(2)),  # present before it began, and never again
            (-7, "presence.arrived", here(3)),
            (0, "meeting.called", {}),
            (5, "vote.opened", {"vote": 71}),
            (10, "presence.arrived", here(4)),  # was on leave, came after all
            (15, "vote.opened", {"vote": 72}),
            (20, "presence.left", here(3)),
            (25, "leave.granted", here(3)),  # is on leave for the rest
            (30, "vote.opened", {"vote": 73}),
            (40, "presence.left", here(1)),
            (50, "presence.arrived", here(1)),
            (60, "meeting.adjourned", {}),
            (61, "presence.left", here(1)),
        )
    )
    assert there.came == {1, 3, 4}
    assert there.excused == {5}
    assert there.on_leave == {71: {4, 5}, 72: {5}, 73: {3, 5}}
    assert there.notes == {3: "9:20离会", 4: "9:10到会", 1: "9:40离会，9:50返会"}


def a_round(*marks: Mark, **changed: Any) -> Round:
    rows = tuple(Row(f"甲{number}", mark) for number, mark in enumerate(marks))
    count = {mark: sum(each == mark for each in marks) for mark in Tally.__struct_fields__}
    values: dict[str, Any] = {
        "base": len(rows),
        "needed": len(rows) // 2 + 1,
        "present": 3,
        "quorum": 2,
        "passed": True,
        "attended": 3,
    }
    return Round(1, rows, Tally(**count), **{**values, **changed})


def test_the_quorum_says_who_is_counted() -> None:
    assert doc.quorum_text(a_round("yes", "yes", "no", "absent")) == "到会3人，法定人数2人"
    out = a_round("yes", "yes", "no", "recused", attended=4, stepped_out=1)
    assert doc.quorum_text(out) == "到会4人（计入法定人数3人），法定人数2人"
    # Where the charter counts the recused in the room, four are present, three of whom vote.
    assert doc.quorum_text(a_round("yes", "yes", "no", "recused", present=4, attended=4)) == "到会4人，法定人数2人"
    assert doc.quorum_text(a_round("yes", "yes", "no", closing=3)) == "到会3人，法定人数2人"
    late = "到会3人，法定人数2人，表决结束时计入法定人数1人"
    assert doc.quorum_text(a_round("yes", "yes", "no", closing=1)) == late


def test_the_base_is_named_for_what_it_is() -> None:
    assert "超过应到会成员4人的半数（2人）" in doc.result_text(a_round("yes", "yes", "yes", "recused"))
    out_of_it = doc.result_text(a_round("yes", "yes", "no", "recused", base=3, needed=2))
    assert "超过应到会成员（不含回避成员）3人的半数（1.5人）" in out_of_it


@pytest.mark.parametrize(
    ("ending", "presenter", "rounds", "said"),
    [
        ("deferred", "", 0, "本议题未进入表决，延期至以后的会议讨论。"),
        ("deferred", "林静", 0, "本议题未进入表决，延期至以后的会议讨论。"),
        ("deferred", "林静", 1, "本议题表决无效，未形成决定，延期至以后的会议讨论。"),
        ("withdrawn", "", 0, "本议题撤下，未讨论、未表决。"),
        ("withdrawn", "林静", 0, "本议题撤下，未进入表决。"),
        ("withdrawn", "林静", 1, "本议题撤下，表决无效，未形成决定。"),
        ("put_off", "林静", 0, "会议决定，本议题暂缓表决，留待下次会议讨论。"),
    ],
)
def test_how_an_item_ended_is_what_happened(ending: Any, presenter: str, rounds: int, said: str) -> None:
    item = Item("预算", "funds", ending, presenter=presenter, rounds=(a_round("yes", void="人数不足"),) * rounds)
    assert doc.ending_text(item) == said


@pytest.mark.parametrize(
    ("papers", "said"),
    [("all", "会议通知及议题材料至"), ("some", "会议通知及议题材料（人事议题材料除外）至"), ("none", "会议通知至")],
)
def test_the_notice_went_with_the_papers_that_went_with_it(papers: Any, said: str) -> None:
    at = NINE.replace(tzinfo=UTC)
    text = doc.notice_text(Notice(at, 1, (Delivery("林静", at),), papers))
    assert text.startswith(said)
    assert text.endswith("2026年1月13日1:00送达应到会成员1人，符合至少提前1个工作日的规定。")


@pytest.mark.parametrize(
    ("void", "read", "said"),
    [
        (False, True, "林静：反对。不妥。"),
        (False, False, "林静（未宣读）：反对。不妥。"),
        (True, True, "林静（本人到会，书面意见失效）：反对。不妥。"),
        (True, False, "林静（未宣读，本人到会，书面意见失效）：反对。不妥。"),
    ],
)
def test_what_became_of_an_opinion_in_writing(void: bool, read: bool, said: str) -> None:
    assert doc.written_text(Written("林静", "no", "不妥", void, read)) == said


@pytest.mark.parametrize("decided", [True, False])
def test_of_an_item_in_brief_the_paper_has_title_and_decision_alone(decided: bool) -> None:
    """内容从简: neither discussion nor votes nor reasons; the title is the one in brief."""
    decision = Decision("passed", "同意", by="", basis="", reason="") if decided else None
    ending: Literal["decided", "withdrawn"] = "decided" if decided else "withdrawn"
    item = Item("内容从简的议题", "project", ending, decision=decision, confidential=True, in_brief=True)
    item = replace(item, presenter="林静", discussion=(Speech("何志远", "不宜外传。"),), no_task=True)
    paper = list(blocks(replace(demo(), items=(item,), attempts=(), objections=())))
    start = next(at for at, each in enumerate(paper) if isinstance(each, Heading))
    heading, said, after = paper[start : start + 3]
    assert heading == Heading("一、内容从简的议题")
    assert said == Paragraph([("body", "会议决定，同意。" if decided else "本议题撤下，未进入表决。")])
    assert isinstance(after, Tail)
