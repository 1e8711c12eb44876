"""Signing in and out: staff number and password (argon2), a session kept by the server.

Only the SHA-256 of a session's token is stored. Five failures in a row close a staff number for a while,
known or not, so the answer never tells whether it exists.
"""

import asyncio
import hashlib
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from bodies import store
from bodies.acting import Caller
from storage.database import Database, Scope
from storage.refusal import Refused, RefusedError

LIFETIME = timedelta(hours=12)
FREE_FAILURES = 5
CLOSED_FOR = timedelta(minutes=5)

_hasher = PasswordHasher()
# Compared against where the staff number is unknown, so that both answers take as long.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b3dWRWJTmaaJObG"

SIGNED_OUT = Refused("access.signed_out", "请先登录。", "Sign in first.")
_WRONG = Refused("access.signed_out", "工号或密码不正确。", "The staff number or the password is wrong.")


async def hash_password(password: str) -> str:
    """argon2id with the library's current parameters, off the event loop."""
    return await asyncio.to_thread(_hasher.hash, password)


async def matches(kept: str | None, password: str) -> bool:
    """Whether `password` gives the hash, off the event loop; takes as long where there is none."""
    return await asyncio.to_thread(_matches, kept, password)


def _matches(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _NOBODY, password) and kept is not None
    except VerificationError:
        return False


async def sign_in(database: Database, staff_number: str, password: str) -> tuple[str, str]:
    """Open a session; give its token and its CSRF token. Raises RefusedError (access.signed_out, access.rate)."""
    async with database.connection() as connection:
        person, kept, failures, last, now = await store.find_for_sign_in(connection, staff_number)
        if failures >= FREE_FAILURES and last is not None and now < last + CLOSED_FOR:
            raise RefusedError(closed_for(last + CLOSED_FOR - now))
    right = await matches(kept, password)
    async with database.transaction(Scope()) as transaction:
        if person is None or not right:
            await store.count_failure(transaction.connection, staff_number, now)
        else:
            token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
            await store.clear_failures(transaction.connection, staff_number)
            await store.open_session(transaction.connection, digest(token), person, csrf, now + LIFETIME)
    if person is None or not right:
        raise RefusedError(_WRONG)
    return token, csrf


def closed_for(remaining: timedelta) -> Refused:
    """What is said to one who guessed too often."""
    seconds = int(remaining.total_seconds()) + 1
    return Refused(
        "access.rate",
        f"多次登录失败，请 {seconds} 秒后再试，或请管理员重置密码。",
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
        person, _, _, _, now = await store.find_for_sign_in(transaction.connection, staff_number)
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
