"""Acts of one meeting take turns, and leave the other meetings alone."""

import asyncio

import asyncpg

from tests.bureau import Bureau

MORE_THAN_CONNECTIONS = 30


async def _plan(bureau: Bureau) -> str:
    planned = await bureau.li.do(
        f"/api/bodies/{bureau.body}/meetings",
        {"title": "党组会议", "starts_at": "2026-01-13T09:00:00+08:00", "place": "三楼会议室"},
    )
    return f"/api/meetings/{planned['content']['meeting']}"


async def test_a_crowd_in_one_meeting_leaves_the_others_their_connections(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    crowded, other = await _plan(bureau), await _plan(bureau)
    item = {"title": "议题", "category": "funds", "subjects": []}
    async with owner.transaction():
        await owner.execute("SELECT FROM meetings WHERE id = $1 FOR UPDATE", int(crowded.rpartition("/")[2]))
        crowd = [asyncio.create_task(bureau.li.post(f"{crowded}/items", item)) for _ in range(MORE_THAN_CONNECTIONS)]
        await asyncio.sleep(0.5)
        async with asyncio.timeout(10):
            await bureau.li.do(f"{other}/items", item)
        assert not any(each.done() for each in crowd)
    answers = await asyncio.gather(*crowd)
    assert sorted(answer.json()["content"]["item"]["position"] for answer in answers) == [
        *range(1, MORE_THAN_CONNECTIONS + 1)
    ]
