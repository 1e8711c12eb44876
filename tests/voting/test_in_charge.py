"""The member in charge and their deputy (B角), over HTTP: what the notice found counts, and nothing later."""

from typing import Any, TypeAlias

import asyncpg

from tests.bureau import Bureau
from tests.test_one_meeting import MEETING, Room, at

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def rules(room: Room, index: int) -> list[str]:
    answer = await room.bureau.zhou.get(f"{room.path}/items/{room.items[index]}/readiness")
    return [each["rule"] for each in answer.json()["refusals"] if each["rule"] == "quorum.in_charge"]


async def gather(room: Room, *away: str) -> None:
    b = room.bureau
    await at(room.owner, MEETING)
    for person in b.members:
        if person.key not in away:
            await b.li.do(f"{room.path}/arrivals", {"person": person.id})
    await b.zhou.do(f"{room.path}/call")


def item_of(view: dict[str, Any], index: int) -> dict[str, Any]:
    item: dict[str, Any] = view["items"][index]
    return item


async def test_the_deputy_whom_the_notice_found_stands_in(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    deputies = f"/api/bodies/{b.body}/deputies"
    await room.draft()
    for somebody, deputy, field in ((b.ma, b.ma, "deputy"), (b.ma, b.tang, "deputy"), (b.tang, b.ma, "person")):
        answer = await b.li.post(deputies, {"person": somebody.id, "deputy": deputy.id})
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    await b.li.do(deputies, {"person": b.ma.id, "deputy": b.sun.id})
    said = await b.admin.do(deputies, {"person": b.lin.id, "deputy": b.he.id})
    assert said["content"] == {
        "person": b.lin.id, "name": "林静", "deputy": b.he.id, "deputy_name": "何志远",
    }  # fmt: skip
    draft = (await b.li.get(room.path)).json()
    assert [each["deputy_on_record"] for each in draft["items"]] == [b.he.id, None, None, None, b.sun.id]

    await room.prepare()
    # Entered after the notice: it counts from the next one on.
    await b.li.do(deputies, {"person": b.he.id, "deputy": b.chen.id})
    await b.li.do(deputies, {"person": b.ma.id, "deputy": None})
    await gather(room, "ma", "he", "lin")
    assert await rules(room, 4) == []
    assert await rules(room, 0) == ["quorum.in_charge"], "林静 and 何志远 are both away"
    assert await rules(room, 1) == ["quorum.in_charge"]
    noticed = (await b.li.get(room.path)).json()
    assert item_of(noticed, 1)["deputy_on_record"] is None
    assert item_of(noticed, 4)["deputy_on_record"] == b.sun.id


async def test_one_named_on_the_item_comes_before_the_b_role(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.draft()
    await b.li.do(f"/api/bodies/{b.body}/deputies", {"person": b.ma.id, "deputy": b.sun.id})
    item = {"title": "客运站设备采购", "category": "funds", "in_charge": b.ma.id, "motion": "同意。"}
    await b.li.do(f"{room.path}/items/{room.items[4]}", {**item, "deputy_in_charge": b.wu.id})
    await room.prepare()
    await gather(room, "ma", "wu")
    assert item_of((await b.li.get(room.path)).json(), 4)["deputy_on_record"] is None
    assert await rules(room, 4) == ["quorum.in_charge"]
    await b.li.do(f"{room.path}/arrivals", {"person": b.wu.id})
    assert await rules(room, 4) == []


async def test_a_charter_may_refuse_deputies(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.draft()
    item = {"title": "客运站设备采购", "category": "funds", "in_charge": b.ma.id, "motion": "同意。"}
    named = {**item, "deputy_in_charge": b.wu.id}
    path = f"{room.path}/items/{room.items[4]}"
    await b.li.do(path, named)
    await b.li.do(f"/api/bodies/{b.body}/deputies", {"person": b.ma.id, "deputy": b.sun.id})
    charter = (await b.li.get(f"/api/bodies/{b.body}")).json()["charter"]
    await b.admin.do(f"/api/bodies/{b.body}/charter", {**charter, "deputies": False})
    await b.approve_agenda(room.path)
    assert await b.li.refused(f"{room.path}/notice") == "quorum.in_charge"
    answer = await b.li.post(path, named)
    assert (answer.status_code, answer.json()["field"]) == (422, "deputy_in_charge")
    await b.li.do(path, item)
    await room.prepare()
    await gather(room, "ma")
    assert await rules(room, 4) == ["quorum.in_charge"]


async def test_a_recused_member_in_charge_has_come(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.prepare()
    await gather(room)
    await b.lin.do(f"{room.path}/items/{room.items[0]}/recusals", {"person": b.lin.id, "reason": "配偶为供应商"})
    assert await rules(room, 0) == []


async def test_one_who_is_no_member_any_more_is_nobodys_deputy(bureau: Bureau) -> None:
    b, path = bureau, f"/api/bodies/{bureau.body}"
    await b.li.do(f"{path}/deputies", {"person": b.ma.id, "deputy": b.sun.id})
    await b.li.do(f"{path}/deputies", {"person": b.sun.id, "deputy": b.he.id})
    assert (await b.admin.client.delete(f"{path}/roles/{b.sun.id}/member")).is_success
    people = (await b.li.get(path)).json()["people"]
    assert {each["name"]: each["deputy"] for each in people if each["deputy"]} == {}
    told = (await b.admin.get(f"{path}/history")).json()["records"]
    assert [each["zh"] for each in told][-3:] == ["马腾不再设B角", "孙雅琴不再设B角", "撤销孙雅琴的“成员”角色"]
