"""Limits: commands of an account, guesses of the hall's code and of passwords, what argon2 may take."""

import asyncio
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest
import websockets
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar

from acts.limits import Limit, Limits
from identity import sessions
from identity.sessions import hash_password
from realtime.routes import MOST_CONNECTIONS
from tests.bureau import Bureau, Person
from tests.conftest import Urls
from tests.serving import served_in_a_thread
from tests.test_one_meeting import Room

FREE_FAILURES = 5  # in a row, as sign_in_start has it


@given(
    most=st.integers(1, 400),
    seconds=st.integers(1, 600),
    gaps=st.lists(st.integers(0, 5 * 10**9), max_size=200),
)
def test_a_limit_lets_no_more_through_than_it_says(most: int, seconds: int, gaps: list[int]) -> None:
    clock = [0]
    taken: list[int] = []
    limit = Limit(most, seconds, lambda: clock[0])
    for gap in gaps:
        clock[0] = now = clock[0] + gap
        if wait := limit.take("one"):
            assert 1 <= wait <= seconds // most + 1
            assert not limit.take(object())
        else:
            taken.append(now)
    step = seconds * 10**9 // most
    for first, last in zip(taken, taken[most:], strict=False):
        assert last - first >= step, f"{most + 1} in {last - first} ns"
    assert len(taken) <= most + clock[0] // max(1, step)


def test_a_limit_lets_its_whole_burst_through_and_counts_again_after_a_while() -> None:
    now = 0
    limit = Limit(5, 300, lambda: now)
    assert [limit.take("one") for _ in range(7)] == [0, 0, 0, 0, 0, 60, 60]
    assert limit.take("another") == 0
    limit.give_back("one")
    assert [limit.take("one") for _ in range(2)] == [0, 60]
    now = 61 * 10**9
    assert [limit.take("one") for _ in range(2)] == [0, 59]


async def test_an_account_acts_no_faster_than_a_person(bureau: Bureau, limits: Limits) -> None:
    limits.commands = Limit(10, 60)
    path = f"/api/bodies/{bureau.body}/kin"
    for number in range(10):
        await bureau.li.do(path, {"name": f"候选人{number}"})
    answer = await bureau.li.post(path, {"name": "又一人"})
    assert (answer.status_code, answer.json()["rule"]) == (429, "access.rate")
    assert answer.headers["content-type"] == "application/problem+json"
    assert 1 <= int(answer.headers["retry-after"]) <= 6
    assert answer.headers["retry-after"] in answer.json()["detail"]
    # The person can still read, and others can act.
    assert (await bureau.li.get(f"/api/bodies/{bureau.body}/kinship")).is_success
    await bureau.admin.do(f"/api/people/{bureau.lin.id}", {"post": "副局长"})


@pytest.mark.moment("noticed")
async def test_the_hall_code_is_not_guessed(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", limits: Limits
) -> None:
    """Of any number of guesses at once five are checked; a person who knows the code may mistype it."""
    room = Room(bureau, owner)
    path = f"{room.path}/check-in"
    right = (await bureau.hall.get(f"{room.path}/hall-code")).json()["code"]
    wrong = [code for code in (f"{number:06d}" for number in range(100)) if code != right]

    answers = await asyncio.gather(*(bureau.lin.post(path, {"code": code}) for code in wrong[:40]))
    rules = [answer.json()["rule"] for answer in answers]
    assert (rules.count("presence.code"), rules.count("access.rate")) == (5, 35)
    closed = await bureau.lin.post(path, {"code": right})
    assert closed.json()["rule"] == "access.rate"
    assert 1 <= int(closed.headers["retry-after"]) <= 60
    await bureau.li.do(f"{room.path}/arrivals", {"person": bureau.lin.id})

    # Each person's tries count apart; the right code does not count.
    for code in wrong[:4]:
        assert await bureau.he.refused(path, {"code": code}) == "presence.code"
    await bureau.he.do(path, {"code": right})
    for _ in range(8):
        assert await bureau.he.refused(path, {"code": right}) == "state.wrong"
    assert await bureau.he.refused(path, {"code": wrong[5]}) == "presence.code"


async def _attempt(client: httpx.AsyncClient, number: str, password: str) -> str:
    answer = await client.post("/api/session", json={"staff_number": number, "password": password})
    return "" if answer.is_success else str(answer.json()["rule"])


async def test_guesses_of_a_password_at_once_are_guesses_all_the_same(
    app: Litestar, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await owner.execute(
        "UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, await hash_password("right")
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:  # type: ignore[arg-type]
        rules = await asyncio.gather(*(_attempt(client, "0002", f"wrong{number}") for number in range(30)))
        assert sorted(rules) == ["access.rate"] * (30 - FREE_FAILURES) + ["access.signed_out"] * FREE_FAILURES
        assert await _attempt(client, "0002", "right") == "access.rate"
        await owner.execute("UPDATE sign_in_failures SET due_at = due_at - interval '5 minutes'")
        assert await _attempt(client, "0002", "right") == ""
        assert await _attempt(client, "0002", "wrong") == "access.signed_out"


async def test_a_flood_of_sign_ins_leaves_the_others_their_turn(
    app: Litestar,
    bureau: Bureau,
    owner: "asyncpg.Connection[asyncpg.Record]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 200 sign-ins at once some wait and the rest are refused; no number is closed for it, and signed-in people are
    answered meanwhile."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:  # type: ignore[arg-type]
        monkeypatch.setattr(sessions._strangers, "each", 8)  # as with 16, in half of the time
        flood = [asyncio.create_task(_attempt(client, f"nobody{number}", "x")) for number in range(200)]
        answered = 0
        while not all(task.done() for task in flood):
            assert (await bureau.lin.get("/api/session")).is_success
            answered += 1
        rules = [task.result() for task in flood]
    assert set(rules) == {"access.signed_out", "access.rate"}
    # As many as may wait, and on a slow machine a few that came when the first of these were done.
    assert 8 <= rules.count("access.signed_out") <= 16
    assert answered > 2 * 8, "others were hardly answered between the passwords"
    counted: Any = await owner.fetchval("SELECT count(*) FROM sign_in_failures WHERE tried_by = 'strangers'")
    assert counted == rules.count("access.signed_out"), "who was turned away has guessed nothing"


@pytest.mark.moment("noticed")
async def test_a_person_follows_on_a_hundred_screens_at_most(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", urls: Urls
) -> None:
    room = Room(bureau, owner)
    with served_in_a_thread(urls.app) as base:

        async def follow(person: Person) -> websockets.ClientConnection:
            return await websockets.connect(
                f"{base.replace('http', 'ws')}{room.path}/live", origin=websockets.Origin(base),
                additional_headers={"Cookie": f"yijue_session={person.client.cookies['yijue_session']}"},
            )  # fmt: skip

        async def shown(person: Person) -> websockets.ClientConnection:
            connection = await follow(person)
            await connection.recv()
            return connection

        screens = [await shown(bureau.lin) for _ in range(MOST_CONNECTIONS)]
        with pytest.raises(websockets.InvalidStatus) as refused:
            await follow(bureau.lin)
        assert refused.value.response.status_code == 429
        assert msgspec.json.decode(refused.value.response.body or b"")["rule"] == "access.rate"
        screens.append(await shown(bureau.he))
        await screens.pop(0).close()
        await asyncio.sleep(0.2)
        screens.append(await shown(bureau.lin))
        await asyncio.gather(*(screen.close() for screen in screens))


def test_the_limits_are_generous_to_a_person() -> None:
    limits = Limits()
    assert not any(limits.commands.take(1) for _ in range(300))
    assert limits.commands.take(1)
