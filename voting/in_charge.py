"""The member in charge is there (Measures 2; Rules 5): 分管此项工作的党组成员必须到会."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from acts.ids import Id
from acts.refusal import ALLOWED, Refused, Verdict


def check_in_charge(
    in_charge: Id | None,
    deputy: Id | None,
    attending: AbstractSet[Id],
    name: Callable[[Id], str] = str,
) -> Verdict:
    """`quorum.in_charge`: the member in charge, or the deputy on record before the notice, attends the item.

    `attending` holds the formal members present, recused or not: a recusal does not undo having come (必须到会).
    An item with nobody in charge is allowed (Measures 2; Rules 5).
    """
    if in_charge is None or in_charge in attending or deputy in attending:
        return ALLOWED
    instead = "会议通知前亦未确定其B角" if deputy is None else f"其B角{name(deputy)}亦未到会"
    instead_en = "no deputy was on record before the notice" if deputy is None else f"nor is the deputy {name(deputy)}"
    return Refused(
        "quorum.in_charge",
        f"分管此项工作的{name(in_charge)}未到会，{instead}。请主持人待其到会后再行审议，或者缓议。",
        f"{name(in_charge)}, who is in charge of the matter, is not here, and {instead_en}. The chair can wait for "
        "them, or defer the item.",
        {"in_charge": str(in_charge), "deputy_in_charge": None if deputy is None else str(deputy)},
    )
