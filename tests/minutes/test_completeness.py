"""`minutes.incomplete`: what a draft lacks, by itself and on its way (Rules 6(7), 15)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from acts.refusal import RefusedError
from agenda.state import Decision, ItemOnAgenda, MeetingState, Tally, VoteRound
from minutes.completeness import Check, allow_complete, checklist, missing
from minutes.records import ItemTexts, TaskText, Texts
from tests.bureau import Bureau, complete
from tests.minutes.playing import held
from tests.storage.attacks import Connection

NOW = datetime(2026, 1, 13, tzinfo=UTC)
TASK = TaskText("计划财务科", "报备", date(2026, 3, 31), "办公室")


def state(outcome: Any = "passed", text: str = "", **changes: Any) -> MeetingState:
    decision = Decision(outcome, "", datetime(2026, 1, 13, tzinfo=UTC), text)
    item = ItemOnAgenda(7, 1, "预算", "同意调整", "funds", decision=decision, **changes)
    return MeetingState(items={7: item, 8: ItemOnAgenda(8, 2, "立项", "", "project")})


def lacking(meeting: MeetingState, *tasks: TaskText, leader: str = "市政府分管领导", **said: Any) -> set[str]:
    return set(missing(checklist(meeting, Texts([ItemTexts(7, tasks=list(tasks), **said)], leader=leader))))


def test_what_is_asked_of_whom() -> None:
    asked = checklist(state(), Texts())
    assert asked == [Check(1, "decision", True), Check(1, "tasks", False), Check(0, "leader", False)]
    assert lacking(state(), TASK) == set()
    assert lacking(state(), TASK, leader=" ") == {"0.leader"}


@pytest.mark.parametrize(
    "task", [TaskText("科"), TaskText("科", "报备", date(2026, 3, 31)), TaskText("科", supervisor="办")]
)
def test_every_task_has_its_deadline_and_its_supervisor(task: TaskText) -> None:
    assert lacking(state(), TASK, task) == {"1.tasks"}
    assert lacking(state(), task, no_task=True) == set()


@pytest.mark.parametrize(
    ("outcome", "changes", "by_itself"),
    [
        ("passed", {}, True),
        ("passed", {"confidential": True}, False),
        ("amended", {}, False),
        ("amended", {"text": "压减一成。"}, True),  # as the chair announced it
        ("amended", {"text": "压减一成。", "confidential": True}, False),
        ("not_passed", {}, True),
        ("shelved", {"confidential": True}, True),
    ],
)
def test_the_sealed_motion_or_its_amendment_is_the_decision(
    outcome: str, changes: dict[str, Any], by_itself: bool
) -> None:
    meeting = state(outcome, **changes)
    assert ("1.decision" not in lacking(meeting, TASK)) is by_itself
    assert lacking(meeting, TASK, decision="同意。") == set()


@pytest.mark.parametrize(
    ("text", "agrees"),
    [
        ("会议决定，同意调整。（应到会9人，实到8人；同意7票，反对1票，弃权0票）", True),
        ("经表决，赞成 7 票，予以通过。", True),
        ("第一轮同意4票，第二轮同意7票。", True),
        ("同意录用3名工作人员，实到岗2人。", True),
        ("会议决定，同意调整（同意8票，反对0票）。", False),
        ("实到会9人，表决通过。", False),
        ("应到10人。", False),
    ],
)
@pytest.mark.parametrize("field", ["decision", "discussion", "basis"])
def test_figures_in_a_text_are_those_of_the_record(text: str, agrees: bool, field: str) -> None:
    first = VoteRound(1, 1, NOW, absent=(9,), tally=Tally(4, 3, 1, 0, 0))
    rounds = {1: first, 2: replace(first, id=2, round=2, tally=Tally(7, 1, 0, 0, 0))}
    meeting = replace(state(votes=rounds), formal_members=tuple(range(1, 10)))
    assert lacking(meeting, TASK, **{field: text}) == (set() if agrees else {"1.figures"})


def test_the_refusal_says_what_is_missing() -> None:
    allow_complete(())
    with pytest.raises(RefusedError) as refused:
        allow_complete(("3.decision", "3.tasks", "0.leader"))
    (said,) = refused.value.refusals
    assert said.rule == "minutes.incomplete"
    assert said.detail == (
        "会议纪要尚不完整：第3项议题缺决定内容；第3项议题缺责任单位、办理时限或督办（无需督办的请注明）；"
        "抄送未列上级分管领导。请秘书在纪要草稿中补齐。"
    )


async def test_incomplete_minutes_go_nowhere(bureau: Bureau, owner: Connection) -> None:
    """Today's draft with nothing written cannot be reviewed; the screen knows beforehand; complete, it can."""
    b, meeting = bureau, await held(bureau, owner)
    drafted = await b.li.do(f"{meeting.room.path}/minutes")
    minutes = f"{meeting.room.path}/minutes/{drafted['content']['minutes']}"
    assert await b.jiang.refused(f"{minutes}/office-review", {"version": 1}) == "minutes.incomplete"
    sheet = (await b.li.get(minutes)).json()
    assert {(each["item"], each["part"]) for each in sheet["checks"] if not each["done"]} == {
        (1, "tasks"),
        (0, "leader"),
    }
    assert sheet["document"]["closing"]["copies_to"] == ["党组成员"]
    version = await complete(b.li, minutes)
    await b.jiang.do(f"{minutes}/office-review", {"version": version})
    sheet = (await b.li.get(minutes)).json()
    assert sheet["document"]["closing"]["copies_to"] == ["市政府分管领导", "党组成员"]
    decided = sheet["document"]["items"][0]["decision"]["text"]
    assert decided == "同意2026年度部门预算执行调整方案的议案。"
