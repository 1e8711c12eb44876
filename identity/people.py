"""An organization's code, and its people: made, and given passwords. No password and no hash is recorded."""

from uuid import UUID

from acts.acting import Caller, existing
from acts.database import Database
from acts.refusal import Refused, RefusedError
from identity import store
from identity.entering import OrganizationAct
from identity.kinds.staffing import (
    DutiesSet,
    OrganizationCoded,
    PasswordChanged,
    PersonCreated,
    PersonSaid,
    PersonSignedOut,
)
from identity.records import Organization, Person
from identity.sessions import digest, guess_own, hash_new_password


async def change_code(act: OrganizationAct, code: str) -> None:
    """Give the organization another code for its sign-in link. Raises RefusedError (input.invalid)."""
    home: Organization = existing(await store.read_organization(act.connection, act.caller.organization))
    if (new := code.lower()) == home.code:
        raise RefusedError(
            Refused("input.invalid", "代号没有变化。", "The code is the same.", {"field": "organization_code"})
        )
    await store.set_organization_code(act.connection, new)
    await act.record(OrganizationCoded(home.code, new))


async def set_duties(act: OrganizationAct, apart: bool, reason: str) -> None:
    """Hold the three duties apart, or no longer. Raises RefusedError (input.invalid where nothing changes; state.wrong,
    from the database, where somebody has two of them or one has nobody)."""
    home: Organization = existing(await store.read_organization(act.connection, act.caller.organization))
    if home.duties_apart == apart:
        raise RefusedError(Refused("input.invalid", "设置没有变化。", "Nothing changes.", {"field": "apart"}))
    await store.set_duties_apart(act.connection, apart)
    await act.record(DutiesSet(apart, reason))


async def create_person(
    act: OrganizationAct,
    staff_number: str,
    name: str,
    post: str,
    administrator: bool,
    password: str | None,
    auditor: bool = False,
    security: bool = False,
) -> int:
    """Make a person; give their id. Without a password they cannot sign in yet. Raises RefusedError (input.invalid)."""
    if await store.staff_number_taken(act.connection, staff_number):
        raise RefusedError(
            Refused("input.invalid", "工号已被使用。", "That staff number is taken.", {"field": "staff_number"})
        )
    person = await store.create_person(
        act.connection, act.caller.organization, staff_number, name, post, administrator, auditor, security
    )
    if password is not None:
        await _give_password(act, existing(await store.read_person(act.connection, person)), password)
    kept = existing(await store.read_person(act.connection, person))
    await act.record(PersonCreated(PersonSaid.of(kept)))
    return person


async def set_password(act: OrganizationAct, person: int, password: str) -> None:
    """The administrator gives a person a new password; they are signed out everywhere, and may try again. It serves to
    choose one of their own. Raises RefusedError (input.invalid with field `password` where it is easily guessed)."""
    await _give_password(act, existing(await store.read_person(act.connection, person)), password)
    await act.record(PasswordChanged(person))


async def _give_password(act: OrganizationAct, person: Person, password: str) -> None:
    hashed = await _hashed(act, person, password, "password")
    act.transaction.hold(person.id)
    await store.set_password(act.connection, person.id, hashed)


async def _hashed(act: OrganizationAct, person: Person, password: str, field: str) -> str:
    home: Organization = existing(await store.read_organization(act.connection, act.caller.organization))
    return await hash_new_password(password, person.name, (person.staff_number, home.name, home.code), field)


async def guess_own_password(database: Database, caller: Caller, password: str) -> UUID:
    """Guess at a signed-in person's present password; give the ticket. It counts as a guess at the sign-in does.

    Raises RefusedError (access.rate).
    """
    async with database.transaction(caller.scope) as transaction:
        home: Organization = existing(await store.read_organization(transaction.connection, caller.organization))
        kept: Person = existing(await store.read_person(transaction.connection, caller.person))
    return await guess_own(database, caller, home.code, kept.staff_number, password)


async def change_own_password(act: OrganizationAct, old: UUID, password: str, device: str) -> None:
    """A person changes their own password; their other sessions end, and their other devices are strangers. `old` is
    the ticket of the guess at the present one. Raises RefusedError (input.invalid with field `old`, or with field `new`
    where it is easily guessed)."""
    person: Person = existing(await store.read_person(act.connection, act.caller.person))
    hashed = await _hashed(act, person, password, "new")
    act.transaction.hold(person.id)
    if not await store.change_own_password(act.connection, old, hashed, act.caller.secret, digest(device)):
        raise RefusedError(
            Refused("input.invalid", "原密码不正确。", "The present password is wrong.", {"field": "old"})
        )
    await act.record(PasswordChanged(act.caller.person))


async def sign_out(act: OrganizationAct, person: int) -> None:
    """The administrator ends all sessions of a person, whose devices are strangers then."""
    existing(await store.read_person(act.connection, person))
    act.transaction.hold(person)
    await store.close_sessions_of(act.connection, person)
    await act.record(PersonSignedOut(person))
