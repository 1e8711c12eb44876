"""Where administration happens: the organization or one body, locked until the act's transaction ends."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from bodies import store
from bodies.access import check_access
from bodies.acting import Act, Caller, Place, Receipt, found, perform
from bodies.records import Body
from storage.database import Database, Transaction
from storage.refusal import require
from storage.store import answered


class BodyPlace(Place, frozen=True, kw_only=True):
    """A body, locked; its own book records what happens to it."""

    body: Body


OrganizationAct = Act[Place]
BodyAct = Act[BodyPlace]


def roles_in_organization(caller: Caller) -> frozenset[str]:
    """What the caller is anywhere in the organization."""
    administrator = frozenset({"administrator"}) if caller.administrator else frozenset()
    return administrator.union(*caller.roles.values())


async def enter_organization(transaction: Transaction, caller: Caller, key: UUID | None) -> Place:
    """Lock the caller's organization; acts on its people, bodies and calendar take turns."""
    book, now = found(await store.lock_organization(transaction.connection, caller.organization))
    before = await answered(transaction.connection, book, caller.person, key)
    return Place(book=book, roles=roles_in_organization(caller), now=now, before=before)


async def enter_body(body_id: int, transaction: Transaction, caller: Caller, key: UUID | None) -> BodyPlace:
    """Lock the body; unknown where it is not there or not the caller's to see."""
    body, book, now = found(await store.lock_body(transaction.connection, body_id))
    before = await answered(transaction.connection, book, caller.person, key)
    return BodyPlace(book=book, roles=caller.roles_in(body_id), now=now, before=before, body=body)


async def perform_in_organization(
    database: Database,
    caller: Caller,
    operation: str,
    act: Callable[[OrganizationAct], Awaitable[object]],
    key: UUID | None = None,
) -> Receipt:
    """`bodies.acting.perform` for the caller's organization."""
    return await perform(database, caller, operation, enter_organization, act, key)


async def perform_in_body(
    database: Database,
    caller: Caller,
    operation: str,
    body_id: int,
    act: Callable[[BodyAct], Awaitable[object]],
    key: UUID | None = None,
) -> Receipt:
    """`bodies.acting.perform` for one body."""
    return await perform(database, caller, operation, partial(enter_body, body_id), act, key)


def require_in_organization(caller: Caller, operation: str) -> None:
    """Refuse a question that the caller may not ask of the organization."""
    require(check_access(operation, roles_in_organization(caller)))


def require_in_body(caller: Caller, operation: str, body: Any) -> None:
    """Refuse a question about a body: unknown where it is not seen (`body` None), else by role."""
    require(check_access(operation, caller.roles_in(found(body).id)))
