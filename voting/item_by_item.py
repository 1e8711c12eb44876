"""One item at a time (Rules 6(5)): 会议实行逐项表决."""

from acts.refusal import ALLOWED, Refused, Verdict


def check_item_by_item(open_item: str | None) -> Verdict:
    """`vote.item_by_item`: no other item is before the meeting; `open_item` is the title of the one that is."""
    if open_item is None:
        return ALLOWED
    return Refused(
        "vote.item_by_item",
        f"会议实行逐项表决，“{open_item}”尚在审议或者表决。请主持人先了结该项，再开始下一项。",
        f"Items are taken one by one, and “{open_item}” is still before the meeting. The chair can finish it first.",
        {"open_item": open_item},
    )
