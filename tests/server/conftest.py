"""The world after a meeting, for walks over every route."""

import asyncpg
import pytest
from litestar import Litestar

from tests.bureau import Bureau
from tests.server.guarded import World, found_world


@pytest.fixture
def moment(request: pytest.FixtureRequest, moment: str | None) -> str | None:
    """The world stands at the end of a meeting."""
    return "issued" if "world" in request.fixturenames else moment


@pytest.fixture
async def world(app: Litestar, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> World:
    return await found_world(app, bureau, owner)
