"""Presented and discussed before the vote (Rules 6(4)): 充分讨论."""

from storage.refusal import ALLOWED, Refused, Verdict


def check_discussed(*, presented: bool, recorded: bool, all_heard: bool) -> Verdict:
    """`vote.not_discussed`: the papers were presented, the discussion was `recorded` (who spoke), and
    so was that whoever wished to speak did, `all_heard` (Rules 6(4))."""
    lacking = [
        words
        for done, words in (
            (presented, ("介绍上会材料", "the presentation")),
            (recorded, ("讨论发言记录", "the record of who spoke")),
            (all_heard, ("“愿发言者均已发言”的确认", "the word that whoever wished to speak did")),
        )
        if not done
    ]
    if not lacking:
        return ALLOWED
    return Refused(
        "vote.not_discussed",
        f"本议题未经充分讨论，尚缺{'、'.join(zh for zh, _ in lacking)}。请主持人组织讨论，由秘书记录后再付表决。",
        f"Not discussed yet: {', '.join(en for _, en in lacking)} is missing. The chair can have it "
        "discussed and the secretary record it.",
        {"presented": presented, "recorded": recorded, "all_heard": all_heard},
    )
