"""Times acknowledged to seen: from a voter's answer until each screen of the meeting has the record.

The clock starts when the last byte of the answer to the voter's POST is there (a record that a screen has before that
counts as 0), and stops at the arrival of the record at each screen. Beside it stand the same bytes by
`websockets.broadcast`, from its answer on, to as many sockets of the same kind.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from statistics import quantiles
from typing import cast

from msgspec import Struct
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from benchmarks.ballots import BALLOT
from benchmarks.rooms import Person, Room, add_people, gather
from benchmarks.site import PATIENCE, Site, answering, free_port
from benchmarks.table import Figure, between

SCREENS, ACTS = (100, 1000), 40
WANTED_MS = 50.0
QUIET = 0.2  # seconds in which everything has arrived, as a rule
PING = 0x89  # the first byte of a ping, which wants its answer soon
AT_ONCE = 50  # sockets that connect at a time


class Screen(asyncio.Protocol):
    """One socket that notes when bytes arrive, and reads them afterwards: its own cost must not be measured."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._websocket = ClientProtocol(parse_uri(url))
        self._headers = headers
        self._transport: asyncio.Transport | None = None
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arrived: list[tuple[float, bytes]] = []
        self._messages: list[tuple[float, bytes]] = []
        self._lost = False

    @classmethod
    async def open(cls, url: str, headers: dict[str, str] | None = None) -> "Screen":
        """Connect, and upgrade."""
        screen, uri = cls(url, headers or {}), parse_uri(url)
        await asyncio.get_running_loop().create_connection(lambda: screen, uri.host, uri.port)
        await screen._opened
        return screen

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one by behaviour alone
        request = self._websocket.connect()
        for name, value in self._headers.items():
            request.headers[name] = value
        self._websocket.send_request(request)
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._arrived.append((time.perf_counter(), data))
        if not self._opened.done() or data[0] == PING:
            self._read()

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = True
        if not self._opened.done():
            self._opened.set_exception(ConnectionError("the server refused a screen"))

    def say(self, text: bytes) -> None:
        self._websocket.send_text(text)
        self._flush()

    def take(self) -> list[tuple[float, bytes]]:
        """Returns the messages that have arrived, each with the time when it was complete."""
        if self._lost:
            raise ConnectionError(f"the server let a screen go: {self._websocket.close_exc}")
        self._read()
        taken, self._messages = self._messages, []
        return taken

    def _read(self) -> None:
        for at, data in self._arrived:
            self._websocket.receive_data(data)
            for event in self._websocket.events_received():
                if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                    self._messages.append((at, bytes(event.data)))
                elif isinstance(event, Response):
                    self._open()
        self._arrived.clear()
        self._flush()  # answers to pings

    def _open(self) -> None:
        if self._websocket.handshake_exc is None:
            self._opened.set_result(None)
        else:
            self._opened.set_exception(self._websocket.handshake_exc)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _flush(self) -> None:
        assert self._transport is not None
        for data in self._websocket.data_to_send():
            if data:
                self._transport.write(data)


class Seen(Struct):
    """Milliseconds from acknowledgement to sight, of each screen, act by act."""

    acts: list[list[float]] = []

    def quantile(self, percent: int) -> float:
        return quantiles([each for act in self.acts for each in act], n=100)[percent - 1]

    def noise(self) -> list[float]:
        """Returns each act's 99th percentile."""
        return [quantiles(act, n=100)[98] for act in self.acts]


@asynccontextmanager
async def bare() -> AsyncIterator[int]:
    """Run the bare broadcast in a process of its own; give its port."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.bare", str(port))
    try:
        await answering(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def open_screens(url: str, headers: Sequence[dict[str, str]]) -> list[Screen]:
    """Open a screen for each of the headers."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(sent: dict[str, str]) -> Screen:
        async with gate:
            return await Screen.open(url, sent)

    return list(await asyncio.gather(*(one(each) for each in headers)))


async def seen_after(screens: Sequence[Screen], acknowledged: float, wanted: bytes) -> tuple[list[float], bytes]:
    """Returns how many milliseconds after the acknowledgement each screen had the message with `wanted` in it, and that
    message."""
    took, text, left = [], b"", list(screens)
    async with asyncio.timeout(PATIENCE):
        while left:
            await asyncio.sleep(QUIET)  # reading meanwhile would disturb what arrives
            behind = []
            for screen in left:
                found = [(at, each) for at, each in screen.take() if wanted in each]
                if found:
                    at, text = found[0]
                    took.append(max(0.0, at - acknowledged) * 1000)
                else:
                    behind.append(screen)
            left = behind
    return took, text


async def measure(site: Site, step: Callable[[], None]) -> list[Figure]:
    """Measure an act, then the bare broadcast of the message that it sent to the screens, by turns."""
    figures = []
    for count, room in zip(SCREENS, await gather(site, [ACTS + 2] * len(SCREENS), 1), strict=True):
        await room.next_vote()
        people = await add_people(site, room.body.organization, count)
        await site.owner.executemany(
            "INSERT INTO grants (body_id, person_id, role) VALUES ($1, $2, 'attendee')",
            [(room.body.id, person) for person in people],
        )
        ours, limit = await _compare(site, room, people)
        step()
        figures.append(
            Figure(
                f"acknowledged to seen, {count} screens, p99 ms (p50)",
                f"{ours.quantile(99):.1f} ({ours.quantile(50):.1f})",
                f"broadcast {limit.quantile(99):.1f} ({limit.quantile(50):.1f})",
                f"{ours.quantile(99) / limit.quantile(99):.2f}",
                f"≤ {WANTED_MS:.0f} ms",
                ours.quantile(99) <= WANTED_MS,
                between(ours.noise(), ".1f"),
            )
        )
        room.body.close()
    return figures


async def _compare(site: Site, room: Room, people: Sequence[int]) -> tuple[Seen, Seen]:
    origin = {"Origin": f"http://127.0.0.1:{site.port}"}
    cookies = [{"Cookie": Person(id, site.port).headers["cookie"], **origin} for id in people]
    ours, limit = Seen(), Seen()
    async with bare() as port:
        plain = await open_screens(f"ws://127.0.0.1:{port}/", [{} for _ in people])
        speaker = await Screen.open(f"ws://127.0.0.1:{port}/say")
        screens = await open_screens(f"ws://127.0.0.1:{site.port}/api/meetings/{room.meeting}/live", cookies)
        await seen_after(screens, 0, b'"snapshot"')
        for turn, voter in enumerate(room.body.members[1 : ACTS + 2]):
            await voter.connect()
            answer = await voter.receipt(room.ballots, BALLOT)
            took, text = await seen_after(screens, voter.answered_at, f'"seq":{answer.seq}'.encode())
            speaker.say(text)
            await asyncio.sleep(QUIET)
            taken, _ = await seen_after(plain, speaker.take()[-1][0], text)
            if turn:  # the first of each fills caches
                ours.acts.append(took)
                limit.acts.append(taken)
        for each in (*screens, *plain, speaker):
            each.close()
    return ours, limit
