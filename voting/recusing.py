"""Recusals as acts: those that the record of kinship requires, and those declared (Personnel 18, 23)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from acts.refusal import Refused, RefusedError
from agenda import store as agenda_store
from agenda.records import Item, Meeting
from bodies.store import formal_members
from voting import store
from voting.kinds.discussing import RecusalDeclared
from voting.recusal import Recusal, find_recusals
from voting.room import formal, item_in, place_of

if TYPE_CHECKING:
    from agenda.acting import MeetingAct
    from storage.store import Connection


class Required(Struct, frozen=True):
    """A member whom kinship recuses from an item, and why, in words for the record."""

    item: int
    person: int
    rule: str
    reason: str


async def kinship_recusals(connection: Connection, meeting: Meeting, item: Item) -> list[Required]:
    """Whom the record of kinship recuses from one item; the meeting is in session."""
    return await _required(connection, formal(meeting), item)


async def list_required(connection: Connection, meeting: Meeting) -> list[Required]:
    """Whom it recuses from each item of a meeting; before the call to order, of the members as they stand."""
    members = formal(meeting) or frozenset(await formal_members(connection, meeting.body_id))
    found: list[Required] = []
    for item in await agenda_store.items_of(connection, meeting.id):
        found += await _required(connection, members, item)
    return found


async def _required(connection: Connection, members: frozenset[int], item: Item) -> list[Required]:
    if not item.personnel:
        return []
    relations, kin_of, names = await store.kin(connection, item.body_id)
    # Kinship knows people by their kin id; a member of whom it knows nothing is related to nobody.
    by_kin = {kin_of[person]: person for person in members if person in kin_of}
    recusals = find_recusals(by_kin, True, item.subjects, (), relations)
    return [
        Required(
            item=item.id,
            person=by_kin[recusal.member],
            rule=recusal.rule,
            reason=_reason(recusal, names),
        )
        for recusal in recusals
    ]


def _reason(recusal: Recusal[int], names: Mapping[int, str]) -> str:
    assert recusal.subject is not None
    assert recusal.kinship is not None
    if recusal.kinship.kind == "self":
        return "系本议题所涉人员本人"
    return f"与{names[recusal.subject]}系{recusal.kinship.zh}"


async def declare_recusal(act: MeetingAct, item_id: int, person: int, reason: str) -> None:
    """A member withdraws from an item for another interest, or the chair has them withdraw, before it is voted."""
    item = await item_in(act, item_id, "listed", "open")
    if person != act.caller.person and "chair" not in act.place.roles:
        raise RefusedError(
            Refused("access.role", "只能申请本人回避；他人回避由主持人决定。", "Only the chair recuses somebody else.")
        )
    if person not in formal(act.place.meeting):
        raise RefusedError(
            Refused("input.invalid", "回避人须为正式成员。", "Recusal is a formal member's.", {"field": "person"})
        )
    if person in await store.recused(act.connection, item.id):
        raise RefusedError(Refused("state.wrong", "该成员已经回避。", "That member is recused already."))
    await store.recuse(act.connection, place_of(act, item.id), person, "recusal.declared", reason)
    await act.record(RecusalDeclared(item.id, person, reason))


async def require_unrecused(connection: Connection, item: int, person: int) -> None:
    """Refuse to tell of an item's discussion to who is recused from it (Personnel 18, 23)."""
    if rule := (await store.recused(connection, item)).get(person):
        raise RefusedError(
            Refused(
                rule,
                "您对本议题应当回避，不得了解该议题的讨论情况。",
                "You are recused from this item and learn nothing of its discussion.",
            )
        )
