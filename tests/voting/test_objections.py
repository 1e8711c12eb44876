"""An objection of the observer: the right to raise it, its time, its readers, and its place in the minutes."""

from typing import Any, TypeAlias

import asyncpg

from tests.bureau import Bureau, issue
from tests.test_one_meeting import PDF, Room
from tests.voting.test_acts import finish, in_session

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_only_the_observer_objects_and_only_to_this_meeting(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.plan()
    path, said = f"{room.path}/objections", {"text": "议程未含风险评估。"}
    assert await b.zhao.refused(path, said) == "state.wrong"  # there is no notice yet to object to
    await room.prepare()
    for key in ("li", "zhou", "lin", "tang", "hall", "admin"):
        assert await b.people[key].refused(path, said) in ("access.role", "unknown"), key
    assert await b.zhao.refused(path, {**said, "item": room.items[-1] + 1}) == "unknown"
    for text in ("", "  ", "长" * 20001):
        assert await b.zhao.refused(path, {"text": text}) == "input.invalid"
    receipt = await b.zhao.do(path, {**said, "item": room.items[0]})
    assert (receipt["kind"], receipt["content"]) == ("objection.raised", {**said, "item": room.items[0]})


async def test_it_acts_on_nothing_and_the_minutes_print_it(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, await in_session(bureau, owner)
    item = await room.discuss(0, b.lin)
    opened = await b.zhou.do(f"{item}/votes")
    vote = f"{room.path}/votes/{opened['content']['vote']}"
    await b.zhao.do(f"{room.path}/objections", {"item": room.items[0], "text": "讨论中一名成员未发言"})
    for member in sorted(b.members, key=lambda each: each.key == "zhou"):
        if member.key != "xu":
            await member.do(f"{vote}/ballots", {"choice": "yes"})
    assert (await b.zhou.do(f"{vote}/close", {}))["content"]["result"] == "passed"
    await room.decide(item, "passed")
    document = await finish(room)
    minutes = f"{room.path}/minutes/{await owner.fetchval('SELECT id FROM minutes')}"
    await b.approve(minutes)
    await b.zhao.do(f"{room.path}/objections", {"text": "会议记录应补充表态顺序。"})  # even after the signature
    await issue(b.li, minutes)
    assert await b.zhao.refused(f"{room.path}/objections", {"text": "迟到的意见"}) == "state.wrong"
    printed = (await b.lin.get(minutes)).json()["document"]["objections"]
    assert [(each["title"], each["text"]) for each in printed] == [
        ("2026年度部门预算执行调整方案", "讨论中一名成员未发言"), ("", "会议记录应补充表态顺序。"),
    ]  # fmt: skip
    assert printed[0]["who"]["name"] == "赵肃"
    assert document["objections"] == printed[:1]
    await b.zhou.do(f"{minutes}/void", {"reason": "补充监督意见"})
    await b.zhao.do(f"{room.path}/objections", {"text": "又一项意见"})


async def test_of_a_confidential_item_it_is_printed_in_brief(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.plan()
    new: dict[str, Any] = {"title": "涉密工程", "category": "other", "confidential": True}
    item = (await b.li.do(f"{room.path}/items", new))["content"]["item"]["id"]
    files = {"file": ("材料.pdf", PDF, "application/pdf")}
    assert (await b.li.client.post(f"{room.path}/items/{item}/papers", files=files)).is_success
    await b.li.do(f"{room.path}/items/{item}/materials", {"complete": True})
    await room.prepare()
    await room.gather()
    room.items.append(item)
    await b.zhao.do(f"{room.path}/objections", {"item": item, "text": "密级标注有误"})
    printed = (await finish(room))["objections"]
    assert [(each["title"], each["text"]) for each in printed] == [("内容从简的议题", "")]
