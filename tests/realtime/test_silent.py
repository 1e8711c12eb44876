"""Connections that say nothing, or say it drop by drop, keep nobody out."""

import asyncio
import os
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx
import pytest
from litestar import Litestar
from structlog.testing import capture_logs

from identity.sessions import hash_password
from server import connections
from server.serving import listen, serving
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.moments import Kept
from tests.serving import served
from tests.storage.attacks import Connection
from tests.test_one_meeting import Room

PASSWORD = "一枚好密码"
HEAD = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n"
UPGRADE = (
    b"GET /api/meetings/1/live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.fixture(autouse=True)
def many_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


class Flood:
    """Connections that a stranger opens; each sends `first`, then a byte a second."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []
        self._dripping: list[asyncio.Task[None]] = []
        self.ended = 0

    async def open(self, number: int, first: bytes = b"", drip: bytes = b"") -> None:
        for start in range(0, number, 100):
            await asyncio.gather(*(self._open(first, drip) for _ in range(min(100, number - start))))

    async def _open(self, first: bytes, drip: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(first)
        self._writers.append(writer)
        self._dripping.append(asyncio.create_task(self._drip(reader, writer, drip)))

    async def _drip(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, drip: bytes) -> None:
        async def more() -> None:
            while drip:
                writer.write(drip)
                await asyncio.sleep(1)

        dripping = asyncio.create_task(more())
        try:
            while await reader.read(1000):
                pass
        except ConnectionError:
            pass
        finally:
            dripping.cancel()
            self.ended += 1

    async def all_ended(self, number: int, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while self.ended < number:  # noqa: ASYNC110 -- many add to it
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        for task in self._dripping:
            task.cancel()
        await asyncio.gather(*self._dripping, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)


@asynccontextmanager
async def flooding(base: str) -> AsyncIterator[Flood]:
    flood = Flood(int(base.rpartition(":")[2]))
    try:
        yield flood
    finally:
        await flood.close()


async def sign_in(base: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=base, timeout=20) as client:
        return await client.post("/api/session", json={"staff_number": "0002", "password": PASSWORD})


async def set_password(owner: Connection, bureau: Bureau) -> None:
    await owner.execute(
        "UPDATE people SET password_hash = $1 WHERE id = $2", await hash_password(PASSWORD), bureau.lin.id
    )


@pytest.fixture
async def small(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A server that takes few strangers, fewer of them from one address, and waits a short time for them."""
    for name, value in (("STRANGERS", 60), ("FROM_ONE", 40), ("HEADER", 1.0), ("BODY", 1.0), ("ADMISSION", 3.0)):
        monkeypatch.setattr(connections, name, value)
    with listen("127.0.0.1", 0) as listening:
        async with serving(app, listening):
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.moment("in_session")
@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nX: ", HEAD, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_the_oldest_silent_one_gives_way(
    app: Litestar, kept: Kept, owner: Connection, small: str, first: bytes
) -> None:
    """Whatever strangers have begun, one who asks is served, and a known connection is kept."""
    bureau = kept.bureau(None, small)
    path = f"/api/meetings/{bureau.meeting}"
    assert (await bureau.zhou.get(path)).is_success  # by a connection that httpx keeps
    with capture_logs() as logs:
        async with flooding(small) as flood:
            await flood.open(200, first)
            answer = await bureau.lin.get("/health")
            assert answer.is_success
            await flood.all_ended(160, 2)
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(anyio, "connect_tcp", None)  # no new one is opened
                assert (await bureau.zhou.get(path)).is_success, "a known connection was given up"
    dropped = [each for each in logs if each["event"] == "connections dropped: too many of one address"]
    assert len(dropped) == 1, logs
    await bureau.close()


@pytest.mark.parametrize(("first", "drip"), [(b"", b""), (b"GET / HTTP/1.1\r\nX: ", b"a"), (HEAD, b"")])
async def test_what_is_not_said_in_time(small: str, first: bytes, drip: bytes) -> None:
    """A header has its time as a whole, however steadily it drips; a body must go on."""
    async with flooding(small) as flood:
        began = time.monotonic()
        await flood.open(20, first, drip)
        await flood.all_ended(20, 6)
        assert time.monotonic() - began > 0.9


@pytest.mark.parametrize("path", [b"/api/meetings/1/live", b"/api/nothing"])
async def test_a_socket_without_a_session_ends(small: str, path: bytes) -> None:
    async with flooding(small) as flood:
        await flood.open(20, UPGRADE.replace(b"/api/meetings/1/live", path))
        await flood.all_ended(20, 5)


@pytest.mark.long
@pytest.mark.moment("in_session")
async def test_more_than_a_thousand_silent_connections(
    urls: Urls, kept: Kept, owner: Connection, tmp_path: Path
) -> None:
    """Two thousand connections say nothing, six hundred drip or stop, while somebody signs in and others vote."""
    with served(tmp_path, database_url=urls.app) as server:
        bureau = kept.bureau(None, server.base)
        await set_password(owner, bureau)
        room = Room(bureau, owner)
        vote = (await bureau.zhou.do(f"{await room.discuss(0, bureau.lin)}/votes"))["content"]["vote"]
        async with flooding(server.base) as flood:
            await flood.open(1000)
            await flood.open(200, b"GET / HTTP/1.1\r\nX: ", b"a")
            await flood.open(200, HEAD, b" ")
            await flood.open(200, UPGRADE)
            await flood.open(1000)
            began = time.monotonic()
            answer = await sign_in(server.base)
            assert answer.status_code == 201, answer.text
            signed_in = time.monotonic() - began
            for number, person in enumerate(bureau.members[:-1]):
                if person.key in ("xu", "zhou"):
                    continue
                receipt = await person.post(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})
                assert receipt.is_success, (number, receipt.text)
            assert signed_in < 5, signed_in
            assert time.monotonic() - began < 15
            descriptors = len(os.listdir(f"/proc/{server.process.pid}/fd"))
            assert descriptors < connections.FROM_ONE + 300, descriptors
        lines = server.log.read_text("utf-8").count("connections dropped")
        assert 1 <= lines <= 5, "told, and not once for each"
        await bureau.close()
