"""An observer who is a formal member too (派驻纪检监察组组长): votes like the others, sees ballots after the close."""

import json
from typing import TypeAlias

import asyncpg

from tests.bureau import Bureau
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def test_they_vote_and_see_ballots_only_after_the_close(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": b.wu.id, "role": "observer"})
    await room.prepare()
    await room.gather()
    item = await room.discuss(0, b.lin)
    opened = await b.zhou.do(f"{item}/votes")
    assert b.wu.id in opened["content"]["roll"]
    vote = f"{room.path}/votes/{opened['content']['vote']}"
    await b.lin.do(f"{vote}/ballots", {"choice": "no"})
    await b.wu.do(f"{vote}/ballots", {"choice": "yes"})

    async def shown() -> list[str]:
        page = (await b.wu.get(f"{room.path}/ledger", after=opened["seq"])).json()
        assert [each["seq"] for each in page["records"]]
        return [json.dumps(each, ensure_ascii=False) for each in page["records"]]

    assert not [each for each in await shown() if "反对" in each or "林静" in each or '"choice"' in each]
    await b.wu.do(f"{room.path}/objections", {"item": room.items[0], "text": "请核对票箱"})
    for key in ("he", "chen", "ma", "sun", "zheng", "zhou"):
        await b.people[key].do(f"{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{vote}/close", {})
    assert [each for each in await shown() if '"choice' in each or "反对 1" in each]
    assert [
        each
        for each in (await b.zhao.get(f"{room.path}/ledger", after=opened["seq"])).json()["records"]
        if "反对" in each["zh"]
    ]
