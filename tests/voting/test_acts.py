"""The acts of a meeting at the rules' edges, over HTTP: arrivals and departures, recusals, handing over the chair."""

from datetime import datetime
from typing import Any, TypeAlias

import asyncpg
import pytest

from acts.folding import fold
from agenda.state import MeetingState
from storage import store
from tests.bureau import Bureau, Person, complete
from tests.test_one_meeting import MEETING, Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def in_session(bureau: Bureau, owner: Owner) -> Room:
    room = Room(bureau, owner)
    await room.prepare()
    await room.gather()
    return room


async def refusal(person: Person, path: str, json: Any = None) -> dict[str, Any]:
    answer = await person.post(path, json)
    assert answer.status_code >= 400, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def ask(person: Person, room: Room, what: str, whom: int | None, detail: str = "") -> str:
    """Ask for the chair's yes to a change of the meeting's people; return the path of the decision."""
    body = {"change": what, "person": whom, "detail": detail, "reason": "工作需要"}
    asked = await person.do(f"{room.path}/people-requests", body)
    return f"{room.path}/people-requests/{asked['content']['request']}/decision"


async def kinds(room: Room) -> list[str]:
    return [each.record.kind for each in await room.entries()]


async def finish(room: Room, keep: int = 0) -> dict[str, Any]:
    """Defer all items that are left, adjourn, and return the draft's document."""
    b = room.bureau
    for item in room.items:
        await b.zhou.post(f"{room.path}/items/{item}/deferral", {"reason": "留待下次"})
    await b.zhou.do(f"{room.path}/adjournment")
    drafted = await b.li.do(f"{room.path}/minutes")
    answer = await b.li.get(f"{room.path}/minutes/{drafted['content']['minutes']}")
    assert answer.is_success, answer.text
    document: dict[str, Any] = answer.json()["document"]
    return document


async def test_a_chair_who_is_related_hands_the_chair_over(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    await owner.execute(
        "INSERT INTO kinships (body_id, type, a, b) VALUES ($1, 'sibling', $2, $3)",
        b.body, b.kin["zhou"], b.kin["candidate"],
    )  # fmt: skip
    room = await in_session(b, owner)
    item = f"{room.path}/items/{room.items[2]}"
    said = await refusal(b.li, f"{item}/presentation", {"presenter": b.chen.id})
    assert said["rule"] == "recusal.related"
    assert "委托其他成员主持" in said["detail"]

    chair = f"{room.path}/chair"
    assert await b.lin.refused(chair, {"person": b.lin.id, "reason": "我来"}) == "access.role"
    assert await b.li.refused(chair, {"person": b.lin.id, "reason": "代记"}) == "access.role"
    assert await b.zhou.refused(chair, {"person": b.xu.id, "reason": "回避"}) == "input.invalid"
    assert await b.zhou.refused(chair, {"person": b.tang.id, "reason": "回避"}) == "input.invalid"
    assert await b.zhou.refused(chair, {"person": b.zhou.id, "reason": "回避"}) == "state.wrong"
    await b.zhou.do(chair, {"person": b.zheng.id, "reason": "回避"})
    # 郑凯 is a cousin of the candidate and cannot take the chair either.
    assert await b.li.refused(f"{item}/presentation", {"presenter": b.chen.id}) == "recusal.related"
    await b.zhou.do(chair, {"person": b.lin.id, "reason": "本人回避"})
    # A member who must leave or is not there cannot present it either.
    for presenter, rule in ((b.zheng, "recusal.related"), (b.xu, "input.invalid")):
        assert await b.li.refused(f"{item}/presentation", {"presenter": presenter.id}) == rule

    item = await room.discuss(2, b.chen)
    assert await b.zhou.refused(f"{item}/votes") == "access.role"
    assert await b.zhou.refused(chair, {"person": b.zhou.id, "reason": "收回"}) == "recusal.related"
    opened = (await b.lin.do(f"{item}/votes"))["content"]
    assert opened["recused"] == sorted([b.zhou.id, b.zheng.id])
    assert opened["quorum"] == {"present": 6, "needed": 6, "base": 9, "met": True}
    vote = f"{room.path}/votes/{opened['vote']}"
    assert await b.lin.refused(f"{vote}/ballots", {"choice": "yes"}) == "vote.chair_last"
    for person in (b.he, b.chen, b.ma, b.sun, b.wu, b.lin):
        await person.do(f"{vote}/ballots", {"choice": "yes"})
    await b.lin.do(f"{vote}/close", {})
    await b.lin.do(f"{item}/decision", {"outcome": "passed"})
    await b.zhou.do(chair, {"person": b.zhou.id, "reason": "收回主持"})
    document = await finish(room)
    state: MeetingState = fold([each.record for each in await room.entries()], MeetingState())
    assert [state.items[each].acting for each in room.items] == [None, None, b.lin.id, None, None]
    # Of a personnel item the minutes have the decision alone; who presided over it stands in the proceedings.
    minuted = document["items"][2]
    assert (minuted["decision"]["outcome"], minuted["chair"], minuted["rounds"]) == ("passed", "", [])


@pytest.mark.moment("in_session")
async def test_a_chair_called_away_leaves_the_meeting_a_chair(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    item = await room.discuss(0, b.lin)
    opened = (await b.zhou.do(f"{item}/votes"))["content"]
    vote = f"{room.path}/votes/{opened['vote']}"
    await b.lin.do(f"{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{room.path}/departures", {"person": b.zhou.id})
    said = await refusal(b.zhou, f"{vote}/close", {"confirm_outstanding": True})
    assert (said["rule"], "不在会场" in said["detail"]) == ("state.wrong", True)
    await b.li.do(f"{room.path}/chair", {"person": b.lin.id, "reason": "局长因急事离会，电话委托"})
    # The roll and its chair are those of the opening: 林静's ballot does not end the voting.
    for person in (b.he, b.chen, b.ma, b.sun, b.wu, b.zheng):
        await person.do(f"{vote}/ballots", {"choice": "yes"})
    assert await b.lin.refused(f"{vote}/close", {}) == "vote.outstanding"
    closed = (await b.lin.do(f"{vote}/close", {"confirm_outstanding": True}))["content"]
    assert (closed["outstanding"], closed["result"]) == ([b.zhou.id], "passed")
    await b.lin.do(f"{item}/decision", {"outcome": "passed"})
    for other in room.items[1:]:
        await b.lin.do(f"{room.path}/items/{other}/deferral", {"reason": "留待下次"})
    await b.lin.do(f"{room.path}/adjournment")
    # The person who presides signs the minutes.
    drafted = await b.li.do(f"{room.path}/minutes")
    minutes = f"{room.path}/minutes/{drafted['content']['minutes']}"
    version = {"version": await complete(b.li, minutes)}
    await b.jiang.do(f"{minutes}/office-review", version)
    await b.wu.do(f"{minutes}/deputy-review", version)
    assert await b.lin.refused(f"{minutes}/signature", version) == "access.role"
    await b.zhou.do(f"{minutes}/signature", version)
    document = (await b.li.get(minutes)).json()["document"]
    assert (document["chair"]["name"], document["items"][0]["chair"]) == ("周启明", "林静")
    assert document["present"][0]["note"].endswith("离会")


@pytest.mark.moment("in_session")
async def test_one_who_never_votes_cannot_keep_the_chair_from_voting(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    item = await room.discuss(0, b.lin)
    opened = (await b.zhou.do(f"{item}/votes"))["content"]
    vote = f"{room.path}/votes/{opened['vote']}"
    for person in (b.lin, b.he, b.chen, b.ma):
        await person.do(f"{vote}/ballots", {"choice": "yes", "confirm_outstanding": True})
    await b.sun.do(f"{room.path}/departures", {"person": b.sun.id})
    said = await refusal(b.zhou, f"{vote}/ballots", {"choice": "yes"})
    waiting = [str(person.id) for person in (b.sun, b.wu, b.zheng)]
    assert (said["rule"], said["facts"]["outstanding"]) == ("vote.chair_last", waiting)
    cast = (await b.zhou.do(f"{vote}/ballots", {"choice": "yes", "confirm_outstanding": True}))["content"]
    assert cast["outstanding"] == [b.sun.id, b.wu.id, b.zheng.id]
    await b.li.do(f"{room.path}/arrivals", {"person": b.sun.id})
    for late in (b.sun, b.wu):
        said = await refusal(late, f"{vote}/ballots", {"choice": "no"})
        assert said["rule"] == "vote.chair_last"
        assert "未表决" in said["detail"]
    assert await b.lin.refused(f"{vote}/ballots", {"choice": "no"}) == "vote.changed"
    assert await b.zhou.refused(f"{vote}/close", {}) == "vote.outstanding"
    closed = (await b.zhou.do(f"{vote}/close", {"confirm_outstanding": True}))["content"]
    assert closed["tally"] == {"yes": 5, "no": 0, "abstain": 0, "defer": 0, "not_voted": 3}


@pytest.mark.moment("in_session")
async def test_who_leaves_during_a_vote_votes_once_back(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    item = await room.discuss(2, b.chen)
    opened = (await b.zhou.do(f"{item}/votes"))["content"]
    vote = f"{room.path}/votes/{opened['vote']}"
    await b.lin.do(f"{room.path}/departures", {"person": b.lin.id})
    said = await refusal(b.lin, f"{vote}/ballots", {"choice": "yes"})
    assert (said["rule"], "已离开会场" in said["detail"]) == ("vote.absent", True)
    await b.li.do(f"{room.path}/arrivals", {"person": b.lin.id})
    await b.lin.do(f"{vote}/ballots", {"choice": "yes"})
    # A recused member in the room is refused as recused, outside it as absent.
    assert await b.zheng.refused(f"{vote}/ballots", {"choice": "yes"}) == "vote.recused"
    await b.zheng.do(f"{room.path}/departures", {"person": b.zheng.id})
    assert await b.zheng.refused(f"{vote}/ballots", {"choice": "yes"}) == "vote.absent"
    # A latecomer votes from the next item on.
    await b.li.do(f"{room.path}/arrivals", {"person": b.xu.id})
    said = await refusal(b.xu, f"{vote}/ballots", {"choice": "yes"})
    assert (said["rule"], "下一项" in said["detail"]) == ("vote.absent", True)
    for person in (b.he, b.chen, b.ma, b.sun, b.wu, b.zhou):
        await person.do(f"{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{vote}/close", {})
    # The rule refuses with its reason, before the database would.
    for outcome, rule, words in (
        ("amended", "decision.reason", "说明理由"),
        ("not_passed", "decision.majority", "少数"),
    ):
        said = await refusal(b.zhou, f"{item}/decision", {"outcome": outcome, "reason": " "})
        assert (said["rule"], said["facts"]) == (rule, {"result": "passed", "outcome": outcome})
        assert words in said["detail"]
    await b.zhou.do(f"{item}/decision", {"outcome": "passed"})
    item = await room.discuss(3, b.wu)
    assert b.xu.id in (await b.zhou.do(f"{item}/votes"))["content"]["roll"]


@pytest.mark.moment("in_session")
async def test_a_vote_that_loses_its_quorum_is_void_and_taken_again(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    item = await room.discuss(0, b.lin)
    opened = (await b.zhou.do(f"{item}/votes"))["content"]
    vote = f"{room.path}/votes/{opened['vote']}"
    await b.zheng.do(f"{vote}/ballots", {"choice": "yes"})
    gone = (b.lin, b.he, b.chen, b.ma, b.zheng)
    for person in gone:
        await person.do(f"{room.path}/departures", {"person": person.id})
    # 许文博 comes during the vote, is not on the roll but in the room, and the opinion on the item still stands.
    await b.li.do(f"{room.path}/arrivals", {"person": b.xu.id})
    closed = await b.zhou.do(f"{vote}/close", {"confirm_outstanding": True})
    assert (closed["kind"], closed["content"]["rule"]) == ("vote.voided", "quorum.lost")
    assert closed["content"]["quorum"] == {"present": 4, "needed": 5, "base": 9, "met": False}
    assert (await kinds(room))[-2:] == ["vote.voided", "opinion.voided"]
    assert await b.zhou.refused(f"{item}/votes") == "quorum.general"
    await b.li.do(f"{room.path}/arrivals", {"person": b.lin.id})
    again = (await b.zhou.do(f"{item}/votes"))["content"]
    assert again["round"] == 2
    assert again["roll"] == sorted(person.id for person in (b.zhou, b.lin, b.sun, b.wu, b.xu))
    vote = f"{room.path}/votes/{again['vote']}"
    for person in (b.lin, b.sun, b.wu, b.xu, b.zhou):
        await person.do(f"{vote}/ballots", {"choice": "yes"})
    closed = (await b.zhou.do(f"{vote}/close", {}))["content"]
    assert (closed["quorum"]["present"], closed["result"]) == (5, "passed")
    await b.zhou.do(f"{item}/decision", {"outcome": "passed"})
    document = await finish(room)
    first, second = document["items"][0]["rounds"]
    # 许文博 was on leave until after the first vote opened.
    assert [row["mark"] for row in first["rows"]] == [*["not_voted"] * 7, "yes", "on_leave"]
    assert [row["mark"] for row in second["rows"]] == [
        "yes", "yes", "absent", "absent", "absent", "yes", "yes", "absent", "yes",
    ]  # fmt: skip
    assert (first["present"], first["closing"], second["present"], second["closing"]) == (8, 4, 5, 5)
    assert first["void"]
    (opinion,) = document["items"][0]["written"]
    assert (opinion["void"], opinion["read"]) == (True, True)
    assert document["present"][8]["note"].endswith("到会")
    assert document["on_leave"] == document["absent"] == []


@pytest.mark.moment("in_session")
async def test_kinship_that_comes_on_record_late_is_asked_when_the_vote_opens(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    item = await room.discuss(2, b.chen)
    relation = {"type": "spouse", "a": b.kin["lin"], "b": b.kin["candidate"]}
    change = (await refusal(b.li, f"/api/bodies/{b.body}/kinship", relation))["facts"]["change"]
    await b.zhou.do(await ask(b.li, room, "kinship.recorded", None, change), {"allowed": True})
    await b.li.do(f"/api/bodies/{b.body}/kinship", relation)
    said = await refusal(b.zhou, f"{item}/votes")
    assert (said["rule"], said["facts"]["members"]) == ("recusal.related", [str(b.lin.id)])
    assert "林静与郑晓楠系夫妻关系" in said["detail"]
    await b.zhou.do(f"{item}/recusals", {"person": b.lin.id, "reason": "配偶"})
    opened = (await b.zhou.do(f"{item}/votes"))["content"]
    assert opened["recused"] == sorted([b.lin.id, b.zheng.id])


@pytest.mark.moment("in_session")
async def test_opinions_in_writing(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    opinions = [f"{room.path}/items/{item}/opinions" for item in room.items]
    # A recused member gives no opinion, and an earlier one is neither read out nor weighed.
    await b.xu.do(opinions[3], {"choice": "yes", "text": "同意。"})
    item = f"{room.path}/items/{room.items[3]}"
    await b.zhou.do(f"{item}/recusals", {"person": b.xu.id, "reason": "曾任该单位负责人"})
    assert await b.xu.refused(opinions[3], {"choice": "no", "text": "反对。"}) == "recusal.declared"
    await room.discuss(3, b.wu)
    assert await b.li.refused(f"{item}/opinions/read-out", {"person": b.xu.id}) == "recusal.declared"
    ready = (await b.zhou.get(f"{item}/readiness")).json()
    assert (ready["refusals"], ready["positions"]["yes"]) == ([], 0)
    await b.zhou.do(f"{item}/put-off", {"reason": "再议"})
    # An opinion is void once its author is present and stays so after they leave; they may give a new one.
    await b.li.do(f"{room.path}/arrivals", {"person": b.xu.id})
    assert await b.xu.refused(opinions[1], {"choice": "no", "text": ""}) == "state.wrong"
    await b.xu.do(f"{room.path}/departures", {"person": b.xu.id})
    item = f"{room.path}/items/{room.items[1]}"
    await b.li.do(f"{item}/presentation", {"presenter": b.he.id})
    await b.li.do(f"{item}/speeches", {"person": b.he.id, "summary": "介绍。"})
    await b.li.do(f"{item}/discussion-close")
    ready = (await b.zhou.get(f"{item}/readiness")).json()
    assert (ready["refusals"], ready["positions"]) == ([], {"yes": 0, "no": 0, "close": False})
    said = await refusal(b.li, f"{item}/opinions/read-out", {"person": b.xu.id})
    assert (said["rule"], "因本人到会而失效" in said["detail"]) == ("state.wrong", True)
    await b.xu.do(opinions[1], {"choice": "no", "text": "有新情况。"})
    said = await refusal(b.zhou, f"{item}/votes")
    assert (said["rule"], said["facts"]["unread"]) == ("vote.not_discussed", [str(b.xu.id)])
    assert "许文博" in said["detail"]
    await b.li.do(f"{item}/opinions/read-out", {"person": b.xu.id})
    ready = (await b.zhou.get(f"{item}/readiness")).json()
    assert (ready["refusals"], ready["positions"]) == ([], {"yes": 0, "no": 1, "close": True})


@pytest.mark.moment("noticed")
async def test_a_member_who_joined_after_the_notice_counts_in_n(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    # 唐宁 becomes a member, 郑凯 ceases to be one: N counts the members as they stand at the call to order.
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": b.tang.id, "role": "member"})
    await b.li.do(f"{room.path}/leaves", {"person": b.xu.id, "reason": "外出学习"})
    await owner.execute("DELETE FROM grants WHERE person_id = $1 AND role = 'member'", b.zheng.id)
    await store.set_clock(owner, datetime.fromisoformat(MEETING))
    for person in (b.zhou, b.lin, b.he, b.chen, b.ma, b.sun, b.wu):
        await b.li.do(f"{room.path}/arrivals", {"person": person.id})
    called = (await b.zhou.do(f"{room.path}/call"))["content"]
    assert called["n"] == 9
    item = f"{room.path}/items/{room.items[0]}"
    presented = f"{item}/presentation", {"presenter": b.lin.id}
    said = await refusal(b.li, *presented)
    assert [each["rule"] for each in said["refusals"]] == ["notice.missing"]
    assert "唐宁" in said["detail"]
    assert await b.zheng.refused(f"{item}/opinions", {"choice": "no", "text": ""}) == "unknown"
    # A person who becomes a member after it does not count, and is no member of this meeting.
    await b.zhou.do(await ask(b.admin, room, "role.granted", b.jiang.id, "member"), {"allowed": True})
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": b.jiang.id, "role": "member"})
    assert await b.jiang.refused(f"{item}/opinions", {"choice": "no", "text": ""}) == "access.role"
    assert (await refusal(b.li, *presented))["facts"]["missing"] == [str(b.tang.id)]
    document = await finish(room)
    assert document["formal"] == 9
    assert [person["name"] for person in document["absent"]] == ["唐宁"]
    assert [person["name"] for person in document["on_leave"]] == ["许文博"]
    assert document["notice"] is None
    assert [each["title"] for each in document["attempts"]] == ["2026年度部门预算执行调整方案"]


async def test_a_late_delivery_is_late_on_the_record(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    await room.draft()
    await b.approve_agenda(room.path)
    await b.li.do(f"{room.path}/notice")
    in_time, late = b.members[:7], b.members[7:]
    await b.li.do(f"{room.path}/deliveries", {"people": [each.id for each in in_time], "method": "phone"})
    await store.set_clock(owner, datetime.fromisoformat("2026-01-13T08:00:00+08:00"))
    people = [*(each.id for each in late), b.tang.id]
    await b.li.do(f"{room.path}/deliveries", {"people": people, "method": "phone"})
    records = [each.record.content for each in await room.entries() if each.record.kind == "notice.delivered"]
    # 唐宁 attends, and need not have notice ahead.
    assert {each["person"] for each in records if each["late"]} == {each.id for each in late}
    assert len(records) == 10


async def test_what_keeps_a_vote_shut_one_by_one(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    await room.draft()
    # The notice goes out without the personnel papers; 林静 stands in for 何志远.
    await b.li.do(f"{room.path}/items/{room.items[2]}/materials", {"complete": False})
    project = {"title": "绕城公路改造工程立项", "category": "project", "motion": "提请审议。", "subjects": []}
    deputy = {"in_charge": b.he.id, "deputy_in_charge": b.lin.id}
    await b.li.do(f"{room.path}/items/{room.items[1]}", project | deputy)
    await room.prepare()
    await room.gather()
    item = f"{room.path}/items/{room.items[2]}"
    said = await refusal(b.zhou, f"{item}/votes")
    assert [each["rule"] for each in said["refusals"]] == ["personnel.materials", "vote.not_discussed"]
    assert said["refusals"][1]["facts"]["presented"] is False
    assert await b.li.refused(f"{item}/presentation", {"presenter": b.chen.id}) == "personnel.materials"
    await b.zhou.do(f"{item}/deferral", {"reason": "材料不齐"})

    await b.he.do(f"{room.path}/departures", {"person": b.he.id})
    item = await room.discuss(1, b.lin)
    opened = (await b.zhou.do(f"{item}/votes"))["content"]  # the deputy serves
    assert await b.zhou.refused(f"{item}/votes") == "vote.item_by_item"
    other = f"{room.path}/items/{room.items[3]}"
    assert await b.li.refused(f"{other}/presentation", {"presenter": b.wu.id}) == "vote.item_by_item"
    vote = f"{room.path}/votes/{opened['vote']}"
    assert await b.lin.refused(f"{vote}/ballots", {"choice": "defer"}) == "vote.choice"
    for late in (f"{item}/recusals", f"{item}/opinions"):
        json = {"reason": "另有利益"} if "recusals" in late else {"choice": "no", "text": ""}
        assert await b.xu.refused(late, json) == "state.wrong"  # not during the vote


@pytest.mark.moment("noticed")
async def test_called_to_order_by_a_chair_who_is_there_with_half_of_n(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    await store.set_clock(owner, datetime.fromisoformat(MEETING))
    for person in (b.lin, b.he, b.chen, b.ma):
        await b.li.do(f"{room.path}/arrivals", {"person": person.id})
    assert await b.zhou.refused(f"{room.path}/check-in", {"code": "000000"}) == "presence.code"
    assert await b.zhou.refused(f"{room.path}/call") == "state.wrong"
    await b.lin.do(f"{room.path}/departures", {"person": b.lin.id})
    assert await b.lin.refused(f"{room.path}/departures", {"person": b.he.id}) == "access.role"
    await b.li.do(f"{room.path}/arrivals", {"person": b.zhou.id})
    said = await refusal(b.zhou, f"{room.path}/call")
    assert (said["rule"], said["facts"]) == ("quorum.general", {"present": 4, "needed": 5, "base": 9})
    await b.li.do(f"{room.path}/arrivals", {"person": b.lin.id})
    assert (await b.zhou.do(f"{room.path}/call"))["content"]["n"] == 9


@pytest.mark.moment("in_session")
async def test_only_who_is_there_and_free_takes_part(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    item = await room.discuss(2, b.chen)
    for path, more in (("speeches", {"summary": "同意。"}), ("positions", {"position": "yes"})):
        assert await b.li.refused(f"{item}/{path}", {"person": b.xu.id, **more}) == "input.invalid"
        assert await b.li.refused(f"{item}/{path}", {"person": b.zheng.id, **more}) == "recusal.related"
    assert await b.li.refused(f"{item}/positions", {"person": b.tang.id, "position": "yes"}) == "input.invalid"
    assert await b.lin.refused(f"{item}/recusals", {"person": b.he.id, "reason": "另有利益"}) == "access.role"
    assert await b.xu.refused(f"{item}/put-off", {"reason": "再议"}) == "access.role"
    assert await b.zhou.refused(f"{item}/put-off", {"reason": " "}) == "decision.reason"
    assert await b.zhou.refused(f"{item}/deferral", {"reason": "　"}) == "agenda.locked"


@pytest.mark.moment("noticed")
async def test_a_related_member_writes_no_opinion(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    item = f"{room.path}/items/{room.items[2]}"
    assert await b.zheng.refused(f"{item}/opinions", {"choice": "yes", "text": "同意。"}) == "recusal.related"


@pytest.mark.moment("noticed")
async def test_notice_is_given_in_time_or_not_at_all(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = Room(b, owner)
    await b.li.do(f"{room.path}/deliveries", {"people": [b.tang.id, b.zhao.id], "method": "phone"})
    notice = f"{room.path}/notice"
    await b.li.do(f"{notice}/withdrawal", {"reason": "改期"})
    await store.set_clock(owner, datetime.fromisoformat("2026-01-12T23:59:00+08:00"))
    await b.approve_agenda(room.path)
    await b.li.do(notice)
    people = [member.id for member in b.members]
    await b.li.do(f"{room.path}/deliveries", {"people": [*people, b.tang.id], "method": "electronic"})
    await room.gather()
    item = await room.discuss(3, b.wu)
    await room.vote(item, {})
    await room.decide(item, "passed")
    document = await finish(room)
    # The sentence on the notice counts formal members; 唐宁, who attends, had it too.
    assert len(document["notice"]["deliveries"]) == 9
    assert document["notice"]["papers"] == "some"

    b.meeting, b.items = 0, ()  # another meeting
    later = Room(b, owner)
    await later.draft()
    await b.approve_agenda(later.path)
    await store.set_clock(owner, datetime.fromisoformat("2026-01-13T08:00:00+08:00"))
    said = await refusal(b.li, f"{later.path}/notice")
    assert (said["rule"], said["facts"]["earliest"]) == ("notice.lead", "2026-01-14")


@pytest.mark.moment("in_session")
async def test_a_motion_names_its_mover_and_stands_once(bureau: Bureau, owner: Owner) -> None:
    """The secretary names the mover, anybody else moves in their own name; a repetition adds no line."""
    b, room = bureau, Room(bureau, owner)
    motions = f"{room.path}/motions"
    for person in (b.zhou, b.ma):
        said = await refusal(person, motions, {"title": "购置公务用车", "mover": b.lin.id})
        assert (said["rule"], "请秘书登记" in said["detail"]) == ("access.role", True)
    for person, motion in (
        (b.li, {"title": "购置公务用车", "mover": b.lin.id}),
        (b.lin, {"title": "购置公务用车"}),
        (b.lin, {"title": "购置公务用车", "mover": b.lin.id}),
        (b.ma, {"title": "购置公务用车"}),
        (b.ma, {"title": "更换办公家具"}),
    ):
        assert await person.refused(motions, motion) == "agenda.ad_hoc"
    entries = await room.entries()
    assert [each.record.kind for each in entries].count("rule.refused") == 5
    state: MeetingState = fold([each.record for each in entries], MeetingState())
    assert [(each.motion, each.times) for each in state.refusals.values()] == [
        (("购置公务用车", b.lin.id), 3),
        (("购置公务用车", b.ma.id), 1),
        (("更换办公家具", b.ma.id), 1),
    ]
    assert [(each["title"], each["who"]) for each in (await finish(room))["attempts"]] == [
        ("购置公务用车", "林静"),
        ("购置公务用车", "马腾"),
        ("更换办公家具", "马腾"),
    ]
