"""The one way ballots are counted (Rules 6(6)): 赞成票数超过应到会党组成员的半数为通过."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from agenda.records import Choice, Result
from agenda.state import Tally
from bodies.charter import Charter


class Count(Struct, frozen=True):
    """A tally and what follows from it; `needed` is the fewest yes votes that pass. `sensitive`
    says that the result would differ with the recused counted in the base or out of it."""

    tally: Tally
    base: int
    needed: int
    result: Result
    sensitive: bool


def count_votes(charter: Charter, *, members: int, recused: int, voters: int, choices: Iterable[Choice]) -> Count:
    """Count one round: `choices` holds one for each valid ballot, `voters` is the length of the roll.

    The vote passes when yes exceeds half the base: all formal members, present or not (Rules 6(6)), less
    the recused where the charter says so. Abstentions, 缓议 and ballots not cast are not yes. Raises
    ValueError for more ballots than voters, or any other choice: the roll should have kept it out.
    """
    found = Counter(choices)
    tally = Tally(
        yes=found["yes"],
        no=found["no"],
        abstain=found["abstain"],
        defer=found["defer"],
        not_voted=voters - found.total(),
    )
    if tally.not_voted < 0 or tally.yes + tally.no + tally.abstain + tally.defer != found.total():
        raise ValueError("ballots that the roll should have kept out")
    base = charter.base_of(members, recused)
    return Count(
        tally=tally,
        base=base,
        needed=base // 2 + 1,
        result="passed" if 2 * tally.yes > base else "not_passed",
        sensitive=(2 * tally.yes > members) != (2 * tally.yes > members - recused),
    )
