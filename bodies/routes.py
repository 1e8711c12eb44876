"""Bodies, roles, charters, kinship, the calendar over HTTP."""

from typing import Annotated

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from acts.acting import Receipt
from acts.http import After, Db, Key, PathId, PathYear, Who
from acts.rulebook import Clause
from acts.showing import LedgerPage
from bodies import calendar, entrusting, forming, relatives, rulebook, staff, store, wire
from bodies.entering import perform_in_body, require_in_body
from bodies.kinds_of_body import KINDS_OF_BODY
from bodies.records import (
    BodyDetail,
    BodySummary,
    CalendarYear,
    GrantedRole,
    KinshipRegister,
    Matter,
)
from bodies.rulebook import RulebookView
from identity.entering import perform_in_organization, require_in_organization
from identity.history import show_administration
from identity.wire import PersonChange


@post("/api/people/{person:int}", opt={"operation": "person.change"}, status_code=200)
async def change_person(
    person: PathId, data: JSONBody[PersonChange], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Change name, post, administrator or active; a field that is absent stays."""
    return await perform_in_organization(
        database,
        caller,
        "person.change",
        lambda act: staff.change_person(
            act,
            person,
            data.name,
            data.post,
            data.administrator,
            data.active,
            data.auditor,
            data.security,
        ),
        key,
    )


@post("/api/bodies", opt={"operation": "body.create"}, status_code=200)
async def create_body(data: JSONBody[wire.NewBody], caller: Who, database: Db, key: Key = None) -> Receipt:
    """Make a body; `content.body.id` is the id."""
    return await perform_in_organization(
        database, caller, "body.create", lambda act: forming.create_body(act, data.name, data.kind), key
    )


@get("/api/bodies", opt={"operation": "body.list"})
async def list_bodies(caller: Who, database: Db) -> list[BodySummary]:
    """The bodies in which the caller has a role, with those roles."""
    async with database.transaction(caller.scope) as transaction:
        return [
            BodySummary(body.id, body.name, body.kind, sorted(caller.roles_in(body.id)))
            for body in await store.bodies(transaction.connection)
        ]


@get("/api/bodies/{body_id:int}", opt={"operation": "body.read"})
async def read_body(body_id: PathId, caller: Who, database: Db) -> BodyDetail:
    """A body: its charter, and its people with seats and roles."""
    async with database.transaction(caller.scope) as transaction:
        kept = await store.read_body(transaction.connection, body_id)
        require_in_body(caller, "body.read", kept)
        assert kept is not None
        members = await store.body_people(transaction.connection, body_id)
        kind = KINDS_OF_BODY[kept.kind]
        return BodyDetail(kept.id, kept.name, kept.kind, kind.meeting, kind.decides, kept.charter, members)


@post("/api/bodies/{body_id:int}/name", opt={"operation": "body.rename"}, status_code=200)
async def rename_body(
    body_id: PathId, data: JSONBody[wire.BodyRename], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Give a body another name; papers issued before keep the old one."""
    return await perform_in_body(
        database, caller, "body.rename", body_id, lambda act: forming.rename_body(act, data.name), key
    )


@get("/api/bodies/{body_id:int}/history", opt={"operation": "body.history"})
async def read_body_history(body_id: PathId, caller: Who, database: Db, start: After = 0) -> LedgerPage:
    """Changes to the body's roles, seats, charter, kinship, catalogue: the records of its book with seq > `after`."""
    async with database.transaction(caller.scope) as transaction:
        require_in_body(caller, "body.history", await store.read_body(transaction.connection, body_id))
        return await show_administration(transaction.connection, caller, "body", body_id, start)


@post("/api/bodies/{body_id:int}/roles", opt={"operation": "role.grant"}, status_code=200)
async def grant_role(
    body_id: PathId, data: JSONBody[wire.RoleGrant], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Give a role; a new member takes the next free seat."""
    return await perform_in_body(
        database, caller, "role.grant", body_id,
        lambda act: forming.grant_role(act, data.person, data.role, data.document, data.since), key,
    )  # fmt: skip


@delete("/api/bodies/{body_id:int}/roles/{person:int}/{role:str}", opt={"operation": "role.revoke"}, status_code=200)
async def revoke_role(
    body_id: PathId, person: PathId, role: FromPath[GrantedRole], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Take a role away, and a member's seat with it."""
    return await perform_in_body(
        database, caller, "role.revoke", body_id, lambda act: forming.revoke_role(act, person, role), key
    )


@post("/api/bodies/{body_id:int}/retirements", opt={"operation": "role.retire"}, status_code=200)
async def retire(
    body_id: PathId, data: JSONBody[wire.Retirement], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Let a role end on a day; giving the role again before or after it takes the end back."""
    return await perform_in_body(
        database, caller, "role.retire", body_id,
        lambda act: forming.retire(act, data.person, data.role, data.ends_on), key,
    )  # fmt: skip


@post("/api/bodies/{body_id:int}/seats", opt={"operation": "seat.set"}, status_code=200)
async def set_seat(
    body_id: PathId, data: JSONBody[wire.Seating], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Seat a member, with post and what they are in charge of; that seat's holder takes the one that they leave."""
    return await perform_in_body(
        database, caller, "seat.set", body_id,
        lambda act: forming.set_seat(act, data.person, data.seat, data.post, data.in_charge), key,
    )  # fmt: skip


@post("/api/bodies/{body_id:int}/deputies", opt={"operation": "seat.deputy"}, status_code=200)
async def set_deputy(
    body_id: PathId, data: JSONBody[wire.DeputyOf], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Say who stands in for a member (B角); notices that were given keep the deputies that they found."""
    return await perform_in_body(
        database, caller, "seat.deputy", body_id, lambda act: forming.set_deputy(act, data.person, data.deputy), key
    )


@post("/api/bodies/{body_id:int}/signing", opt={"operation": "signing.entrust"}, status_code=200)
async def entrust_signing(
    body_id: PathId, data: JSONBody[wire.Entrusting], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Entrust a member with signing minutes until it is taken back."""
    return await perform_in_body(
        database, caller, "signing.entrust", body_id, lambda act: entrusting.entrust(act, data.person), key
    )


@delete("/api/bodies/{body_id:int}/signing", opt={"operation": "signing.take_back"}, status_code=200)
async def take_back_signing(body_id: PathId, caller: Who, database: Db, key: Key = None) -> Receipt:
    """Take back what was entrusted."""
    return await perform_in_body(database, caller, "signing.take_back", body_id, entrusting.take_back, key)


@post("/api/bodies/{body_id:int}/charter", opt={"operation": "charter.set"}, status_code=200)
async def set_charter(
    body_id: PathId, data: JSONBody[wire.WholeCharter], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Lay down the body's own rules, every field of them."""
    return await perform_in_body(
        database, caller, "charter.set", body_id, lambda act: forming.set_charter(act, data.charter()), key
    )


@get("/api/bodies/{body_id:int}/rulebook", opt={"operation": "rulebook.read"})
async def read_rulebook(body_id: PathId, caller: Who, database: Db) -> RulebookView:
    """The rulebook in force in the body: every rule with its meaning and clause. Meetings keep that of their notice."""
    async with database.transaction(caller.scope) as transaction:
        kept = await store.read_body(transaction.connection, body_id)
        require_in_body(caller, "rulebook.read", kept)
        assert kept is not None
        return rulebook.view(kept.in_force)


@post("/api/bodies/{body_id:int}/rulebook", opt={"operation": "rulebook.set"}, status_code=200)
async def set_rulebook(
    body_id: PathId, data: JSONBody[wire.RulebookDraft], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Give the body a rulebook of its own, in force from the next notice on."""
    clauses = {rule: Clause(each.zh, each.en) for rule, each in data.clauses.items()}
    return await perform_in_body(
        database, caller, "rulebook.set", body_id, lambda act: rulebook.set_rulebook(act, data.titles, clauses), key
    )


@get("/api/bodies/{body_id:int}/kinship", opt={"operation": "kinship.read"})
async def read_kinship(body_id: PathId, caller: Who, database: Db) -> KinshipRegister:
    """The people in the record of kinship, and their relations."""
    async with database.transaction(caller.scope) as transaction:
        require_in_body(caller, "kinship.read", await store.read_body(transaction.connection, body_id))
        return KinshipRegister(
            await store.kin(transaction.connection, body_id), await store.relations(transaction.connection, body_id)
        )


@post("/api/bodies/{body_id:int}/kinship", opt={"operation": "kinship.record"}, status_code=200)
async def record_kinship(
    body_id: PathId, data: JSONBody[wire.NewKinship], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Record a relation; a name instead of a kin id puts somebody new on record."""
    return await perform_in_body(
        database,
        caller,
        "kinship.record",
        body_id,
        lambda act: relatives.record_kinship(act, data.type, data.a, data.b),
        key,
    )


@delete("/api/bodies/{body_id:int}/kinship/{relation:int}", opt={"operation": "kinship.remove"}, status_code=200)
async def remove_kinship(body_id: PathId, relation: PathId, caller: Who, database: Db, key: Key = None) -> Receipt:
    """Take a relation off the record."""
    return await perform_in_body(
        database, caller, "kinship.remove", body_id, lambda act: relatives.remove_kinship(act, relation), key
    )


@post("/api/bodies/{body_id:int}/kin", opt={"operation": "kin.add"}, status_code=200)
async def add_kin(body_id: PathId, data: JSONBody[wire.NewKin], caller: Who, database: Db, key: Key = None) -> Receipt:
    """Put a candidate on record; `content.kin.id` is the id that items name."""
    return await perform_in_body(
        database,
        caller,
        "kin.add",
        body_id,
        lambda act: relatives.add_kin(act, data.name, data.person, data.another),
        key,
    )


@get("/api/bodies/{body_id:int}/matters", opt={"operation": "matter.list"})
async def list_matters(
    body_id: PathId,
    caller: Who,
    database: Db,
    year: Annotated[int | None, QueryParameter(ge=2000, le=9999, required=False)] = None,
) -> list[Matter]:
    """The body's catalogue of matters (事项清单), of one year or of all."""
    async with database.transaction(caller.scope) as transaction:
        require_in_body(caller, "matter.list", await store.read_body(transaction.connection, body_id))
        return await store.matters(transaction.connection, body_id, year)


@post("/api/bodies/{body_id:int}/matters", opt={"operation": "matter.set"}, status_code=200)
async def set_matter(
    body_id: PathId, data: JSONBody[wire.NewMatter], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Enter a line of the catalogue, or change the one of the same year and code."""
    return await perform_in_body(
        database, caller, "matter.set", body_id, lambda act: forming.set_matters(act, [data.line()]), key
    )


@delete("/api/bodies/{body_id:int}/matters/{matter:int}", opt={"operation": "matter.remove"}, status_code=200)
async def remove_matter(body_id: PathId, matter: PathId, caller: Who, database: Db, key: Key = None) -> Receipt:
    """Take a line that was entered by mistake out of the catalogue."""
    return await perform_in_body(
        database, caller, "matter.remove", body_id, lambda act: forming.remove_matter(act, matter), key
    )


@get("/api/calendar/{year:int}", opt={"operation": "calendar.read"})
async def read_calendar(year: PathYear, caller: Who, database: Db) -> CalendarYear:
    """A year's days off and weekend days worked; refused (calendar.unknown) where they are not known."""
    require_in_organization(caller, "calendar.read")
    async with database.transaction(caller.scope) as transaction:
        return await calendar.read_year(transaction.connection, year)


@post("/api/calendar/{year:int}", opt={"operation": "calendar.set"}, status_code=200)
async def set_calendar(
    year: PathYear, data: JSONBody[wire.YearDays], caller: Who, database: Db, key: Key = None
) -> Receipt:
    """Enter a year's days, in place of the library's or those entered before."""
    return await perform_in_organization(
        database, caller, "calendar.set", lambda act: calendar.set_year(act, year, data.holidays, data.workdays), key
    )


routes = [
    change_person, create_body, list_bodies, read_body, read_body_history, grant_role, revoke_role, retire, set_seat,
    set_deputy, set_charter, read_rulebook, set_rulebook, read_kinship, record_kinship, remove_kinship, add_kin,
    list_matters, read_calendar, set_calendar, entrust_signing, take_back_signing,
    rename_body, set_matter, remove_matter,
]  # fmt: skip
