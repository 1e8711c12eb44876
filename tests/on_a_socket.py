"""Fixtures for tests on a real socket: where the server listens, and the bureau's people as its clients."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from litestar import Litestar

from server.serving import listen, serving
from tests.bureau import Bureau, found_bureau


@pytest.fixture
async def address(app: Litestar) -> AsyncIterator[str]:
    """Where the server listens."""
    with listen("127.0.0.1", 0) as listening:
        async with serving(app, listening):
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
async def bureau(address: str, owner: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Bureau]:
    bureau = await found_bureau(None, owner, address)
    yield bureau
    await bureau.close()
