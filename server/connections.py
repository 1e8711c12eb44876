"""The connections of the server, and how long each may take: silent ones give way to those that ask.

A connection is a stranger's until a request on it has proved a session. Strangers are few; a new one takes the place of
the one that has been silent longest. Those who have signed in are not counted by address: an office is one address.
"""

import asyncio
import fcntl
import resource
import socket
import termios
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from acts.connection import KEY
from acts.sparing import sparing
from storage.figures import CONNECTIONS, DROPPED

HEADER = 10.0  # seconds for the header of a request, from the connection or from its first byte
BODY = 20.0  # seconds without a byte of a body that is not complete
ANSWER = 60.0  # seconds from the last byte of a request to the first of its answer
UNDOING = 15.0  # seconds for what such a request has done to be undone, by a database that may hang
WHOLE = 300.0  # seconds for all of a request: 50 MB by a slow link
ADMISSION = 30.0  # seconds for a stranger's request, and until a WebSocket has proved its session
LYING = 2 * 1024**2  # bytes that may lie in the buffers of a live feed,
TAKEN = 20.0  # seconds for which none of them need be taken; the feed itself says farewell after ten,
SENDING = 256 * 1024  # and of them those that the system holds
KEPT = 3
STRANGERS = 4096  # connections of those who have not signed in,
FROM_ONE = 2048  # and of those from one address: the thousand screens of one office that come back after a restart
_OTHER_FILES = 256  # descriptors that are not connections: the database's, files, pipes
_TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


def raise_file_limit() -> int:
    """Let the process open as many files as the system allows it; return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Connection:
    """One connection, whichever protocol it speaks at the time."""

    def __init__(self, all_: "Connections", transport: asyncio.Transport, now: float) -> None:
        self.all, self.transport = all_, transport
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else ""
        self.known = self.asked = False
        self.waiting: float | None = now  # since when a header is awaited; None while none is
        self.heard = self.began = now
        self.lying, self.taken = 0, now  # bytes in the buffers, and when they last became fewer
        self.task: asyncio.Task[Any] | None = None  # the request that is being answered,
        self.late = 0.0  # and when it was ended since it took too long; 0 while it was not
        self.protocol: Guarded | GuardedSocket | None = None

    def signed_in(self) -> None:
        """Say that a request on this connection has proved a session."""
        if not self.known:
            self.known = True
            self.all.admit(self)

    @property
    def rank(self) -> int:
        """How easily the connection is given up: 0 before its first request, 1 between two, 2 while its client has to
        send or take something; KEPT is not given up."""
        if not isinstance(self.protocol, Guarded):
            return KEPT
        cycle = self.protocol.cycle
        if cycle is None or cycle.response_complete:
            return 1 if self.asked else 0
        return 2 if cycle.more_body or self.protocol.flow.write_paused else KEPT

    def overdue(self, now: float) -> str:
        """What has taken too long, empty if all is in time."""
        if not isinstance(self.protocol, Guarded):
            if not self.known:
                return "admission" if now - self.began > ADMISSION else ""
            return "buffer" if self._lies(now) else ""
        if self.waiting is not None:
            return "header" if now - self.waiting > HEADER else ""
        cycle = self.protocol.cycle
        if cycle is None or cycle.response_complete:
            return ""  # idle: the protocol's own timer ends it
        silent = now - self.heard
        limits = {
            "request": now - self.began > (WHOLE if self.known else ADMISSION),
            "answer": not cycle.more_body and not cycle.response_started and silent > ANSWER,
            "body": cycle.more_body and not self.protocol.flow.read_paused and silent > BODY,
        }
        return next((what for what, over in limits.items() if over), "")

    def _lies(self, now: float) -> bool:
        """Whether what was sent lies in the buffers, the program's and the system's: too much, or none of it taken for
        too long."""
        lying = self.transport.get_write_buffer_size() + _unsent(self.transport)
        if lying == 0 or lying < self.lying:
            self.taken = now
        self.lying = lying
        return (lying > LYING and self.taken < now) or now - self.taken > TAKEN

    def drop(self, why: str) -> None:
        """End what takes too long: the request, else the connection. One that has begun a request is told that it came
        too late."""
        if why in ("answer", "request") and self.task is not None:
            now = self.task.get_loop().time()
            if not self.late:
                self.late = now
                self.task.cancel()  # answers 503 where no answer has begun
            if now - self.late < UNDOING:
                return
        DROPPED.labels(why).inc()
        sparing.say("warning", f"connections dropped: {why}", address=self.address)
        self.all.forget(self)
        if why in ("header", "body") and self.began != self.heard and not self.transport.is_closing():
            self.transport.write(_TOO_LATE)
            self.transport.close()
        else:
            self.transport.abort()


class Connections:
    """All connections of one server, the longest open first. `proxies` are addresses and networks that stand for many
    people."""

    def __init__(self, proxies: Sequence[str] = ()) -> None:
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self.most = max(files - _OTHER_FILES, files // 2)
        self.most_strangers = min(STRANGERS, self.most // 2)
        self.from_one = min(FROM_ONE, self.most_strangers)
        self._proxies = [ip_network(each) for each in proxies]
        self.known: dict[Connection, None] = {}
        self.strangers: dict[Connection, None] = {}
        self._by_address: dict[str, dict[Connection, None]] = {}

    def __len__(self) -> int:
        return len(self.known) + len(self.strangers)

    def _is_proxy(self, address: str) -> bool:
        return bool(address and self._proxies) and any(ip_address(address) in each for each in self._proxies)

    def enter(self, connection: Connection) -> None:
        """Take a new connection, and give up the one that has been silent longest where there are too many."""
        here = self._by_address.setdefault(connection.address, {})
        self.strangers[connection] = here[connection] = None
        if len(here) > self.from_one and not self._is_proxy(connection.address):
            self._give_up(here, connection, "too many of one address")
        elif len(self.strangers) > self.most_strangers:
            self._give_up(self.strangers, connection, "too many not signed in")
        elif len(self) > self.most:
            self._give_up(self.strangers if len(self.strangers) > 1 else self.known, connection, "too many")

    def _give_up(self, among: dict[Connection, None], newcomer: Connection, why: str) -> None:
        others = [each for each in among if each is not newcomer]
        first = next((each for each in others if not each.rank), None) or min(others, key=_rank, default=newcomer)
        (first if first.rank < KEPT else newcomer).drop(why)

    def admit(self, connection: Connection) -> None:
        """Count the connection among those of people who have signed in."""
        if connection in self.strangers:
            self.forget(connection)
            self.known[connection] = None

    def forget(self, connection: Connection) -> None:
        """Count the connection no more."""
        self.known.pop(connection, None)
        if self.strangers.pop(connection, self) is None:
            here = self._by_address[connection.address]
            del here[connection]
            if not here:
                del self._by_address[connection.address]

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look at all connections every second until the end of the block."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(1)
            now = loop.time()
            CONNECTIONS.labels("signed in").set(len(self.known))
            CONNECTIONS.labels("not signed in").set(len(self.strangers))
            for each in (*self.strangers, *self.known):
                if why := each.overdue(now):
                    each.drop(why)

    def protocol(self, **arguments: Any) -> asyncio.Protocol:
        """Make the protocol of a new connection, as uvicorn asks for it."""
        return Guarded(self, **arguments)


def _unsent(transport: asyncio.Transport) -> int:
    """The bytes that the system holds for this connection: not sent, or not acknowledged."""
    held = array("i", [0])
    try:
        fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, held)
    except (OSError, AttributeError, ValueError):  # closed meanwhile, or a system that does not say
        return 0
    return held[0]


def _rank(connection: Connection) -> int:
    return connection.rank


class Guarded(HttpToolsProtocol):
    """uvicorn's protocol for HTTP/1.1, which tells its `Connection` what has arrived."""

    def __init__(
        self, all_: Connections, config: Config, server_state: ServerState, app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:  # fmt: skip
        super().__init__(config, server_state, app_state, _loop)
        self._all = all_
        self.connection: Connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        super().connection_made(transport)
        self.connection = Connection(self._all, transport, self.loop.time())
        self.connection.protocol = self
        self.app_state = {**self.app_state, KEY: self.connection}
        self._all.enter(self.connection)

    def data_received(self, data: bytes) -> None:
        connection = self.connection
        connection.heard = self.loop.time()
        if connection.waiting is None and (self.cycle is None or self.cycle.response_complete):
            connection.waiting = connection.heard
        super().data_received(data)

    def on_headers_complete(self) -> None:
        self.connection.waiting, self.connection.asked = None, True
        self.connection.began = self.connection.heard
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        protocol = self.transport.get_protocol()
        if isinstance(protocol, GuardedSocket):
            self.connection.protocol, protocol.connection = protocol, self.connection
            # A screen that takes nothing holds this much of the system's memory, not the four MiB that it would give.
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENDING)

    def connection_lost(self, exc: Exception | None) -> None:
        self._all.forget(self.connection)
        super().connection_lost(exc)


class GuardedSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol for WebSockets, whose connection is counted until it ends."""

    connection: Connection

    def connection_lost(self, exc: Exception | None) -> None:
        self.connection.all.forget(self.connection)
        super().connection_lost(exc)
