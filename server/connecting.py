"""Opening the database, the same way for every command: embedded, or the server that was named."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
from msgspec import Struct

from acts.database import Database, connected
from acts.room import Room
from server.settings import Settings
from storage import embedded
from storage.database import CLOSING, SIGN_IN_ERRORS, Announce
from storage.errors import DiskFullError, SignInRefusedError
from storage.migrate import migrate


class SignIns(Struct, frozen=True):
    """The database's URLs: for the program's role, for the owner, and for a superuser; None where one is not known."""

    app: str
    owner: str | None
    superuser: str | None = None


def nobody(entries: object) -> None:
    """Announce to nobody, for commands that nobody follows."""


@asynccontextmanager
async def reach(settings: Settings, *, beside: bool = False) -> AsyncIterator[SignIns]:
    """Yields the sign-ins of the server that was named, else of the embedded one, which runs meanwhile.

    A command that may run `beside` a serving yijue uses the embedded server that the latter runs; its records reach the
    screens with the next heartbeat. Raises FolderInUseError, EmbeddedServerError.
    """
    if settings.database_url is not None:
        yield SignIns(settings.database_url, settings.owner_url)
    elif beside and (server := embedded.attached(settings.data)):
        yield _sign_ins(server)
    else:
        async with embedded.running(settings.data) as server, embedded.kept_running(server):
            yield _sign_ins(server)


def _sign_ins(server: embedded.Server) -> SignIns:
    return SignIns(server.url("yijue_app"), server.url("yijue_owner"), server.url("yijue_admin"))


@asynccontextmanager
async def open_database(
    settings: Settings, announce: Announce = nobody, *, purpose: str = "production", beside: bool = False
) -> AsyncIterator[Database]:
    """Open the database, `beside` as in `reach`; see `opened`."""
    async with reach(settings, beside=beside) as sign_ins, opened(sign_ins, announce, purpose=purpose) as database:
        yield database


@asynccontextmanager
async def opened(
    sign_ins: SignIns, announce: Announce, *, purpose: str = "production", room: Room | None = None
) -> AsyncIterator[Database]:
    """The database, migrated and signed in as the program's role; one that is new is made for `purpose`.

    Raises StorageError if the schema is newer, or behind with no owner to migrate it, if the role is too mighty, or if
    the embedded server does not start; DiskFullError if the disk is too full for the schema.
    """
    if sign_ins.owner is not None:
        try:
            await apply_migrations(sign_ins.owner, purpose)
        except asyncpg.DiskFullError as error:
            raise DiskFullError("the database") from error
    async with connected(sign_ins.app, announce, room=room) as database:
        yield database


async def apply_migrations(owner_url: str, purpose: str = "production") -> int:
    """Migrate as the owner; give how many migrations were applied."""
    async with owner_connection(owner_url) as connection:
        return await migrate(connection, purpose)


@asynccontextmanager
async def owner_connection(owner_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """Sign in as the owner, for the operator's work (migrating, founding). Raises SignInRefusedError."""
    try:
        connection = await asyncpg.connect(owner_url, server_settings={"search_path": "yijue"})
    except SIGN_IN_ERRORS as error:
        raise SignInRefusedError("YIJUE_DATABASE_OWNER_URL", str(error)) from error
    try:
        yield connection
    finally:
        with suppress(TimeoutError):  # one that hangs is ended without its farewell
            await asyncio.wait_for(connection.close(), CLOSING)
