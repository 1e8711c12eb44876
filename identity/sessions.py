"""Signing in and out: staff number and password (argon2), a session kept by the server.

A token's SHA-256 is the session's secret, by which every transaction proves to the database whose it is; of that the
database keeps the SHA-256 alone. It gives out a password's salt and parameters, and compares: the program never reads
a hash. Five failures in a row close a staff number for a while, known or not, so the answer never reveals whether it
exists.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import hash_secret

from acts.acting import Caller
from acts.database import Database
from acts.refusal import Refused, RefusedError
from identity import store
from identity.records import SIGNED_OUT

if TYPE_CHECKING:
    from storage.store import Connection

COOKIE = "yijue_session"
SECURE_COOKIE = "__Host-yijue_session"
"""The cookie's name behind TLS: a browser keeps it from other hosts and from plain HTTP (RFC 6265bis, 4.1.3.2)."""
LIFETIME = timedelta(hours=12)

_MOST_WAITING = 32  # sign-ins that may wait for their turn; each takes 64 MiB and some 0.1 s of every core

_hasher = PasswordHasher()
# Few at a time, and none of the threads that draw minutes: a flood of sign-ins leaves the meeting its cores.
_hashing = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2), thread_name_prefix="password")
_waiting = 0

_BUSY = Refused(
    "access.rate", "登录人数过多，请 5 秒后再试。", "Too many are signing in; try again in 5 s.", {"seconds": 5}
)
_WRONG = Refused("access.signed_out", "工号或密码不正确。", "The staff number or the password is wrong.")
_WRONG_THERE = Refused(
    "access.signed_out",
    "单位、工号或密码不正确，请核对后重新登录。",
    "The organization, the staff number or the password is wrong.",
)
_WHERE = Refused(
    "input.invalid",
    "请填写单位代号或单位全称。",
    "Name your organization by its code or in full.",
    {"field": "organization"},
)


def is_secure(scheme: str) -> bool:
    """Whether the client came by TLS; behind a trusted proxy the scheme is the one that it forwards."""
    return scheme in ("https", "wss")


def cookie_name(scheme: str) -> str:
    """Returns the name of the session's cookie for a client of this scheme."""
    return SECURE_COOKIE if is_secure(scheme) else COOKIE


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
    """Hash it by argon2id with the library's current parameters, off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_hashing, _hasher.hash, password)


def _hash_as(parameters: str, password: str) -> str:
    """The password's hash with this salt and these parameters, in argon2's notation."""
    kept = extract_parameters(f"{parameters}${'A' * 43}")
    salt = parameters.rpartition("$")[2]
    return hash_secret(
        password.encode(), base64.b64decode(salt + "=" * (-len(salt) % 4)), kept.time_cost, kept.memory_cost,
        kept.parallelism, kept.hash_len, kept.type,
    ).decode()  # fmt: skip


async def sign_in(database: Database, organization: str | None, staff_number: str, password: str) -> tuple[str, str]:
    """Open a session; give its token and its CSRF token. `organization` is a code or a name, None for the only one.

    Raises RefusedError (access.signed_out, access.rate; input.invalid where there are several and none is named).
    """
    if organization is None:
        async with database.connection() as connection:
            if await store.sign_in_page(connection, None) is None:
                raise RefusedError(_WHERE)
    ticket = await guess(database, organization, staff_number, password)
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    async with database.connection() as connection:
        if not await store.finish_sign_in(connection, ticket, digest(token), csrf, LIFETIME):
            raise RefusedError(_WRONG if organization is None else _WRONG_THERE)
    return token, csrf


async def sign_in_unasked(owner: Connection, staff_number: str) -> str:
    """Open a session of the only organization without a password, for a demonstration's links; give its token.

    The database lets only its owner do so. Raises RefusedError (access.signed_out).
    """
    token = secrets.token_urlsafe(32)
    if not await store.open_session(owner, None, staff_number, digest(token), secrets.token_urlsafe(24), LIFETIME):
        raise RefusedError(_WRONG)
    return token


async def guess(database: Database, organization: str | None, staff_number: str, password: str) -> UUID:
    """Guess at a password; give the ticket by which the database says whether it is right. An unknown number takes as
    long, an unknown organization too.

    It is counted as a failure before it is looked at, so that of many guesses at once only the free ones are looked
    at; a right one clears the count. Raises RefusedError (access.rate) where the free ones are used up, or, without
    counting, where too many others wait.
    """
    with _place():
        async with database.connection() as connection:
            started = await store.start_sign_in(connection, organization, staff_number)
        if isinstance(started, timedelta):
            raise RefusedError(closed_for(started))
        ticket, parameters = started
        hashed = await asyncio.get_running_loop().run_in_executor(_hashing, _hash_as, parameters, password)
    async with database.connection() as connection:
        await store.guess(connection, ticket, hashed)
    return ticket


def closed_for(remaining: timedelta) -> Refused:
    """The refusal of one who guessed too often."""
    seconds = int(remaining.total_seconds()) + 1
    return Refused(
        "access.rate",
        f"多次登录失败，请 {seconds} 秒后再试，或请管理员重新设置密码。",
        f"Too many failures; try again in {seconds} s, or ask the administrator for a new password.",
        {"seconds": seconds},
    )


def digest(token: str) -> bytes:
    """The secret of the session that has this token."""
    return hashlib.sha256(token.encode()).digest()


async def caller_of(database: Database, token: str | None) -> Caller:
    """The person who holds this session token. Raises RefusedError (access.signed_out)."""
    if token:
        async with database.connection() as connection:
            if caller := await store.authenticate(connection, digest(token)):
                return caller
    raise RefusedError(SIGNED_OUT)


@asynccontextmanager
async def caller_for_operator(
    database: Database, owner: Connection, organization: str | None, staff_number: str
) -> AsyncIterator[Caller]:
    """The person as whom the operator at the server acts, without a password: the database is theirs anyhow.

    The owner opens the session, which ends with the context. `organization` is a code or a name, None for the only one.
    Raises RefusedError (unknown; input.invalid where there are several and none is named).
    """
    if organization is None and await store.sign_in_page(owner, None) is None:
        raise RefusedError(_WHERE)
    secret = secrets.token_bytes(32)
    if not await store.open_session(owner, organization, staff_number, secret, "", LIFETIME):
        raise RefusedError(
            Refused(
                "unknown",
                f"没有工号为 {staff_number} 的在用账号，请以本单位管理员的工号导入。",
                f"There is no active account {staff_number}; name the organization's administrator.",
            )
        )
    try:
        async with database.connection() as connection:
            caller = await store.authenticate(connection, secret)
        assert caller is not None
        yield caller
    finally:
        await store.close_session(owner, secret)


async def sign_out(database: Database, token: str) -> None:
    """End the session; one that has ended already is no error."""
    async with database.connection() as connection:
        await store.close_session(connection, digest(token))
