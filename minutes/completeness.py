"""`minutes.incomplete` (Rules 6(7), 15): what minutes must say before they are submitted for review and issued. Pure.

Every decided item has its decision in words, and a responsible unit, deadline and supervisor, or says that none is due;
the copies include the leader above. All members' copies never lack, since the composer names the members. A text that
gives figures of the vote gives those of the record, beside which it is printed.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from acts.refusal import Refused, RefusedError
from agenda.state import ItemOnAgenda, MeetingState
from minutes.records import ItemTexts, Texts

Part = Literal["decision", "tasks", "figures", "leader"]
_WORDS: dict[str, tuple[str, str]] = {
    "decision": ("缺决定内容", "lacks its decision in words"),
    "tasks": (
        "缺责任单位、办理时限或督办（无需督办的请注明）",
        "lacks responsible unit, deadline or supervisor (or that none is due)",
    ),
    "figures": ("所填文字中的人数、票数与操作留痕不符", "says figures that are not those of the record"),
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
            if not _agrees(state, item, said):
                checks.append(Check(item.position, "figures", done=False))
    return [*checks, Check(0, "leader", bool(texts.leader.strip()))]


def _is_worded(item: ItemOnAgenda, said: ItemTexts) -> bool:
    """The sealed motion is the decision of an item that passed, the text that the chair announced that of one amended,
    unless the secretary writes another. An item in brief shows neither; a vote that failed, and a matter that was put
    aside, are said in words of their own."""
    assert item.decision is not None
    on_record = {"passed": item.motion, "amended": item.decision.text}.get(item.decision.outcome)
    by_itself = on_record is None or (bool(on_record.strip()) and not item.confidential)
    return by_itself or bool(said.decision.strip())


def _is_followed_up(said: ItemTexts) -> bool:
    return said.no_task or (bool(said.tasks) and all(each.due and each.supervisor.strip() for each in said.tasks))


_FIGURES = re.compile(r"(应到|实到)会?\s*(\d+)\s*人|(同意|赞成|反对|弃权|缓议)票?\s*(\d+)\s*票")
_COUNTED = {"同意": "yes", "赞成": "yes", "反对": "no", "弃权": "abstain", "缓议": "defer"}


def _agrees(state: MeetingState, item: ItemOnAgenda, said: ItemTexts) -> bool:
    """Whether the figures of the vote in the secretary's texts are those of one of the rounds on record."""
    rounds = [(vote, vote.tally) for vote in item.votes.values() if vote.tally is not None]
    members = len(state.formal_members)
    for there, people, choice, votes in _FIGURES.findall("\n".join((said.discussion, said.decision, said.basis))):
        if choice:
            right = {getattr(tally, _COUNTED[choice]) for _, tally in rounds}
        else:
            right = {members} if there == "应到" else {members - len(vote.absent) for vote, _ in rounds}
        if rounds and int(people or votes) not in right:
            return False
    return True


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
