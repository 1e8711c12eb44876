"""The head entrusts a member with signing minutes (惯例), so that no minutes wait for a head who is away.

It holds for all minutes until the head takes it back, so that a head who travels gives it once before leaving. It ends
when the one who gave it is head or acting head no more; a successor signs, and entrusts, by themselves. Its rights are
those of the role `signatory`, which nobody grants.
"""

from acts.acting import existing
from acts.refusal import Refused, RefusedError
from bodies import store
from bodies.entering import BodyAct
from bodies.kinds.entrusting import SigningEntrusted, SigningTakenBack
from identity import store as people_store
from identity.records import Person


async def entrust(act: BodyAct, person: int) -> None:
    """Entrust a member with signing; one who was entrusted before is not any more. Raises RefusedError (unknown,
    input.invalid)."""
    somebody: Person = existing(await people_store.read_person(act.connection, person))
    if person == act.caller.person or "member" not in await store.roles_of(act.connection, act.context.body.id, person):
        raise RefusedError(
            Refused(
                "input.invalid",
                "受托签发的须为本机构的另一名成员，请重新选择。",
                "Signing is entrusted to another member of the body: choose one.",
                {"field": "person"},
            )
        )
    await store.entrust(act.connection, act.context.body.id, person, act.caller.person)
    await act.record(SigningEntrusted(person, somebody.name, act.caller.name))


async def take_back(act: BodyAct) -> None:
    """Take the entrustment back. Raises RefusedError (state.wrong) where nobody is entrusted."""
    person = await store.take_back_signing(act.connection, act.context.body.id)
    if person is None:
        raise RefusedError(
            Refused("state.wrong", "目前没有委托他人签发，无须收回。", "Nobody is entrusted with signing now.")
        )
    somebody: Person = existing(await people_store.read_person(act.connection, person))
    await act.record(SigningTakenBack(person, somebody.name))
