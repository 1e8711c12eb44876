"""The setting of an organization's administration: the organization, locked until the act's transaction ends."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from acts.access import check_access
from acts.acting import Act, Caller, Context, Receipt, existing, perform
from acts.database import Database
from acts.refusal import require
from identity import store
from storage.database import Transaction
from storage.store import answered

OrganizationAct = Act[Context]


def roles_in_organization(caller: Caller) -> frozenset[str]:
    """The roles that the caller has anywhere in the organization."""
    duties = (("administrator", caller.administrator), ("security", caller.security), ("auditor", caller.auditor))
    return frozenset(duty for duty, held in duties if held).union(*caller.roles.values())


async def enter_organization(transaction: Transaction, caller: Caller, key: UUID | None) -> Context:
    """Lock the caller's organization; acts on its people, bodies and calendar take turns."""
    book, now = existing(await store.lock_organization(transaction.connection, caller.organization))
    before = await answered(transaction.connection, caller.person, key)
    return Context(book=book, roles=roles_in_organization(caller), now=now, before=before)


async def perform_in_organization(
    database: Database,
    caller: Caller,
    operation: str,
    act: Callable[[OrganizationAct], Awaitable[object]],
    key: UUID | None = None,
) -> Receipt:
    """`acts.acting.perform` for the caller's organization."""
    return await perform(database, caller, operation, enter_organization, act, key)


def require_in_organization(caller: Caller, operation: str) -> None:
    """Refuse a question that the caller may not ask of the organization."""
    require(check_access(operation, roles_in_organization(caller)))
