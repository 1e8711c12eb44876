"""The server on a socket of its own, for `yijue serve` and `yijue demo`."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import cast

import uvicorn
from litestar import Litestar

from acts.sparing import sparing
from server.connections import Connections, GuardedSocket
from server.observing import Observed
from server.proxies import BehindProxies
from storage.errors import YijueError

IDLE = 5  # seconds between an answer and the next request, after which the connection is closed
PATIENCE = 3  # seconds that requests and screens are given to end


class PortTakenError(YijueError):
    """The port is in use, or may not be used."""

    def __init__(self, host: str, port: int, why: str) -> None:
        self.host, self.port = host, port
        super().__init__(f"cannot listen on {host}:{port} ({why}): choose another with --port")


def listen(host: str, port: int) -> socket.socket:
    """Returns a listening socket; port 0 is any that is free. Raises PortTakenError."""
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise PortTakenError(host, port, error.strerror or str(error)) from error
    # asyncio sets this only on sockets that say IPPROTO_TCP, which this does not: without it every answer waits
    # 40 ms for the acknowledgement of its head.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


_BAD_REQUESTS = ("Invalid HTTP request received", "Unsupported upgrade request")
_ENDED = ("ASGI callable returned without completing handshake", "ASGI callable returned without completing response")


def _worth_saying(record: logging.LogRecord) -> bool:
    """Leave out the errors that uvicorn logs for a WebSocket refused with an answer and for a request that took too
    long, which it takes for mistakes; say once a minute what strangers send that is no HTTP."""
    said = record.getMessage()
    if said.startswith(_BAD_REQUESTS):
        sparing.say("warning", said)
        return False
    return not said.startswith(_ENDED)


class _Server(uvicorn.Server):
    """Leaves the signals to the command (`ending.py`): uvicorn would raise them again at its end, before the database
    is stopped."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(
    app: Litestar, listening: socket.socket, proxies: Sequence[str] = ()
) -> AsyncIterator[asyncio.Task[None]]:
    """Serve, behind these trusted proxies if any, until the end of the block.

    The end waits at most PATIENCE seconds for open connections: a screen that hangs would hold the server up.
    """
    observed = Observed(BehindProxies(app, proxies) if proxies else app)
    connections = Connections(proxies)
    config = uvicorn.Config(
        observed, proxy_headers=False,
        http=cast("type[asyncio.Protocol]", connections.protocol),
        ws=GuardedSocket, ws_max_size=4096, ws_per_message_deflate=False,
        access_log=False, server_header=False, log_level="warning",
        timeout_keep_alive=IDLE, timeout_graceful_shutdown=PATIENCE,
    )  # fmt: skip
    logging.getLogger("uvicorn.error").addFilter(_worth_saying)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))

    async def started() -> None:
        while not server.started and not task.done():  # noqa: ASYNC110 -- uvicorn says so by this flag alone
            await asyncio.sleep(0.01)

    try:
        await started()
        async with connections.watched():
            yield task
    finally:
        await started()  # asked to exit before it has started, uvicorn leaves the application without its end
        server.should_exit = True
        await task
