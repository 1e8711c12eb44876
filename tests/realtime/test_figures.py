"""The figures at /metrics, and the id that goes through a request, its transaction, its records and the feed."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar
from structlog.testing import capture_logs

from acts.database import Database
from identity.sessions import hash_password
from realtime.hub import Hub
from server.app import create_app
from server.metrics import Reading
from server.observing import fed, logged
from storage.database import Scope
from storage.figures import REGISTRY
from storage.tracing import REQUEST
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.moments import Kept
from tests.realtime.conftest import follow
from tests.serving import served
from tests.storage.attacks import Connection
from tests.test_one_meeting import Room

GRAFANA = Path(__file__).parents[2] / "deploy" / "grafana.json"
NAME = re.compile(r"\byijue_[a-z_]+\b")


async def figures(client: httpx.AsyncClient) -> dict[str, float]:
    answer = await client.get("/metrics")
    assert answer.is_success, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


@pytest.mark.moment("in_session")
async def test_they_count_what_happens(bureau: Bureau, owner: Connection, hub: Hub, database: Database) -> None:
    room = Room(bureau, owner)
    async with follow(bureau.lin, room.meeting) as screen:
        await screen.hear()
        before = await figures(bureau.lin.client)
        votes = f"{await room.discuss(0, bureau.lin)}/votes"
        opened = await bureau.zhou.do(votes)
        ballots = f"{room.path}/votes/{opened['content']['vote']}/ballots"
        cast = await bureau.lin.do(ballots, {"choice": "yes"})
        assert (await bureau.lin.post(ballots, {"choice": "no"})).status_code == 409
        assert (await bureau.zhou.post(votes)).status_code == 409
        await screen.at(cast["seq"])
        after = await figures(bureau.lin.client)

    def more(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert more('yijue_records_total{kind="ballot.cast"}') == 1
    assert more('yijue_requests_total{operation="ballot.cast",status="200"}') == 1
    assert more('yijue_requests_total{operation="ballot.cast",status="409"}') == 1
    assert more('yijue_request_seconds_count{operation="ballot.cast"}') == 2
    assert more('yijue_transaction_seconds_count{outcome="committed"}') >= 5
    assert more('yijue_transaction_seconds_count{outcome="undone"}') >= 1
    assert after['yijue_screens{view="floor"}'] == 1
    assert after['yijue_pool_connections{state="idle"}'] + after['yijue_pool_connections{state="used"}'] >= 2
    assert after['yijue_jobs{state="failed"}'] == after["yijue_damaged_books"] == 0
    assert (after["yijue_database_up"], after["yijue_backup_age_seconds"]) == (1, float("inf"))
    assert after["yijue_disk_free_bytes"] != after["yijue_disk_free_bytes"], "not known here"


async def test_only_those_whom_the_operator_named(database: Database, hub: Hub) -> None:
    """The loopback itself and the token read them; what comes by a proxy does not, nor do other addresses."""
    app: Any = create_app(database, hub, reading=Reading(token="a-word", backup=lambda: 90.0), pages={})

    async def ask(client: tuple[str, int], **headers: str) -> int:
        transport = httpx.ASGITransport(app, client=client)
        async with httpx.AsyncClient(transport=transport, base_url="http://x", headers=headers) as asking:
            answer = await asking.get("/metrics")
            assert answer.is_success or answer.json()["rule"] == "unknown"
            return answer.status_code

    near, far = ("127.0.0.1", 1), ("192.0.2.7", 1)
    assert [await ask(near), await ask(("::1", 1)), await ask(far), await ask(("testclient", 1))] == [
        200,
        200,
        404,
        404,
    ]
    assert await ask(near, **{"X-Forwarded-For": "192.0.2.7"}) == 404
    assert await ask(far, Authorization="Bearer a-word") == 200
    assert await ask(far, Authorization="Bearer another") == 404
    transport = httpx.ASGITransport(app, client=near)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as asking:
        assert (await figures(asking))["yijue_backup_age_seconds"] == 90


async def test_a_database_that_is_away_is_a_figure(
    app: Litestar, database: Database, monkeypatch: pytest.MonkeyPatch, bureau: Bureau
) -> None:
    async def away() -> Any:
        raise ConnectionRefusedError

    monkeypatch.setattr(database, "_acquire", away)
    assert (await figures(bureau.lin.client))["yijue_database_up"] == 0


def test_the_dashboard_names_what_there_is() -> None:
    there = {
        f"{each.name}{suffix}" for each in REGISTRY.collect() for suffix in ("", "_total", "_bucket", "_count", "_sum")
    }
    board = json.loads(GRAFANA.read_text("utf-8"))
    asked = {name for panel in board["panels"] for each in panel["targets"] for name in NAME.findall(each["expr"])}
    assert len(asked) > 12
    assert asked <= there
    families = {each.name for each in REGISTRY.collect()}
    assert {each for each in families if not any(name.startswith(each) for name in asked)} == set()


async def test_an_id_that_is_safe_comes_back(bureau: Bureau) -> None:
    safe = "a-Request_1.2"
    answer = await bureau.lin.client.get("/api/session", headers={"X-Request-Id": safe})
    assert answer.headers["x-request-id"] == safe
    for bad in ("a b", "x'; DROP", "a" * 65, "é", "", "a\tb"):
        answer = await bureau.lin.client.get("/api/session", headers=[(b"X-Request-Id", bad.encode())])
        assert re.fullmatch(r"[0-9a-f]{16}-[0-9]+", answer.headers["x-request-id"]), bad
    refused = await bureau.lin.client.get("/api/meetings/999999", headers={"X-Request-Id": safe})
    assert (refused.status_code, refused.headers["x-request-id"]) == (404, safe)


async def test_a_transaction_has_it(database: Database, bureau: Bureau) -> None:
    REQUEST.set("a-Request_1.2")
    for scope in (Scope(secret=bureau.lin.secret), Scope(None, (bureau.body,))):
        async with database.transaction(scope) as transaction:
            assert await transaction.connection.fetchval("SHOW application_name") == "yijue a-Request_1.2"
    async with database.connection() as connection:
        assert await connection.fetchval("SHOW application_name") == "yijue"


@pytest.mark.moment("in_session")
async def test_one_id_and_no_secret_in_the_log(urls: Urls, kept: Kept, owner: Connection, tmp_path: Path) -> None:
    """A request is followed through its records to the feed by its id; no password, cookie, token, choice or word of a
    meeting stands in the log."""
    password, given = "一枚好密码-Kq7", "vote-of-Lin.1"
    with served(tmp_path, database_url=urls.app) as server:
        bureau = kept.bureau(None, server.base)
        hashed = await hash_password(password)
        await owner.execute("UPDATE people SET password_hash = $1 WHERE id = $2", hashed, bureau.he.id)
        async with httpx.AsyncClient(base_url=server.base) as client:
            answer = await client.post("/api/session", json={"staff_number": "0003", "password": password})
            secrets = [
                password,
                hashed,
                answer.cookies.get("yijue_session", "-none-"),
                answer.json().get("csrf", "-none-"),
            ]
        room = Room(bureau, owner)
        async with follow(bureau.zhao, room.meeting) as screen:
            await screen.hear()
            opened = await bureau.zhou.do(f"{await room.discuss(0, bureau.lin)}/votes")
            ballots = f"{room.path}/votes/{opened['content']['vote']}/ballots"
            headers = {**bureau.lin.client.headers, "X-Request-Id": given}
            answer = await bureau.lin.client.post(ballots, json={"choice": "abstain"}, headers=headers)
            await screen.at(answer.json()["seq"])
        lin = bureau.lin.client
        secrets += [
            lin.cookies["yijue_session"],
            lin.headers["X-CSRF-Token"],
            bureau.lin.secret.hex(),
            "abstain",
            "汇报",
        ]
        await bureau.close()
    said = server.log.read_text("utf-8")
    (committed,) = [line for line in said.splitlines() if f"request={given}" in line and "event=committed" in line]
    assert f"meeting/{room.meeting}/{answer.json()['seq']}:ballot.cast" in committed
    assert re.search(rf"event=fed .*meeting={room.meeting} seq={answer.json()['seq']} screens=1", said)
    assert [secret for secret in secrets if secret in said] == []


async def test_a_feed_tells_what_it_sent(room: Room, hub: Hub, database: Database) -> None:
    before = REGISTRY.get_sample_value("yijue_feed_seconds_count") or 0
    hub.observe = fed
    announce = logged(lambda _: None)
    async with follow(room.bureau.lin, room.meeting) as screen:
        await screen.hear()
        with capture_logs() as logs:
            left = await room.bureau.zhou.do(f"{room.path}/leaves", {"person": room.bureau.xu.id, "reason": "外出学习"})
            await screen.at(left["seq"])
            announce(())
    assert [each["event"] for each in logs if each["event"] in ("fed", "committed")] == ["fed", "committed"]
    assert (REGISTRY.get_sample_value("yijue_feed_seconds_count") or 0) == before + 1
    assert not any("外出学习" in str(each) for each in logs)
