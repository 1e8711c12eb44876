"""An organization's people: made, changed, let in with a password. No password and no hash is recorded."""

from acts.acting import found
from acts.database import Database
from acts.refusal import Refused, RefusedError
from identity import store
from identity.entering import OrganizationAct
from identity.kinds.staffing import PasswordChanged, PersonCreated, PersonSaid
from identity.records import Person
from identity.sessions import guess, hash_password
from storage.database import Scope


async def create_person(
    act: OrganizationAct, staff_number: str, name: str, post: str, administrator: bool, password: str | None
) -> int:
    """Make a person; give their id. Without a password they cannot sign in yet. Raises RefusedError (input.invalid)."""
    if await store.staff_number_taken(act.connection, staff_number):
        raise RefusedError(
            Refused("input.invalid", "工号已被使用。", "That staff number is taken.", {"field": "staff_number"})
        )
    hashed = await hash_password(password) if password is not None else None
    person = await store.create_person(
        act.connection, act.caller.organization, staff_number, name, post, administrator, hashed
    )
    kept = found(await store.read_person(act.connection, person))
    await act.record(PersonCreated(PersonSaid.of(kept)))
    return person


async def set_password(act: OrganizationAct, person: int, password: str) -> None:
    """The administrator gives a person a new password; they are signed out everywhere, and may try again."""
    kept: Person = found(await store.read_person(act.connection, person))
    await store.set_password(act.connection, person, await hash_password(password))
    await store.close_sessions_of(act.connection, person)
    await store.clear_failures(act.connection, kept.staff_number)
    await act.record(PasswordChanged(person))


async def check_own_password(database: Database, organization: int, person: int, password: str) -> None:
    """Whether a signed-in person knows their password; guesses count as at the door.

    Raises RefusedError (input.invalid with field `old`, access.rate).
    """
    async with database.transaction(Scope(organization)) as transaction:
        kept: Person = found(await store.read_person(transaction.connection, person))
    right, _ = await guess(database, kept.staff_number, password)
    if right is None:  # else the change that follows clears the count
        raise RefusedError(
            Refused("input.invalid", "原密码不正确。", "The present password is wrong.", {"field": "old"})
        )


async def change_own_password(act: OrganizationAct, password: str, session: bytes) -> None:
    """A person changes their own password; their other sessions end. `session` is the present token's SHA-256."""
    kept: Person = found(await store.read_person(act.connection, act.caller.person))
    await store.set_password(act.connection, kept.id, await hash_password(password))
    await store.close_sessions_of(act.connection, kept.id, but=session)
    await store.clear_failures(act.connection, kept.staff_number)
    await act.record(PasswordChanged(kept.id))
