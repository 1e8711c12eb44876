"""The ledger, attacked in SQL: as the program's role, and as the owner."""

from typing import Any

import asyncpg
import pytest

from storage.database import Database, Scope
from storage.store import book_of


@pytest.fixture
async def book(database: Database, owner: Any) -> int:
    """An organization's book with three records."""
    organization = await owner.fetchval("INSERT INTO organizations (name) VALUES ('甲') RETURNING id")
    async with database.transaction(Scope(organization)) as transaction:
        book = await book_of(transaction.connection, organization, None, None)
        assert book is not None
        for number in range(3):
            await transaction.append(book, None, "test.done", {"number": number})
    return book


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE ledger SET kind = 'x.y'",
        "DELETE FROM ledger",
        "TRUNCATE ledger",
        "UPDATE books SET seq = 0",
        "INSERT INTO ledger SELECT book_id, 4, organization_id, body_id, at, 1, kind, record, hash, NULL FROM ledger"
        " WHERE seq = 3",
    ],
)
async def test_neither_role_rewrites_it(book: int, owner: Any, app_role: Any, attack: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_role.execute(attack)
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(attack)
    assert await owner.fetchval("SELECT count(*) FROM ledger") == 3


async def test_a_book_is_open_to_its_own_alone(book: int, app_role: Any) -> None:
    assert await app_role.fetchval("SELECT count(*) FROM ledger") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_role.execute("SELECT ledger_append($1, NULL, 'x.y', '{}', NULL)", book)


async def test_a_production_clock_does_not_move(owner: Any) -> None:
    await owner.execute("UPDATE deployment SET purpose = 'production'")
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute("SELECT set_clock('2020-01-01')")
