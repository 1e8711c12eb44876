"""The server is told to end while it starts."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from litestar import Litestar

from server.serving import listen, serving


async def test_a_start_that_is_cancelled_ends_the_application_in_order(caplog: pytest.LogCaptureFixture) -> None:
    steps: list[str] = []
    begun = asyncio.Event()

    @asynccontextmanager
    async def slow(app: Litestar) -> AsyncIterator[None]:
        begun.set()
        await asyncio.sleep(0.2)
        steps.append("started")
        yield
        steps.append("ended")

    async def serve() -> None:
        async with serving(Litestar([], lifespan=[slow]), listen("127.0.0.1", 0)):
            steps.append("served")

    task = asyncio.create_task(serve())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == ["started", "ended"]
    assert not caplog.records
