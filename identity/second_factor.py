"""A second factor by TOTP: set up by its owner, asked for at the sign-in, taken away by the administrator on record.

The database makes the secret, hands it out once, and compares codes; the program reads neither secret nor code again
(docs/decisions/0038-a-second-factor.md).
"""

import hashlib
import secrets
from base64 import b32encode
from datetime import timedelta
from uuid import UUID

from pyotp import TOTP

from acts.acting import Caller, existing
from acts.database import Database
from acts.refusal import Refused, RefusedError
from identity import store
from identity.entering import OrganizationAct, perform_in_organization
from identity.kinds.staffing import SecondFactorDemanded, SecondFactorReset, SecondFactorSet
from identity.records import Organization, Person
from identity.sessions import closed_for

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is easily taken for another
_WRONG = Refused(
    "input.invalid",
    "验证码不正确或已用过。请核对手机时间，等待下一个验证码；也可输入恢复码。",
    "The code is wrong or was used. Check the phone's clock and wait for the next one, or enter a recovery code.",
    {"field": "factor_code"},
)


async def _tried(database: Database, caller: Caller, code: str) -> UUID:
    """Write a code down; give the ticket. It is counted as a failure before it is looked at (RefusedError)."""
    async with database.connection() as connection:
        started = await store.start_code(connection, caller.secret)
    if isinstance(started, timedelta):
        raise RefusedError(closed_for(started))
    async with database.connection() as connection:
        await store.guess(connection, started, code.replace(" ", "").replace("-", "").lower())
    return started


async def prove(database: Database, caller: Caller, code: str) -> None:
    """Finish a sign-in by a code. Raises RefusedError (access.rate; input.invalid with field `factor_code`)."""
    ticket = await _tried(database, caller, code)
    async with database.connection() as connection:
        if not await store.finish_code(connection, ticket, caller.secret):
            raise RefusedError(_WRONG)


async def begin(database: Database, caller: Caller) -> tuple[str, str]:
    """Make a secret for the caller; give it in base 32 and as the link that authenticators read (otpauth)."""
    async with database.transaction(caller.scope) as transaction:
        home: Organization = existing(await store.read_organization(transaction.connection, caller.organization))
        person: Person = existing(await store.read_person(transaction.connection, caller.person))
        key = b32encode(await store.begin_second_factor(transaction.connection)).decode()
    return key, TOTP(key).provisioning_uri(name=f"{person.name} {person.staff_number}", issuer_name=f"议决 {home.name}")


async def confirm(database: Database, caller: Caller, code: str) -> list[str]:
    """Keep the caller's second factor where the code is right; give recovery codes.

    Raises RefusedError (access.rate; input.invalid with field `factor_code`).
    """
    ticket = await _tried(database, caller, code)
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(10)]
    hashed = [hashlib.sha256(each.encode()).digest() for each in codes]

    async def keep(act: OrganizationAct) -> None:
        if not await store.confirm_second_factor(act.connection, ticket, hashed):
            raise RefusedError(_WRONG)
        await act.record(SecondFactorSet(caller.person))

    await perform_in_organization(database, caller, "second_factor.set", keep)
    return [f"{each[:5]}-{each[5:]}" for each in codes]


async def reset(act: OrganizationAct, person: int) -> None:
    """The administrator takes a second factor away. Raises RefusedError (state.wrong where there is none)."""
    existing(await store.read_person(act.connection, person))
    act.transaction.hold(person)
    if not await store.reset_second_factor(act.connection, person):
        raise RefusedError(Refused("state.wrong", "此人没有设置动态验证码。", "This person has no second factor."))
    await act.record(SecondFactorReset(person))


async def demand(act: OrganizationAct, demanded: bool) -> None:
    """Demand a second factor, or no longer. Raises RefusedError (state.wrong where it is so already)."""
    home: Organization = existing(await store.read_organization(act.connection, act.caller.organization))
    if home.second_factor == demanded:
        raise RefusedError(Refused("state.wrong", "设置没有变化。", "It is so already."))
    await store.demand_second_factor(act.connection, demanded)
    await act.record(SecondFactorDemanded(demanded))
