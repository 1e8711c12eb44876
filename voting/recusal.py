"""The words of a recusal: those who must still leave for an item, and those who are refused (Personnel 18, 23)."""

from collections.abc import Callable, Iterable

from acts.ids import Id, as_fact, in_english
from acts.refusal import ALLOWED, Refused, Verdict
from agenda.recusal import Recusal
from voting.roll import Roll


def check_withdrawn(related: Iterable[tuple[Id, str]], roll: Roll[Id], name: Callable[[Id], str] = str) -> Verdict:
    """`recusal.related`: all whom the record of kinship recuses, members and others in the room, have left for the
    item; `related` holds each such person and why. Kinship recorded after the item was presented is asked here
    (Personnel 18, 23)."""
    still = [(member, why) for member, why in related if member in (roll.members | roll.present) - roll.recused]
    if not still:
        return ALLOWED
    zh = "；".join(f"{name(member)}{why}" for member, why in still)
    return Refused(
        "recusal.related",
        f"{zh}，应当回避而尚未回避。请主持人宣布其回避后再付表决；如与事实不符，请秘书更正登记。",
        f"{in_english((member for member, _ in still), name)} must leave for this item and has not. The chair can "
        "have them withdraw; if this is mistaken, the secretary can correct the record.",
        {"members": as_fact(member for member, _ in still)},
    )


def refusal_for(recusal: Recusal[Id], name: Callable[[Id], str] = str) -> Refused:
    """Returns the refusal of a recused member: why they leave for this item, and who can correct it."""
    member, subject, kinship = name(recusal.member), recusal.subject, recusal.kinship
    leave = "应当回避并离场，不得查阅材料、参加讨论和表决。如与事实不符，请秘书更正登记。"
    leave_en = "leaves the room and takes no part. If this is mistaken, the secretary can correct it."
    if subject is None or kinship is None:
        return Refused(
            "recusal.declared",
            f"{member}已就本议题申请回避或者由主持人决定回避，{leave}",
            f"{member} withdrew from this item, or the chair had them withdraw, and so {leave_en}",
            {"member": str(recusal.member)},
        )
    if kinship.kind == "self":
        why, why_en = "为本议题所涉人员本人", "is the person it concerns"
    else:
        why = f"与本议题所涉人员{name(subject)}有{kinship.zh}"
        why_en = f"is related to {name(subject)}, whom it concerns ({kinship.en})"
    return Refused(
        "recusal.related",
        f"{member}{why}，{leave}",
        f"{member} {why_en}, and so {leave_en}",
        {"member": str(recusal.member), "subject": str(subject), "kinship": kinship.kind},
    )
