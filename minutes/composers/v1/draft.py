"""Composes minutes from records and sources: pure, frozen with v1.

Every figure, name and choice is the ledger's (Rules 6(7)); every clause is worded as the sources word it.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Literal

from msgspec import UNSET
from msgspec.structs import replace

from minutes.composers.v1 import facts as known
from minutes.composers.v1.attending import Attendance, attendance_of
from minutes.composers.v1.document import (
    SHANGHAI,
    Attempt,
    Closing,
    Decision,
    Delivery,
    Item,
    Mark,
    Minutes,
    Notice,
    NoticeChange,
    Objection,
    Person,
    Position,
    Recusal,
    Round,
    Row,
    Speech,
    Tally,
    Task,
    Written,
)
from minutes.composers.v1.facts import Facts
from minutes.composers.v1.fold import facts_of, read
from minutes.composers.v1.sentences import number_text
from minutes.composers.v1.sources import ItemTexts, Sources
from minutes.composers.v1.titles import in_full

_BASIS = {
    "passed": ("赞成票数超过{of}的半数", "decision.majority"),
    "not_passed": ("赞成票数未超过{of}的半数", "decision.majority"),
    **dict.fromkeys(("amended", "shelved", "reconsidered"), ("会议主持人根据表决情况决定", "decision.announced")),
}
"""The basis of a decision in words, and the rule whose clause is cited, by outcome."""
_HEAD = ("实行行政首长负责制，由行政首长听取表决意见后决定", "decision.head")
_TAKING: Mapping[str, Literal["taking", "opening"]] = {"item.present": "taking", "vote.open": "opening"}
_BRIEF = "内容从简的议题"
_ASKS = re.compile(r"^(?:提请|请)?(?:会议|党组)?(?:审议|审定|研究|讨论)(?:通过)?[：:，]?")
# The rules that keep an item from its vote until another day, or until somebody comes.
_IMPEDIMENTS = ("notice.", "quorum.", "materials.", "personnel.", "recusal.")


def _head_of(stored: Sequence[bytes]) -> str:
    digest = bytes(32)
    for record in stored:
        digest = hashlib.sha256(digest + record).digest()
    return f"{len(stored)} {digest.hex()}"


def compose_minutes(stored: Sequence[bytes], sources: Sources) -> Minutes:
    """Returns the minutes of the meeting whose records, as stored, these are."""
    records, state, texts = read(stored), facts_of(stored), sources.texts
    assert state.called_at is not None
    assert state.year is not None
    assert state.ordinal is not None
    written = {each.item: each for each in texts.items}
    formal = [state.people[person] for person in state.formal_members]
    there = attendance_of(records)
    absent = [each for each in formal if each.id not in there.came | there.excused]
    old = [each for each in state.minutes if each.state == "voided" and each.id != sources.minutes]
    minutes = Minutes(
        organ=sources.organization,
        series=sources.series,
        year=sources.year,
        number=sources.number,
        meeting=sources.kind + ("议" if sources.kind.endswith("会") else "会议"),
        session_year=state.year,
        session=state.ordinal,
        started=_local(state.called_at),
        ended=_local(state.adjourned_at) if state.adjourned_at else None,
        place=state.place,
        chair=Person(state.people[state.presiding].name, state.people[state.presiding].post),
        formal=len(formal),
        head=_head_of(stored) if sources.head else UNSET,
        present=tuple(_person(each, there) for each in formal if each.id in there.came),
        on_leave=tuple(_person(each) for each in formal if each.id in there.excused),
        absent=tuple(_person(each) for each in absent),
        attendees=_with_role(state, "attendee", there),
        observers=_with_role(state, "observer", there),
        recorders=(_person(state.people[state.secretary]),) if state.secretary in state.people else (),
        notice=_notice(state),
        items=tuple(_item(state, item, written.get(item.id), there, sources) for item in state.items),
        attempts=tuple(_attempts(state)),
        objections=tuple(_objections(state)),
        closing=Closing(
            copies_to=_copies(sources),
            printer=f"{sources.organization}办公室",
            printed=_local(sources.at).date(),
            copies=texts.copies,
        ),
        replaces=number_text(old[-1].year or 0, old[-1].number or 0) if old else "",
        replaced_reason=old[-1].reason if old else "",
    )
    return in_full(minutes, sources.titles)


def _copies(sources: Sources) -> tuple[str, ...]:
    """Returns the recipients: the leader above, the members, which never lack (Rules 6(7)), and those named beside."""
    texts, members = sources.texts, f"{sources.kind}成员"
    leader = [texts.leader] if texts.leader else []
    return tuple(dict.fromkeys([*leader, members, *texts.copies_to]))


def _local(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI)


def _person(person: known.Person, there: Attendance | None = None) -> Person:
    return Person(person.name, person.post, there.notes.get(person.id, "") if there else "")


def _with_role(state: Facts, role: str, there: Attendance) -> tuple[Person, ...]:
    formal = set(state.formal_members)
    return tuple(
        _person(each, there)
        for each in state.people.values()
        if role in each.roles and each.id in there.came and each.id not in formal
    )


def _notice(state: Facts) -> Notice | None:
    notice = state.notice
    if notice is None or state.charter is None or not any(item.votes for item in state.items):
        return None  # the sentence says that the notice was in time, which a vote proves
    personnel = [item.category == "personnel" for item in state.items]
    return Notice(
        given=_local(notice.at),
        lead_days=state.charter.lead_working_days,
        deliveries=tuple(
            Delivery(
                name=_name(state, person),
                when=_local(each.at),
                how=each.method,
                acknowledged=_local(each.acknowledged_at) if each.acknowledged_at else None,
            )
            for person, each in notice.deliveries.items()
            if person in state.formal_members
        ),
        papers="none" if all(personnel) else "some" if any(personnel) else "all",
        changes=tuple(
            NoticeChange(
                _local(each.at), _local(each.starts_before), _local(each.starts_at), each.place_before, each.place,
                each.reason,
            )
            for _, each in sorted(notice.changes.items())
        ),
    )  # fmt: skip


def _name(state: Facts, person: int | None) -> str:
    found = state.people.get(person or 0)
    return found.name if found else ""


def _item(state: Facts, item: known.Item, texts: ItemTexts | None, there: Attendance, sources: Sources) -> Item:
    texts, clauses = texts or ItemTexts(item=item.id), sources.clauses
    ending = "deferred" if item.state == "deferred" else "withdrawn" if item.state == "withdrawn" else "put_off"
    title, ends = (texts.brief or _BRIEF) if item.confidential else item.title, "decided" if item.decision else ending
    decision = _decision(state, item, texts, sources)
    if item.confidential or item.category == "personnel":
        return Item(
            title=title,
            category=item.category,
            ending=ends,  # type: ignore[arg-type] # one of three words above
            decision=replace(decision, basis="", reason="") if decision else None,
            confidential=item.confidential,
            in_brief=True,
        )
    impeding = _standing_refusals(state, item)
    return Item(
        title=title,
        category=item.category,
        ending=ends,  # type: ignore[arg-type] # one of three words above
        chair=_name(state, item.acting),
        presenter=_name(state, item.presenter),
        in_charge=_name(state, item.in_charge),
        committee=item.committee.zh if item.committee else "",
        discussion=_discussion(state, item, texts),
        positions=tuple(Position(_name(state, person), each) for person, each in item.positions.items()),
        written=tuple(
            Written(_name(state, person), each.choice, each.text or "", each.void, each.read)
            for person, each in item.opinions.items()
            if each.choice is not None and person not in item.recusals
        ),
        recusals=tuple(
            Recusal(_name(state, person), each.reason, clauses.get(_recused_by(each.rule, item.category), ""))
            for person, each in item.recusals.items()
        ),
        rounds=tuple(_round(state, vote, there) for vote in item.votes if vote.state != "open"),
        decision=decision,
        reason=item.reason,
        clause="" if item.decision else (impeding or item.clause),
        tasks=tuple(Task(each.what, each.who, each.due, each.supervisor) for each in texts.tasks),
        no_task=texts.no_task,
    )


def _standing_refusals(state: Facts, item: known.Item) -> str:
    """Returns the clauses that last forbade this item's vote if it was deferred for that, else ""."""
    last = _last_impeded(state, item) if item.state == "deferred" else None
    return _cited(last) if last else ""


def _cited(refusal: known.Refusal) -> str:
    return "；".join(dict.fromkeys(each.clause for each in refusal.refusals))


def _recused_by(rule: str, category: str) -> str:
    """Returns the id of the clause: a declared recusal off personnel items is by practice."""
    return "recusal.interest" if rule == "recusal.declared" and category != "personnel" else rule


def _last_impeded(state: Facts, item: known.Item) -> known.Refusal | None:
    """Returns the last refusal to take this item or open its vote, if it is an impediment not overcome since."""
    for refusal in reversed(state.refusals):
        if refusal.operation in _TAKING and refusal.item == item.id:
            taken = refusal.operation == "item.present" and item.presenter is not None
            overcome = taken or (item.vote is not None and item.vote.opened_at > refusal.at)
            impeded = any(each.rule.startswith(_IMPEDIMENTS) for each in refusal.refusals)
            return refusal if impeded and not overcome else None
    return None


def _discussion(state: Facts, item: known.Item, texts: ItemTexts) -> tuple[Speech, ...]:
    """Returns the secretary's text, one paragraph a line, else the speeches as noted. The ledger keeps the notes."""
    if texts.discussion.strip():
        return tuple(Speech("", line.strip()) for line in texts.discussion.splitlines() if line.strip())
    return tuple(Speech(_name(state, each.person), each.summary) for each in item.speeches)


def _decision(state: Facts, item: known.Item, texts: ItemTexts, sources: Sources) -> Decision | None:
    if item.decision is None:
        return None
    outcome, head = item.decision.outcome, sources.decides == "head"
    basis, rule = _HEAD if head else _BASIS[outcome]
    of = "应到会成员" if item.vote is None or item.vote.base == state.n else "应到会成员（不含回避成员）"
    return Decision(
        outcome=outcome,
        text=texts.decision
        or item.decision.text
        or (_proposed(item.motion) if outcome == "passed" and not item.confidential else ""),
        basis=texts.basis or f"{basis.format(of=of)}（{sources.clauses[rule]}）",
        reason=item.decision.reason,
        by=_name(state, item.acting or state.presiding) if head else "",
        failed=not head and item.vote is not None and item.vote.result == "not_passed",
    )


def _proposed(motion: str) -> str:
    """Returns the sealed motion as what was decided: 提请审议：…的议案 is agreed to."""
    text, asked = _ASKS.subn("", motion.strip(), count=1)
    return ("同意" if asked else "") + text


def _round(state: Facts, vote: known.Vote, there: Attendance) -> Round:
    assert vote.tally is not None
    assert vote.quorum is not None
    assert vote.closing_quorum is not None
    tally, quorum = vote.tally, vote.quorum
    away = there.on_leave.get(vote.id, frozenset())
    return Round(
        number=vote.round,
        rows=tuple(Row(_name(state, person), _mark(vote, person, away)) for person in state.formal_members),
        tally=Tally(tally.yes, tally.no, tally.abstain, tally.defer, tally.not_voted),
        base=vote.base or 0,
        needed=vote.needed or 0,
        present=quorum.present,
        quorum=quorum.needed,
        passed=vote.result == "passed",
        void=f"表决结束时到会人数不足法定人数{quorum.needed}人" if vote.state == "void" else "",
        note=f"主持人决定再次讨论，理由：{vote.reopened}" if vote.reopened else "",
        closing=vote.closing_quorum.present,
        attended=len(state.formal_members) - len(vote.absent),
        stepped_out=len(set(vote.recused) - set(vote.absent)),
        form=vote.form,
    )


def _mark(vote: known.Vote, person: int, on_leave: Set[int]) -> Mark:
    """Returns a person's ballot, or why there was none to cast as this vote opened, whatever came later."""
    if person in vote.recused:
        return "recused"
    if person not in vote.roll:
        return "on_leave" if person in on_leave else "absent"
    ballot = vote.ballots.get(person)
    return ballot.choice if ballot is not None and ballot.choice is not None else "not_voted"


def _attempts(state: Facts) -> Iterable[Attempt]:
    """Yields motions from the floor, and refusals that kept an item from its vote, except of a vote tried too soon."""
    impeded = [_last_impeded(state, item) for item in state.items]
    for refusal in state.refusals:
        if refusal.operation != "motion.try" and refusal not in impeded:
            continue
        facts = refusal.refusals[0].facts
        motion = refusal.operation == "motion.try"
        mover = facts.get("mover")
        item = next((each for each in state.items if each.id == refusal.item), None)
        title = str(facts.get("title", "")) if motion else (item.title if item else "")
        if not motion and item is not None and item.confidential:
            title = _BRIEF
        reserved = not motion and item is not None and (item.confidential or item.category == "personnel")
        yield Attempt(
            kind="motion" if motion else _TAKING[refusal.operation],
            title=title,
            who=_name(state, int(mover) if isinstance(mover, int) else refusal.actor),
            detail="" if reserved else "".join(each.detail for each in refusal.refusals),
            clause=_cited(refusal),
            when=_local(refusal.at),
        )


def _objections(state: Facts) -> Iterable[Objection]:
    items = {item.id: item for item in state.items}
    for each in state.objections:
        item = items.get(each.item or 0)
        secret = item is not None and (item.confidential or item.category == "personnel")
        yield Objection(
            who=_person(state.people[each.by]) if each.by in state.people else Person("—"),
            title="" if item is None else _BRIEF if item.confidential else item.title,
            text="" if secret else each.text,
            when=_local(each.at),
        )
