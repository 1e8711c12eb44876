"""Signing in and out: staff number and password (argon2), a session kept by the server.

A token's SHA-256 is the session's secret, by which every transaction proves to the database whose it is; of that the
database keeps the SHA-256 alone. It gives out a password's salt and parameters, and compares: the program never reads
a hash. Failures in a row close a staff number for a while to whoever failed, known or not, so the answer never reveals
whether it exists. A device on which its owner signed in before is counted, and served, apart from strangers
(docs/decisions/0040-a-known-device.md).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import hash_secret
from litestar import Request
from msgspec import Struct

from acts.acting import Caller
from acts.database import Database
from acts.jobs import Work
from acts.limits import Limit, Limits, require_slower
from acts.refusal import Refused, RefusedError
from identity import store
from identity.records import DUE, SIGNED_OUT
from identity.weakness import weakness

if TYPE_CHECKING:
    from storage.store import Connection

COOKIE = "yijue_session"
SECURE_COOKIE = "__Host-yijue_session"
"""The cookie's name behind TLS: a browser keeps it from other hosts and from plain HTTP (RFC 6265bis, 4.1.3.2)."""
LIFETIME = timedelta(hours=12)
DEVICE = "yijue_device"
SECURE_DEVICE = "__Host-yijue_device"
DEVICE_LIFETIME = timedelta(days=400)  # the longest that browsers keep a cookie (RFC 6265bis, 5.5)

_TOKEN_LENGTH = 43  # of 32 bytes
_hasher = PasswordHasher()

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


class Origin(Struct, frozen=True):
    """Where a sign-in comes from: the token in the device's cookie, random where it had none, the address, and the
    browser as it names itself."""

    device: str
    address: str
    browser: str


def origin_of(request: Request[Any, Any, Any]) -> Origin:
    """The origin of a request."""
    kept = request.cookies.get(SECURE_DEVICE if is_secure(request.scope["scheme"]) else DEVICE, "")
    device = kept if len(kept) == _TOKEN_LENGTH else secrets.token_urlsafe(32)
    browser = "".join(each for each in request.headers.get("user-agent", "") if each.isprintable())
    return Origin(device, request.client.host if request.client else "", browser[:300])


class _Lane:
    """Threads that compute passwords, and the places before them: `most`, and of one address `each`.

    Threads are few, and none of those that draw minutes: a flood of sign-ins leaves the meeting its cores. A password
    takes 64 MiB and some 0.1 s of every core.
    """

    def __init__(self, name: str, most: int, each: int) -> None:
        self.most, self.each = most, each
        self.threads = ThreadPoolExecutor(max(1, (os.cpu_count() or 1) // 2), thread_name_prefix=name)
        self._waiting: Counter[str] = Counter()

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        """A place for one of this address. Raises RefusedError (access.rate) where all are taken."""
        if self._waiting.total() >= self.most or self._waiting[address] >= self.each:
            raise RefusedError(_BUSY)
        self._waiting[address] += 1
        try:
            yield
        finally:
            self._waiting[address] -= 1
            self._waiting += Counter()  # without those that have no place


_known = _Lane("known", 64, 64)  # those who are signed in, and known devices: an office may have one address
_strangers = _Lane("strangers", 32, 16)


async def hash_password(password: str) -> str:
    """Hash it by argon2id with the library's current parameters, off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_known.threads, _hasher.hash, password)


async def hash_new_password(password: str, person: str, others: tuple[str, ...], field: str) -> str:
    """Hash a password that the person of this name is to have; `others` are further words that belong to them.

    Raises RefusedError (input.invalid with this field) where it is easily guessed.
    """
    weak = await asyncio.get_running_loop().run_in_executor(_known.threads, weakness, password, person, others, field)
    if weak is not None:
        raise RefusedError(weak)
    return await hash_password(password)


def _hash_as(parameters: str, password: str) -> str:
    """The password's hash with this salt and these parameters, in argon2's notation."""
    kept = extract_parameters(f"{parameters}${'A' * 43}")
    salt = parameters.rpartition("$")[2]
    return hash_secret(
        password.encode(), base64.b64decode(salt + "=" * (-len(salt) % 4)), kept.time_cost, kept.memory_cost,
        kept.parallelism, kept.hash_len, kept.type,
    ).decode()  # fmt: skip


async def sign_in(
    database: Database, organization: str | None, staff_number: str, password: str, origin: Origin, strangers: Limit
) -> tuple[str, str]:
    """Open a session; give its token and its CSRF token. `organization` is a code or a name, None for the only one;
    `strangers` limits the failures of an address on devices that are not known.

    Raises RefusedError (access.signed_out, access.rate; input.invalid where there are several and none is named).
    """
    async with database.connection() as connection:
        if organization is None and await store.sign_in_page(connection, None) is None:
            raise RefusedError(_WHERE)
        known = await store.is_known_device(connection, organization, staff_number, digest(origin.device))
    lane = _known if known else _strangers
    with lane.place(origin.address):
        if not known:
            require_slower(
                strangers.take(origin.address),
                "从这一网络登录失败的次数过多，请 {seconds} 秒后再试，或在您以前登录过的设备上登录。",
                "Too many sign-ins from this address failed; try again in {seconds} s, or on a device on which you"
                " signed in before.",
            )
        async with database.connection() as connection:
            started = await store.start_sign_in(
                connection, organization, staff_number, digest(origin.device), origin.address
            )
        ticket, hashed = await _guess(lane, started, password)
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    async with database.connection() as connection:
        await store.guess(connection, ticket, hashed)
    async with database.connection() as connection:
        if not await store.finish_sign_in(
            connection, ticket, digest(token), csrf, LIFETIME, digest(origin.device), origin.browser
        ):
            raise RefusedError(_WRONG if organization is None else _WRONG_THERE)
    if not known:
        strangers.give_back(origin.address)
    return token, csrf


async def sign_in_unasked(owner: Connection, staff_number: str) -> str:
    """Open a session of the only organization without a password, for a demonstration's links; give its token.

    The database lets only its owner do so. Raises RefusedError (access.signed_out).
    """
    token = secrets.token_urlsafe(32)
    if not await store.open_session(owner, None, staff_number, digest(token), secrets.token_urlsafe(24), LIFETIME):
        raise RefusedError(_WRONG)
    return token


async def sign_in_by_provider(
    owner: Connection, organization: str | None, staff_number: str, origin: Origin
) -> str | None:
    """Open a session of one whom a provider signed in; give its token, None where no account in use has the number.

    The database lets only its owner do so.
    """
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    opened = await store.open_session_by_provider(
        owner, organization, staff_number, digest(token), csrf, LIFETIME, origin.address, origin.browser
    )
    return token if opened else None


async def guess_own(database: Database, caller: Caller, home: str, staff_number: str, password: str) -> UUID:
    """Guess at the signed-in person's own password; give the ticket. `home` is their organization's code.

    Raises RefusedError (access.rate).
    """
    with _known.place(str(caller.person)):
        async with database.transaction(caller.scope) as transaction:
            started = await store.start_sign_in(transaction.connection, home, staff_number, b"", "")
        ticket, hashed = await _guess(_known, started, password)
    async with database.connection() as connection:
        await store.guess(connection, ticket, hashed)
    return ticket


async def _guess(lane: _Lane, started: tuple[UUID, str] | timedelta, password: str) -> tuple[UUID, str]:
    """Compute the password's hash as the database asks; give it with its ticket. An unknown number takes as long, an
    unknown organization too.

    A guess was counted as a failure before it is looked at, so that of many guesses at once only the free ones are
    looked at; a right one clears the count. Raises RefusedError (access.rate) where the free ones are used up.
    """
    if isinstance(started, timedelta):
        raise RefusedError(closed_for(started))
    ticket, parameters = started
    return ticket, await asyncio.get_running_loop().run_in_executor(lane.threads, _hash_as, parameters, password)


def closed_for(remaining: timedelta) -> Refused:
    """The refusal of one who guessed too often."""
    seconds = int(remaining.total_seconds()) + 1
    return Refused(
        "access.rate",
        f"密码多次输入有误，请 {seconds} 秒后再试，或在您以前登录过的设备上登录；忘记密码的，请管理员重新设置。",
        f"Too many failures; try again in {seconds} s, or on a device on which you signed in before. If you forgot your"
        " password, ask the administrator for a new one.",
        {"seconds": seconds},
    )


def digest(token: str) -> bytes:
    """The secret of the session that has this token."""
    return hashlib.sha256(token.encode()).digest()


async def caller_of(database: Database, token: str | None, *, doing: str = "") -> Caller:
    """The person who holds this session token. Raises RefusedError (access.signed_out; access.due where they have
    something to do first, unless that is what they are `doing`, or it is `any`)."""
    if token:
        async with database.connection() as connection:
            caller = await store.authenticate(connection, digest(token))
        return require_open(caller, doing)
    raise RefusedError(SIGNED_OUT)


def require_open(caller: Caller | None, doing: str = "") -> Caller:
    """The caller, whose session is open and who has nothing else to do first. Raises RefusedError as `caller_of`."""
    if caller is None:
        raise RefusedError(SIGNED_OUT)
    if caller.due and doing not in (caller.due[0], "any"):
        raise RefusedError(DUE[caller.due[0]])
    return caller


def require_own(caller: Caller, csrf: str, limits: Limits) -> None:
    """Refuse a command without the session's CSRF token, and one that comes faster than a person acts. Raises
    RefusedError (access.csrf, access.rate)."""
    if not hmac.compare_digest(csrf.encode(), caller.csrf.encode()):
        raise RefusedError(Refused("access.csrf", "页面已过期，请刷新后重试。", "The page is stale: reload it."))
    require_slower(
        limits.commands.take(caller.person),
        "操作过于频繁，请 {seconds} 秒后再试。",
        "Too many commands; try again in {seconds} s.",
    )


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


async def sign_out(database: Database, caller: Caller) -> None:
    """End the session; one that has ended already is no error. Its screens are sent nothing more."""
    with database.hold(caller.person):
        async with database.connection() as connection:
            await store.close_session(connection, caller.secret)


async def end_own(database: Database, caller: Caller, session: int | None, device: str) -> int:
    """End one other session of the caller's own, or, for None, all but this one; give how many ended."""
    async with database.transaction(caller.scope) as transaction:
        transaction.hold(caller.person)
        return await store.close_own_sessions(transaction.connection, caller.secret, session, digest(device))


async def purge(work: Work) -> None:
    """The job `sign_in.purge`: delete what no sign-in needs any more."""
    await store.purge(work.connection)
