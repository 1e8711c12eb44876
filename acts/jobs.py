"""Jobs: work that an act leaves for later, kept in the act's own transaction (docs/decisions/0010-jobs.md).

A worker does each once: the work and the mark that it is done commit together. An attempt that fails, or ends with its
server, is followed by another; after the tenth the job has failed, and `yijue doctor` shows it. A job that waits for
something outside (`LaterError`) is tried again every half minute, and does not fail.
"""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import Any, TypeVar

import structlog
from msgspec import to_builtins

from acts import store
from acts.content import Content
from acts.packages import jobs
from acts.sparing import sparing
from acts.store import Job
from storage.database import Database, Scope, Transaction
from storage.ledger import Entry

log = structlog.get_logger()

POLL = 5.0  # seconds after which a worker looks for jobs that another process left, or that are due again
WRITTEN = ("minutes.drawn", "paper.cleared", "paper.infected")
"""The kinds of record that jobs write, their actor null: a closed list, also in SQL."""

T = TypeVar("T")
Tools = Mapping[type, Callable[[], Any]]


class LaterError(Exception):
    """A job cannot be done yet, for a cause outside the program: it waits, however long that takes."""


class Work:
    """A job being done: its transaction, its arguments, and the program's tools."""

    def __init__(self, transaction: Transaction, job: Job, tools: Tools) -> None:
        self.transaction = transaction
        self.connection = transaction.connection
        self.arguments = job.arguments
        self._tools = tools

    def tool(self, kind: type[T]) -> T:
        """Make the program's tool of this type; this may read files."""
        made: T = self._tools[kind]()
        return made

    async def record(self, book: int, content: Content) -> Entry:
        """Write a record that has no actor."""
        assert content.kind in WRITTEN
        return await self.transaction.append(book, None, content.kind, to_builtins(content))


async def leave(
    transaction: Transaction, organization: int, body: int | None, kind: str, arguments: dict[str, Any]
) -> None:
    """Leave a job: it is kept if this transaction commits, and begins then."""
    assert kind in jobs()
    await store.put(transaction.connection, organization, body, kind, arguments)
    transaction.left_work = True


class Worker:
    """Does the jobs of a database, one after another; `tools` makes the other objects that they need, by type."""

    def __init__(self, database: Database, tools: Tools, poll: float = POLL) -> None:
        self._database = database
        self._tools = tools
        self._poll = poll

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work until the end of the block; a job under way then is undone and done anew later."""
        task = asyncio.create_task(self._work())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _work(self) -> None:
        retried = False
        while True:
            self._database.work.clear()
            try:
                if not retried:
                    async with self._database.transaction(Scope()) as transaction:
                        await store.retry(transaction.connection)
                    retried = True
                while await self.do_next():
                    pass
            except Exception as error:  # the database may be away for a while
                sparing.say("warning", "no work done", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._database.work.wait(), self._poll)

    async def do_next(self) -> bool:
        """Do the job that is due first; False where none is. A failed one is kept for the next attempt."""
        async with self._database.transaction(Scope()) as transaction:
            job = await store.claim(transaction.connection)
        if job is None:
            return False
        scope = Scope(job.organization, () if job.body is None else (job.body,))
        try:
            async with self._database.transaction(scope) as transaction:
                if await store.begin(transaction.connection, job):
                    await _handler(job.kind)(Work(transaction, job, self._tools))
                    await store.done(transaction.connection, job)
        except LaterError as error:
            async with self._database.transaction(Scope()) as transaction:
                await store.later(transaction.connection, job, f"{type(error).__name__}: {error}")
        except Exception as error:
            said = _described(error)
            log.error("job failed", kind=job.kind, job=job.id, attempt=job.attempt, error=said)
            async with self._database.transaction(Scope()) as transaction:
                await store.failed(transaction.connection, job, said)
        return True


def _handler(kind: str) -> Callable[[Work], Awaitable[None]]:
    module, _, name = jobs()[kind].partition(":")
    handler: Callable[[Work], Awaitable[None]] = getattr(import_module(module), name)
    return handler


def _described(error: Exception) -> str:
    """The error's type and place, without its message, which could hold secrets."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} ({last.filename.rpartition('/')[2]}:{last.lineno} {last.name})"
