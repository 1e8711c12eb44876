"""The database as acts use it: errors of PostgreSQL become refusals, and the latest states of books are at hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from acts.constraints import refused
from acts.folds import Folds
from storage import database
from storage.database import Announce


class Database(database.Database):
    """A database whose errors are refusals (see `acts.constraints.refused`), with the states of its books."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", announce: Announce) -> None:
        super().__init__(pool, announce, refused)
        self.folds = Folds()


@asynccontextmanager
async def connected(url: str, announce: Announce, size: int = 12) -> AsyncIterator[Database]:
    """A database ready for the program; raises what `storage.database.connected` raises."""
    async with database.connected(url, size) as pool:
        yield Database(pool, announce)
