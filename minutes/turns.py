"""Where minutes stand, as their readers see it: whose turn it is, the steps taken, why they came back. Pure."""

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec import Struct

from acts.problems import RefusedRule, refused_rule
from acts.refusal import Refused
from agenda.state import MinutesState
from bodies.records import BodyPerson
from minutes.hands import able, check_hand, check_somebody, holds, stages_of, turn_of


class Turn(Struct, frozen=True):
    """Whose turn it is: the `hand`, "" where nobody's; the `names` of those who may act now; whether the reader is one
    of them. `refusals` say why nobody may, or why the reader may not, who holds the role."""

    hand: str
    names: list[str]
    mine: bool
    refusals: list[RefusedRule]


class SentBack(Struct, frozen=True):
    """The name of the one who sent minutes back, and the reason."""

    by: str
    reason: str


class Step(Struct, frozen=True):
    """A stage of minutes: whether they came to it, by whose hand, and when."""

    stage: str
    done: bool
    by: str
    at: datetime | None


def whose_turn(
    kind: str, minutes: MinutesState, people: Collection[BodyPerson], person: int, roles: AbstractSet[str]
) -> Turn:
    """Returns whose turn it is, as somebody with these roles is told; `people` are those of the body now."""
    hand = turn_of(kind, minutes)
    if hand is None:
        return Turn("", [], mine=False, refusals=[])
    names = [each.name for each in able(minutes, hand, people)]
    verdict = check_hand(minutes, hand, person, roles)
    mine = not isinstance(verdict, Refused)
    said = verdict if names and holds(hand, roles) else check_somebody(minutes, hand, people)
    return Turn(hand, names, mine, [refused_rule(said)] if isinstance(said, Refused) else [])


def steps_of(kind: str, minutes: MinutesState, name: Callable[[int], str]) -> list[Step]:
    """Returns the stages in order; all of a voided issue are done."""
    stages = stages_of(kind)
    done = len(stages) if minutes.state == "voided" else stages.index(minutes.state) + 1
    steps = []
    for index, stage in enumerate(stages):
        taken = minutes.steps.get(stage)
        steps.append(Step(stage, index < done, name(taken.by) if taken else "", taken.at if taken else None))
    return steps


def sent_back(minutes: MinutesState, name: Callable[[int], str]) -> SentBack | None:
    """Returns by whom and why the minutes were sent back, until they are reviewed again."""
    if not minutes.sent_back_version or minutes.sent_back_by is None:
        return None
    return SentBack(name(minutes.sent_back_by), minutes.sent_back)
