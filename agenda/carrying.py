"""A catalogue matter at an executive meeting carries out a decision of the 党组, or is to be brought there. Pure.

“三重一大” matters are decided by the 党组 (Measures 2); an executive meeting, in which the head decides (Working 6-7),
takes them to carry that decision out.
"""

from acts.content import Words
from agenda.labels import ordinal
from agenda.records import Carried, Category
from bodies.kinds_of_body import KINDS_OF_BODY

CATALOGUE: frozenset[Category] = frozenset({"major", "personnel", "project", "funds"})
"""The categories of “三重一大” matters."""


def due_in_committee(kind: str, category: Category) -> bool:
    """Whether an item of this category, at a meeting of a body of this kind, rests on a decision of the 党组."""
    return KINDS_OF_BODY[kind].decides == "head" and category in CATALOGUE


def said_of(carried: Carried | None, to_committee: bool) -> Words | None:
    """Returns what agenda and papers say of an item's decision by the 党组; None where it needs none."""
    if carried is not None:
        number = f"〔{carried.year}〕{carried.number}号"
        return (
            f"落实{number}第{ordinal(carried.position)}项（{carried.body}）",
            f"Carries out item {carried.position} of {number} ({carried.body})",
        )
    if to_committee:
        return "属“三重一大”事项，应提交党组研究决定", "A “三重一大” matter: to be brought to the 党组"
    return None
