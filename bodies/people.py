"""An organization's people: made, changed, let in with a password. No password and no hash is recorded."""

import msgspec
from msgspec import to_builtins

from bodies import store
from bodies.acting import found
from bodies.entering import OrganizationAct
from bodies.records import Person
from bodies.sessions import guess, hash_password
from storage.database import Database, Scope
from storage.refusal import Refused, RefusedError


def content_of(person: Person) -> dict[str, object]:
    """A person as a record holds them."""
    values: dict[str, object] = to_builtins(person)
    del values["can_sign_in"]
    return values


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
    await act.record("person.created", {"person": content_of(kept)})
    return person


async def change_person(
    act: OrganizationAct,
    person: int,
    name: str | None,
    post: str | None,
    administrator: bool | None,
    active: bool | None,
) -> None:
    """Change what is not None. Who goes (active false) is signed out everywhere.

    One who holds a role in a body stays active until it is revoked, or N would count who cannot come; the
    organization keeps an administrator. Raises RefusedError (state.wrong).
    """
    before: Person = found(await store.read_person(act.connection, person))
    wanted = {"name": name, "post": post, "administrator": administrator, "active": active}
    after = msgspec.structs.replace(before, **{field: to for field, to in wanted.items() if to is not None})
    if before.active and not after.active and (bodies := await store.bodies_with(act.connection, person)):
        raise RefusedError(
            Refused(
                "state.wrong",
                f"{before.name}仍在{'、'.join(bodies)}任职，请管理员先撤销其角色，再停用账号。",
                f"{before.name} still holds a role in {', '.join(bodies)}; revoke it first.",
                {"bodies": bodies},
            )
        )
    if _administers(before) and not _administers(after) and not await store.another_administrator(
        act.connection, person
    ):  # fmt: skip
        raise RefusedError(
            Refused(
                "state.wrong",
                "这是本单位唯一的管理员，请先指定另一位管理员。",
                "This is the organization's only administrator; appoint another first.",
            )
        )
    await store.change_person(act.connection, after)
    if after.name != before.name:
        await store.rename_kin(act.connection, person, after.name)
    if not after.active:
        await store.close_sessions_of(act.connection, person)
    await act.record("person.changed", {"person": content_of(after)})


def _administers(person: Person) -> bool:
    return person.administrator and person.active


async def set_password(act: OrganizationAct, person: int, password: str) -> None:
    """The administrator gives a person a new password; they are signed out everywhere, and may try again."""
    kept: Person = found(await store.read_person(act.connection, person))
    await store.set_password(act.connection, person, await hash_password(password))
    await store.close_sessions_of(act.connection, person)
    await store.clear_failures(act.connection, kept.staff_number)
    await act.record("password.changed", {"person": person})


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
    await act.record("password.changed", {"person": kept.id})
