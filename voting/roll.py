"""The right to vote, and the choices (Rules 6(5)): only those on the roll vote; it is frozen when the vote opens."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final, Generic

from msgspec import Struct

from acts.ids import Id
from acts.refusal import ALLOWED, Refused, Verdict
from agenda.records import Choice

_GENERAL: Final[tuple[Choice, ...]] = ("yes", "no", "abstain")
_PERSONNEL: Final[tuple[Choice, ...]] = ("yes", "no", "abstain", "defer")
_WORDS: Final = {"yes": "同意", "no": "反对", "abstain": "弃权", "defer": "缓议"}


class Roll(Struct, Generic[Id], frozen=True):
    """The formal members (应到会成员), those in the room, and those recused from this item.

    `present` and `recused` may name others too; they have no effect.
    """

    members: AbstractSet[Id]
    present: AbstractSet[Id]
    recused: AbstractSet[Id]

    @property
    def attending(self) -> AbstractSet[Id]:
        """The formal members present, recused or not."""
        return self.members & self.present

    @property
    def voters(self) -> AbstractSet[Id]:
        """Those who may vote: formal members present and not recused."""
        return self.attending - self.recused


def choices_for(personnel: bool) -> tuple[Choice, ...]:
    """Returns the choices of a ballot; 缓议 is one on personnel items only."""
    return _PERSONNEL if personnel else _GENERAL


def check_on_roll(
    member: Id, roll: Roll[Id], name: Callable[[Id], str] = str, *, left: AbstractSet[Id] = frozenset()
) -> Verdict:
    """`vote.not_member`, `vote.absent`, `vote.recused`, in this order: whether `member` votes here.

    `roll` is as it stood when the vote opened, less those of it who have `left` the room since (Rules 6(5)).
    """
    if member in roll.voters:
        return ALLOWED
    who = name(member)
    if member not in roll.members:
        return Refused(
            "vote.not_member",
            f"{who}不是应到会成员，没有表决权。名单有误的，请秘书在会前更正。",
            f"{who} is not a formal member and has no vote. If the list is wrong, the secretary can mend it "
            "before the meeting.",
            {"member": str(member)},
        )
    if member in left:
        return Refused(
            "vote.absent",
            f"{who}已离开会场，不能投票。返回会场签到后方可投票。",
            f"{who} has left the room and cannot vote; once back and checked in, they can.",
            {"member": str(member)},
        )
    if member not in roll.present:
        return Refused(
            "vote.absent",
            f"本项表决开始时{who}未到会，不参加本项表决。到会签到后可自下一项起参加表决。",
            f"{who} was absent when this vote opened and has no ballot in it; once checked in, they vote "
            "from the next item on.",
            {"member": str(member)},
        )
    if member in roll.recused:
        return Refused(
            "vote.recused",
            f"{who}对本议题应当回避，不得表决。如与事实不符，请秘书更正登记。",
            f"{who} is recused from this item and has no ballot in it. If this is mistaken, the secretary "
            "can correct the record.",
            {"member": str(member)},
        )
    return ALLOWED


def check_choice(choice: str, personnel: bool) -> Verdict:
    """`vote.choice`: the ballot's choice is one that the item has (Rules 6(5))."""
    available = choices_for(personnel)
    if choice in available:
        return ALLOWED
    return Refused(
        "vote.choice",
        f"本项表决只能选择{'、'.join(_WORDS[each] for each in available)}，请重新选择。",
        f"A ballot on this item says one of {', '.join(available)}. Choose again.",
        {"choice": choice, "available": list(available)},
    )


def check_ballot(member: Id, choice: str, personnel: bool, roll: Roll[Id], name: Callable[[Id], str] = str) -> Verdict:
    """Returns the first of `vote.not_member`, `vote.absent`, `vote.recused`, `vote.choice` against a ballot."""
    verdict = check_on_roll(member, roll, name)
    return verdict if isinstance(verdict, Refused) else check_choice(choice, personnel)
