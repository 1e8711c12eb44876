"""Jobs are kept with the act, done once, tried again, failed in the end, and shown by the doctor."""

import asyncio
from contextlib import suppress
from datetime import datetime
from math import ceil

import pytest
from structlog.testing import capture_logs

from acts import store
from acts.jobs import Work, Worker, leave
from identity.sessions import digest
from server.doctor import look_at_jobs
from storage.database import Database, Scope
from tests.bureau import Bureau, open_session
from tests.storage.attacks import Connection

DONE: list[int] = []


async def count(work: Work) -> None:
    """Do nothing for a moment, then count; a number below 0 fails."""
    number = work.arguments["number"]
    if number < 0:
        raise ArithmeticError("a secret that no log may hold")
    await work.connection.execute("SELECT pg_sleep(0.01)")
    DONE.append(number)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acts.jobs.jobs", lambda: {"test.count": "tests.acts.test_jobs:count"})
    DONE.clear()


@pytest.fixture
async def place(owner: Connection) -> tuple[int, int, bytes]:
    """An organization, its body, and the secret of its administrator's session; without a worker."""
    organization = await owner.fetchval("INSERT INTO organizations (name) VALUES ('单位') RETURNING id")
    body = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name) VALUES ($1, '党组') RETURNING id", organization
    )
    person = await owner.fetchval(
        "INSERT INTO people (organization_id, staff_number, name, administrator) VALUES ($1, '1', '管理员', true)"
        " RETURNING id",
        organization,
    )
    token, _ = await open_session(owner, person)
    return organization, body, digest(token)


async def left(database: Database, place: tuple[int, int, bytes], *numbers: int) -> None:
    organization, body, secret = place
    async with database.transaction(Scope(secret=secret)) as transaction:
        for number in numbers:
            await leave(transaction, organization, body, "test.count", {"number": number})


async def test_it_is_kept_with_the_act_or_not_at_all(database: Database, place: tuple[int, int, bytes]) -> None:
    with suppress(KeyError):
        async with database.transaction(Scope(secret=place[2])) as transaction:
            await leave(transaction, *place[:2], "test.count", {"number": 1})
            raise KeyError
    assert not database.work.is_set()
    await left(database, place, 2)
    assert database.work.is_set()
    worker = Worker(database, {})
    assert [await worker.do_next(), await worker.do_next()] == [True, False]
    assert DONE == [2]


async def test_many_workers_do_each_once(database: Database, place: tuple[int, int, bytes], owner: Connection) -> None:
    await left(database, place, *range(40))

    async def work() -> None:
        while await Worker(database, {}).do_next():
            pass

    await asyncio.gather(*(work() for _ in range(6)))
    assert sorted(DONE) == list(range(40))
    assert await owner.fetchval("SELECT count(*) FROM jobs WHERE done_at IS NOT NULL AND attempts = 1") == 40


async def test_a_worker_wakes_when_an_act_leaves_one(database: Database, place: tuple[int, int, bytes]) -> None:
    async with Worker(database, {}, poll=60).running():
        await asyncio.sleep(0.2)
        for number in range(3):
            await left(database, place, number)
            async with asyncio.timeout(5):
                while number not in DONE:  # noqa: ASYNC110 -- the worker adds to it
                    await asyncio.sleep(0.01)


async def later(owner: Connection, seconds: float) -> None:
    await owner.execute("SELECT set_clock(yijue_now() + make_interval(secs => $1))", seconds)


async def test_what_fails_is_tried_again_and_fails_in_the_end(
    database: Database, place: tuple[int, int, bytes], owner: Connection
) -> None:
    """A job has ten attempts, with waits that double up to ten minutes. The doctor names a failed job; a server's start
    tries it anew."""
    await left(database, place, -1, 1)
    worker, waits = Worker(database, {}), []
    with capture_logs() as logs:
        for _ in range(10):
            while await worker.do_next():
                pass
            due, now = await owner.fetchrow("SELECT due_at, yijue_now() FROM jobs WHERE done_at IS NULL")  # type: ignore[misc]
            assert isinstance(due, datetime)
            waits.append(ceil((due - now).total_seconds()))
            await later(owner, waits[-1] + 1)
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600]
    assert DONE == [1]  # a failing job holds up no other
    assert len(logs) == 10
    assert "secret" not in str(logs)
    async with database.connection() as connection:
        assert await store.figures(connection) == store.Figures(0, 1, "test.count", _error(logs[-1]["error"]))
        finding = await look_at_jobs(connection)
    assert "test.count" in finding.how
    assert "重启" in finding.mend
    assert "ArithmeticError" in finding.mend

    assert not await worker.do_next()
    await owner.execute("UPDATE jobs SET arguments = '{\"number\": 7}' WHERE failed_at IS NOT NULL")
    async with Worker(database, {}).running(), asyncio.timeout(5):
        while 7 not in DONE:  # noqa: ASYNC110 -- the worker adds to it
            await asyncio.sleep(0.01)
    async with database.connection() as connection:
        assert (await look_at_jobs(connection)).mend == ""


def _error(logged: str) -> str:
    assert logged.startswith("ArithmeticError (test_jobs.py:")
    return logged


async def test_an_attempt_that_ended_with_its_server_counts(
    database: Database, place: tuple[int, int, bytes], owner: Connection
) -> None:
    await left(database, place, 5)
    for _ in range(10):  # claimed, and never done
        async with database.transaction(Scope()) as transaction:
            assert await store.claim(transaction.connection) is not None
        await later(owner, 700)
    assert not await Worker(database, {}).do_next()
    row = await owner.fetchrow("SELECT failed_at, last_error FROM jobs")
    assert row is not None
    assert row["failed_at"] is not None
    assert "server ended" in row["last_error"]
    assert DONE == []


async def test_one_under_way_is_nobody_else_s(
    database: Database, place: tuple[int, int, bytes], owner: Connection
) -> None:
    """A job's row is locked while it is done, however long that takes; a later attempt does not begin beside it."""
    await left(database, place, 5)
    async with database.transaction(Scope()) as transaction:
        job = await store.claim(transaction.connection)
    assert job is not None

    async def begins_again() -> bool:
        async with database.transaction(Scope()) as other:
            return await store.begin(other.connection, job)

    async with database.transaction(Scope(place[0], (place[1],))) as transaction:
        assert await store.begin(transaction.connection, job)
        await later(owner, 60)
        assert not await Worker(database, {}).do_next()
        again = asyncio.create_task(begins_again())
        await asyncio.sleep(0.1)
        assert not again.done()
        await store.done(transaction.connection, job)
    assert not await again
    assert not await Worker(database, {}).do_next()


async def test_jobs_of_another_body_are_not_seen(
    database: Database, place: tuple[int, int, bytes], bureau: Bureau, owner: Connection
) -> None:
    await left(database, place, -2)
    async with database.transaction(Scope(bureau.organization, (bureau.body,))) as transaction:
        assert await transaction.connection.fetchval("SELECT count(*) FROM jobs") == 0
    assert await owner.fetchval("SELECT count(*) FROM jobs") == 1
