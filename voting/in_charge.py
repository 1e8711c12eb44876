"""The member in charge is there (Measures 2; Rules 5): 分管此项工作的党组成员必须到会."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from acts.ids import Id
from acts.refusal import ALLOWED, Refused, Verdict


def check_in_charge(
    in_charge: Id | None,
    deputy: Id | None,
    free_to_vote: AbstractSet[Id],
    name: Callable[[Id], str] = str,
) -> Verdict:
    """`quorum.in_charge`: the member in charge, or the deputy named before the notice, can vote.

    `free_to_vote` holds the formal members present and not recused. Where nobody is in charge there is
    nothing to ask (Measures 2; Rules 5).
    """
    if in_charge is None or in_charge in free_to_vote or deputy in free_to_vote:
        return ALLOWED
    instead = "且会议通知前未指定受委托成员" if deputy is None else f"受委托的{name(deputy)}亦不能参加"
    instead_en = "no deputy was named before the notice" if deputy is None else f"nor can {name(deputy)}"
    return Refused(
        "quorum.in_charge",
        f"分管此项工作的{name(in_charge)}未到会或者须回避，{instead}。请主持人待其到会后再付表决，或者缓议。",
        f"{name(in_charge)}, who is in charge of the matter, cannot take part, and {instead_en}. The chair "
        "can wait for them, or defer the item.",
        {"in_charge": str(in_charge), "deputy_in_charge": None if deputy is None else str(deputy)},
    )
