"""Changes to a person, and their effect in the bodies to which the person belongs."""

import msgspec

from acts.acting import existing
from acts.refusal import Refused, RefusedError
from bodies import store
from identity import store as people_store
from identity.entering import OrganizationAct
from identity.kinds.staffing import PersonChanged, PersonSaid
from identity.records import Person


async def change_person(
    act: OrganizationAct,
    person: int,
    name: str | None,
    post: str | None,
    administrator: bool | None,
    active: bool | None,
    auditor: bool | None = None,
    security: bool | None = None,
) -> None:
    """Change the fields that are not None. A person who goes (active false) is signed out everywhere.

    One who holds a role in a body stays active until it is revoked, or N would count one who cannot come;
    the organization keeps an administrator. Raises RefusedError (unknown, state.wrong).
    """
    before: Person = existing(await people_store.read_person(act.connection, person))
    wanted = {"name": name, "post": post, "administrator": administrator, "active": active}
    wanted |= {"auditor": auditor, "security": security}
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
    if _administers(before) and not _administers(after) and not await people_store.another_administrator(
        act.connection, person
    ):  # fmt: skip
        raise RefusedError(
            Refused(
                "state.wrong",
                "这是本单位唯一的管理员，请先指定另一位管理员。",
                "This is the organization's only administrator; appoint another first.",
            )
        )
    await people_store.change_person(act.connection, after)
    if after.name != before.name:
        await store.rename_kin(act.connection, person, after.name)
    if not after.active:
        act.transaction.hold(person)
        await people_store.close_sessions_of(act.connection, person)
    await act.record(PersonChanged(PersonSaid.of(after)))


def _administers(person: Person) -> bool:
    return person.administrator and person.active
