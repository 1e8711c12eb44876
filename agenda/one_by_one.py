"""A personnel item names one person (Rules 6(5)): 会议实行逐项表决."""

from collections.abc import Sequence

from acts.refusal import ALLOWED, Refused, Verdict


def check_one_by_one(several: Sequence[str]) -> Verdict:
    """`personnel.one_by_one`: no personnel item names several people; `several` holds the titles of those that do."""
    if not several:
        return ALLOWED
    return Refused(
        "personnel.one_by_one",
        f"人事议题须逐人表决，以下议题涉及多人：{'、'.join(several)}。请秘书拆分为每人一项后再发出会议通知。",
        f"A personnel item is voted for each person by itself, and these name several: {', '.join(several)}. The "
        "secretary can make one item for each.",
        {"items": list(several)},
    )
