"""The outcome of attacks in SQL: the constraint that refused them, and whether two wait for each other."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import asyncpg

from tests.bureau import Person

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
WENT_THROUGH = ""
NO_PRIVILEGE = "no privilege"


def begin(organization: int | None, *bodies: int) -> str:
    """Begin a transaction that names the bodies it may see, like the server's own reads, without a session's proof."""
    return (
        f"BEGIN; SET LOCAL yijue.bodies = '{{{','.join(map(str, bodies))}}}';"
        f" SET LOCAL yijue.organization = '{organization or ''}'"
    )


def begin_as(person: Person) -> str:
    """Begin a transaction with the proof of this person's session."""
    return f"BEGIN; SELECT begin_as('\\x{person.secret.hex()}')"


def record(subject_type: str, subject: int, person: int, kind: str, /, **content: Any) -> str:
    """The statement that writes this record into the subject's book, as the person; a ballot's with its key."""
    book = f"(SELECT id FROM books WHERE (subject_type, subject_id) = ('{subject_type}', {subject}))"
    key = f"'{content['key']}'" if "key" in content else "NULL"
    return f"SELECT ledger_append({book}, {person}, '{kind}', '{json.dumps(content, ensure_ascii=False)}', {key})"


def why(error: asyncpg.PostgresError) -> str:
    """The constraint's name; NO_PRIVILEGE for a missing grant or another's row; else the error's class and text."""
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return NO_PRIVILEGE
    return getattr(error, "constraint_name", None) or f"{type(error).__name__}: {error}"


class Attacker:
    """One connection that attacks with the session of one of the bureau's people; each attack is rolled back."""

    def __init__(self, connection: Connection, person: Person) -> None:
        self.connection, self.person, self.begin = connection, person, begin_as(person)

    async def attack(self, sql: str, *arguments: Any) -> str:
        """The constraint that refuses it, at the statement or at the commit; WENT_THROUGH if none does."""
        await self.connection.execute(self.begin)
        try:
            done = await self.connection.execute(sql, *arguments)
            await self.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except asyncpg.PostgresError as error:
            return why(error)
        else:
            assert not done.endswith(" 0"), f"it met no row and proves nothing: {sql}"
            return WENT_THROUGH
        finally:
            await self.connection.execute("ROLLBACK")

    async def assert_refused(self, attacks: Mapping[str, str]) -> None:
        """Assert that each attack is refused by the constraint beside it."""
        assert {sql: await self.attack(sql) for sql in attacks} == dict(attacks)


async def in_turn(first: Connection, second: Connection, one: str, other: str, *, keep_first: bool = True) -> str:
    """Assert that `other` waits for `one`, and return the constraint that refuses it after that, or WENT_THROUGH.

    Both connections are in a transaction; both are ended, and the second one's work is kept unless it is refused.
    """
    await first.execute(one)
    waiting = asyncio.create_task(second.execute(other))
    done, _ = await asyncio.wait({waiting}, timeout=0.15)
    assert not done, f"it did not wait: {other}"
    await first.execute("COMMIT" if keep_first else "ROLLBACK")
    try:
        await waiting
        await second.execute("COMMIT")
    except asyncpg.PostgresError as error:
        await second.execute("ROLLBACK")
        return why(error)
    return WENT_THROUGH
