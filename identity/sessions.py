"""Signing in and out: staff number and password (argon2), a session kept by the server.

Only the SHA-256 of a session's token is stored. Five failures in a row close a staff number for a while,
known or not, so the answer never tells whether it exists.
"""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from acts.acting import Caller
from acts.database import Database
from acts.refusal import Refused, RefusedError
from identity import store
from storage.database import Scope

COOKIE = "yijue_session"
LIFETIME = timedelta(hours=12)
FREE_FAILURES = 5
CLOSED_FOR = timedelta(minutes=5)

_MOST_WAITING = 32  # sign-ins that may wait for their turn; each takes 64 MiB and some 0.1 s of every core

_hasher = PasswordHasher()
# Few at a time, and none of the threads that draw minutes: a flood of sign-ins leaves the meeting its cores.
_hashing = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2), thread_name_prefix="password")
_waiting = 0
# Compared against where the staff number is unknown, so that both answers take as long.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b3dWRWJTmaaJObG"

SIGNED_OUT = Refused("access.signed_out", "请先登录。", "Sign in first.")
_BUSY = Refused(
    "access.rate", "登录人数过多，请 5 秒后再试。", "Too many are signing in; try again in 5 s.", {"seconds": 5}
)
_WRONG = Refused("access.signed_out", "工号或密码不正确。", "The staff number or the password is wrong.")


@contextmanager
def _place() -> Iterator[None]:
    """A place among those whose passwords are looked at. Raises RefusedError (access.rate) where all are taken."""
    global _waiting  # noqa: PLW0603 -- one pool of threads in the process, one queue before it
    if _waiting >= _MOST_WAITING:
        raise RefusedError(_BUSY)
    _waiting += 1
    try:
        yield
    finally:
        _waiting -= 1


async def hash_password(password: str) -> str:
    """argon2id with the library's current parameters, off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_hashing, _hasher.hash, password)


def _matches(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _NOBODY, password) and kept is not None
    except VerificationError:
        return False


async def sign_in(database: Database, staff_number: str, password: str) -> tuple[str, str]:
    """Open a session; give its token and its CSRF token. Raises RefusedError (access.signed_out, access.rate)."""
    person, now = await guess(database, staff_number, password)
    if person is None:
        raise RefusedError(_WRONG)
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    async with database.transaction(Scope()) as transaction:
        await store.clear_failures(transaction.connection, staff_number)
        await store.open_session(transaction.connection, digest(token), person, csrf, now + LIFETIME)
    return token, csrf


async def sign_in_unasked(database: Database, staff_number: str) -> str:
    """Open a session without a password, for the doors of a demonstration; give its token."""
    token = secrets.token_urlsafe(32)
    async with database.transaction(Scope()) as transaction:
        person, _, now = await store.find_for_sign_in(transaction.connection, staff_number)
        if person is None:
            raise RefusedError(_WRONG)
        csrf = secrets.token_urlsafe(24)
        await store.open_session(transaction.connection, digest(token), person, csrf, now + LIFETIME)
    return token


async def guess(database: Database, staff_number: str, password: str) -> tuple[int | None, datetime]:
    """The person whose password this is, None where it is wrong, and the time. An unknown number takes as long.

    It is counted as a failure before it is looked at, so that of many guesses at once only the free ones are looked
    at; who proves right clears the count. Raises RefusedError (access.rate): the free ones are used up, or, nothing
    being counted, too many others wait.
    """
    with _place():
        async with database.connection() as connection:
            if not await store.count_failure(connection, staff_number, FREE_FAILURES, CLOSED_FOR):
                last, now = await store.last_failure(connection, staff_number)
                raise RefusedError(closed_for(last + CLOSED_FOR - now))
            person, kept, now = await store.find_for_sign_in(connection, staff_number)
        right = await asyncio.get_running_loop().run_in_executor(_hashing, _matches, kept, password)
    return person if right else None, now


def closed_for(remaining: timedelta) -> Refused:
    """What is said to one who guessed too often."""
    seconds = int(remaining.total_seconds()) + 1
    return Refused(
        "access.rate",
        f"多次登录失败，请 {seconds} 秒后再试，或请管理员重新设置密码。",
        f"Too many failures; try again in {seconds} s, or ask the administrator for a new password.",
        {"seconds": seconds},
    )


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


async def caller_of(database: Database, token: str | None) -> Caller:
    """Who holds this session token. Raises RefusedError (access.signed_out)."""
    if token:
        async with database.connection() as connection:
            if caller := await store.authenticate(connection, digest(token)):
                return caller
    raise RefusedError(SIGNED_OUT)


async def caller_for_operator(database: Database, staff_number: str) -> Caller:
    """The person as whom the operator at the server acts, without a password: the database is theirs anyhow.

    The session that names their roles ends in the transaction that opens it. Raises RefusedError (unknown).
    """
    token = secrets.token_urlsafe(32)
    async with database.transaction(Scope()) as transaction:
        person, _, now = await store.find_for_sign_in(transaction.connection, staff_number)
        if person is not None:
            await store.open_session(transaction.connection, digest(token), person, "", now + LIFETIME)
            caller = await store.authenticate(transaction.connection, digest(token))
            await store.close_session(transaction.connection, digest(token))
            if caller is not None:
                return caller
    raise RefusedError(
        Refused(
            "unknown",
            f"没有工号为 {staff_number} 的在用账号，请以本单位管理员的工号导入。",
            f"There is no active account {staff_number}; name the organization's administrator.",
        )
    )


async def sign_out(database: Database, token: str) -> None:
    """End the session; one that has ended already is no error."""
    async with database.connection() as connection:
        await store.close_session(connection, digest(token))
