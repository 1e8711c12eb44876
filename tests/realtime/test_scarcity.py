"""On a real socket: requests that take too long, a database that is away."""

import asyncio
import contextlib
import time
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import websockets
from structlog.testing import capture_logs

from acts.database import Database, connected
from acts.refusal import RefusedError
from server import connections
from server.serving import listen, serving
from storage import database as storage
from storage.database import Scope
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.storage.attacks import Connection


@pytest.fixture
def away(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def acquire(**_: Any) -> Any:
        raise ConnectionRefusedError

    async def release(_: Any) -> None:
        pass

    monkeypatch.setattr(database, "_pool", SimpleNamespace(acquire=acquire, release=release))


@pytest.mark.moment("in_session")
async def test_a_lock_that_is_held(bureau: Bureau, owner: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """An act that waits for a lock longer than a request may take is undone and answered with 503."""
    monkeypatch.setattr(connections, "ANSWER", 0.5)
    path = f"/api/meetings/{bureau.meeting}/items/{bureau.items[0]}/presentation"
    async with owner.transaction():
        await owner.execute("SELECT 1 FROM meetings FOR UPDATE")
        began = time.monotonic()
        answer = await bureau.li.post(path, {"presenter": bureau.lin.id})
        assert (answer.status_code, answer.json()["rule"]) == (503, "unavailable"), answer.text
        assert int(answer.headers["retry-after"]) >= 1
        assert time.monotonic() - began < 4
    monkeypatch.undo()
    await bureau.li.do(path, {"presenter": bureau.lin.id})  # nothing was done, nothing is held


@pytest.fixture(params=["statement", "lock"])
def limited(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """One limit of PostgreSQL's for the pool's connections is a second, the other as it is."""
    name: str = request.param
    monkeypatch.setattr(storage, f"_{name.upper()}", 1)
    return name


@pytest.mark.moment("in_session")
async def test_postgresql_ends_what_takes_too_long(limited: str, bureau: Bureau, owner: Connection) -> None:
    """Long before a request's own limit, whichever of its limits is reached first."""
    path = f"/api/meetings/{bureau.meeting}/items/{bureau.items[0]}/presentation"
    began = time.monotonic()
    async with owner.transaction():
        await owner.execute("SELECT 1 FROM meetings FOR UPDATE")
        with capture_logs() as logs:
            answer = await bureau.li.post(path, {"presenter": bureau.lin.id})
    assert (answer.status_code, answer.json()["rule"]) == (503, "unavailable"), answer.text
    assert int(answer.headers["retry-after"]) >= 1
    error = {"statement": "QueryCanceledError", "lock": "LockNotAvailableError"}[limited]
    assert [each["error"] for each in logs if each["event"] == "database unavailable"] == [error]
    assert 0.9 < time.monotonic() - began < 4
    await bureau.li.do(path, {"presenter": bureau.lin.id})  # nothing was done, nothing is held


async def _slow(database: Database, pause: float, sql: str) -> None:
    async with database.transaction(Scope()) as transaction:
        await asyncio.sleep(pause)
        await transaction.connection.execute(sql)


@pytest.mark.parametrize("name", ["_STATEMENT", "_IDLE"])
async def test_a_long_statement_or_none_ends_a_transaction(
    urls: Urls, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(storage, name, 1)
    async with connected(urls.app, lambda _: None) as database, asyncio.timeout(5):
        with pytest.raises(RefusedError) as refused:
            await (
                _slow(database, 0, "SELECT pg_sleep(4)") if name == "_STATEMENT" else _slow(database, 1.5, "SELECT 1")
            )
        assert [each.rule for each in refused.value.refusals] == ["unavailable"]
        async with database.connection() as connection:
            assert await connection.fetchval("SELECT 42") == 42


@pytest.mark.moment("in_session")
async def test_a_live_feed_says_when_to_come_again(bureau: Bureau, address: str, away: None) -> None:
    url = f"{address.replace('http', 'ws')}/api/meetings/{bureau.meeting}/live"
    cookie = f"yijue_session={bureau.lin.client.cookies['yijue_session']}"
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(url, additional_headers={"Cookie": cookie, "Origin": address})
    assert refused.value.response.status_code == 503
    assert int(refused.value.response.headers["Retry-After"]) >= 1


async def test_requests_wait_for_the_pools_own(
    bureau: Bureau, database: Database, unguarded: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL has no connection left for the program: its requests take turns with those it has; where these are
    held too long the answer is 503."""
    name = await unguarded.fetchval("SELECT current_database()")
    await unguarded.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 1')  # taken already; a superuser is not counted
    answers = await asyncio.gather(*(bureau.lin.get(f"/api/bodies/{bureau.body}") for _ in range(40)))
    assert {each.status_code for each in answers} == {200}, [each.text for each in answers if not each.is_success][:1]
    monkeypatch.setattr(storage, "_CONNECTION", 0.5)
    async with AsyncExitStack() as stack:
        with contextlib.suppress(Exception):
            while True:
                await stack.enter_async_context(database.connection())
        began = time.monotonic()
        answer = await bureau.lin.get("/api/session")
        assert (answer.status_code, answer.json()["rule"]) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) >= 1
        assert 0.3 < time.monotonic() - began < 3
    assert (await bureau.lin.get("/api/session")).is_success


async def test_a_request_has_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that waits too long is answered with 503, whatever it waits for; an answer under way is cut."""
    monkeypatch.setattr(connections, "ANSWER", 0.3)
    monkeypatch.setattr(connections, "ADMISSION", 1.5)

    async def hangs(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        if scope["path"] == "/begun":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await asyncio.sleep(60)

    with listen("127.0.0.1", 0) as listening:
        app: Any = hangs
        async with (
            serving(app, listening),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as client,
            asyncio.timeout(15),
        ):
            for answer in (await client.get("/"), await client.post("/", json={})):
                assert (answer.status_code, answer.json()["rule"]) == (503, "unavailable")
                assert int(answer.headers["retry-after"]) >= 1
                assert answer.headers["content-type"] == "application/problem+json"
            with pytest.raises(httpx.RemoteProtocolError):
                await client.get("/begun")


@pytest.fixture
def soon_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.serving.IDLE", 1)


async def test_an_idle_connection_is_closed(soon_idle: None, address: str) -> None:
    """Some time after its last answer, and not before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
    for pause in (0.4, 0):
        writer.write(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.read(4096)).startswith(b"HTTP/1.1 200")
        await asyncio.sleep(pause)
    began = time.monotonic()
    async with asyncio.timeout(3):
        await reader.read()
    assert time.monotonic() - began > 0.9
    writer.close()
