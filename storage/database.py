"""The pool, and the transaction in which an act and its record are one."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, nullcontext, suppress
from typing import TYPE_CHECKING
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg
from msgspec import Struct

from storage import store
from storage.errors import PrivilegedRoleError, SignInRefusedError, StorageError, UnreachableError
from storage.figures import COMMITTED, RECORDS, UNDONE, WAITING
from storage.ledger import Content, Entry
from storage.migrate import require_current
from storage.tracing import REQUEST

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    from storage.store import Connection

# Raised by asyncpg where the server is not there, the URL is not one, or the sign-in is refused.
SIGN_IN_ERRORS = (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError)

# While the server is away the pool tries again by itself; questions meanwhile are refused, and that is logged.
logging.getLogger("asyncpg.pool").setLevel(logging.ERROR)

# Seconds. A server that hangs is told from one that works by these alone: a connection, a statement on the server, the
# answer to a statement (which a server that hangs never ends by itself), a transaction that does nothing.
_CONNECTION, _STATEMENT, _ANSWER, _IDLE, _LOCK = 5, 8, 10, 60, 6
CLOSING = 5
_PAUSE = 0.05  # between two tries where PostgreSQL has no connection left

Announce = Callable[[Sequence[Entry]], None]
Hold = Callable[[int], AbstractContextManager[None]]
"""Sends a person's screens nothing while the block lasts, and at its end closes those whose session has ended."""
Translate = Callable[[Exception], Exception | None]
"""Turns an error of the database, or of the connection to it, into the program's own; None leaves it as it is."""


class Scope(Struct, frozen=True):
    """The rows that a transaction may see and change, by PostgreSQL's row security.

    A person's has the `secret` of their session: the database finds person, organization and bodies by it. The
    server's own names organization and bodies; it reads few tables (see `visible_bodies` in the migrations), and
    writes for jobs alone.
    """

    organization: int | None = None
    bodies: tuple[int, ...] = ()
    secret: bytes | None = None


class Transaction:
    """One open transaction: its connection and scope, and the records it has appended so far."""

    def __init__(self, connection: Connection, scope: Scope, hold: Callable[[int], None]) -> None:
        self.connection, self.scope = connection, scope
        self.hold = hold  # called with each person of whom it ends a session, before it does
        self.appended: list[Entry] = []
        self.left_work = False  # a job, which may begin when this commits

    async def append(
        self,
        book: int,
        actor: int | None,
        kind: str,
        content: Content,
        key: UUID | None = None,
        command: bytes = b"",
    ) -> Entry:
        """Write a record in this transaction; it is announced when, and only when, this commits."""
        entry = await store.append(self.connection, book, actor, kind, content, key, command=command)
        self.appended.append(entry)
        return entry


class Database:
    """A pool of connections signed in as the program's role. Records are announced once they are committed."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], announce: Announce, translate: Translate) -> None:
        self._pool = pool
        self._announce = announce
        self._translate = translate
        self.work = asyncio.Event()  # set when a transaction that left a job has committed
        self.hold: Hold = lambda _: nullcontext()
        self._turns: WeakValueDictionary[int, asyncio.Semaphore] = WeakValueDictionary()

    @property
    def pool(self) -> tuple[int, int]:
        """How many connections to PostgreSQL are used, and how many are idle."""
        idle = self._pool.get_idle_size()
        return self._pool.get_size() - idle, idle

    def turn(self, meeting: int) -> asyncio.Semaphore:
        """A semaphore on which an act of this meeting waits before it takes a connection.

        The meeting's row is locked by one act at a time; if all waited for it, a crowd in one meeting would keep
        every connection from the others. Two are let through: one acts, the next stands ready.
        """
        turn = self._turns.get(meeting)
        if turn is None:
            turn = self._turns[meeting] = asyncio.Semaphore(2)
        return turn

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for one question outside any transaction, such as who is asking.

        Raises UnreachableError, as the translation turns it, where the server cannot be reached or is lost meanwhile;
        the pool connects anew once it is back.
        """
        try:
            with WAITING.track_inprogress():
                connection = await self._acquire()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise self._unreachable() from error
        try:
            yield connection
        except (asyncpg.InternalClientError, TimeoutError) as error:  # a last message between questions; no answer
            _end(connection)
            raise self._unreachable() from error
        except (ConnectionError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if _lost(connection):
                raise self._unreachable() from error
            raise
        finally:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._pool.release(connection)  # the pool ends one that cannot be reset

    async def _acquire(self) -> PoolConnectionProxy[asyncpg.Record]:
        """A connection of the pool. Where PostgreSQL takes no more of them, since others hold them all, one of the
        pool's own is waited for, within the time that a connection may take."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _CONNECTION
        while True:
            try:
                return await self._pool.acquire(timeout=deadline - loop.time())
            except asyncpg.TooManyConnectionsError:
                if loop.time() + _PAUSE >= deadline:
                    raise
                await asyncio.sleep(_PAUSE)

    def _unreachable(self) -> Exception:
        error = UnreachableError()
        return self._translate(error) or error

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncIterator[Transaction]:
        """Open a READ COMMITTED transaction; the block takes its locks row by row.

        Raises PostgreSQL's errors as the translation turns them.
        """
        with ExitStack() as held:
            async with self._transaction(scope, lambda person: held.enter_context(self.hold(person))) as transaction:
                yield transaction
            if transaction.appended:
                for entry in transaction.appended:
                    RECORDS.labels(entry.record.kind).inc()
                self._announce(transaction.appended)
        if transaction.left_work:
            self.work.set()

    @asynccontextmanager
    async def _transaction(self, scope: Scope, hold: Callable[[int], None]) -> AsyncIterator[Transaction]:
        async with self.connection() as connection:
            transaction = Transaction(connection, scope, hold)
            begun, outcome = time.perf_counter(), UNDONE
            try:
                await connection.execute(_begin(scope))  # one round trip; the words are integers and hex digits alone
                yield transaction
                await connection.execute("COMMIT")
                outcome = COMMITTED
            except BaseException as error:
                if isinstance(error, TimeoutError):  # it would not answer a ROLLBACK either
                    _end(connection)
                if not _lost(connection) and connection.is_in_transaction():
                    await connection.execute("ROLLBACK")
                if isinstance(error, asyncpg.PostgresError | StorageError) and (translated := self._translate(error)):
                    raise translated from error
                raise
            finally:
                outcome.observe(time.perf_counter() - begun)


def _lost(connection: Connection) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken back what broke
        return True


def _end(connection: Connection) -> None:
    if not _lost(connection):
        connection.terminate()


def _begin(scope: Scope) -> str:
    # The request's id stands in PostgreSQL's own log; `storage.tracing` says of what it is made. A name has 63 bytes.
    named = f"; SET LOCAL application_name = 'yijue {request[:57]}'" if (request := REQUEST.get()) else ""
    if scope.secret is not None:
        return f"BEGIN; SELECT begin_as('\\x{scope.secret.hex()}'){named}"
    bodies = ",".join(str(int(body)) for body in scope.bodies)
    organization = "" if scope.organization is None else str(int(scope.organization))
    return f"BEGIN; SET LOCAL yijue.bodies = '{{{bodies}}}'; SET LOCAL yijue.organization = '{organization}'{named}"


async def _unfinished(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Roll back what a cancelled act left open. It replaces asyncpg's reset, which costs a round trip."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


@asynccontextmanager
async def connected(url: str, size: int = 12) -> AsyncIterator[asyncpg.Pool[asyncpg.Record]]:
    """A pool of connections to a database ready for the program: the schema current, the role without privileges.

    Raises SignInRefusedError, SchemaBehindError, NewerSchemaError, ChangedMigrationError, PrivilegedRoleError.
    """
    try:
        pool = await asyncpg.create_pool(
            url,
            min_size=2,
            max_size=size,
            max_inactive_connection_lifetime=0,  # one given up may not come again: others may hold all there are
            reset=_unfinished,
            timeout=_CONNECTION,
            command_timeout=_ANSWER,
            server_settings={
                "search_path": "yijue",
                "application_name": "yijue",
                "statement_timeout": f"{_STATEMENT}s",
                "lock_timeout": f"{_LOCK}s",
                "idle_in_transaction_session_timeout": f"{_IDLE}s",
            },
        )
    except SIGN_IN_ERRORS as error:
        raise SignInRefusedError("YIJUE_DATABASE_URL", str(error)) from error
    try:
        async with pool.acquire() as connection:
            await require_current(connection)
            role, mighty = await store.signed_in_as(connection)
            if mighty:
                raise PrivilegedRoleError(role)
        yield pool
    finally:
        try:
            await asyncio.wait_for(pool.close(), CLOSING)
        except TimeoutError:
            pool.terminate()
