"""A slip of the hand can be put right: a correction names its record; what followed from the mistake comes back."""

from typing import Any, TypeAlias

import asyncpg
import pytest

from acts.folding import fold
from agenda.state import MeetingState
from minutes.prints.corrected import as_corrected
from minutes.prints.meeting import until_adjourned
from tests.bureau import Bureau, complete
from tests.test_one_meeting import Room
from tests.voting.test_acts import finish, refusal

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def state_of(room: Room) -> MeetingState:
    state: MeetingState = fold([each.record for each in await room.entries()], MeetingState())
    return state


@pytest.mark.moment("in_session")
async def test_one_wrong_click_on_checking_in_voids_no_opinion_for_good(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    path = f"{room.path}/presence/correction"
    arrived = await b.li.do(f"{room.path}/arrivals", {"person": b.xu.id})
    wrong = {"person": b.xu.id, "corrects": arrived["seq"]}
    state = await state_of(room)
    assert [state.items[item].opinions[b.xu.id].void for item in room.items[:2]] == [True, True]
    # The desk's entry is the secretary's to correct; another record than the one that stands is nobody's.
    assert (await refusal(b.zhou, path, wrong))["rule"] == "access.role"
    assert (await refusal(b.xu, path, wrong))["rule"] == "access.role"
    assert (await refusal(b.li, path, {**wrong, "corrects": arrived["seq"] - 1}))["rule"] == "state.wrong"
    corrected = await b.li.do(path, wrong)
    assert (corrected["kind"], corrected["content"]["corrects"]) == ("presence.corrected", arrived["seq"])
    # 许文博 is on leave again, as before, and both opinions stand and are read out and weighed.
    state = await state_of(room)
    note = state.presence[b.xu.id]
    assert (note.state, note.reason, note.by) == ("on_leave", "外出学习", b.li.id)
    assert [state.items[item].opinions[b.xu.id].void for item in room.items[:2]] == [False, False]
    item = await room.discuss(0, b.lin)
    assert (await b.zhou.get(f"{item}/readiness")).json()["positions"] == {"yes": 0, "no": 1, "close": True}
    closed = await room.vote(item, {})
    assert closed["tally"]["not_voted"] == 0
    await room.decide(item, "passed")
    document = await finish(room)
    assert [each["name"] for each in document["on_leave"]] == ["许文博"]
    assert [(each["void"], each["read"]) for each in document["items"][0]["written"]] == [(False, True)]
    assert document["items"][0]["rounds"][0]["rows"][8]["mark"] == "on_leave"


@pytest.mark.moment("in_session")
async def test_the_same_slip_twice_is_put_right_twice(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    for _ in range(2):
        arrived = await b.li.do(f"{room.path}/arrivals", {"person": b.xu.id})
        await b.li.do(f"{room.path}/presence/correction", {"person": b.xu.id, "corrects": arrived["seq"]})
    state = await state_of(room)
    assert (state.presence[b.xu.id].state, state.presence[b.xu.id].reason) == ("on_leave", "外出学习")
    assert [state.items[item].opinions[b.xu.id].void for item in room.items[:2]] == [False, False]


@pytest.mark.moment("in_session")
async def test_a_leaving_is_put_right_by_the_secretary(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    path = f"{room.path}/presence/correction"
    mine = await b.ma.do(f"{room.path}/departures", {"person": b.ma.id})
    mistake = {"person": b.ma.id, "corrects": mine["seq"]}
    said = await refusal(b.ma, path, mistake)  # else one could leave, and be present from elsewhere
    assert (said["rule"], "重新签到" in said["detail"]) == ("access.role", True)
    before = (await state_of(room)).presence[b.lin.id]
    await b.li.do(path, mistake)
    theirs = await b.li.do(f"{room.path}/departures", {"person": b.lin.id})
    assert (await refusal(b.lin, path, {"person": b.lin.id, "corrects": theirs["seq"]}))["rule"] == "access.role"
    await b.li.do(path, {"person": b.lin.id, "corrects": theirs["seq"]})
    state = await state_of(room)
    assert state.presence[b.lin.id] == before
    assert state.presence[b.ma.id].method == "code"
    own = {"person": b.sun.id, "corrects": state.presence[b.sun.id].seq}
    assert (await refusal(b.li, path, own))["rule"] == "access.role"  # one's own check-in is one's own
    await b.sun.do(path, own)
    await b.li.do(f"{room.path}/arrivals", {"person": b.sun.id})
    document = await finish(room)
    assert {each["name"]: each["note"] for each in document["present"] if each["note"]} == {"孙雅琴": "9:00到会"}


@pytest.mark.moment("in_session")
async def test_an_opinion_written_while_marked_as_gone_falls_with_the_mistake(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    gone = await b.li.do(f"{room.path}/departures", {"person": b.ma.id})
    item = room.items[3]
    await b.ma.do(f"{room.path}/items/{item}/opinions", {"choice": "no", "text": "不妥。"})
    await b.li.do(f"{room.path}/presence/correction", {"person": b.ma.id, "corrects": gone["seq"]})
    assert (await state_of(room)).items[item].opinions[b.ma.id].void


@pytest.mark.moment("in_session")
async def test_speeches_and_positions_are_put_right(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    item = f"{room.path}/items/{room.items[4]}"
    await b.li.do(f"{item}/presentation", {"presenter": b.ma.id})
    first = await b.li.do(f"{item}/speeches", {"person": b.ma.id, "summary": "作了汇报。"})
    second = await b.li.do(f"{item}/speeches", {"person": b.he.id, "summary": "赞成。"})
    third = await b.zhou.do(f"{item}/speeches", {"person": b.wu.id, "summary": "重复登记。"})
    right = {"corrects": second["seq"], "person": b.sun.id, "summary": "赞成本方案。"}
    assert (await refusal(b.zhou, f"{item}/speeches/correction", right))["rule"] == "access.role"
    assert (await refusal(b.he, f"{item}/speeches/correction", right))["rule"] == "access.role"
    await b.li.do(f"{item}/speeches/correction", right)
    await b.zhou.do(f"{item}/recusals", {"person": b.zheng.id, "reason": "另有利益"})
    recused = {**right, "corrects": first["seq"], "person": b.zheng.id}
    assert (await refusal(b.li, f"{item}/speeches/correction", recused))["rule"] == "recusal.declared"
    struck = {"corrects": third["seq"], "person": b.wu.id, "summary": "", "struck": True}
    await b.zhou.do(f"{item}/speeches/correction", struck)  # what the chair entered
    told_first = await b.li.do(f"{item}/positions", {"person": b.he.id, "position": "yes"})
    await b.li.do(f"{item}/positions", {"person": b.chen.id, "position": "defer"})
    right = {"person": b.he.id, "corrects": told_first["seq"], "position": "no"}
    corrected = await b.li.do(f"{item}/positions/correction", right)
    assert (await refusal(b.li, f"{item}/positions/correction", right))["rule"] == "state.wrong"
    positions = (await state_of(room)).items[room.items[4]].positions
    assert positions == {b.he.id: "no", b.chen.id: "defer"}
    await b.li.do(f"{item}/discussion-close")
    # Also after the vote, until the minutes are submitted: 何志远 voiced none.
    await room.vote(item, {})
    await room.decide(item, "passed")
    document = await finish(room)
    await b.li.do(f"{item}/positions/correction", {**right, "corrects": corrected["seq"], "position": "none"})
    state = await state_of(room)
    assert state.items[room.items[4]].positions == {b.chen.id: "defer"}
    minutes = f"{room.path}/minutes/{next(iter(state.minutes))}"
    document = (await b.li.get(minutes)).json()["document"]
    spoken: list[dict[str, Any]] = document["items"][4]["discussion"]
    assert [(each["speaker"], each["text"]) for each in spoken] == [("马腾", "作了汇报。"), ("孙雅琴", "赞成本方案。")]
    assert document["items"][4]["positions"] == [{"name": "陈卫国", "choice": "defer"}]
    book = [each for each in until_adjourned(await room.entries()) if each.record.content.get("item") == room.items[4]]
    told = [(each.record.kind, each.record.content) for each in as_corrected(book)]
    speeches = [(content["person"], content["summary"]) for kind, content in told if kind == "item.spoken"]
    assert speeches == [(b.ma.id, "作了汇报。"), (b.sun.id, "赞成本方案。")]
    voiced = [(content["person"], content["position"]) for kind, content in told if kind == "position.voiced"]
    assert voiced == [(b.chen.id, "defer")]
    assert not [kind for kind, _ in told if kind.endswith(".corrected")]
    await b.jiang.do(f"{minutes}/office-review", {"version": await complete(b.li, minutes)})
    late = {"corrects": first["seq"], "person": b.ma.id, "summary": "改。"}
    said = await refusal(b.li, f"{item}/speeches/correction", late)
    assert (said["rule"], "退回会议纪要" in said["detail"]) == ("state.wrong", True)


@pytest.mark.moment("in_session")
async def test_the_chair_takes_a_position_last(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    item = f"{room.path}/items/{room.items[2]}"  # 郑凯 is recused, 许文博 is away
    await b.li.do(f"{item}/presentation", {"presenter": b.chen.id})
    await b.li.do(f"{item}/speeches", {"person": b.chen.id, "summary": "作了汇报。"})
    for person in (b.lin, b.he, b.ma, b.sun):
        await b.li.do(f"{item}/positions", {"person": person.id, "position": "yes"})
    said = await refusal(b.li, f"{item}/positions", {"person": b.zhou.id, "position": "yes"})
    assert (said["rule"], said["facts"]["outstanding"]) == ("vote.chair_last", [str(b.wu.id)])
    await b.li.do(f"{item}/speeches", {"person": b.wu.id, "summary": "没有意见。"})
    await b.li.do(f"{item}/positions", {"person": b.zhou.id, "position": "yes"})
    await b.li.do(f"{item}/positions", {"person": b.wu.id, "position": "defer"})


@pytest.mark.moment("drafted")
async def test_a_delivery_is_put_right(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await b.approve_agenda(room.path)
    await b.li.do(f"{room.path}/notice")
    path = f"{room.path}/deliveries/correction"
    one = await b.li.do(f"{room.path}/deliveries", {"person": b.lin.id, "method": "electronic"})
    other = await b.li.do(f"{room.path}/deliveries", {"person": b.he.id, "method": "electronic"})
    right = {"person": b.lin.id, "corrects": one["seq"], "method": "phone"}
    assert (await refusal(b.lin, path, right))["rule"] == "access.role"
    await b.li.do(path, right)
    await b.li.do(path, {"person": b.he.id, "corrects": other["seq"], "method": "none"})
    assert await b.he.refused(f"{room.path}/acknowledgement") == "state.wrong"
    notice = (await state_of(room)).notice
    assert notice is not None
    assert {who: each.method for who, each in notice.deliveries.items()} == {b.lin.id: "phone"}
    await b.li.do(f"{room.path}/deliveries", {"person": b.he.id, "method": "in_person"})
    await b.lin.do(f"{room.path}/acknowledgement")
    said = await refusal(b.li, path, {"person": b.lin.id, "corrects": one["seq"], "method": "none"})
    assert (said["rule"], "已签收" in said["detail"]) == ("state.wrong", True)
