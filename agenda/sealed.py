"""The sealed agenda (Rules 6(1), 6(4)): 会上须按通知所列议题议事，不许临时动议."""

from typing import Literal, TypeAlias

from acts.refusal import ALLOWED, Refused, Verdict

Act: TypeAlias = Literal["add", "edit", "move", "remove", "withdraw", "defer"]
_LEAVING = {"withdraw": ("撤下", "withdraw"), "defer": ("缓议", "defer")}


def check_sealed(act: Act, *, sealed: bool, by_chair: bool = False, reason: str = "") -> Verdict:
    """`agenda.locked`: the act may be done to the agenda (Rules 6(1), 6(4)).

    Before notice every act may. After it (`sealed`), only the chair withdraws or defers an item, with a
    reason that is not blank.
    """
    if not sealed:
        return ALLOWED
    if act not in _LEAVING:
        return Refused(
            "agenda.locked",
            "会议通知已经发出，议程不得增加、修改或调整。确需变动的，请秘书撤回通知后重新发出，并重新计算提前时限。",
            "Notice has been given: nothing is added, edited or moved. The secretary can withdraw the notice "
            "and give a new one, with its full lead time.",
            {"act": act},
        )
    chinese, english = _LEAVING[act]
    if not by_chair:
        return Refused(
            "agenda.locked",
            f"会议通知发出后，只有主持人可以{chinese}议题。请报主持人决定。",
            f"After notice only the chair can {english} an item. Ask the chair.",
            {"act": act},
        )
    if not reason.strip():
        return Refused(
            "agenda.locked",
            f"{chinese}议题须说明理由。请主持人填写理由。",
            f"To {english} an item needs a reason. The chair can give it.",
            {"act": act},
        )
    return ALLOWED
