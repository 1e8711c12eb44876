"""Watches the clock while the server runs: a jump is logged, kept, and shown to administrators."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from acts.database import Database
from acts.refusal import RefusedError
from storage import clock, store
from storage.figures import JUMPS

LOOK = 30.0  # seconds
log = structlog.get_logger()


@asynccontextmanager
async def clock_watched(database: Database) -> AsyncIterator[None]:
    """Look at the clock from time to time until the end of the block."""
    task = asyncio.create_task(_watch(database))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _watch(database: Database) -> None:
    while True:
        try:
            async with database.connection() as connection:
                jump = await store.see_clock(connection, clock.BOOT, clock.since_boot())
        except RefusedError:
            jump = None  # the database is away; the next look compares with the last
        if jump is not None:
            JUMPS.inc()
            log.error("clock jumped", seconds=jump, mend="look at the server's time synchronization (NTP)")
        await asyncio.sleep(LOOK)
