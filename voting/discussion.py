"""Presented and discussed before the vote (Rules 6(4)): 充分讨论."""

from collections.abc import Callable, Collection

from acts.ids import Id, as_fact, in_chinese, in_english, ordered
from acts.refusal import ALLOWED, Refused, Verdict


def check_discussed(
    *,
    presented: bool,
    recorded: bool,
    all_heard: bool,
    unread: Collection[Id] = (),
    name: Callable[[Id], str] = str,
) -> Verdict:
    """`vote.not_discussed`: the papers were `presented`, the discussion was `recorded` (who spoke), all who
    wished to speak did (`all_heard`), and no absent member's written opinion is `unread`
    (Rules 6(4): 因故未到会党组的意见，可用书面形式在会上表达)."""
    authors = ordered(unread)
    lacking = [
        words
        for done, words in (
            (presented, ("介绍上会材料", "the presentation")),
            (recorded, ("讨论发言记录", "the record of who spoke")),
            (all_heard, ("“愿发言者均已发言”的确认", "the word that whoever wished to speak did")),
            (
                not authors,
                (
                    f"对{in_chinese(authors, name)}书面意见的宣读",
                    f"the reading out of what {in_english(authors, name)} wrote",
                ),
            ),
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
        {"presented": presented, "recorded": recorded, "all_heard": all_heard, "unread": as_fact(authors)},
    )
