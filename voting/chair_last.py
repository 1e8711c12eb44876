"""The chair votes last (末位表态): a practice of the field; a charter can turn it off."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from bodies.charter import Charter
from bodies.ids import Id, as_fact, in_chinese, in_english, ordered
from storage.refusal import ALLOWED, Refused, Verdict


def check_chair_last(
    charter: Charter,
    member: Id,
    chair: Id,
    voters: AbstractSet[Id],
    voted: AbstractSet[Id],
    *,
    name: Callable[[Id], str] = str,
) -> Verdict:
    """`vote.chair_last`: a ballot of the chair's is taken when all others on the roll have voted.

    `voters` is the roll, `voted` those of it with a ballot.
    """
    waiting = ordered(voters - voted - {chair})
    if not charter.chair_last or member != chair or not waiting:
        return ALLOWED
    return Refused(
        "vote.chair_last",
        f"主持人末位表态，尚有{in_chinese(waiting, name)}未表决。请待其表决后再投票。",
        f"The chair votes last; {in_english(waiting, name)} have yet to vote. Wait for them.",
        {"outstanding": as_fact(waiting)},
    )
