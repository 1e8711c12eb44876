"""The decision that the chair may announce (Rules 6(6); Measures 2(5); Working 6-7)."""

from typing import Literal, TypeAlias

from acts.refusal import ALLOWED, Refused, Verdict
from agenda.records import Result
from bodies.kinds_of_body import Decides

Announced: TypeAlias = Literal["passed", "not_passed", "amended", "shelved", "reconsidered"]
_WORDS = {"passed": ("通过", "passed"), "not_passed": ("未获通过", "not passed")}
_OPPOSITE = {"passed": "not_passed", "not_passed": "passed"}


def check_decision(decides: Decides, result: Result, outcome: Announced, reason: str | None) -> Verdict:
    """`decision.majority`, before `decision.reason`: whether `outcome` may be announced on this vote.

    The vote's direct consequence needs nothing more; anything else needs a reason that is not blank
    (Measures 2(5)). Where the majority `decides`, a failed vote is never announced as passed, nor a
    passed one as failed, whatever the reason (Rules 6(6)); a head may, giving the reason (Working 6-7).
    """
    if outcome == result:
        return ALLOWED
    if decides == "majority" and outcome == _OPPOSITE[result]:
        return Refused(
            "decision.majority",
            f"表决结果为{_WORDS[result][0]}，按照少数服从多数的原则，不得宣布为{_WORDS[outcome][0]}。"
            "请主持人按表决结果宣布，或者说明理由后宣布修改、搁置或再次讨论。",
            f"The vote says “{_WORDS[result][1]}”: the majority decides, and “{_WORDS[outcome][1]}” cannot be "
            "announced. The chair can announce the result, or, with a reason, that it is amended, shelved or to be "
            "reconsidered.",
            {"result": result, "outcome": outcome},
        )
    if reason is None or not reason.strip():
        return Refused(
            "decision.reason",
            f"表决结果为{_WORDS[result][0]}，所作决定与之不一致，应当说明理由。请主持人补充理由。",
            f"The vote says “{_WORDS[result][1]}” and the decision departs from it: a reason is needed. "
            "The chair can give it.",
            {"result": result, "outcome": outcome},
        )
    return ALLOWED
