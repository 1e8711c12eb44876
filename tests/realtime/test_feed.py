"""The feed on a real socket: snapshot, records as they commit, heartbeats, resuming, and closed connections."""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
import msgspec
import pytest
from litestar import Litestar
from structlog.testing import capture_logs
from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Response
from websockets.typing import Origin
from websockets.uri import parse_uri

from acts.database import Database, connected
from realtime import client
from realtime.feed import RESUMABLE
from realtime.hub import Hub
from server import connections
from server.serving import PATIENCE, listen, serving
from storage.database import Scope
from storage.store import entries
from tests.bureau import Person, found_bureau
from tests.conftest import Urls
from tests.realtime.conftest import HEARTBEAT, Screen, cookie_of, follow, live_url
from tests.test_one_meeting import Room

LONG = "文" * 20_000  # 60 kB
SOON = 2.0  # seconds; a heartbeat and a slow machine


class Book:
    """Writes records for the feed into the meeting's ledger, without acts."""

    def __init__(self, database: Database, room: Room) -> None:
        self._database, self._room = database, room
        self._scope = Scope(secret=room.bureau.li.secret)

    async def write(self, count: int = 1, place: str = "会议室") -> int:
        """Write records in a transaction each; return the last seq."""
        seq = 0
        for _ in range(count):
            async with self._database.transaction(self._scope) as transaction:
                book = await transaction.connection.fetchval(
                    "SELECT id FROM books WHERE (subject_type, subject_id) = ('meeting', $1)", self._room.meeting
                )
                content = {"title": "党组会议", "starts_at": "2026-01-13T01:00:00Z", "place": place}
                entry = await transaction.append(book, self._room.bureau.li.id, "meeting.changed", content)
                seq = entry.record.seq
        return seq

    async def seqs(self) -> list[int]:
        async with self._database.transaction(self._scope) as transaction:
            return [each.record.seq for each in await entries(transaction.connection, ("meeting", self._room.meeting))]


@pytest.fixture
def book(database: Database, room: Room) -> Book:
    return Book(database, room)


@pytest.fixture
async def elsewhere(urls: Urls, room: Room) -> AsyncIterator[Book]:
    """A book on the same database, written as by another process: nothing is announced here."""
    async with connected(urls.app, lambda _: None) as other:
        yield Book(other, room)


async def test_a_snapshot_then_records_as_they_commit(room: Room, book: Book) -> None:
    async with follow(room.bureau.lin, room.meeting) as screen:
        first = await screen.hear()
        assert (first["type"], first["view"], first["seq"]) == ("snapshot", "floor", 1)
        assert screen.following.state.title == "党组会议"
        for seq in range(2, 12):
            assert await book.write() == seq
            await screen.at(seq)
        assert [record.seq for record in screen.records] == list(range(2, 12))
        at = [record.at for record in screen.records]
        assert at == sorted(at)


async def test_an_act_over_http_is_seen(room: Room) -> None:
    b = room.bureau
    async with follow(b.lin, room.meeting) as screen:
        await screen.hear()
        answer = await b.zhou.do(f"{room.path}/leaves", {"person": b.xu.id, "reason": "外出学习"})
        await screen.at(answer["seq"])
        assert (screen.records[-1].kind, screen.records[-1].seq) == ("leave.granted", answer["seq"])
        assert screen.following.state.presence[b.xu.id].state == "on_leave"


async def first_message(person: Person, meeting: int, query: str) -> dict[str, Any]:
    async with follow(person, meeting, query) as screen:
        message: dict[str, Any] = msgspec.json.decode(await screen.recv())
        return message


async def test_after_what_was_missed(room: Room, book: Book) -> None:
    lin = room.bureau.lin
    assert await book.write(9) == 10
    message = await first_message(lin, room.meeting, "?after=6&view=floor")
    assert (message["type"], message["view"]) == ("records", "floor")
    assert [each["seq"] for each in message["records"]] == [7, 8, 9, 10]
    message = await first_message(lin, room.meeting, "?after=6")
    assert [each["seq"] for each in message["records"]] == [7, 8, 9, 10]
    message = await first_message(lin, room.meeting, "?after=10&view=floor")
    assert (message["type"], message["records"]) == ("records", [])


async def test_after_what_is_not_at_hand(room: Room, book: Book) -> None:
    """A seq too old, of another view, or ahead of the ledger (of a restored database) gets a new snapshot."""
    lin = room.bureau.lin
    last = await book.write(RESUMABLE + 5)
    for query in (
        "?after=0&view=floor",
        f"?after={last - RESUMABLE - 1}&view=floor",
        f"?after={last + 1}&view=floor",
        f"?after={10**17}&view=floor",
        f"?after={last - 1}&view=observer",
        f"?after={last - 1}&view=nonsense",
        "?view=floor",
    ):
        message = await first_message(lin, room.meeting, query)
        assert (message["type"], message["view"], message["seq"]) == ("snapshot", "floor", last), query
    message = await first_message(lin, room.meeting, f"?after={last - RESUMABLE}&view=floor")
    assert (message["type"], len(message["records"])) == ("records", RESUMABLE)


async def test_a_heartbeat_tells_the_latest_seq(room: Room, book: Book) -> None:
    async with follow(room.bureau.lin, room.meeting) as screen:
        await book.write(3)
        await screen.at(4)
        started = time.monotonic()
        beats: list[dict[str, Any]] = []
        while len(beats) < 4:
            message = await screen.hear()
            if message["type"] == "heartbeat":
                beats.append(message)
        assert 2 * HEARTBEAT < time.monotonic() - started < 4 * HEARTBEAT + SOON
        assert all(beat["seq"] == 4 for beat in beats)
        assert beats[-1]["now"].startswith("2026-01-08T")  # the database's clock


def test_the_heartbeat_is_five_seconds() -> None:
    assert Hub()._heartbeat == 5.0


async def test_what_another_process_wrote_is_found_at_the_heartbeat(room: Room, elsewhere: Book) -> None:
    async with follow(room.bureau.lin, room.meeting) as screen:
        await screen.hear()
        last = await elsewhere.write(3)
        await screen.at(last)
        assert [record.seq for record in screen.records] == [2, 3, 4]


@pytest.mark.parametrize("heartbeat", [60.0])
async def test_what_another_process_wrote_is_found_at_the_gap(room: Room, book: Book, elsewhere: Book) -> None:
    async with follow(room.bureau.lin, room.meeting) as screen:
        await screen.hear()
        await elsewhere.write(3)
        last = await book.write()
        assert last == 5
        started = time.monotonic()
        await screen.at(last)
        assert time.monotonic() - started < SOON
        assert [record.seq for record in screen.records] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("said", "code"), [("ping", 1008), ('{"type":"ballot"}', 1008), (b"\x00", 1008), ("", 1008), ("x" * 5000, 1009)]
)
async def test_nobody_acts_here(room: Room, book: Book, said: str | bytes, code: int) -> None:
    async with follow(room.bureau.lin, room.meeting) as screen, follow(room.bureau.he, room.meeting) as other:
        await screen.hear()
        await screen.socket.send(said)
        assert (await screen.closed())[0] == code
        await other.at(await book.write())  # other screens are not affected


async def test_signing_out_ends_it(room: Room) -> None:
    lin, he = room.bureau.lin, room.bureau.he
    async with follow(lin, room.meeting) as screen, follow(he, room.meeting) as other:
        await screen.hear()
        await other.hear()
        answer = await lin.client.delete("/api/session")
        assert answer.is_success
        assert await screen.closed() == (1008, "access.signed_out")
        assert (await other.hear())["type"] == "heartbeat"


async def test_losing_ones_role_ends_it(room: Room, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    tang = room.bureau.tang
    async with follow(tang, room.meeting) as screen:
        await screen.hear()
        await owner.execute("DELETE FROM grants WHERE person_id = $1", tang.id)
        assert await screen.closed() == (1008, "access.role")


async def test_another_role_is_another_view(room: Room, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """An attendee who becomes a secretary gets a new snapshot at the next heartbeat."""
    b = room.bureau
    async with follow(b.tang, room.meeting) as screen:
        await screen.hear()
        assert screen.following.view == "floor~"
        await owner.execute(
            "INSERT INTO grants (body_id, person_id, role) VALUES ($1, $2, 'secretary')", b.body, b.tang.id
        )
        await screen.until(lambda screen: screen.following.view == "secretary")
        assert screen.messages[-1]["type"] == "snapshot"


async def test_who_presides_is_shown_the_desk_at_once(room: Room) -> None:
    b = room.bureau
    async with follow(b.lin, room.meeting) as lin, follow(b.zhou, room.meeting) as zhou:
        await lin.hear()
        await zhou.hear()
        assert (lin.following.view, zhou.following.view) == ("floor", "chair")
        await b.li.do(f"{room.path}/presiding", {"person": b.lin.id})
        await lin.until(lambda screen: screen.following.view == "chair")
        assert zhou.following.view == "chair"  # the head has the agenda to approve, whoever presides
        await b.li.do(f"{room.path}/presiding", {"person": b.he.id})
        await lin.until(lambda screen: screen.following.view == "floor")


class Hung:
    """A client that completes the WebSocket handshake and then reads nothing until `close_code`."""

    def __init__(self, sock: socket.socket, protocol: ClientProtocol) -> None:
        self._sock, self._protocol = sock, protocol

    async def close_code(self) -> int | None:
        """Read all that was sent; return the server's close code, None without a close frame."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(10):
            while data := await loop.sock_recv(self._sock, 1 << 20):
                self._protocol.receive_data(data)
                for event in self._protocol.events_received():
                    if isinstance(event, Frame) and event.opcode is Opcode.CLOSE:
                        return Close.parse(event.data).code
        return None


@asynccontextmanager
async def hung(person: Person, meeting: int) -> AsyncIterator[Hung]:
    address = str(person.client.base_url).rstrip("/")
    uri = parse_uri(live_url(address, meeting))
    protocol = ClientProtocol(uri, origin=Origin(address), max_size=None)
    loop = asyncio.get_running_loop()
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        sock.setblocking(False)
        await loop.sock_connect(sock, (uri.host, uri.port))
        request = protocol.connect()
        request.headers.update(cookie_of(person))
        protocol.send_request(request)
        await loop.sock_sendall(sock, b"".join(protocol.data_to_send()))
        answer = None
        while answer is None:
            protocol.receive_data(await loop.sock_recv(sock, 1024))
            answer = next((each for each in protocol.events_received() if isinstance(each, Response)), None)
        assert answer.status_code == 101
        yield Hung(sock, protocol)


async def _latencies(screen: Screen, book: Book, count: int, place: str) -> list[float]:
    """The seconds from commit to screen of so many records, sorted."""
    taken = []
    for _ in range(count):
        seq = await book.write(place=place)
        committed = time.monotonic()
        await screen.at(seq)
        taken.append(time.monotonic() - committed)
    return sorted(taken)


async def test_one_that_hangs_delays_nobody_and_is_let_go(room: Room, book: Book, hub: Hub) -> None:
    b = room.bureau
    async with follow(b.lin, room.meeting) as screen:
        await screen.hear()
        undisturbed = await _latencies(screen, book, 100, LONG)
        async with hung(b.he, room.meeting) as other:
            disturbed = await _latencies(screen, book, 200, LONG)  # 12 MB, more than the system and the server queue
            assert disturbed[197] < max(4 * undisturbed[98], 0.1), (undisturbed[98], disturbed[197])
            assert await other.close_code() == client.BEHIND
        await screen.until(lambda screen: screen.messages[-1]["type"] == "heartbeat")
    await asyncio.sleep(0.1)
    assert not any(feed.clients for feed in hub._feeds.values())


async def test_one_that_hangs_is_let_go_after_a_while(room: Room, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that takes no frame for LONGEST_WAIT is closed, even if little is queued for it."""
    monkeypatch.setattr(client, "LONGEST_WAIT", 0.5)
    async with hung(room.bureau.he, room.meeting) as other:
        await book.write(100, place=LONG)  # 6 MB, more than the system queues
        await asyncio.sleep(0.5 + 2 * HEARTBEAT)
        assert await other.close_code() == client.BEHIND


async def test_a_screen_that_takes_nothing_is_dropped_by_its_buffer(
    room: Room, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent lies in the buffers and is not taken: the connection ends, though nothing is queued for it."""
    monkeypatch.setattr(connections, "TAKEN", 1.0)
    monkeypatch.setattr(client, "LONGEST_WAIT", 1000)
    monkeypatch.setattr(client, "MOST_FRAMES", 10**9)
    b = room.bureau
    async with hung(b.he, room.meeting), follow(b.lin, room.meeting) as screen:
        await screen.hear()
        with capture_logs() as logs:
            reading = asyncio.create_task(screen.at(screen.seq + 60))  # the other one takes what comes
            await book.write(60, place=LONG)  # 3.6 MB
            async with asyncio.timeout(20):
                while not any(  # noqa: ASYNC110
                    each["event"] == "connections dropped: buffer" for each in logs
                ):
                    await asyncio.sleep(0.1)
        await reading
        await screen.until(lambda screen: screen.messages[-1]["type"] == "heartbeat")


@pytest.mark.long
async def test_resuming_under_a_flood(room: Room, book: Book) -> None:
    """Four writers write records while screens lose their connection again and again: none is lost or comes twice."""
    b, count = room.bureau, 150
    rng = random.Random(7)
    last = 1 + 4 * count
    everybody = asyncio.Barrier(6)

    async def watch(person: Person) -> list[int]:
        screen: Screen | None = None
        while screen is None or screen.seq < last:
            query = screen.following.query if screen else ""
            async with follow(person, room.meeting, query) as again:
                if screen is None:
                    screen = again
                    await screen.hear()
                    await everybody.wait()
                else:
                    screen.socket = again.socket
                await screen.at(min(last, screen.seq + rng.randrange(1, 60)))
        assert [message["type"] for message in screen.messages].count("snapshot") == 1
        return [record.seq for record in screen.records]

    watching = [asyncio.create_task(watch(person)) for person in (b.lin, b.he, b.li, b.zhao, b.tang)]
    await everybody.wait()
    await asyncio.gather(*(book.write(count) for _ in range(4)))
    async with asyncio.timeout(30):
        everything = await asyncio.gather(*watching)
    for seen in everything:
        assert seen == list(range(seen[0], last + 1))
        assert seen[0] == 2
    assert await book.seqs() == list(range(1, last + 1))


async def test_a_server_that_stops_says_when_to_come_back(
    app: Litestar, owner: "asyncpg.Connection[asyncpg.Record]", database: Database
) -> None:
    """The close code is 1012, service restart; the server stops in time even if a client hangs."""
    async with AsyncExitStack() as clients:
        with listen("127.0.0.1", 0) as listening:
            async with serving(app, listening):
                b = await found_bureau(None, owner, f"http://127.0.0.1:{listening.getsockname()[1]}")
                room = Room(b, owner)
                await room.plan()
                screen = await clients.enter_async_context(follow(b.lin, room.meeting))
                await screen.hear()
                await clients.enter_async_context(hung(b.he, room.meeting))
                for _ in range(4):  # 6 MB: a client that reads is never so far behind that it is closed
                    await screen.at(await Book(database, room).write(25, place=LONG))
                await b.close()
                stopping = time.monotonic()
        assert time.monotonic() - stopping < PATIENCE + SOON
        assert (await screen.closed())[0] == client.RESTARTING


async def test_the_feed_comes_back_after_the_database_was_away(
    room: Room, book: Book, owner: "asyncpg.Connection[asyncpg.Record]", urls: Urls
) -> None:
    """A heartbeat that needs the lost database is left out; the next ones come, and so do the records."""
    async with follow(room.bureau.lin, room.meeting) as screen:
        await screen.hear()
        admin = await asyncpg.connect(urls.admin)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'yijue'"
        )
        await admin.close()
        await asyncio.sleep(2 * HEARTBEAT)
        await screen.at(await book.write())
        await screen.until(lambda screen: screen.messages[-1]["type"] == "heartbeat")
