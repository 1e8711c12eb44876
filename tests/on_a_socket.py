"""Fixtures for tests on a real socket: the server's address, and the bureau's people as its clients."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from server.serving import listen, serving
from tests.bureau import Bureau
from tests.moments import Kept


@pytest.fixture
async def address(app: Litestar) -> AsyncIterator[str]:
    """The URL at which the server listens."""
    with listen("127.0.0.1", 0) as listening:
        async with serving(app, listening):
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
async def bureau(address: str, kept: Kept) -> AsyncIterator[Bureau]:
    bureau = kept.bureau(None, address)
    yield bureau
    await bureau.close()
