"""Quorum (Measures 2; Rules 5): counted for each item when its vote opens, and again when it closes."""

from acts.ids import Id
from acts.refusal import ALLOWED, Fact, Refused, Verdict
from agenda.state import Quorum
from bodies.charter import Charter
from voting.roll import Roll


def count_quorum(charter: Charter, personnel: bool, roll: Roll[Id]) -> Quorum:
    """Returns the quorum for one item, in exact fractions (Measures 2; Rules 5).

    Only formal members count, even where the roll names others.
    """
    withdrawn = roll.members & roll.recused
    counted = roll.members & roll.present
    if not charter.recused_counts_present:
        counted = counted - withdrawn
    base = charter.base_of(len(roll.members), len(withdrawn))
    needed = charter.present_of(base, personnel)
    return Quorum(present=len(counted), needed=needed, base=base, met=len(counted) >= needed)


def check_quorum(quorum: Quorum, personnel: bool) -> Verdict:
    """`quorum.personnel` on a personnel item, else `quorum.general`: enough are present to meet and to vote."""
    if quorum.met:
        return ALLOWED
    matter = "讨论干部问题" if personnel else "研究决定重大问题"
    return Refused(
        "quorum.personnel" if personnel else "quorum.general",
        f"{matter}须有{quorum.needed}名成员到会（以{quorum.base}人计），现计到会{quorum.present}人，"
        f"尚缺{quorum.needed - quorum.present}人。请主持人待人数到齐，或者缓议。",
        f"{quorum.needed} of {quorum.base} must be present and {quorum.present} count as present. The chair can "
        f"wait for {quorum.needed - quorum.present} more, or defer.",
        _facts(quorum),
    )


def check_still_quorate(quorum: Quorum) -> Verdict:
    """`quorum.lost`: the quorum still stands as the vote closes; if not, the vote is void (Rules 5)."""
    if quorum.met:
        return ALLOWED
    return Refused(
        "quorum.lost",
        f"表决结束时计到会{quorum.present}人，不足{quorum.needed}人，本轮表决无效。请主持人待人数到齐后重新组织表决。",
        f"At the close {quorum.present} counted as present and {quorum.needed} are needed: this vote is void. "
        "The chair can have it taken again once enough are present.",
        _facts(quorum),
    )


def _facts(quorum: Quorum) -> dict[str, Fact]:
    return {"present": quorum.present, "needed": quorum.needed, "base": quorum.base}
