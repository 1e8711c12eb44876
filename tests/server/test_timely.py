"""What takes too long, or happens too often: 503 with Retry-After, and one line a minute in the log."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from acts import sparing as module
from acts.database import Database
from acts.sparing import Sparing
from realtime.hub import Hub
from server import timely
from server.timely import WithinTime
from tests.bureau import Bureau


async def test_the_first_at_once_then_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MINUTE", 0.1)
    sparing = Sparing()
    with capture_logs() as logs:
        for number in range(20_000):
            sparing.say("error", "away", number=number)
        sparing.say("warning", "another")
        assert [(each["event"], each.get("number")) for each in logs] == [("away", 0), ("another", None)]
        await asyncio.sleep(0.25)
        assert [each["times"] for each in logs[2:]] == [19_999]
        assert logs[2]["log_level"] == "error"
        sparing.say("error", "away", number=5)
        assert logs[3]["number"] == 5, "after a quiet minute it is told at once again"


@pytest.fixture
def away(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def acquire(**_: Any) -> Any:
        raise ConnectionRefusedError

    async def release(_: Any) -> None:
        pass

    monkeypatch.setattr(database, "_pool", SimpleNamespace(acquire=acquire, release=release))


@pytest.mark.usefixtures("away")
async def test_a_database_that_is_away_is_logged_once(bureau: Bureau, hub: Hub, database: Database) -> None:
    with capture_logs() as logs:
        for _ in range(50):
            answers = await asyncio.gather(*(bureau.lin.get("/api/session") for _ in range(4)))
            assert {(each.status_code, each.json()["rule"]) for each in answers} == {(503, "unavailable")}
            assert all(int(each.headers["retry-after"]) >= 1 for each in answers)
    assert [each["event"] for each in logs].count("database unavailable") == 1
    assert len(logs) <= 3, logs  # the worker's own, once


async def test_a_request_has_its_time(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timely, "ANSWER", 0.3)
    monkeypatch.setattr(timely, "WHOLE", 0.5)

    async def hangs(*_: Any) -> None:
        await asyncio.sleep(60)

    app: Any = WithinTime(hangs)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        began = time.monotonic()
        for answer in (await client.get("/"), await client.post("/", json={})):
            assert (answer.status_code, answer.json()["rule"]) == (503, "unavailable")
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.headers["content-type"] == "application/problem+json"
        assert time.monotonic() - began < 5


async def test_an_answer_under_way_is_cut() -> None:
    """One who does not take the answer is cut off; a body that arrives slowly has more time than its answer."""
    sent: list[Any] = []

    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope: Any = {"type": "http", "path": "/", "headers": []}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(timely, "WHOLE", 0.2)
        async with asyncio.timeout(5):
            await WithinTime(app)(scope, receive, send)
    assert [each["type"] for each in sent] == ["http.response.start"]
