"""`minutes.incomplete` (Rules 6(7), 15): what minutes must say before they are submitted for review and issued. Pure.

Every decided item has its decision in words, and a responsible unit, deadline and supervisor, or says that none is due;
the copies include the leader above. All members' copies never lack, since the composer names the members.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from acts.refusal import Refused, RefusedError
from agenda.state import ItemOnAgenda, MeetingState
from minutes.records import ItemTexts, Texts

Part = Literal["decision", "tasks", "leader"]
_WORDS: dict[str, tuple[str, str]] = {
    "decision": ("缺决定内容", "lacks its decision in words"),
    "tasks": (
        "缺责任单位、办理时限或督办（无需督办的请注明）",
        "lacks responsible unit, deadline or supervisor (or that none is due)",
    ),
    "leader": ("抄送未列上级分管领导", "the copies lack the leader above"),
}


class Check(Struct, frozen=True):
    """One thing that minutes must say, and whether they do; `item` is an item's position, 0 for the whole."""

    item: int
    part: Part
    done: bool


def checklist(state: MeetingState, texts: Texts) -> list[Check]:
    """Returns everything that the minutes of this meeting must say, in order, with whether `texts` say it."""
    written = {each.item: each for each in texts.items}
    checks = []
    for item in state.agenda:
        if item.decision is not None:
            said = written.get(item.id, ItemTexts(item.id))
            checks.append(Check(item.position, "decision", _is_worded(item, said)))
            checks.append(Check(item.position, "tasks", _is_followed_up(said)))
    return [*checks, Check(0, "leader", bool(texts.leader.strip()))]


def _is_worded(item: ItemOnAgenda, said: ItemTexts) -> bool:
    """The sealed motion is the decision of an item that passed, unless the secretary writes another. An item in brief
    does not show its motion; a vote that failed, and a matter that was put aside, are said in words of their own."""
    assert item.decision is not None
    by_itself = {"passed": bool(item.motion.strip()) and not item.confidential, "amended": False}
    return bool(said.decision.strip()) or by_itself.get(item.decision.outcome, True)


def _is_followed_up(said: ItemTexts) -> bool:
    return said.no_task or (bool(said.tasks) and all(each.due and each.supervisor.strip() for each in said.tasks))


def missing(checks: Iterable[Check]) -> tuple[str, ...]:
    """Returns what is not done, each as "position.part"."""
    return tuple(f"{each.item}.{each.part}" for each in checks if not each.done)


def allow_complete(missing: Sequence[str]) -> None:
    """Refuse minutes that still miss something. Raises RefusedError."""
    if not missing:
        return
    parts, parts_en = [], []
    for position, _, part in (each.partition(".") for each in missing):
        chinese, english = _WORDS[part]
        parts.append(chinese if position == "0" else f"第{position}项议题{chinese}")
        parts_en.append(english if position == "0" else f"item {position} {english}")
    raise RefusedError(
        Refused(
            "minutes.incomplete",
            f"会议纪要尚不完整：{'；'.join(parts)}。请秘书在纪要草稿中补齐。",
            f"The minutes are not complete: {'; '.join(parts_en)}. The secretary completes the draft.",
            {"missing": list(missing)},
        )
    )
