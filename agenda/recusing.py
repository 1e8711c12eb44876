"""The recusals of a meeting as it stands (Personnel 18, 23). Pure.

Kinship binds before anybody leaves: neither papers nor record of a personnel item are a related person's at any time.
"""

from collections.abc import Collection, Mapping

from msgspec import Struct

from acts.refusal import Refused, RefusedError
from agenda.recusal import Recusal, cause_of, find_recusals
from agenda.situation import Situation
from agenda.state import ItemOnAgenda


class Required(Struct, frozen=True):
    """A person whom kinship recuses from an item, and why, in words for the record."""

    item: int
    person: int
    rule: str
    reason: str


def required_recusals(situation: Situation, item: ItemOnAgenda) -> list[Required]:
    """Returns those of the meeting whom kinship recuses from a personnel item; before the call to order, of the people
    as they stand."""
    return _related(situation, item, situation.everyone) if item.personnel else []


def proposed_recusals(situation: Situation, item: ItemOnAgenda) -> list[Required]:
    """Returns those whose recusal the chair may declare, since another item than a personnel one names them or somebody
    related to them."""
    return [] if item.personnel else _related(situation, item, situation.everyone)


def related_items(situation: Situation) -> frozenset[int]:
    """Returns the personnel items from which kinship recuses the situation's person."""
    me = {situation.person}
    return frozenset(
        item.id for item in situation.state.items.values() if item.personnel and _related(situation, item, me)
    )


def recused_by(situation: Situation, item: ItemOnAgenda, person: int) -> str:
    """Returns the rule by which this person is recused from the item, on record or by kinship; "" for all others."""
    if recusal := item.recusals.get(person):
        return recusal.rule
    return "recusal.related" if item.personnel and _related(situation, item, {person}) else ""


def require_unrecused(situation: Situation, item: ItemOnAgenda) -> None:
    """Refuse an item's papers, discussion and record to a caller who is recused from it (Personnel 18, 23)."""
    if rule := recused_by(situation, item, situation.person):
        raise RefusedError(
            Refused(
                rule,
                "您对本议题应当回避，不得了解、办理该议题。请由其他会务人员或者主持人办理。",
                "You are recused from this item and neither learn of it nor work on it; others of the desk do.",
                {"item": item.id},
                cause_of(rule, item.personnel),
            )
        )


def _related(situation: Situation, item: ItemOnAgenda, people: Collection[int]) -> list[Required]:
    kin = situation.outside.kin
    # Kinship knows people by their kin id; somebody of whom it knows nothing is related to nobody.
    by_kin = {kin.of_person[person]: person for person in people if person in kin.of_person}
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
