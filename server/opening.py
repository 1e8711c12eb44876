"""Opening the database, the same way for every command: embedded, or the server that was named."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from server.settings import Settings
from storage import embedded
from storage.database import Announce, Database, connected
from storage.migrate import migrate


def nobody(entries: object) -> None:
    """For commands that announce to nobody."""


@asynccontextmanager
async def open_database(
    settings: Settings, announce: Announce = nobody, *, purpose: str = "production"
) -> AsyncIterator[Database]:
    """The database, migrated and signed in as the program's role; the embedded server runs meanwhile.

    A database that is new is made for `purpose`. Raises StorageError: the schema is newer or behind with no owner
    to migrate it, the role is too mighty, the embedded server does not start.
    """
    if settings.database_url is not None:
        if settings.owner_url is not None:
            await apply_migrations(settings.owner_url, purpose)
        async with connected(settings.database_url, announce) as database:
            yield database
        return
    async with embedded.running(settings.data) as server:
        await apply_migrations(server.url("yijue_owner"), purpose)
        async with connected(server.url("yijue_app"), announce) as database:
            yield database


async def apply_migrations(owner_url: str, purpose: str = "production") -> int:
    """Migrate as the owner; give how many migrations were applied."""
    connection = await asyncpg.connect(owner_url)
    try:
        return await migrate(connection, purpose)
    finally:
        await connection.close()
