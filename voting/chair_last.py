"""The chair takes a position and votes last (末位表态): a practice of the field; a charter can turn it off."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from acts.ids import Id, as_fact, in_chinese, in_english, ordered
from acts.refusal import ALLOWED, Refused, Verdict
from bodies.charter import Charter


def check_chair_last(
    charter: Charter,
    member: Id,
    chair: Id | None,
    voters: AbstractSet[Id],
    voted: AbstractSet[Id],
    *,
    chair_confirms: bool = False,
    name: Callable[[Id], str] = str,
) -> Verdict:
    """`vote.chair_last`: the chair's ballot is taken when all others on the roll have voted, or the chair
    says explicitly to wait for them no longer (the caller records it). After it no first ballot is taken,
    so that it stays the last.

    `voters` is the roll, `voted` those of it with a ballot. A chair who is not on the roll waits for nobody
    and holds up nobody.
    """
    if not charter.chair_last or chair is None or chair not in voters:
        return ALLOWED
    if member == chair:
        waiting = ordered(voters - voted - {chair})
        if chair_confirms or not waiting:
            return ALLOWED
        return Refused(
            "vote.chair_last",
            f"主持人末位表态，{in_chinese(waiting, name)}尚未表决。请待其表决后再投票，"
            "或者由主持人明确宣布不再等候后投票（记录在案）。",
            f"The chair votes last; {in_english(waiting, name)} have yet to vote. Wait for them, or the chair can "
            "vote without waiting by saying so, on the record.",
            {"outstanding": as_fact(waiting)},
        )
    if chair not in voted or member in voted:
        return ALLOWED
    return Refused(
        "vote.chair_last",
        f"主持人已宣布不再等候并末位表态，本轮不再接受投票，{name(member)}记为未表决。",
        f"The chair has voted, last and without waiting any longer: no more ballots are taken in this round, and "
        f"{name(member)} is recorded as not having voted.",
        {"member": str(member)},
    )


def check_chair_speaks_last(
    charter: Charter,
    member: Id,
    chair: Id | None,
    voters: AbstractSet[Id],
    heard: AbstractSet[Id],
    name: Callable[[Id], str] = str,
) -> Verdict:
    """`vote.chair_last` of positions: the chair's is taken when all others who may vote have voiced theirs or spoken.

    `voters` are the formal members present and not recused, `heard` those who have voiced a position or spoken. It
    binds the chair alone: what others say afterwards is recorded.
    """
    waiting = ordered(voters - heard - {member})
    if not charter.chair_last or member != chair or member not in voters or not waiting:
        return ALLOWED
    return Refused(
        "vote.chair_last",
        f"主持人末位表态，{in_chinese(waiting, name)}尚未发言或者表态。请先听取其意见；"
        "没有意见的，记录其发言“没有意见”。",
        f"The chair takes a position last; {in_english(waiting, name)} have neither spoken nor taken one. Hear them "
        "first; for one without an opinion, record that as a speech.",
        {"outstanding": as_fact(waiting)},
    )
