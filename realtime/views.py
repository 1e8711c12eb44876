"""Who sees what of a record while the meeting goes on. Pure.

Until a vote closes, those in the room see that k of n have voted, the desk sees who, the observer sees what;
then all see names and choices. A charter may choose otherwise (`ballots_live`). Whoever is recused from an item
sees neither its papers nor its discussion (Personnel 18, 23). The agenda is the desk's until notice; of a personnel
item the notice lists the title, the rest is handed out in the meeting (Rules 6(3)) and read over HTTP while the item
is open, so here the secretary alone sees it. A viewer's sequence has no gap: what may not be seen leaves a record
of kind `masked`, or one with less in it.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from bodies.charter import Charter
from storage.ledger import Record
from voting.state_records import MeetingState

ViewName = Literal["observer", "secretary", "chair", "floor"]
Content = dict[str, Any]

REKEYING = frozenset({
    "meeting.presiding", "meeting.called", "chair.handed", "meeting.adjourned", "item.presented", "recusal.declared",
    "opinion.submitted",
})  # fmt: skip
"""The kinds after which somebody's view may be another one."""

_DESK = frozenset({"secretary", "chair"})
_DRAFTING = (
    "item.added", "item.changed", "item.removed", "item.moved", "paper.added", "paper.removed", "materials.checked",
)  # fmt: skip
_DEFAULT = Charter()


class View(Struct, frozen=True):
    """What one viewer may see: the same for all who share it, so that each record is encoded once for each.

    `hidden` holds the items from which the viewer is recused; `author` is the viewer where they have written an
    opinion, else None.
    """

    name: ViewName
    hidden: frozenset[int] = frozenset()
    author: int | None = None

    @property
    def token(self) -> str:
        """The view by a word, for a client to say which one it followed."""
        author = "" if self.author is None else f"@{self.author}"
        return f"{self.name}{author}{''.join(f'-{item}' for item in sorted(self.hidden))}"


def view_of(state: MeetingState, person: int, granted: AbstractSet[str]) -> View:
    """The view of a person with these roles in the body; who holds the meeting's chair, and nobody else, is it."""
    name: ViewName
    if "observer" in granted:
        name = "observer"
    elif "secretary" in granted:
        name = "secretary"
    elif state.chair == person:
        name = "chair"
    else:
        name = "floor"
    hidden = frozenset(item.id for item in state.items if person in item.recusals)
    author = person if name == "floor" and any(person in item.opinions for item in state.items) else None
    return View(name, hidden, author)


def see(view: View, record: Record, state: MeetingState) -> Record:
    """The record as this view shows it; the record itself where nothing is kept back.

    `state` is the whole meeting's, unmasked, after this record.
    """
    seen, done = _see_recused(view, record, state) if view.hidden else (record, False)
    if not done:
        seen = _CASES.get(seen.kind, _as_it_is)(view, seen, state)
    # With the salt, the hash would tell what is kept back.
    return seen if seen == record else replace(seen, salt="")


def _as_it_is(_: View, record: Record, __: MeetingState) -> Record:
    return record


def _masked(record: Record, content: Content | None = None) -> Record:
    return replace(record, kind="masked", actor=None, content=content or {})


def _less(record: Record, *names: str, **others: Any) -> Record:
    """The record with only these parts of its content, and others in place of what it held."""
    kept = {name: record.content[name] for name in names if name in record.content}
    return replace(record, content={**kept, **others})


# Recusal: neither papers nor discussion

_OUTCOME: Mapping[str, Callable[[Record], Record]] = {
    "vote.opened": lambda record: _less(record, "item", "vote", "round"),
    "vote.closed": lambda record: _less(record, "item", "vote"),
    "vote.voided": lambda record: _less(record, "item", "vote"),
    "decision.announced": lambda record: _less(record, "item", "outcome", reason=""),
    "item.put_off": lambda record: _less(record, "item", reason=""),
    "item.withdrawn": lambda record: _less(record, "item", reason=""),
    "item.deferred": lambda record: _less(record, "item", reason=""),
    "item.presented": lambda record: _without_reasons(record),  # noqa: PLW0108 (it is defined below)
    "recusal.declared": lambda record: _less(record, "item", "person", reason=""),
}


def _see_recused(view: View, record: Record, state: MeetingState) -> tuple[Record, bool]:
    """The record less what concerns the hidden items, and whether that is all there is to say."""
    content = record.content
    if record.kind == "notice.given":
        items = [_title_alone(item) if item["id"] in view.hidden else item for item in content["items"]]
        return replace(record, content={**content, "items": items}), False
    if record.kind in _DRAFTING:
        return _masked(record), True  # nobody is recused before the meeting, and the notice told it since
    if record.kind == "rule.refused" and state.current is not None and state.current.id in view.hidden:
        return _rules_alone(record), True
    if content.get("item") not in view.hidden:
        return record, False
    outcome = _OUTCOME.get(record.kind)
    if outcome is None:
        return _masked(record, {"item": content["item"], "kind": record.kind}), True
    return outcome(record), True


def _title_alone(item: Content) -> Content:
    return {**item, "motion": "", "subjects": [], "papers": []}


# The agenda: the desk's before notice; what a personnel item says is handed out in the meeting


def _withheld(view: View, item: Content) -> Content:
    return _title_alone(item) if item["category"] == "personnel" and view.name != "secretary" else item


def _drafting(view: View, record: Record, state: MeetingState) -> Record:
    content = record.content
    if view.name not in _DESK:
        return _masked(record)
    if record.kind in ("item.added", "item.changed"):
        item = _withheld(view, content["item"])
        return record if item is content["item"] else replace(record, content={"item": item})
    if record.kind in ("paper.added", "paper.removed") and view.name != "secretary":
        personnel = any(item.id == content["item"] and item.category == "personnel" for item in state.items)
        return _masked(record) if personnel else record
    return record


def _notice_given(view: View, record: Record, _: MeetingState) -> Record:
    if view.name == "secretary":
        return record
    return replace(record, content={**record.content, "items": [_withheld(view, i) for i in record.content["items"]]})


# Ballots, and what tells of them


def _charter(state: MeetingState) -> Charter:
    return state.charter or _DEFAULT


def _knows_choices(view: View, state: MeetingState) -> bool:
    live = _charter(state).ballots_live
    return live == "all" or (live == "observer" and view.name == "observer")


def _knows_who(view: View, state: MeetingState) -> bool:
    live = _charter(state).ballots_live
    return live == "all" or (live == "observer" and view.name != "floor")


def _ballot(view: View, record: Record, state: MeetingState) -> Record:
    if _knows_choices(view, state):
        return record
    if _knows_who(view, state):
        return _less(record, "item", "vote", "person", "version", "outstanding")
    if record.content["version"] > 1:
        return _masked(record)  # k of n are no more than before
    return replace(_less(record, "item", "vote"), actor=None)


def _refusal(view: View, record: Record, state: MeetingState) -> Record:
    """What a refusal says can betray a choice, who has not voted, how people are related, the agenda to come."""
    content = record.content
    operation = content["operation"]
    if state.state == "draft" and view.name not in _DESK:
        return _masked(record)
    if operation == "opinion.submit" and view.name == "floor":
        return _rules_alone(record)
    if operation in ("ballot.cast", "vote.close") and not _knows_choices(view, state):
        # Only one choice can be refused as a choice: that it was tried names it.
        tried = any(each["rule"] == "vote.choice" for each in content["refusals"])
        if tried or not _knows_who(view, state):
            return _rules_alone(record)
    if view.name != "floor":
        return record
    return replace(record, content={**content, "refusals": [_public(each) for each in content["refusals"]]})


def _rule_alone(refusal: Content) -> Content:
    return {"rule": refusal["rule"], "detail": "", "detail_en": "", "facts": {}}


def _public(refusal: Content) -> Content:
    if refusal["rule"].startswith(("recusal.", "notice.")):
        return _rule_alone(refusal)
    facts: Content = refusal["facts"] if refusal["rule"] == "agenda.ad_hoc" else {}
    return {**refusal, "facts": {name: facts[name] for name in ("title", "mover") if name in facts}}


def _rules_alone(record: Record) -> Record:
    refusals = [_rule_alone(each) for each in record.content["refusals"]]
    return replace(record, actor=None, content={"operation": record.content["operation"], "refusals": refusals})


# Opinions in writing: before they are read out only author, desk and observer know them


def _submitted(view: View, record: Record, _: MeetingState) -> Record:
    if view.name != "floor" or record.content["person"] == view.author:
        return record
    return _less(record, "item", "person")


def _read_out(view: View, record: Record, state: MeetingState) -> Record:
    if view.name != "floor":
        return record
    opinion = state.item(record.content["item"]).opinions[record.content["person"]]
    return replace(record, content={**record.content, "choice": opinion.choice, "text": opinion.text})


# What concerns the desk and the observer alone


def _without_reasons(record: Record) -> Record:
    recusals = [{**each, "reason": ""} for each in record.content["recusals"]]
    return replace(record, content={**record.content, "recusals": recusals})


def _presented(view: View, record: Record, _: MeetingState) -> Record:
    return _without_reasons(record) if view.name == "floor" else record


def _without_reason(view: View, record: Record, _: MeetingState) -> Record:
    return replace(record, content={**record.content, "reason": ""}) if view.name == "floor" else record


def _desk_alone(view: View, record: Record, _: MeetingState) -> Record:
    return _masked(record) if view.name == "floor" else record


_CASES: Mapping[str, Callable[[View, Record, MeetingState], Record]] = {
    **dict.fromkeys(_DRAFTING, _drafting),
    "notice.given": _notice_given,
    "notice.delivered": _desk_alone,
    "notice.acknowledged": _desk_alone,
    "objection.raised": _desk_alone,
    "leave.granted": _without_reason,
    "chair.handed": _without_reason,
    "opinion.submitted": _submitted,
    "opinion.read": _read_out,
    "item.presented": _presented,
    "recusal.declared": _without_reason,
    "ballot.cast": _ballot,
    "rule.refused": _refusal,
    "minutes.sent_back": _without_reason,
}
