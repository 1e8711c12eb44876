"""The workbook of what is on record: bodies, and people with their roles, seats, charges and deputies (B角).

It has the template's form, so that it is changed there and imported again; imported as it is, it changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from acts.access import ROLE_NAMES
from bodies import store
from bodies.records import GRANTED_ROLES
from identity import store as people_store
from imports.sheets import BODIES, PEOPLE, ROLES
from imports.template import make_template

if TYPE_CHECKING:
    from storage.store import Connection

_IMPORTED = frozenset(ROLES.values())


async def export(connection: Connection) -> bytes:
    """Returns the organization's bodies and people as XLSX; one whose account is closed, and a role that no file gives
    (an acting head's), are left out."""
    bodies = await store.bodies(connection)
    people = {each.id: each for each in await people_store.people(connection) if each.active}
    rows: list[list[str | int]] = []
    placed: set[int] = set()
    for body in bodies:
        seats, deputies = await store.seats(connection, body.id), await store.deputies(connection, body.id)
        for member in await store.body_people(connection, body.id):
            held = [role for role in GRANTED_ROLES if role in member.roles and role in _IMPORTED]
            if not held or (person := people.get(member.id)) is None:
                continue
            seat, deputy = seats.get(person.id), people.get(deputies.get(person.id, 0))
            placed.add(person.id)
            rows.append(
                [
                    person.staff_number, person.name, person.post, body.name,
                    "、".join(ROLE_NAMES[role][0] for role in held),
                    seat.seat if seat else "", seat.post if seat else "", seat.in_charge if seat else "",
                    deputy.staff_number if deputy else "",
                ]
            )  # fmt: skip
    rows += [[each.staff_number, each.name, each.post] for each in people.values() if each.id not in placed]
    return make_template({BODIES.name: [[body.name, body.kind] for body in bodies], PEOPLE.name: rows})
