"""The setting of a body's administration: the body, locked until the act's transaction ends."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from acts.access import check_access
from acts.acting import Act, Caller, Context, Receipt, existing, perform
from acts.database import Database
from acts.refusal import require
from bodies import store
from bodies.records import Body
from storage.database import Transaction
from storage.store import answered


class BodyContext(Context, frozen=True, kw_only=True):
    """A body, locked; its own book records what happens to it."""

    body: Body


BodyAct = Act[BodyContext]


async def enter_body(body_id: int, transaction: Transaction, caller: Caller, key: UUID | None) -> BodyContext:
    """Lock the body. Raises RefusedError (unknown) where it is not there or not the caller's to see."""
    body, book, now = existing(await store.lock_body(transaction.connection, body_id))
    before = await answered(transaction.connection, caller.person, key)
    roles = caller.roles_in(body_id)
    return BodyContext(book=book, roles=roles, now=now, before=before, rulebook=body.in_force, body=body)


async def perform_in_body(
    database: Database,
    caller: Caller,
    operation: str,
    body_id: int,
    act: Callable[[BodyAct], Awaitable[object]],
    key: UUID | None = None,
) -> Receipt:
    """`acts.acting.perform` for one body."""
    return await perform(database, caller, operation, partial(enter_body, body_id), act, key)


def require_in_body(caller: Caller, operation: str, body: Any) -> None:
    """Refuse a question about a body: unknown where it is not seen (`body` None), else by role."""
    require(check_access(operation, caller.roles_in(existing(body).id)))
