"""Whether the database takes rows now: asked by writing one, at most once a second however many ask."""

import asyncio
import time
from collections.abc import Awaitable, Callable

FRESH = 1.0  # seconds for which a write that was made speaks for the next ones too


class Readiness:
    """Asks by `write`, which keeps a row durably or raises. Those who ask meanwhile wait for the same write."""

    def __init__(self, write: Callable[[], Awaitable[None]]) -> None:
        self._write = write
        self._writing: asyncio.Future[None] | None = None
        self._written = -FRESH

    async def ask(self) -> None:
        """Return where a row was kept within the last second or is kept now; else raise the error of the write."""
        if time.monotonic() - self._written < FRESH:
            return
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write())
            self._writing.add_done_callback(lambda done: done.cancelled() or done.exception())  # who asked may be gone
        await asyncio.shield(self._writing)
        self._written = time.monotonic()
