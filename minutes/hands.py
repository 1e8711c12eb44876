"""`minutes.hands` (Working 21; 惯例): the hands through which minutes go, and whose turn it is. Pure.

Who drafted does not review; any hand in the draft counts. The head signs, or the member whom the head entrusts, or the
acting head: whoever holds the role now, not the person who presided or who held it then. The stages are the kind's:
office head and deputy in charge before the head, in a 支部 the head alone.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from types import MappingProxyType
from typing import Literal

from acts.access import HEADS, ROLE_NAMES, SIGNERS
from acts.procedures import Procedure
from acts.refusal import ALLOWED, Refused, RefusedError, Verdict, require
from agenda.state import MinutesState
from bodies.kinds_of_body import KINDS_OF_BODY
from bodies.records import BodyPerson

Hand = Literal["secretary", "office_head", "deputy", "head"]

_REVIEWED: Mapping[str, Hand] = {
    "draft": "office_head", "office_reviewed": "deputy", "deputy_reviewed": "head", "signed": "secretary",
}  # fmt: skip
_TURNS: Mapping[Procedure, Mapping[str, Hand]] = MappingProxyType(
    {"committee": _REVIEWED, "executive": _REVIEWED, "branch": {"draft": "head", "signed": "secretary"}}
)
_HOLDERS: Mapping[Hand, frozenset[str]] = MappingProxyType(
    {
        "secretary": frozenset({"secretary"}),
        "office_head": frozenset({"office_head"}),
        "deputy": frozenset({"deputy"}),
        "head": SIGNERS,
    }
)


def stages_of(kind: str) -> tuple[str, ...]:
    """Returns the stages of the minutes of this kind of body, in order, from the draft to the issue."""
    return (*_TURNS[KINDS_OF_BODY[kind].procedure], "issued")


def turn_of(kind: str, minutes: MinutesState) -> Hand | None:
    """Returns the hand that the minutes need next, None where nobody's: the secretary's while a draft misses something
    or was sent back and not changed since."""
    if minutes.state == "draft" and (minutes.missing or minutes.sent_back_version == minutes.version):
        return "secretary"
    return _TURNS[KINDS_OF_BODY[kind].procedure].get(minutes.state)


def holds(hand: Hand, roles: AbstractSet[str]) -> bool:
    """Whether one of these roles takes this step."""
    return bool(_HOLDERS[hand] & roles)


def check_hand(minutes: MinutesState, hand: Hand, person: int, roles: AbstractSet[str]) -> Verdict:
    """`minutes.hands`: whether somebody who holds these roles now may review (`hand` of a reviewer) or sign. The head
    signs what the head drafted; a member who is entrusted does not."""
    if not holds(hand, roles):
        return _refused(hand, "您的角色不能办理此环节", "Your role does not take this step")
    if hand != "secretary" and not roles & HEADS and person in minutes.drafters:
        if hand == "head":
            return _refused(hand, "您参与起草了这份会议纪要，不能受托签发", "You had a hand in the draft")
        return _refused(hand, "您参与起草了这份会议纪要，不能再作审核", "You had a hand in the draft")
    return ALLOWED


def able(minutes: MinutesState, hand: Hand, people: Iterable[BodyPerson]) -> list[BodyPerson]:
    """Returns those of the body who may take this step of the minutes now."""
    return [each for each in people if check_hand(minutes, hand, each.id, frozenset(each.roles)) is ALLOWED]


def check_somebody(minutes: MinutesState, hand: Hand, people: Iterable[BodyPerson]) -> Verdict:
    """`minutes.hands`: whether anybody can take this step; the refusal says who mends it."""
    return ALLOWED if able(minutes, hand, people) else _refused(hand, "目前无人可以办理", "Nobody can take this step")


def allow_sending_back(kind: str, minutes: MinutesState, roles: AbstractSet[str]) -> None:
    """Refuse to send back what the secretary is mending already, and those through whose hands the minutes of this kind
    do not go. Raises RefusedError."""
    hands = set(_TURNS[KINDS_OF_BODY[kind].procedure].values()) - {"secretary"}
    if not any(holds(hand, roles) for hand in hands):
        require(_refused("head", "您的角色不能办理此环节", "Your role does not take this step"))
    if minutes.state == "draft" and turn_of(kind, minutes) == "secretary":
        raise RefusedError(
            Refused(
                "state.wrong",
                "会议纪要正由秘书修改，不必退回。",
                "The secretary is working on the minutes; there is nothing to send back.",
            )
        )


def _refused(hand: Hand, chinese: str, english: str) -> Refused:
    name, name_en = ROLE_NAMES[hand]
    mend = f"请由{name}办理；没有其他人的，请管理员设定"
    mend_en = f"{name_en} takes it, and where there is no other the administrator makes one"
    if hand == "head":
        mend = f"请由{name}或者其委托的成员签发；{name}空缺的，请管理员设定，或者登记主持工作的负责人"
        mend_en = (
            f"{name_en}, or the member whom the head entrusts, signs; where there is no head the administrator makes"
            " one, or enters an acting head"
        )
    return Refused("minutes.hands", f"{chinese}。{mend}。", f"{english}: {mend_en}.", {"hand": hand})
