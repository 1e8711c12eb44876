"""A device on which its owner signed in before has its own way in: strangers' failures and floods do not close it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import TypeAlias

import asyncpg
import httpx
import pytest
from litestar import Litestar

from acts.limits import Limit, Limits
from identity import sessions
from identity.sessions import hash_password
from tests.bureau import Bureau

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
RIGHT = "一枚好密码"
Devices: TypeAlias = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def device(app: Litestar, bureau: Bureau, owner: Connection) -> AsyncIterator[Devices]:
    """Makes a browser without cookies at an address; 林静 (0002) and 何志远 (0003) have the password RIGHT."""
    hashed = await hash_password(RIGHT)
    await owner.execute(
        "UPDATE people SET password_hash = $1 WHERE id = ANY ($2)", hashed, [bureau.lin.id, bureau.he.id]
    )
    async with AsyncExitStack() as stack:

        def made(address: str = "10.0.0.9") -> httpx.AsyncClient:
            transport = httpx.ASGITransport(app=app, client=(address, 1))  # type: ignore[arg-type]
            client = httpx.AsyncClient(transport=transport, base_url="http://test")
            stack.push_async_callback(client.aclose)
            return client

        yield made


async def enter(client: httpx.AsyncClient, password: str = RIGHT, number: str = "0002") -> httpx.Response:
    return await client.post("/api/session", json={"staff_number": number, "password": password})


async def rule(client: httpx.AsyncClient, password: str = RIGHT, number: str = "0002") -> str:
    answer = await enter(client, password, number)
    return "" if answer.is_success else str(answer.json()["rule"])


async def test_strangers_failures_close_the_number_to_strangers_alone(device: Devices) -> None:
    tablet, stranger, other = device("10.0.0.1"), device("10.0.0.1"), device("10.0.0.3")
    assert await rule(tablet) == ""
    for _ in range(5):
        assert await rule(stranger, "wrong") == "access.signed_out"
    assert await rule(stranger, "wrong") == "access.rate"
    assert await rule(stranger) == "access.rate"  # the right one, too
    assert await rule(tablet) == ""
    assert await rule(other) == ""  # another address is no closer to the five
    assert await rule(stranger) == "access.rate"  # its owner's success gives the stranger nothing


async def test_all_strangers_together_have_an_end_too(device: Devices, bureau: Bureau) -> None:
    tablet = device("10.0.0.1")
    assert await rule(tablet) == ""
    rules = [await rule(device(f"10.1.0.{at // 5}"), "wrong") for at in range(22)]
    assert rules == ["access.signed_out"] * 20 + ["access.rate"] * 2
    fresh = device("10.2.0.1")
    assert await rule(fresh) == "access.rate"
    assert await rule(tablet) == ""
    # The administrator's new password lets all try again, and no device is known any more.
    await bureau.admin.do(f"/api/people/{bureau.lin.id}/password", {"password": "另一枚好密码，够长"})
    assert await rule(fresh, "另一枚好密码，够长") == ""


async def test_a_known_device_guesses_ten_times_at_once_and_no_more(device: Devices) -> None:
    tablet = device()
    assert await rule(tablet) == ""
    assert [await rule(tablet, "wrong") for _ in range(11)] == ["access.signed_out"] * 10 + ["access.rate"]
    # It is known for its owner alone, and counts apart from strangers, who are not slowed by it.
    assert await rule(device("10.0.0.7")) == ""


async def test_a_device_is_known_for_those_who_signed_in_on_it(device: Devices, owner: Connection) -> None:
    """A tablet that two people share is known for both, and for nobody else; a stranger's cookie is known for none."""
    shared, stranger = device("10.0.0.1"), device("10.0.0.1")
    assert await rule(shared) == ""
    assert await rule(shared, number="0003") == ""
    kept = await owner.fetch("SELECT DISTINCT secret_hash FROM devices")
    assert len(kept) == 1
    token = shared.cookies[sessions.DEVICE]
    assert token.encode() not in kept[0]["secret_hash"]
    stranger.cookies.set(sessions.DEVICE, "A" * 43)
    for number in ("0002", "0003"):
        for _ in range(5):
            assert await rule(stranger, "wrong", number) == "access.signed_out"
        assert await rule(stranger, "wrong", number) == "access.rate"
        assert await rule(shared, number=number) == ""


async def test_the_cookie_of_a_device_is_out_of_a_page_s_reach(app: Litestar, device: Devices) -> None:
    (plain,) = [each for each in (await enter(device())).headers.get_list("set-cookie") if "device" in each]
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Max-Age=34560000"} <= set(plain.split("; "))
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="https://test") as client:
        (secure,) = [each for each in (await enter(client)).headers.get_list("set-cookie") if "device" in each]
    assert secure.startswith("__Host-yijue_device=")
    assert "Secure" in secure.split("; ")


async def test_a_flood_of_strangers_does_not_close_the_door(device: Devices) -> None:
    """48 bogus sign-ins in flight, of one address and of many: a known device signs in meanwhile, at that address
    too; a stranger at another address finds a place beside those of one."""
    tablet = device("10.0.0.1")
    assert await rule(tablet) == ""
    flooding = [device("10.0.0.1") for _ in range(48)]
    flood = [asyncio.create_task(rule(each, "x", f"nobody{at}")) for at, each in enumerate(flooding)]
    await asyncio.sleep(0.05)
    signed_in, elsewhere = asyncio.create_task(rule(tablet)), asyncio.create_task(rule(device("10.0.0.2"), "wrong"))
    assert await signed_in == ""
    assert not all(task.done() for task in flood), "the known device waited for the strangers"
    assert await elsewhere == "access.signed_out"
    assert set(await asyncio.gather(*flood)) == {"access.signed_out", "access.rate"}
    wide = [asyncio.create_task(rule(device(f"10.3.0.{at}"), "x", f"no{at}")) for at in range(48)]
    await asyncio.sleep(0.05)
    assert await rule(tablet) == ""
    answers = await asyncio.gather(*wide)
    assert answers.count("access.rate") >= 48 - 32 - 8


async def test_an_address_fails_so_often_and_known_devices_there_sign_in(device: Devices, limits: Limits) -> None:
    limits.sign_ins = Limit(6, 600)
    tablet = device("10.0.0.1")
    assert [await rule(tablet) for _ in range(9)] == [""] * 9  # successes are not counted
    rules = [await rule(device("10.0.0.1"), "wrong", f"nobody{at}") for at in range(7)]
    assert rules == ["access.signed_out"] * 6 + ["access.rate"]
    refused = await enter(device("10.0.0.1"))
    assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)
    assert await rule(tablet) == ""
    assert await rule(device("10.0.0.2")) == ""


async def test_failures_of_others_do_not_keep_one_from_changing_the_password(device: Devices) -> None:
    stranger, tablet = device("10.0.0.2"), device("10.0.0.1")
    session = (await enter(tablet)).json()
    for _ in range(6):
        await rule(stranger, "wrong")
    change = {"old": RIGHT, "new": "另一枚好密码，够长"}
    answer = await tablet.post("/api/session/password", json=change, headers={"X-CSRF-Token": session["csrf"]})
    assert answer.is_success, answer.text
