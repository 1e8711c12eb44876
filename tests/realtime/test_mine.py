"""A person's own data reaches all their screens, without a query for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import asyncpg
import pytest

from acts.database import Database, connected
from realtime.hub import Hub
from tests.bureau import MEMBERS, Bureau
from tests.conftest import Urls
from tests.realtime.conftest import Screen, follow
from tests.test_one_meeting import Room

Owner = "asyncpg.Connection[asyncpg.Record]"
MOST_STATEMENTS = 8


@pytest.fixture
def heartbeat() -> float:
    return 60.0  # no heartbeat comes among the counted statements


@pytest.fixture
def statements() -> list[str]:
    """Every statement that the server's pool sends to PostgreSQL."""
    return []


@pytest.fixture
async def database(
    urls: Urls, hub: Hub, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Database]:
    async def listening(connection: Any) -> None:
        connection.add_query_logger(lambda query: statements.append(query.query))

    monkeypatch.setattr(asyncpg, "create_pool", partial(asyncpg.create_pool, init=listening))
    async with connected(urls.app, hub.announce) as database:
        yield database


async def in_vote(room: Room) -> str:
    """The path of the open vote on the first item."""
    await room.prepare()
    await room.gather()
    item = await room.discuss(0, room.bureau.lin)
    opened = await room.bureau.zhou.do(f"{item}/votes")
    return f"{room.path}/votes/{opened['content']['vote']}"


async def settled(screens: list[Screen]) -> None:
    """Take in what comes until nothing has come for a while."""

    async def drain(screen: Screen) -> None:
        while True:
            try:
                screen.take(await asyncio.wait_for(screen.socket.recv(), 0.3))
            except TimeoutError:
                return

    await asyncio.gather(*(drain(screen) for screen in screens))


async def test_one_ballot_costs_eight_statements_with_all_screens_open(
    bureau: Bureau, room: Room, statements: list[str]
) -> None:
    vote = await in_vote(room)
    async with AsyncExitStack() as stack:
        watching = [*(bureau.people[key] for key in MEMBERS), bureau.li, bureau.zhao, bureau.hall, bureau.zhou]
        screens = [await stack.enter_async_context(follow(person, room.meeting)) for person in watching]
        for member in (bureau.ma, bureau.sun):  # a new connection asks once for the types
            await member.do(f"{vote}/ballots", {"choice": "yes"})
        await settled(screens)
        statements.clear()
        await bureau.he.do(f"{vote}/ballots", {"choice": "yes"})
        await settled(screens)
        assert all(screen.seq == screens[0].seq for screen in screens)
        looking = sum("FROM job_" in each for each in statements)  # of the worker, which looks for work by the clock
        costs = len(statements) - 3 * looking
        assert 0 < costs <= MOST_STATEMENTS, "\n".join(s[:90] for s in statements)


async def test_a_ballot_shows_on_the_members_other_screens(bureau: Bureau, room: Room) -> None:
    vote = await in_vote(room)
    number = int(vote.rpartition("/")[2])
    async with (
        follow(bureau.he, room.meeting) as tablet,
        follow(bureau.he, room.meeting) as other,
        follow(bureau.lin, room.meeting) as neighbour,
    ):
        await settled([tablet, other, neighbour])
        receipt = await bureau.he.do(f"{vote}/ballots", {"choice": "no"})
        await settled([tablet, other, neighbour])
        for screen in (tablet, other):
            mine = screen.following.mine.ballots[number]
            assert (mine.choice, mine.version, mine.seq, mine.hash) == ("no", 1, receipt["seq"], receipt["hash"])
            assert str(mine.key) == receipt["content"]["key"]
        assert neighbour.following.mine.ballots == {}


async def test_an_author_sees_what_they_submitted(bureau: Bureau, room: Room) -> None:
    """An absent member's own screens have the words of their opinion; another member's have none of them."""
    await room.prepare()
    async with follow(bureau.xu, room.meeting) as author, follow(bureau.lin, room.meeting) as neighbour:
        path, item = f"{room.path}/items/{room.items[0]}/opinions", room.items[0]
        for choice, text in (("yes", "同意。"), ("no", "改为反对。")):
            await bureau.xu.do(path, {"choice": choice, "text": text})
            await settled([author, neighbour])
            mine = author.following.mine.opinions[item]
            assert (mine.choice, mine.text, mine.read, mine.void) == (choice, text, False, False)
        assert neighbour.following.mine.opinions == {}


async def test_may_says_what_the_act_would(bureau: Bureau, room: Room) -> None:
    """Every button's verdict is the refusal that the act meets."""
    await room.prepare()
    async with follow(bureau.zhou, room.meeting) as chair:
        await settled([chair])
        may = chair.following.mine.may
        refused = (await bureau.zhou.post(f"{room.path}/call")).json()
        assert [each.detail for each in may["meeting.call"][""]] == [each["detail"] for each in refused["refusals"]]
        await room.gather()
        await settled([chair])
        item = room.items[0]
        refused = (await bureau.zhou.post(f"{room.path}/items/{item}/votes")).json()
        may = chair.following.mine.may
        assert [each.rule for each in may["vote.open"][str(item)]] == [each["rule"] for each in refused["refusals"]]
        assert [each.detail for each in may["vote.open"][str(item)]] == [each["detail"] for each in refused["refusals"]]
        await room.discuss(0, bureau.lin)
        await settled([chair])
        assert chair.following.mine.may["vote.open"][str(item)] == []
        assert chair.following.mine.weighed[item].quorum.met


async def test_kinship_wakes_the_meeting(bureau: Bureau, room: Room) -> None:
    """A relation recorded in the body's book changes the meeting's screens."""
    await room.prepare()
    async with follow(bureau.li, room.meeting) as desk:
        await settled([desk])
        item = room.items[2]
        before = set(desk.following.mine.required[item])
        kin = bureau.kin
        await bureau.li.do(
            f"/api/bodies/{bureau.body}/kinship", {"type": "spouse", "a": kin["lin"], "b": kin["candidate"]}
        )
        await settled([desk])
        assert set(desk.following.mine.required[item]) == before | {bureau.lin.id}


async def test_recusals_from_another_item_that_names_somebody_are_proposed(bureau: Bureau, room: Room) -> None:
    """The program proposes, the chair declares; nobody is recused by kinship from an item that is not personnel."""
    await room.draft()
    item = room.items[3]
    named = {"title": "推荐省级先进个人", "category": "major", "motion": "议案", "subjects": [bureau.kin["candidate"]]}
    await bureau.li.do(f"{room.path}/items/{item}", named)
    await room.prepare()
    await room.gather()
    async with follow(bureau.zhou, room.meeting) as chair:
        await settled([chair])
        proposed = chair.following.mine.required[item][bureau.zheng.id]
        assert (proposed.proposed, proposed.reason) == (True, "与郑晓楠系三代以内旁系血亲关系")
        path = await room.discuss(3, bureau.wu)
        assert bureau.zheng.id not in chair.following.state.items[item].recusals
        await bureau.zhou.do(f"{path}/recusals", {"person": bureau.zheng.id, "reason": proposed.reason})
        await settled([chair])
        assert item not in chair.following.mine.required
        opened = await bureau.zhou.do(f"{path}/votes")
        assert opened["content"]["recused"] == [bureau.zheng.id]
