"""The deputy of a member in charge: named on the item before notice, or their B角 as the notice finds it (Measures 2;
外出请示报备的通知 4(1): AB角). A charter may refuse deputies. Pure."""

from collections.abc import Iterable, Mapping

from acts.refusal import ALLOWED, Refused, Verdict
from bodies.charter import Charter
from bodies.records import BodyPerson


def deputy_on_record(
    charter: Charter, in_charge: int | None, named: int | None, people: Mapping[int, BodyPerson]
) -> int | None:
    """Returns the B角 of the member in charge; None where the item names another deputy, or the charter refuses
    deputies."""
    person = people.get(in_charge) if in_charge is not None else None
    if person is None or named is not None or not charter.deputies or person.deputy not in people:
        return None
    return person.deputy


def check_deputies(charter: Charter, named: Iterable[str]) -> Verdict:
    """`quorum.in_charge`: no deputy is named where the charter refuses them; `named` holds the titles of the items with
    a deputy."""
    titles = list(named)
    if charter.deputies or not titles:
        return ALLOWED
    return Refused(
        "quorum.in_charge",
        f"本机构议事决策规范不设B角代行，而以下议题填有B角：{'、'.join(titles)}。请秘书删去后再发出会议通知。",
        f"The charter admits no deputies, and these items name one: {', '.join(titles)}. The secretary can take "
        "them off.",
        {"items": titles},
    )
