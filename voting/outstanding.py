"""Closing a vote with ballots outstanding (Rules 6(5)): 须将每位党组成员的表决意见记录在案."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from acts.ids import Id, as_fact, in_chinese, in_english, ordered
from acts.refusal import ALLOWED, Refused, Verdict


def check_outstanding(
    voters: AbstractSet[Id],
    voted: AbstractSet[Id],
    *,
    chair_confirms: bool,
    name: Callable[[Id], str] = str,
) -> Verdict:
    """`vote.outstanding`: all on the roll have voted, or the chair says so explicitly to close without
    them (the caller records it); `facts["outstanding"]` are those who have not (Rules 6(5))."""
    waiting = ordered(voters - voted)
    if chair_confirms or not waiting:
        return ALLOWED
    return Refused(
        "vote.outstanding",
        f"{in_chinese(waiting, name)}尚未表决（{len(waiting)}人）。请待其表决，"
        "或者由主持人明确宣布不再等候后结束表决（记录在案）。",
        f"{in_english(waiting, name)} have yet to vote ({len(waiting)}). Wait for them, or the chair can "
        "close the vote without them by saying so, on the record.",
        {"outstanding": as_fact(waiting), "count": len(waiting)},
    )
