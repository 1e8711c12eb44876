"""The world after a meeting, for tests of every route."""

import asyncpg
import pytest
from litestar import Litestar

from tests.bureau import Bureau
from tests.server.guarded import World, found_world


@pytest.fixture
def moment(request: pytest.FixtureRequest, moment: str | None) -> str | None:
    """The moment `issued` for tests of the world, else the test's own."""
    return "issued" if "world" in request.fixturenames else moment


@pytest.fixture
async def world(app: Litestar, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> World:
    return await found_world(app, bureau, owner)
