"""The database as acts use it: errors of PostgreSQL become refusals, and the latest states of books are at hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from acts.constraints import refused
from acts.folds import Folds
from acts.refusal import RefusedError
from acts.room import Room
from acts.sparing import sparing
from storage import database, store
from storage.database import Announce
from storage.errors import DamagedBookError
from storage.readiness import Readiness


class Database(database.Database):
    """A database whose errors are refusals (see `acts.constraints.refused`), with the states of its books and the room
    on its disk."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", announce: Announce, room: Room | None = None) -> None:
        super().__init__(pool, announce, self._refused)
        self.folds = Folds()
        self.room = room or Room()
        self.readiness = Readiness(self._write)

    def _refused(self, error: Exception) -> RefusedError | None:
        if isinstance(error, asyncpg.DiskFullError):
            self.room.was_full()
        refusal = refused(error)
        if refusal is not None and refusal.refusals[0].rule == "ledger.damaged":
            book = ": {} {}".format(*error.subject) if isinstance(error, DamagedBookError) else ""
            sparing.say("error", f"ledger damaged{book}", why=str(error))
        return refusal

    async def _write(self) -> None:
        async with self.connection() as connection:
            try:
                await store.write_readiness(connection)
            except asyncpg.PostgresError as error:
                raise self._refused(error) or error from error


@asynccontextmanager
async def connected(url: str, announce: Announce, size: int = 12, room: Room | None = None) -> AsyncIterator[Database]:
    """A database ready for the program; raises what `storage.database.connected` raises."""
    async with database.connected(url, size) as pool:
        yield Database(pool, announce, room)
