"""What takes too long, or happens too often: 503 with Retry-After, and one line a minute in the log."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from acts import sparing as module
from acts.database import Database
from acts.sparing import Sparing
from realtime.hub import Hub
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
