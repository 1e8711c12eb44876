"""The application behind a real socket: in a thread of this process, or as a `yijue serve` of its own."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bodies.limits import Limit, Limits
from realtime.hub import Hub
from server.app import create_app
from server.serving import listen, serving
from storage.database import connected


def unmeasured() -> Limits:
    """Limits that nobody meets, for tests that act faster than people."""
    limits = Limits()
    limits.commands = limits.hall_codes = Limit(10**9, 1)
    return limits


@contextmanager
def served_in_a_thread(app_url: str) -> Iterator[str]:
    """The application on the database of `app_url`, on an event loop and a pool of its own; gives its address."""
    listening = listen("127.0.0.1", 0)
    ready, end = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        hub = Hub()
        async with (
            connected(app_url, hub.announce) as database,
            serving(create_app(database, hub, unmeasured()), listening),
        ):
            ready.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(30), "the server did not start"
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(30)
        loop.close()
        listening.close()
