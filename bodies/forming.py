"""Bodies and their people: roles and seats. The N that a meeting has counted is not touched."""

from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from msgspec.structs import replace

from acts.access import HEADS, ROLE_NAMES
from acts.acting import existing
from acts.dates import BUREAU_TIME
from acts.refusal import ALLOWED, Refused, RefusedError, Verdict, require
from bodies import store
from bodies.charter import Charter, check_lawful
from bodies.entering import BodyAct
from bodies.kinds.forming import (
    BodyCreated,
    BodyRenamed,
    BodySaid,
    CharterChanged,
    MatterRemoved,
    MattersSet,
    RoleGranted,
    RoleRetired,
    RoleRevoked,
    SeatDeputy,
    SeatSet,
)
from bodies.kinds_of_body import check_kind
from bodies.records import GrantedRole, Matter, MatterLine, Seat
from bodies.relatives import kin_of
from identity import store as people_store
from identity.entering import OrganizationAct
from identity.records import Person


async def create_body(act: OrganizationAct, name: str, kind: str) -> int:
    """Make a body; give its id. Its record stands in the organization's book, where a repeated key can be found."""
    require(check_kind(kind))
    body = await store.create_body(act.connection, name, kind)
    await act.record(BodyCreated(BodySaid(body, name, kind)))
    return body


async def rename_body(act: BodyAct, name: str) -> None:
    """Give the body another name. Raises RefusedError (input.invalid) where it is the same, or another body's."""
    before = act.context.body.name
    if name == before:
        raise RefusedError(
            Refused("input.invalid", "与现名称相同，请核对。", "That is the body's name already.", {"field": "name"})
        )
    await store.rename_body(act.connection, act.context.body.id, name)
    await act.record(BodyRenamed(before, name))


async def set_charter(act: BodyAct, charter: Charter) -> None:
    """Lay down the body's own rules (Rules 7-10). Meetings whose notice is given keep the charter they had."""
    require(check_lawful(charter))
    await store.set_charter(act.connection, act.context.body.id, charter)
    await act.record(CharterChanged(charter))


async def grant_role(
    act: BodyAct, person: int, role: GrantedRole, document: str | None = None, since: date | None = None
) -> None:
    """Give a person of the organization a role.

    A member takes the next free seat; everybody but the hall's screen stands in the record of kinship. Head and acting
    head are members, and never the observer, who may be another member; the acting head (主持工作) acts by the
    superior's `document` of the date `since`.

    Raises RefusedError (unknown, state.wrong, input.invalid).
    """
    body = act.context.body.id
    somebody: Person = existing(await people_store.read_person(act.connection, person))
    ends = await store.ends_of(act.connection, body, person)
    held = frozenset(ends)
    if not somebody.active:
        raise RefusedError(
            Refused("state.wrong", f"{somebody.name}的账号已停用。", f"The account of {somebody.name} is closed.")
        )
    # A role that is to end is given without an end again: a retirement entered by mistake, or put off.
    await _require_fitting(act, somebody, held if ends.get(role) is None else held - {role}, role)
    require(_check_document(role, document, since, act.context.now.astimezone(BUREAU_TIME).date()))
    await store.grant(act.connection, body, person, role, document, since)
    seat, kin = None, None
    if role == "member":
        seat = await store.seat_of(act.connection, body, person)
        if seat is None:
            seat = await store.next_seat(act.connection, body)
            if seat is None:
                raise RefusedError(_role("排名已满。", "Every seat is taken."))
            await store.set_seat(act.connection, body, person, seat, "", "")
    if role != "hall":
        kin = await kin_of(act, somebody)  # recusal is for everyone in the room
    await act.record(RoleGranted(person, somebody.name, role, seat, kin, document, since))


async def _require_fitting(act: BodyAct, person: Person, held: frozenset[str], role: GrantedRole) -> None:
    name = person.name
    if role in held:
        raise RefusedError(_role(f"{name}已有此角色。", f"{name} holds this role."))
    if (role == "observer" and held & HEADS) or (role in HEADS and "observer" in held):
        raise RefusedError(
            _role(
                f"监督人员不得同时为主要负责人：{name}已有另一角色，请管理员先撤销。",
                f"The head is never the observer: revoke the other role of {name} first.",
            )
        )
    if role in HEADS:
        zh, en = ROLE_NAMES[role]
        if "member" not in held:
            raise RefusedError(_role(f"{zh}须为成员，请先将{name}设为成员。", f"{name} is no member, as {en} must be."))
        if held & HEADS:
            other, other_en = ROLE_NAMES[min(held & HEADS)]
            raise RefusedError(
                _role(f"{name}已是{other}，请先撤销该角色。", f"{name} is {other_en} already; revoke that first.")
            )
        if holder := await store.holder_of(act.connection, act.context.body.id, role):
            raise RefusedError(
                _role(f"{zh}只能有一位，现为{holder}，请先撤销。", f"{holder} is {en}; revoke that first.")
            )


async def revoke_role(act: BodyAct, person: int, role: GrantedRole) -> None:
    """Take a role away, and a member's seat with it; a person who is no member is nobody's deputy any more. Raises
    RefusedError (unknown, input.invalid)."""
    body = act.context.body.id
    held = await store.roles_of(act.connection, body, person)
    existing(role if role in held else None)
    somebody: Person = existing(await people_store.read_person(act.connection, person))
    if role == "member" and held & HEADS:
        zh, en = ROLE_NAMES[min(held & HEADS)]
        raise RefusedError(_role(f"该成员是{zh}，请先撤销{zh}角色。", f"This member is {en}; revoke that first."))
    await store.revoke(act.connection, body, person, role)
    if role == "member":
        for served, deputy in sorted((await store.deputies(act.connection, body)).items()):
            if person in (served, deputy):
                await _deputize(act, served, None)
        await store.remove_seat(act.connection, body, person)
    await act.record(RoleRevoked(person, somebody.name, role))


async def retire(act: BodyAct, person: int, role: GrantedRole, ends_on: date) -> None:
    """Let a role end on a day, the first on which it is not held any more: a member retires, is moved or removed. The
    head's role ends with the member's. Meetings held before keep their N. Raises RefusedError (unknown)."""
    body = act.context.body.id
    held = await store.roles_of(act.connection, body, person)
    existing(role if role in held else None)
    somebody: Person = existing(await people_store.read_person(act.connection, person))
    ending: list[GrantedRole] = ["head", "member"] if role == "member" and "head" in held else [role]
    for each in ending:
        await store.retire(act.connection, body, person, each, ends_on)
        await act.record(RoleRetired(person, somebody.name, each, ends_on))


async def set_seat(act: BodyAct, person: int, seat: int, post: str | None, in_charge: str | None) -> None:
    """Seat a member, with their post and what they are in charge of (分管), None to leave either as it is; the holder
    of that seat takes the one that they leave. Raises RefusedError (unknown, input.invalid)."""
    seats = await store.seats(act.connection, act.context.body.id)
    holder = next((each for each, held in seats.items() if held.seat == seat and each != person), None)
    before = seats.get(person) or await _unseated(act, person)
    post = before.post if post is None else post
    in_charge = before.in_charge if in_charge is None else in_charge
    await _seat(act, person, Seat(seat, post, in_charge))
    if holder is not None:
        await _seat(act, holder, replace(seats[holder], seat=before.seat))


async def seat_member(act: BodyAct, person: int, seat: Seat) -> None:
    """Seat a member where another may not have left that seat yet; two in one seat are refused when the act ends."""
    if await store.seat_of(act.connection, act.context.body.id, person) is None:
        await _unseated(act, person)
    await _seat(act, person, seat)


async def _unseated(act: BodyAct, person: int) -> NoReturn:
    existing(await people_store.read_person(act.connection, person))
    raise RefusedError(
        Refused(
            "input.invalid",
            "排名只属于成员，请先授予该人员成员角色。",
            "A seat is a member's: grant the role of member first.",
            {"field": "person"},
        )
    )


async def _seat(act: BodyAct, person: int, seat: Seat) -> None:
    somebody: Person = existing(await people_store.read_person(act.connection, person))
    await store.set_seat(act.connection, act.context.body.id, person, seat.seat, seat.post, seat.in_charge)
    await act.record(SeatSet(person, somebody.name, seat.seat, seat.post, seat.in_charge))


async def set_deputy(act: BodyAct, person: int, deputy: int | None) -> None:
    """Name the member who stands in for a member in charge (B角), None for nobody. Raises RefusedError (unknown,
    input.invalid)."""
    members = await store.seats(act.connection, act.context.body.id)
    if person not in members:
        await _unseated(act, person)
    if deputy is not None and (deputy == person or deputy not in members):
        raise RefusedError(
            Refused(
                "input.invalid",
                "B角须为本机构的另一名成员，请重新选择。",
                "A deputy is another member of the body: choose one.",
                {"field": "deputy"},
            )
        )
    await _deputize(act, person, deputy)


async def _deputize(act: BodyAct, person: int, deputy: int | None) -> None:
    names = [existing(await people_store.read_person(act.connection, each)).name for each in (person, deputy) if each]
    await store.set_deputy(act.connection, act.context.body.id, person, deputy)
    await act.record(SeatDeputy(person, names[0], deputy, "".join(names[1:])))


async def set_matters(act: BodyAct, lines: Sequence[MatterLine]) -> None:
    """Write lines of the body's yearly catalogue (事项清单), new or changed; the others stay."""
    await store.set_matters(act.connection, act.context.body.id, lines)
    await act.record(MattersSet(tuple(lines)))


async def remove_matter(act: BodyAct, matter: int) -> None:
    """Take a line out of the catalogue that was entered by mistake; the ledger keeps what it said."""
    body = act.context.body.id
    kept: Matter = existing(await store.read_matter(act.connection, body, matter))
    await store.remove_matter(act.connection, matter)
    await act.record(MatterRemoved(MatterLine(kept.year, kept.code, kept.title, kept.category, kept.note)))


def _check_document(role: GrantedRole, document: str | None, since: date | None, today: date) -> Verdict:
    """Whether an acting head, and nobody else, acts by the superior's document, from a day that has come (惯例)."""
    if role != "acting_head":
        if document is None and since is None:
            return ALLOWED
        return _of_document("document", "任命文件文号只用于登记主持工作。", "A document is an acting head's alone.")
    if document is None or since is None:
        return _of_document(
            "since" if document else "document",
            "登记主持工作，请填写上级任命文件文号和起始日期。",
            "An acting head is entered with the superior's document and the date from which it counts.",
        )
    if since is not None and since > today:
        return _of_document("since", "起始日期尚未到，请到期后再登记。", "That day has not come; enter it then.")
    return ALLOWED


def _of_document(field: str, detail: str, detail_en: str) -> Refused:
    return Refused("input.invalid", detail, detail_en, {"field": field})


def _role(detail: str, detail_en: str) -> Refused:
    return Refused("input.invalid", detail, detail_en, {"field": "role"})
