"""A catalogue matter at an executive meeting names the decision of the 党组 that it carries out (Measures 2)."""

from typing import Any

import asyncpg
import msgspec
import pytest

from acts.folding import fold
from agenda.carrying import CATALOGUE, due_in_committee, said_of
from agenda.records import Carried
from agenda.state import MeetingState
from bodies.kinds_of_body import KINDS_OF_BODY
from minutes.composers.v1.blocks import blocks
from minutes.composers.v1.document import Minutes
from minutes.prints.meeting import Letter
from minutes.prints.notice import agenda_paper, notice_paper
from tests.bureau import Bureau, become, issue
from tests.test_one_meeting import PDF, Room

pytestmark = pytest.mark.moment("issued")

DUE = "属“三重一大”事项，应提交党组研究决定"
BUDGET = "落实〔2026〕1号第一项（江州市交通运输局党组）"


def test_the_executive_meetings_and_their_catalogue_matters() -> None:
    executive = {kind for kind in KINDS_OF_BODY if due_in_committee(kind, "funds")}
    assert executive == {"局长办公会", "专题会议", "工作例会"}
    assert {"major", "personnel", "project", "funds"} == CATALOGUE
    assert not due_in_committee("局长办公会", "other")


def test_the_sentence_of_each() -> None:
    carried = Carried(7, "某局党组", 2026, 3, 12, "预算")
    assert said_of(carried, False) == (
        "落实〔2026〕3号第十二项（某局党组）", "Carries out item 12 of 〔2026〕3号 (某局党组)"
    )  # fmt: skip
    assert (said_of(None, True) or ("", ""))[0] == DUE
    assert said_of(None, False) is None


class Office:
    """The 局长办公会 beside the 党组, in the same organization: 李晓 keeps both, and plans a meeting of it."""

    def __init__(self, bureau: Bureau, body: int, meeting: int) -> None:
        self.bureau, self.body, self.path = bureau, body, f"/api/meetings/{meeting}"

    async def add(self, **item: Any) -> dict[str, Any]:
        """Add an item and return it as the meeting shows it."""
        values = {"title": "预算执行", "category": "funds", **item}
        added = (await self.bureau.li.do(f"{self.path}/items", values))["content"]["item"]["id"]
        items = (await self.bureau.li.get(self.path)).json()["items"]
        return next(each for each in items if each["id"] == added)


async def office_of(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", organization: int) -> Office:
    body = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name, kind) VALUES ($1, '局长办公会', '局长办公会') RETURNING id",
        organization,
    )
    roles = {"zhou": ("member", "head"), "lin": ("member",), "li": ("secretary",)}
    for key, role in [(key, role) for key, held in roles.items() for role in held]:
        await owner.execute(
            "INSERT INTO grants (body_id, person_id, role) VALUES ($1, $2, $3)", body, bureau.people[key].id, role
        )
    for seat, key in enumerate(("zhou", "lin"), start=1):
        await owner.execute("INSERT INTO seats VALUES ($1, $2, $3, '', '')", body, bureau.people[key].id, seat)
    planned = await bureau.li.do(
        f"/api/bodies/{body}/meetings",
        {"title": "局长办公会议", "starts_at": "2026-02-13T09:00:00+08:00", "place": "三楼会议室"},
    )
    return Office(bureau, body, planned["content"]["meeting"])


@pytest.fixture
async def office(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> Office:
    return await office_of(bureau, owner, bureau.organization)


async def test_the_passed_decisions_in_issued_minutes_are_offered(office: Office) -> None:
    b = office.bureau
    offered = (await b.li.get(f"{office.path}/committee-decisions")).json()
    assert offered["categories"] == ["funds", "major", "personnel", "project"]
    assert [(each["number"], each["position"], each["title"]) for each in offered["decisions"]] == [
        (1, 1, "2026年度部门预算执行调整方案"), (1, 3, "人事事项"),
    ]  # fmt: skip
    # A meeting of the 党组 itself carries out nothing of the kind.
    assert (await b.li.get(f"/api/meetings/{b.meeting}/committee-decisions")).json() == {
        "categories": [], "decisions": []
    }  # fmt: skip
    assert (await b.zhou.get(f"{office.path}/committee-decisions")).json()["rule"] == "access.role"


async def test_an_item_says_what_it_carries_out_or_that_it_is_due(office: Office) -> None:
    b = office.bureau
    carrying = await office.add(carries_out=b.items[0])
    assert (carrying["committee"]["zh"], carrying["committee"]["item"]) == (BUDGET, b.items[0])
    due = await office.add(title="新购设备")
    assert (due["committee"]["zh"], due["committee"]["item"]) == (DUE, 0)
    assert (await office.add(title="安全检查", category="other"))["committee"] is None

    (line,) = [each for each in (await b.li.get(f"{office.path}/outlook")).json() if DUE in each["detail"]]
    assert line["facts"]["item"] == due["id"]
    history = (await b.li.get(f"{office.path}/ledger")).json()
    assert BUDGET in str(history)

    same = {"title": "新购设备", "category": "funds", "carries_out": b.items[0]}
    await b.li.do(f"{office.path}/items/{due['id']}", same)
    assert (await b.li.get(office.path)).json()["items"][1]["committee"]["zh"] == BUDGET


async def test_nothing_else_can_be_named(office: Office, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    b, path = office.bureau, f"{office.path}/items"

    async def refused(**item: Any) -> str:
        answer = (await b.li.post(path, {"title": "预算执行", "category": "funds", **item})).json()
        return f"{answer['rule']} {answer['facts'].get('field')}"

    assert await refused(carries_out=b.items[1]) == "input.invalid carries_out", "deferred, not passed"
    assert await refused(carries_out=10**9) == "input.invalid carries_out"
    assert await refused(category="other", carries_out=b.items[0]) == "input.invalid carries_out"

    other = await owner.fetchval("INSERT INTO organizations (name) VALUES ('另一单位') RETURNING id")
    elsewhere = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name, kind) VALUES ($1, '局长办公会', '局长办公会') RETURNING id", other
    )
    elsewhere_too = (
        "INSERT INTO items (meeting_id, body_id, position, title, category, carries_out)"
        f" VALUES ({b.meeting}, {elsewhere}, 1, '预算', 'funds', {b.items[0]})"
    )
    with pytest.raises(asyncpg.PostgresError, match="no decision passed"):
        await owner.execute(elsewhere_too)

    minutes = await owner.fetchval("SELECT id FROM minutes WHERE meeting_id = $1", b.meeting)
    await b.zhou.do(f"/api/meetings/{b.meeting}/minutes/{minutes}/void", {"reason": "文字有误"})
    assert await refused(carries_out=b.items[0]) == "input.invalid carries_out", "the minutes are void"
    assert (await b.li.get(f"{office.path}/committee-decisions")).json()["decisions"] == []


async def test_a_notice_names_the_minutes_that_stand(
    office: Office, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    """Voided minutes keep the notice back; corrected ones are named in it by their number."""
    b = office.bureau
    item = await office.add(carries_out=b.items[0])
    papers = f"{office.path}/items/{item['id']}"
    assert (await b.li.client.post(f"{papers}/papers", files={"file": ("预算.pdf", PDF, "application/pdf")})).is_success
    await b.li.do(f"{papers}/materials", {"complete": True})
    await b.approve_agenda(office.path)
    meeting = f"/api/meetings/{b.meeting}"
    minutes = await owner.fetchval("SELECT id FROM minutes WHERE meeting_id = $1", b.meeting)
    await b.zhou.do(f"{meeting}/minutes/{minutes}/void", {"reason": "文字有误"})
    refused = (await b.li.post(f"{office.path}/notice")).json()
    assert (refused["rule"], refused["facts"].get("field")) == ("input.invalid", "carries_out")

    again = f"{meeting}/minutes/{(await b.li.do(f'{meeting}/minutes'))['content']['minutes']}"
    await b.approve(again)
    await issue(b.li, again)
    given = (await b.li.do(f"{office.path}/notice"))["content"]["items"][0]
    assert (given["carried"]["number"], given["carried"]["position"]) == (2, 1)
    shown = (await b.li.get(office.path)).json()["items"][0]["committee"]
    assert shown["zh"] == BUDGET.replace("1号", "2号")


@pytest.mark.moment("in_session")
async def test_a_decision_not_yet_in_issued_minutes_is_none(office: Office) -> None:
    assert (await office.bureau.li.get(f"{office.path}/committee-decisions")).json()["decisions"] == []


@pytest.mark.moment("in_session")
async def test_an_amendment_counts_where_the_vote_passed(
    office: Office, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    b, room = office.bureau, Room(office.bureau, owner)
    for index, presenter, choices in (
        (0, b.lin, {}),
        (3, b.wu, dict.fromkeys(("zheng", "wu", "sun", "ma"), "abstain")),
    ):
        item = await room.discuss(index, presenter)
        await room.vote(item, choices)
        await b.zhou.do(f"{item}/decision", {"outcome": "amended", "reason": "据会议意见", "text": "同意，分期实施。"})
    for left in (1, 2, 4):
        await b.zhou.do(f"{room.path}/items/{room.items[left]}/deferral", {"reason": "另议"})
    await b.zhou.do(f"{room.path}/adjournment")
    minutes = f"{room.path}/minutes/{(await b.li.do(f'{room.path}/minutes'))['content']['minutes']}"
    await b.approve(minutes)
    await issue(b.li, minutes)
    (carried,) = (await b.li.get(f"{office.path}/committee-decisions")).json()["decisions"]
    assert carried["item"] == room.items[0]


@pytest.mark.moment("founded")
async def test_agenda_notice_and_minutes_say_it(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    b, room = bureau, Room(bureau, owner)
    await become(owner, b.body, "局长办公会")
    await room.prepare()
    state = fold((each.record for each in await room.entries()), MeetingState())
    assert state.notice
    letter = Letter("局长办公会", "局长办公会议")
    for paper in (agenda_paper(state, letter), notice_paper(state, state.notice, letter)):
        assert str(list(paper)).count(DUE) == 5

    await room.gather()
    item = await room.discuss(0, b.lin)
    await room.vote(item, {})
    await room.decide(item, "passed")
    for left in room.items[1:]:
        await b.zhou.do(f"{room.path}/items/{left}/deferral", {"reason": "另议"})
    await b.zhou.do(f"{room.path}/adjournment")
    drafted = await b.li.do(f"{room.path}/minutes")
    document = (await b.li.get(f"{room.path}/minutes/{drafted['content']['minutes']}")).json()["document"]
    assert [each["committee"] for each in document["items"]] == [DUE, DUE, "", DUE, DUE], "人事议题只写决定"
    assert f"本议题{DUE}。" in str(list(blocks(msgspec.convert(document, Minutes))))
