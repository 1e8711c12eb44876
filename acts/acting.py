"""The frame of every act: one transaction, the caller's right to it, its record, its receipt.

The answer to an act is the record that it wrote. So a command repeated with the same key is answered from
the ledger, and a receipt can be held against the ledger later.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from msgspec import Struct, convert, to_builtins

from acts.access import check_access
from acts.commands import check_repetition
from acts.constraints import unknown
from acts.content import Content
from acts.database import Database
from acts.folding import RuleSaid
from acts.kinds.refusing import RuleRefused
from acts.refusal import Refused, RefusedError, require
from acts.rulebook import Clause, Rulebook, citable, default
from storage import store
from storage.database import Scope, Transaction
from storage.ledger import Answered, Entry


class Caller(Struct, frozen=True):
    """The person who asks: `roles` by body, from the session; `csrf` is the session's token, `secret` proves it to the
    database in every transaction; `command` is the digest of a command that has a key (see `acts.commands`). `due` is
    what the person has to do first, having no role until then."""

    person: int
    organization: int
    name: str
    administrator: bool
    csrf: str
    roles: dict[int, frozenset[str]]
    secret: bytes
    command: bytes = b""
    due: tuple[str, ...] = ()
    auditor: bool = False
    security: bool = False

    @property
    def scope(self) -> Scope:
        return Scope(secret=self.secret)

    def roles_in(self, body: int) -> frozenset[str]:
        return self.roles.get(body, frozenset())


class Context(Struct, frozen=True, kw_only=True):
    """The setting of an act: the book that records it, the caller's roles there, the time, and the record that
    the caller's command with the act's key wrote before, or None; `rulebook` is the one in force, by which refusals
    cite."""

    book: int
    roles: frozenset[str]
    now: datetime
    before: Answered | None
    rulebook: Rulebook = default()


class Receipt(Struct, frozen=True):
    """The answer to an act: its record, and the hash (hex) that seals it into the ledger."""

    seq: int
    at: datetime
    kind: str
    hash: str
    content: dict[str, Any]


C = TypeVar("C", bound=Context)


class Act(Generic[C]):
    """An act in progress: its caller, its context, and the transaction that it is."""

    def __init__(self, transaction: Transaction, caller: Caller, context: C, key: UUID | None) -> None:
        self.transaction = transaction
        self.connection = transaction.connection
        self.caller = caller
        self.context = context
        self._key = key

    @property
    def key(self) -> UUID | None:
        """The key of the caller's command, until its first record has it."""
        return self._key

    async def record(self, content: Content) -> Entry:
        """Write a record; the first of an act has its key and becomes its receipt."""
        key, self._key = self._key, None
        return await self.record_in(self.context.book, content, key)

    async def record_in(self, book: int, content: Content, key: UUID | None = None) -> Entry:
        """Write a record into another book than the context's, in the same transaction."""
        return await self.transaction.append(
            book, self.caller.person, content.kind, to_builtins(content), key, self.caller.command
        )


async def perform(
    database: Database,
    caller: Caller,
    operation: str,
    enter: Callable[[Transaction, Caller, UUID | None], Awaitable[C]],
    act: Callable[[Act[C]], Awaitable[object]],
    key: UUID | None = None,
    item: int | None = None,
) -> Receipt:
    """Do one act: `enter` locks its book, the access table is asked, then `act` runs and records.

    `item` is the item that the act is about, for the record of a refusal. Raises RefusedError. A refusal by a rule
    with a clause is recorded too, in a transaction of its own, since the act's is undone.
    """
    context: C | None = None
    try:
        async with database.transaction(caller.scope) as transaction:
            context = await enter(transaction, caller, key)
            require(check_access(operation, context.roles))
            if context.before is not None:
                require(check_repetition(context.before.command, caller.command))
                return receipt_of(context.before.entry)
            await act(Act(transaction, caller, context, key))
            receipt = receipt_of(transaction.appended[0])
    except RefusedError as error:
        if context is None:
            raise
        raise await refused(database, caller, operation, context, error, key, item) from error
    return receipt


async def refused(
    database: Database,
    caller: Caller,
    operation: str,
    context: Context,
    error: RefusedError,
    key: UUID | None,
    item: int | None = None,
) -> RefusedError:
    """The refusal of an act whose transaction is undone, as the rulebook of its context cites it; on record now where a
    rule with a clause refused."""
    refusal = error.by(context.rulebook)
    if any(each.rule in citable() for each in refusal.refusals):
        said = tuple(
            RuleSaid(each.rule, each.detail, each.detail_en, each.facts, each.clause, each.clause_en)
            for each in refusal.refusals
        )
        await _record_refusal(database, caller, context.book, RuleRefused(operation, said, item), key)
    return refusal


def receipt_of(entry: Entry) -> Receipt:
    """The receipt of an act that wrote this record; a refusal on record is raised again (RefusedError)."""
    record = entry.record
    if record.kind == RuleRefused.kind:
        said = convert(record.content["refusals"], list[RuleSaid])
        raise RefusedError(
            *(Refused(s.rule, s.detail, s.detail_en, s.facts, cited=Clause(s.clause, s.clause_en)) for s in said)
        )
    return Receipt(record.seq, record.at, record.kind, entry.hash.hex(), record.content)


async def _record_refusal(database: Database, caller: Caller, book: int, content: Content, key: UUID | None) -> None:
    async with database.transaction(caller.scope) as transaction:
        if await store.answered(transaction.connection, caller.person, key):
            return  # a repetition: the first refusal is on the record
        await transaction.append(book, caller.person, content.kind, to_builtins(content), key, caller.command)


def existing(row: Any) -> Any:
    """The row. Raises RefusedError (unknown) for None, without saying whether there is one."""
    if row is None:
        raise RefusedError(unknown())
    return row
