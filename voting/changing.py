"""The replacing of a ballot; every version stays on the record."""

from acts.refusal import ALLOWED, Refused, Verdict
from bodies.charter import Charter


def check_change(charter: Charter, *, has_voted: bool, chair_has_voted: bool) -> Verdict:
    """`vote.changed`: a first ballot, or one that may still replace an earlier one.

    The charter's `ballot_change` allows it until the chair has voted (where the chair is not on the roll,
    until the close), until the close, or never. The chair's own ballot ends it for the chair as well.
    """
    if not has_voted or charter.ballot_change == "until_close":
        return ALLOWED
    if charter.ballot_change == "never":
        return Refused(
            "vote.changed",
            "按本机构议事决策规范，投票后不得更改，已投的票有效。",
            "By this body's charter a ballot is not replaced; the one that was cast stands.",
            {"ballot_change": charter.ballot_change},
        )
    if not chair_has_voted:
        return ALLOWED
    return Refused(
        "vote.changed",
        "主持人已经表决，不得再更改投票，已投的票有效。",
        "The chair has voted, and ballots are no longer replaced; the one that was cast stands.",
        {"ballot_change": charter.ballot_change},
    )
