"""The record of kinship that recusal is judged by (Personnel 18, 23); kept by the secretary."""

from acts.acting import existing
from acts.quoting import quoted
from acts.refusal import Refused, RefusedError
from bodies import store
from bodies.entering import BodyAct
from bodies.kinds.relating import KinAdded, KinshipRecorded, KinshipRemoved
from bodies.kinship import RelationType
from bodies.records import Kin, Relation
from identity import store as people_store
from identity.records import Person


async def add_kin(act: BodyAct, name: str, person: int | None, another: bool) -> None:
    """Put a candidate on record, so that items can name them as a subject.

    A name on record is refused as the same person, unless `another` says that it is somebody else. Raises
    RefusedError (unknown, input.invalid).
    """
    kin = await _new_kin(act, "name", name, person, another)
    await act.record(KinAdded(kin))


async def record_kinship(act: BodyAct, type_: RelationType, a: int | str, b: int | str) -> None:
    """Record a relation between two, each named by kin id, or by name where they are not on record yet.

    For "parent", a is a parent of b. Raises RefusedError (unknown, input.invalid).
    """
    body = act.context.body.id
    pair = [
        existing(await store.read_kin(act.connection, body, each))
        if isinstance(each, int)
        else await _new_kin(act, field, each, None, another=False)
        for field, each in (("a", a), ("b", b))
    ]
    await relate(act, type_, *pair)


async def relate(act: BodyAct, type_: RelationType, kin_a: Kin, kin_b: Kin) -> None:
    """Record a relation between two on record; spouses and siblings stand in one order, so each pair stands once."""
    body, a, b = act.context.body.id, kin_a.id, kin_b.id
    if a == b:
        raise RefusedError(_invalid("b", "甲、乙须为不同的两人。", "A relation is between two people."))
    if type_ != "parent":
        a, b = min(a, b), max(a, b)
    elif await store.related_directly(act.connection, body, type_, b, a):
        raise RefusedError(
            _invalid(
                "type",
                "已登记的父母子女关系与此相反，请先删除原登记。",
                "The opposite is on record, the child as the parent; remove that first.",
            )
        )
    if await store.related_directly(act.connection, body, type_, a, b):
        raise RefusedError(_invalid("type", "该亲属关系已登记。", "That relation is on record."))
    relation = Relation(await store.create_relation(act.connection, body, type_, a, b), type_, a, b)
    await act.record(KinshipRecorded(relation, (kin_a, kin_b)))


async def remove_kinship(act: BodyAct, relation: int) -> None:
    """Take a relation off the record; the ledger keeps that it stood there. One who is a party to it leaves that to
    another secretary, since their own recusal rests on it (Personnel 18, 23)."""
    body = act.context.body.id
    kept: Relation = existing(await store.read_relation(act.connection, body, relation))
    if await store.kin_of_person(act.connection, body, act.caller.person) in (kept.a, kept.b):
        raise RefusedError(
            Refused(
                "access.role",
                "您是该亲属关系的一方，不能自行删除登记。请由本机构另一名秘书办理；没有的，请管理员另行授予秘书角色。",
                "You are a party to this relation and do not remove it yourself: another secretary of the body does, "
                "and the administrator grants that role where there is none.",
            )
        )
    await store.remove_relation(act.connection, relation)
    await act.record(KinshipRemoved(kept))


async def kin_of(act: BodyAct, person: Person) -> int:
    """The kin id of one of the organization's people. The one unbound kin of the same name is taken to be them.

    A candidate on record who becomes a member must not lose their relations: a recusal too many shows and
    can be mended, one too few does not show.
    """
    body = act.context.body.id
    if known := await store.kin_of_person(act.connection, body, person.id):
        return known
    unbound = [kin for kin in await store.kin_named(act.connection, body, person.name) if kin.person is None]
    if len(unbound) == 1:
        await store.bind_kin(act.connection, unbound[0].id, person.id)
        return unbound[0].id
    return await store.create_kin(act.connection, body, person.name, person.id)


async def _new_kin(act: BodyAct, field: str, name: str, person: int | None, another: bool) -> Kin:
    body = act.context.body.id
    if person is not None:
        existing(await people_store.read_person(act.connection, person))
        if await store.kin_of_person(act.connection, body, person):
            raise RefusedError(_invalid("person", "该人员已在亲属登记中。", "That person is on record."))
    if not another and (same := await store.kin_named(act.connection, body, name)):
        ids = "、".join(str(kin.id) for kin in same)
        raise RefusedError(
            Refused(
                "input.invalid",
                f"亲属登记中已有{quoted(name)}（编号 {ids}）：是同一人请选用该编号，是同名的另一人请先单独登记其姓名。",
                f"{quoted(name)} is on record (id {ids}): name them by id, or add a namesake by itself first.",
                {"field": field, "kin": [str(kin.id) for kin in same]},
            )
        )
    return Kin(await store.create_kin(act.connection, body, name, person), name, person)


def _invalid(field: str, detail: str, detail_en: str) -> Refused:
    return Refused("input.invalid", detail, detail_en, {"field": field})
