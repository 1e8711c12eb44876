"""One item at a time (Rules 6(5)): 会议实行逐项表决."""

from acts.refusal import ALLOWED, Refused, Verdict


def check_item_by_item(open_item: str | None) -> Verdict:
    """`vote.item_by_item`: no other vote is open in this meeting; `open_item` is the title of its item."""
    if open_item is None:
        return ALLOWED
    return Refused(
        "vote.item_by_item",
        f"会议实行逐项表决，“{open_item}”正在表决。请主持人结束该项表决后再开始下一项。",
        f"Items are voted one by one, and the vote on “{open_item}” is open. The chair can close it first.",
        {"open_item": open_item},
    )
