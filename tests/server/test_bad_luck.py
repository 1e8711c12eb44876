"""A server killed in the middle of a vote, a database that goes away, a paper that never ends.

All that was acknowledged is there afterwards, nothing is there by half, and the meeting goes on.
"""

import asyncio
import hashlib
import os
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from acts.database import connected
from realtime.hub import Hub
from server.app import create_app
from server.connecting import apply_migrations
from storage import cluster, database, embedded
from storage.ledger import check_chain
from tests.bureau import Person, found_bureau
from tests.conftest import Urls
from tests.faults.voting import Owner, Voting, application_on, close, hold, open_a_vote, owner_of
from tests.minutes.playing import Adjourned, held
from tests.serving import Served, served, unmeasured
from tests.test_one_meeting import PDF

pytestmark = pytest.mark.long
READY_WITHIN = 20.0  # seconds; a quiet machine takes about two
CHOICES = ("yes", "no", "abstain")


@pytest.fixture
def data() -> Iterator[Path]:
    """A new data folder, outside pytest's folder like that of the tests' server."""
    with tempfile.TemporaryDirectory(prefix="yijue-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


async def test_killed_in_the_middle_of_a_vote(data: Path, tmp_path: Path) -> None:
    """The server is killed, then the PostgreSQL under it; each time the vote goes on where it was."""
    async with embedded.running(data) as server:
        voting = await open_a_vote(server)
    with served(tmp_path, data=str(data)) as first:
        await voting.move_to(first.base)
        await voting.cast_until(40, first.kill)
        assert first.process.returncode == -signal.SIGKILL
    before = len(voting.told)

    with served(tmp_path, data=str(data)) as second:
        assert second.ready_after < READY_WITHIN
        await voting.move_to(second.base)
        running = embedded.attached(data)
        assert running is not None
        async with owner_of(running.url("yijue_owner")) as owner:
            await hold(voting, owner)
        await voting.cast_until(15, partial(os.kill, running.pid, signal.SIGKILL))
        # Its database is started again, and the server goes on. Its health speaks of the last second, the log of now.
        async with asyncio.timeout(READY_WITHIN):
            while "postgresql_restarted" not in second.log.read_text("utf-8"):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            while not (await voting.room.bureau.lin.get("/api/health")).is_success:  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        async with owner_of(running.url("yijue_owner")) as owner:
            await hold(voting, owner)
        assert "Traceback" not in second.log.read_text("utf-8")
    assert len(voting.told) > before, "nobody voted on"

    with served(tmp_path, data=str(data)) as third:
        assert third.ready_after < READY_WITHIN
        await voting.move_to(third.base)
        running = embedded.attached(data)
        assert running is not None
        async with owner_of(running.url("yijue_owner")) as owner:
            await hold(voting, owner)
            await close(voting, owner)
            check_chain(await voting.room.entries())
    await voting.room.bureau.close()


async def _signed_minutes(data: Path) -> Adjourned:
    async with embedded.running(data) as server, application_on(server) as (app, owner):
        meeting = await held(await found_bureau(app, owner), owner)
        await meeting.sign()
    return meeting


async def _moved(meeting: Adjourned, base: str) -> None:
    await Voting(meeting.room, "", {}, {}, {}).move_to(base)


async def _drawn(meeting: Adjourned) -> bytes:
    """Ask for the file until it is there; return it."""
    async with asyncio.timeout(60):
        while True:
            answer = await meeting.bureau.lin.get(f"{meeting.minutes}/pdf")
            if answer.is_success:
                return answer.content
            assert (answer.status_code, answer.json()["rule"]) == (503, "minutes.drawing"), answer.text
            assert int(answer.headers["retry-after"]) >= 1
            await asyncio.sleep(0.05)


async def _kill_while_drawing(meeting: Adjourned, data: Path, server: Served) -> int:
    """Issue, kill the server while the drawn file waits for a row that is locked here, and return the number."""
    running = embedded.attached(data)
    assert running is not None
    async with owner_of(running.url("yijue_owner")) as owner, asyncio.timeout(60):
        issued = await meeting.bureau.li.do(f"{meeting.minutes}/issue")
        await owner.execute("BEGIN; SELECT 1 FROM minutes FOR UPDATE")
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not await owner.fetchval(waits):  # noqa: ASYNC110 -- until the worker comes to it
            await asyncio.sleep(0.02)
        server.kill()
        await owner.execute("ROLLBACK")
        assert await owner.fetchval("SELECT count(*) FROM minutes WHERE number = 1 AND pdf IS NULL") == 1
    number: int = issued["content"]["number"]
    return number


async def test_killed_between_an_issue_and_its_file(data: Path, tmp_path: Path) -> None:
    """The server is killed once the number is taken, then during the drawing: in the end there are one number and one
    file, the same ever after."""
    meeting = await _signed_minutes(data)
    with served(tmp_path, data=str(data)) as first:
        await _moved(meeting, first.base)
        number = await _kill_while_drawing(meeting, data, first)
    with served(tmp_path, data=str(data)) as second:
        second.kill()  # perhaps before it drew again, perhaps during that
    with served(tmp_path, data=str(data)) as last:
        await _moved(meeting, last.base)
        running = embedded.attached(data)
        assert running is not None
        async with owner_of(running.url("yijue_owner")) as owner:
            meeting.room.owner = owner
            pdf = await _drawn(meeting)
            assert hashlib.sha256(pdf).digest() == await owner.fetchval("SELECT sha256 FROM minutes")
            assert await owner.fetchval("SELECT last FROM minutes_counters") == number == 1
            assert await owner.fetchval("SELECT count(*) FROM minutes WHERE number IS NOT NULL") == 1
            assert (
                await owner.fetchval("SELECT attempts FROM jobs WHERE done_at IS NOT NULL AND kind = 'minutes.draw'")
                >= 2
            )
            entries = await meeting.room.entries()
            check_chain(entries)
            kinds = [entry.record.kind for entry in entries]
            assert kinds[-2:] == ["minutes.issued", "minutes.drawn"]
            assert (entries[-1].record.actor, entries[-1].record.content["sha256"]) == (
                None, hashlib.sha256(pdf).hexdigest()
            )  # fmt: skip
            # The next issue takes the next number, and the first file stays what it was.
            await meeting.bureau.zhou.do(f"{meeting.minutes}/void", {"reason": "文字有误"})
            assert await _drawn(meeting) == pdf
            assert (await meeting.write_up())["number"] == 2
    await meeting.bureau.close()


async def test_the_database_is_away_for_a_while(data: Path) -> None:
    """While a named server is away requests are refused in words; once it is back all goes on by itself."""
    async with embedded.running(data) as server:
        await apply_migrations(server.url("yijue_owner"), "test")
        hub = Hub()
        async with connected(server.url("yijue_app"), hub.announce) as database:
            app = create_app(database, hub, unmeasured())
            async with owner_of(server.url("yijue_owner")) as owner:
                bureau = await found_bureau(app, owner)
            path = f"/api/bodies/{bureau.body}/kin"
            await asyncio.gather(*(bureau.li.do(path, {"name": f"先{number}"}) for number in range(8)))
            async with hub.running(database):
                os.kill(server.pid, signal.SIGINT)
                await asyncio.to_thread(server.process.wait)
                answers = [await bureau.lin.get("/api/session"), await bureau.lin.get("/api/health")]
                answers += await asyncio.gather(*(bureau.li.post(path, {"name": f"中{number}"}) for number in range(8)))
                for answer in answers:
                    assert (answer.status_code, answer.json()["rule"]) == (503, "unavailable"), answer.text
                    assert answer.headers["content-type"] == "application/problem+json"
                    assert int(answer.headers["retry-after"]) >= 1
                server.launch()
                try:
                    await server.ready()
                    await asyncio.gather(*(bureau.li.do(path, {"name": f"后{number}"}) for number in range(8)))
                    names = [
                        kin["name"] for kin in (await bureau.li.get(f"/api/bodies/{bureau.body}/kinship")).json()["kin"]
                    ]
                    assert sorted(name for name in names if name[0] in "先中后") == sorted(
                        f"{when}{number}" for when in "先后" for number in range(8)
                    )
                    assert (await bureau.lin.get("/api/health")).is_success
                finally:
                    await bureau.close()


async def test_the_database_hangs(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not answer holds nothing up for long: requests are refused in words, then all goes on."""
    for name, seconds in (("_CONNECTION", 1), ("_ANSWER", 1.5), ("_STATEMENT", 1), ("CLOSING", 1)):
        monkeypatch.setattr(database, name, seconds)
    monkeypatch.setattr(embedded, "STOPPED_WITHIN", 2)
    async with embedded.running(data) as server:
        await apply_migrations(server.url("yijue_owner"), "test")
        hub = Hub()
        async with connected(server.url("yijue_app"), hub.announce) as pool:
            app = create_app(pool, hub, unmeasured())
            async with owner_of(server.url("yijue_owner")) as owner:
                bureau = await found_bureau(app, owner)
            path, began = f"/api/bodies/{bureau.body}/kin", time.monotonic()
            _signal_all(data, signal.SIGSTOP)
            answers = await asyncio.gather(
                bureau.lin.get("/api/health"), bureau.lin.get("/api/session"),
                *(bureau.li.post(path, {"name": f"中{number}"}) for number in range(20)),
            )  # fmt: skip
            assert {(each.status_code, each.json()["rule"]) for each in answers} == {(503, "unavailable")}
            assert all(int(each.headers["retry-after"]) >= 1 for each in answers)
            assert time.monotonic() - began < 20
            _signal_all(data, signal.SIGCONT)
            await asyncio.gather(*(bureau.li.do(path, {"name": f"后{number}"}) for number in range(8)))
            await bureau.close()
            _signal_all(data, signal.SIGSTOP)
            began = time.monotonic()
    assert time.monotonic() - began < 15, "the end waited for it"
    async with embedded.running(data) as server, owner_of(server.url("yijue_owner")) as owner:
        assert await owner.fetchval("SELECT count(*) FROM kin WHERE name LIKE '后%'") == 8


def _signal_all(data: Path, number: int) -> None:
    for pid in cluster.working_in(cluster.Places(data).cluster):
        os.kill(pid, number)


def _send_a_paper(server: Served, path: str, person: Person, size: int, chunked: bool) -> tuple[int, int]:
    """Send a file of `size` bytes as fast as it is taken, until an answer; return the status and the bytes sent."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
    head = (
        f"POST {path}/papers HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n{length}\r\n"
        f"X-CSRF-Token: {person.client.headers['X-CSRF-Token']}\r\n"
        f"Cookie: yijue_session={person.client.cookies['yijue_session']}\r\n\r\n"
    )
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF
    block = bytes(2**20)
    sent = 0
    with socket.create_connection(("127.0.0.1", int(server.base.rpartition(":")[2])), timeout=30) as wire:
        wire.sendall(head.encode())
        for part in [form, *[block] * (size // len(block))]:
            if answer := _said(wire):
                return answer, sent
            try:
                wire.sendall(b"%x\r\n%b\r\n" % (len(part), part) if chunked else part)
            except OSError:
                break
            sent += len(part)
        wire.settimeout(30)
        return _said(wire, wait=True), sent


def _said(wire: socket.socket, *, wait: bool = False) -> int:
    """The status of the answer, 0 if none has come yet."""
    wire.setblocking(wait)
    try:
        return int(wire.recv(4096).split(b" ")[1])
    except (BlockingIOError, IndexError):
        return 0
    finally:
        wire.settimeout(30)


async def test_a_paper_of_100_megabytes(urls: Urls, owner: Owner, tmp_path: Path) -> None:
    """The file is refused by its stated length, or once it is too long; it is never held whole in memory."""
    with served(tmp_path, database_url=urls.app) as server:
        bureau = await found_bureau(None, owner, server.base)
        plan = {"title": "党组会议", "starts_at": "2026-02-13T09:00:00+08:00"}
        meeting = (await bureau.li.do(f"/api/bodies/{bureau.body}/meetings", plan))["content"]["meeting"]
        added = await bureau.li.do(f"/api/meetings/{meeting}/items", {"title": "一项", "category": "other"})
        path = f"/api/meetings/{meeting}/items/{added['content']['item']['id']}"
        before = server.memory
        for person, chunked, expected in (
            (bureau.li, False, (413,)),
            (bureau.li, True, (413, 422)),
            (bureau.lin, False, (403,)),
            (bureau.jiang, True, (403,)),
        ):
            start = time.monotonic()
            status, sent = await asyncio.to_thread(_send_a_paper, server, path, person, 100 * 2**20, chunked)
            assert status in expected, (person.key, chunked, status)
            assert sent < 90 * 2**20, f"{sent} bytes were taken"
            assert time.monotonic() - start < 20
        assert server.memory - before < 60 * 1024, f"{(server.memory - before) // 1024} MiB more were held"
        # The server still takes a file within the limit.
        file = {"file": ("a.pdf", PDF + bytes(20 * 2**20), "application/pdf")}
        answer = await bureau.li.client.post(f"{path}/papers", files=file, timeout=60)
        assert answer.is_success, answer.text
        assert await owner.fetchval("SELECT count(*) FROM papers") == 1
        await bureau.close()
