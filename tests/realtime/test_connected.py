"""The list of those connected goes to the desk and the observer alone, soon, and at most once a second."""

import asyncio
import time
from typing import Any

import msgspec
import pytest

from realtime.hub import Hub
from tests.bureau import Bureau
from tests.realtime.conftest import Screen, follow
from tests.storage.attacks import Connection
from tests.test_one_meeting import Room


async def told(screen: Screen, present: set[int]) -> float:
    """Listen until the screen knows exactly these people to be connected; return the seconds that took."""
    began = time.monotonic()
    while set(screen.following.present) != present:
        screen.take(await screen.recv())
    return time.monotonic() - began


async def test_the_desk_and_the_observer_are_told_who_comes_and_goes(room: Room) -> None:
    b = room.bureau
    async with follow(b.zhao, room.meeting) as observer, follow(b.li, room.meeting) as desk:
        types = [observer.take(await observer.recv())["type"] for _ in range(2)]
        assert types == ["snapshot", "connections"]
        assert observer.messages[-1]["present"] == [b.zhao.id]
        both = {b.zhao.id, b.li.id}
        await told(observer, both)
        async with follow(b.lin, room.meeting) as lin, follow(b.lin, room.meeting):
            assert await told(observer, both | {b.lin.id}) < 2
            await told(desk, both | {b.lin.id})
            assert observer.messages[-1]["present"] == sorted(both | {b.lin.id})  # two tablets, one person
            assert (await lin.hear())["type"] == "snapshot"
        assert await told(observer, both) < 2
        assert await told(desk, both) < 2
        assert lin.following.present == []


async def test_the_floor_is_told_nothing(room: Room) -> None:
    b = room.bureau
    async with follow(b.lin, room.meeting) as lin:
        assert msgspec.json.decode(await lin.recv())["type"] == "snapshot"
        async with follow(b.he, room.meeting), follow(b.zhao, room.meeting) as observer:
            await told(observer, {b.lin.id, b.he.id, b.zhao.id})
        types = [msgspec.json.decode(await lin.recv())["type"] for _ in range(4)]
        assert set(types) == {"heartbeat"}


@pytest.mark.moment("in_session")
@pytest.mark.parametrize("key", ["xu", "li", "zhao", "tang", "hall"])
async def test_who_follows_is_not_idle(bureau: Bureau, owner: Connection, key: str) -> None:
    """A member, secretary, observer, attendee or the hall's screen that only listens, checked in or not: two hours of
    it end no session."""
    person = bureau.people[key]
    await owner.execute("DELETE FROM presence WHERE person_id = $1", person.id)
    idle = "SELECT clock_timestamp() - used_at > interval '1 minute' FROM sessions WHERE person_id = $1"
    async with follow(person, bureau.meeting) as screen, asyncio.timeout(20):
        await screen.hear()
        for _ in range(3):
            await owner.execute(
                "UPDATE sessions SET used_at = clock_timestamp() - interval '59 minutes' WHERE person_id = $1",
                person.id,
            )
            while await owner.fetchval(idle, person.id):
                screen.take(await screen.recv())
        assert screen.socket.close_code is None
    assert (await person.get("/api/session")).json() is not None
    await owner.execute("UPDATE sessions SET used_at = now() - interval '61 minutes' WHERE person_id = $1", person.id)
    assert (await person.get("/api/session")).json() is None, "it was the feed"


async def test_a_crowd_is_told_once_a_second(room: Room, hub: Hub) -> None:
    b = room.bureau
    async with follow(b.zhao, room.meeting) as observer:
        await told(observer, {b.zhao.id})
        began = time.monotonic()
        for _ in range(12):
            async with follow(b.lin, room.meeting) as lin:
                await lin.recv()
        async with follow(b.lin, room.meeting):
            await told(observer, {b.zhao.id, b.lin.id})
        await told(observer, {b.zhao.id})
        seconds = time.monotonic() - began
    said = [message for message in observer.messages if message["type"] == "connections"]
    assert len(said) <= 2 + seconds + 1  # the greeting, the first, then one a second
    assert hub.following(b.lin.id) == 0


async def test_whoever_gets_the_chair_is_told_after_the_new_snapshot(room: Room) -> None:
    b = room.bureau
    async with follow(b.lin, room.meeting) as lin:
        assert (await lin.hear())["view"] == "floor"
        await b.li.do(f"{room.path}/presiding", {"person": b.lin.id})
        heard: list[Any] = []
        async with asyncio.timeout(5):
            while not heard or heard[-1]["type"] != "connections":
                heard.append(lin.take(await lin.recv()))
        shown = [message for message in heard if message["type"] != "heartbeat"]
        assert [message["type"] for message in shown][-2:] == ["snapshot", "connections"]
        assert shown[-2]["view"] == "chair"
        assert shown[-1]["present"] == [b.lin.id]
