"""Recusals as acts: those that the record of kinship requires, and those declared (Personnel 18, 23)."""

from collections.abc import Mapping

from msgspec import Struct

from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda
from voting import store
from voting.kinds.discussing import RecusalDeclared
from voting.recusal import Recusal, find_recusals
from voting.room import item_in_session, keys_of


class Required(Struct, frozen=True):
    """A member whom kinship recuses from an item, and why, in words for the record."""

    item: int
    person: int
    rule: str
    reason: str


def required_recusals(situation: Situation, item: ItemOnAgenda) -> list[Required]:
    """Returns those whom kinship recuses from the item; before the call to order, of the members as they stand."""
    if not item.personnel:
        return []
    kin = situation.outside.kin
    # Kinship knows people by their kin id; a member of whom it knows nothing is related to nobody.
    by_kin = {kin.of_person[person]: person for person in situation.formal if person in kin.of_person}
    return [
        Required(item.id, by_kin[recusal.member], recusal.rule, _reason(recusal, kin.names))
        for recusal in find_recusals(by_kin, True, item.subjects, (), kin.relations)
    ]


def _reason(recusal: Recusal[int], names: Mapping[int, str]) -> str:
    assert recusal.subject is not None
    assert recusal.kinship is not None
    if recusal.kinship.kind == "self":
        return "系本议题所涉人员本人"
    return f"与{names[recusal.subject]}系{recusal.kinship.zh}"


def allow_recusal(situation: Situation, item_id: int, person: int) -> None:
    """This person's recusal from the item may be declared. Raises RefusedError."""
    item = item_in_session(situation, item_id, "listed", "open")
    if person != situation.person and "chair" not in situation.roles:
        raise RefusedError(
            Refused("access.role", "只能申请本人回避；他人回避由主持人决定。", "Only the chair recuses somebody else.")
        )
    if person not in situation.formal:
        raise RefusedError(
            Refused("input.invalid", "回避人须为正式成员。", "Recusal is a formal member's.", {"field": "person"})
        )
    if person in item.recusals:
        raise RefusedError(Refused("state.wrong", "该成员已经回避。", "That member is recused already."))


async def declare_recusal(act: MeetingAct, item_id: int, person: int, reason: str) -> None:
    """A member withdraws from an item for another interest, or the chair has them withdraw, before it is voted."""
    allow_recusal(await situation_of(act), item_id, person)
    await store.recuse(act.connection, keys_of(act, item_id), person, "recusal.declared", reason)
    await act.record(RecusalDeclared(item_id, person, reason))


def require_unrecused(item: ItemOnAgenda, person: int) -> None:
    """Refuse an item's discussion to a person who is recused from it (Personnel 18, 23)."""
    if recusal := item.recusals.get(person):
        raise RefusedError(
            Refused(
                recusal.rule,
                "您对本议题应当回避，不得了解该议题的讨论情况。",
                "You are recused from this item and learn nothing of its discussion.",
            )
        )
