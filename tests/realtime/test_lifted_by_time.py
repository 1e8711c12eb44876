"""A refusal that time alone lifts: no record tells the page, so the feed asks again at that moment."""

import asyncio

from tests.realtime.conftest import follow
from tests.test_one_meeting import Room, at


async def test_the_chairs_page_hears_when_the_meeting_may_be_called_to_order(room: Room) -> None:
    await room.prepare()
    await at(room.owner, "2026-01-13T07:59:50+08:00")
    code = (await room.bureau.hall.get(f"{room.path}/hall-code")).json()["code"]
    for member in room.bureau.members:
        await member.do(f"{room.path}/check-in", {"code": code})
    async with follow(room.chair, room.meeting) as screen, asyncio.timeout(10):
        while not (refused := screen.following.mine.may.get("meeting.call", {}).get("")):
            screen.take(await screen.recv())
        assert [each.rule for each in refused] == ["meeting.early"]
        await at(room.owner, "2026-01-13T08:00:00+08:00")
        while screen.following.mine.may["meeting.call"][""]:
            screen.take(await screen.recv())
    await room.chair.do(f"{room.path}/call")
