"""What each view shows of each kind of record."""

from typing import Any

import pytest
from msgspec.structs import replace

from bodies.charter import Charter
from realtime.views import View, see, view_of
from storage.ledger import Record
from tests.realtime.test_telling import CAST, ITEM, NOW, PEOPLE, STORY
from voting.state import EMPTY, KINDS, MeetingState, apply
from voting.state_records import ItemOnAgenda, OpinionState, RecusalState

VIEWS = {
    "observer": View("observer"),
    "secretary": View("secretary"),
    "chair": View("chair"),
    "floor": View("floor"),
    "recused": View("floor", frozenset({7})),
    "author": View("floor", author=2),
}

# By kind, for observer, secretary, chair, floor, recused from the item, author of an opinion on it: "=" the whole
# record, "-" masked, else what is left of the content (~ something else in its place, + added).
ALL = ("=",) * 6
DESK = ("-", "=", "=", "-", "-", "-")
TABLE: dict[str, tuple[str, ...]] = {
    "meeting.created": ALL,
    "meeting.changed": ALL,
    "meeting.presiding": ALL,
    "item.added": DESK,
    "item.changed": DESK,
    "item.removed": DESK,
    "item.moved": DESK,
    "paper.added": DESK,
    "paper.removed": DESK,
    "materials.checked": DESK,
    "notice.given": ("=", "=", "=", "=", "agenda_hash charter ~items notice people", "="),
    "notice.delivered": ("=", "=", "=", "-", "-", "-"),
    "notice.acknowledged": ("=", "=", "=", "-", "-", "-"),
    "notice.withdrawn": ALL,
    "leave.granted": ("=", "=", "=", "person ~reason", "person ~reason", "person ~reason"),
    "presence.arrived": ALL,
    "presence.left": ALL,
    "meeting.called": ALL,
    "meeting.adjourned": ALL,
    "chair.handed": ("=", "=", "=", *("person ~reason",) * 3),  # it can be that of a recusal
    "item.presented": ("=", "=", "=", *("item presenter ~recusals",) * 3),
    "item.spoken": ("=", "=", "=", "=", "-", "="),
    "position.voiced": ("=", "=", "=", "=", "-", "="),
    "discussion.closed": ("=", "=", "=", "=", "-", "="),
    "opinion.submitted": ("=", "=", "=", "item person", "-", "="),
    "opinion.read": ("=", "=", "=", "+choice item person +text", "-", "+choice item person +text"),
    "opinion.voided": ("=", "=", "=", "=", "-", "="),
    "recusal.declared": ("=", "=", "=", *("item person ~reason",) * 3),
    "vote.opened": ("=", "=", "=", "=", "item round vote", "="),
    "ballot.cast": ("=", "item person version vote", "item person version vote", "item vote", "-", "item vote"),
    "vote.closed": ("=", "=", "=", "=", "item vote", "="),
    "vote.voided": ("=", "=", "=", "=", "item vote", "="),
    "item.put_off": ("=", "=", "=", "=", "item ~reason", "="),
    "item.withdrawn": ("=", "=", "=", "=", "item ~reason", "="),
    "item.deferred": ("=", "=", "=", "=", "item ~reason", "="),
    "decision.announced": ("=", "=", "=", "=", "item outcome ~reason", "="),
    "rule.refused": ALL,  # of a motion from the floor; more below
    "objection.raised": ("=", "=", "=", "-", "-", "-"),
    "minutes.drafted": ALL,
    "minutes.edited": ALL,
    "minutes.reviewed": ALL,
    "minutes.sent_back": ("=", "=", "=", *("minutes ~reason",) * 3),
    "minutes.signed": ALL,
    "minutes.issued": ALL,
    "minutes.drawn": ALL,
    "minutes.voided": ALL,
    "minutes.distributed": ALL,
    "minutes.received": ALL,
    "masked": ALL,
}


def shape(record: Record, seen: Record) -> str:
    """How much of a record a view shows, in the table's words."""
    if seen == record:
        return "="
    if seen.kind == "masked":
        assert set(seen.content) <= {"item", "kind"}
        assert seen.actor is None
        return "-"
    assert (seen.seq, seen.at, seen.kind) == (record.seq, record.at, record.kind)
    marks = {
        key: "+" if key not in record.content else "" if record.content[key] == seen.content[key] else "~"
        for key in sorted(seen.content)
    }
    return " ".join(f"{mark}{key}" for key, mark in marks.items())


def moments() -> list[tuple[Record, MeetingState]]:
    """The story of the sentences, with a motion to keep back and a reason for the decision."""
    state, found = EMPTY, []
    item = {**ITEM, "motion": "议案"}
    instead: dict[str, dict[str, Any]] = {
        "item.added": {"item": item},
        "item.changed": {"item": item},
        "notice.given": {"items": [{**item, "papers": []}]},
        "decision.announced": {"reason": "另有理由"},
    }
    for seq, (kind, content, *_) in enumerate(STORY, start=1):
        record = Record(seq, NOW, 1, 1, 1, kind, {**content, **instead.get(kind, {})})
        state = apply(state, record)
        found.append((record, state))
    return found


def test_the_table_is_whole() -> None:
    assert TABLE.keys() == KINDS
    assert {record.kind for record, _ in moments()} | {"masked"} == KINDS


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_what_each_view_shows(kind: str) -> None:
    for record, state in moments():
        again = kind == record.kind == "ballot.cast" and (
            record.content["version"] > 1 or "outstanding" in record.content
        )
        if record.kind == kind and not again:
            shown = {name: shape(record, see(view, record, state)) for name, view in VIEWS.items()}
            if record.content.get("reason", "…") == "":
                continue  # there is nothing to keep back
            assert shown == dict(zip(VIEWS, TABLE[kind], strict=True))


def state_with(charter: Charter | None = None, **item: Any) -> MeetingState:
    """A meeting in session whose item 7 is as given."""
    (whole,) = (state for record, state in moments() if record.kind == "vote.closed")
    changed = replace(whole.items[0], **item)
    return replace(whole, items=(changed,), charter=charter or Charter())


# Ballots


@pytest.mark.parametrize(
    ("live", "version", "shown"),
    [
        ("observer", 1, ("=", "item person version vote", "item person version vote", "item vote", "-", "item vote")),
        ("observer", 2, ("=", "item person version vote", "item person version vote", "-", "-", "-")),
        ("all", 1, ("=", "=", "=", "=", "-", "=")),
        ("all", 2, ("=", "=", "=", "=", "-", "=")),
        ("nobody", 1, ("item vote", "item vote", "item vote", "item vote", "-", "item vote")),
        ("nobody", 2, ("-", "-", "-", "-", "-", "-")),
    ],
)
def test_ballots_by_charter(live: Any, version: int, shown: tuple[str, ...]) -> None:
    record = Record(9, NOW, 1, 1, 2, "ballot.cast", {**CAST, "version": version, "salt": "00"})
    seen = [see(view, record, state_with(Charter(ballots_live=live))) for view in VIEWS.values()]
    assert tuple(shape(record, each) for each in seen) == shown
    for each in seen:
        if "person" not in each.content:
            assert each.actor is None


def test_whom_the_chair_did_not_wait_for() -> None:
    """It goes with who has voted: the desk's while the vote is open."""
    record = Record(9, NOW, 1, 1, 2, "ballot.cast", {**CAST, "outstanding": [1]})
    seen = {name for name, view in VIEWS.items() if "outstanding" in see(view, record, state_with()).content}
    assert seen == {"observer", "secretary", "chair"}


# Refusals


def refused(operation: str, rule: str, **facts: Any) -> Record:
    refusal = {"rule": rule, "detail": "郑凯与郑晓楠系亲属，林静未表决。", "detail_en": "…", "facts": facts}
    return Record(9, NOW, 1, 1, 2, "rule.refused", {"operation": operation, "item": 7, "refusals": [refusal]})


def left(record: Record) -> str:
    """How much of a refusal is left: all, the words without the facts, the rules alone, nothing."""
    if record.kind == "masked":
        return "nothing"
    (refusal,) = record.content["refusals"]
    if record.actor is None:
        assert "item" not in record.content
        assert (refusal["detail"], refusal["detail_en"], refusal["facts"]) == ("", "", {})
        return "rules"
    if not refusal["detail"]:
        assert refusal["facts"] == {}
        return "words of none"
    return "all" if refusal["facts"] else "words"


@pytest.mark.parametrize(
    ("live", "record", "shown"),
    [  # for observer, desk, floor
        ("observer", refused("ballot.cast", "vote.chair_last", outstanding=["2"]), ("all", "all", "rules")),
        ("observer", refused("vote.close", "vote.outstanding", outstanding=["2"]), ("all", "all", "rules")),
        ("observer", refused("ballot.cast", "vote.recused", member="8"), ("all", "all", "rules")),
        ("observer", refused("ballot.cast", "vote.choice", choice="defer"), ("all", "rules", "rules")),
        ("nobody", refused("ballot.cast", "vote.choice", choice="defer"), ("rules", "rules", "rules")),
        ("nobody", refused("vote.close", "vote.outstanding", outstanding=["2"]), ("rules", "rules", "rules")),
        ("all", refused("ballot.cast", "vote.choice", choice="defer"), ("all", "all", "words")),
        ("all", refused("opinion.submit", "vote.choice", choice="defer"), ("all", "all", "rules")),
        ("observer", refused("opinion.submit", "recusal.related", member="8"), ("all", "all", "rules")),
        ("observer", refused("speech.record", "recusal.related", person=8), ("all", "all", "words of none")),
        ("observer", refused("vote.open", "notice.missing", members=["2"]), ("all", "all", "words of none")),
        ("observer", refused("vote.open", "quorum.general", present=4), ("all", "all", "words")),
        ("observer", refused("motion.try", "agenda.ad_hoc", title="购车", mover=2), ("all", "all", "all")),
        ("observer", refused("motion.try", "agenda.ad_hoc", item="购车"), ("all", "all", "words")),
    ],
)
def test_refusals(live: Any, record: Record, shown: tuple[str, str, str]) -> None:
    state = state_with(Charter(ballots_live=live))
    observer, desk, floor = shown
    wanted = {"observer": observer, "secretary": desk, "chair": desk, "floor": floor, "author": floor}
    seen = {name: left(see(VIEWS[name], record, state)) for name in wanted}
    assert seen == wanted
    assert left(see(VIEWS["recused"], record, state)) == "rules"  # item 7 is before the meeting
    later = replace(state, items=(replace(state.items[0], state="decided"),))
    hidden = see(VIEWS["recused"], record, later)
    assert hidden.kind == "masked" or left(hidden) == "rules"


def test_refusals_before_notice_are_the_desks() -> None:
    """Why the notice could not be given names items that nobody else knows of."""
    record, state = refused("notice.give", "materials.incomplete", items=["任职"]), replace(state_with(), state="draft")
    seen = {name: left(see(view, record, state)) for name, view in VIEWS.items() if not view.hidden}
    desk, others = (
        dict.fromkeys(("secretary", "chair"), "all"),
        dict.fromkeys(("observer", "floor", "author"), "nothing"),
    )
    assert seen == {**desk, **others}


# Personnel items


PERSONNEL = {**ITEM, "category": "personnel", "motion": "拟任郑晓楠", "subjects": [{"id": 3, "name": "郑晓楠"}]}
PAPER = {"id": 5, "name": "考察材料.pdf", "media_type": "application/pdf", "size": 9, "sha256": "00"}


@pytest.mark.parametrize("name", VIEWS)
def test_a_personnel_item_is_its_title(name: str) -> None:
    """The notice lists it; its motion, whom it is about and its papers are handed out in the meeting."""
    item = {**PERSONNEL, "papers": [PAPER]}
    content = {"notice": 4, "agenda_hash": "", "charter": {}, "people": PEOPLE, "items": [item]}
    notice = Record(9, NOW, 1, 1, 1, "notice.given", content)
    added = Record(2, NOW, 1, 1, 1, "item.added", {"item": PERSONNEL})
    paper = Record(3, NOW, 1, 1, 1, "paper.added", {"item": 7, "paper": PAPER})
    gone = Record(4, NOW, 1, 1, 1, "paper.removed", {"item": 7, "paper": 5})
    draft = apply(EMPTY, added)
    shown = [see(VIEWS[name], record, draft) for record in (added, paper, gone)]
    shown.append(see(VIEWS[name], notice, apply(draft, notice)))
    whole = [added, paper, gone, notice]
    if name == "secretary":
        assert shown == whole
        return
    for word in ("郑晓楠", "考察"):
        assert word not in str(shown)
    (listed,) = shown[-1].content["items"]
    assert (listed["title"], listed["category"], listed["in_charge"]) == ("预算", "personnel", 2)
    assert shown[0].kind == ("item.added" if name == "chair" else "masked")
    assert [each.kind for each in shown[1:3]] == ["masked", "masked"]


# Whose view it is


def test_whose_view() -> None:
    recused = {8: RecusalState("recusal.related", "")}
    opinions = {2: OpinionState("no", "不妥"), 1: OpinionState("yes", "")}
    state = state_with(recusals=recused, opinions=opinions)
    assert state.presiding == 1
    assert view_of(state, 9, frozenset({"observer"})) == View("observer")
    assert view_of(state, 9, frozenset({"secretary", "attendee"})) == View("secretary")
    assert view_of(state, 1, frozenset({"member", "chair"})) == View("chair")
    assert view_of(state, 3, frozenset({"member", "chair"})) == View("floor")  # the body's chair, who does not preside
    assert view_of(state, 2, frozenset({"member"})) == View("floor", author=2)
    assert view_of(state, 8, frozenset({"member"})) == View("floor", frozenset({7}))
    assert view_of(state, 9, frozenset({"hall"})) == View("floor")
    presiding = replace(state, presiding=8)
    assert view_of(presiding, 8, frozenset({"member"})) == View("chair", frozenset({7}))
    handed = replace(state, acting=3)
    assert view_of(handed, 3, frozenset({"member"})) == View("chair")
    assert view_of(handed, 1, frozenset({"member", "chair"})) == View("floor", author=1)


def test_views_have_words_of_their_own() -> None:
    views = [
        View(name, hidden, author)
        for name in ("observer", "secretary", "chair", "floor")
        for hidden in (frozenset(), frozenset({7}), frozenset({7, 8}), frozenset({78}))
        for author in (None, 7, 78)
    ]  # fmt: skip
    assert len({view.token for view in views}) == len(views)


def test_a_listed_item_knows_no_more_than_its_view() -> None:
    """A view's state, folded from what it was shown, holds none of what it was not."""
    floor = EMPTY
    for record, state in moments():
        floor = apply(floor, see(VIEWS["recused"], record, state))
    item: ItemOnAgenda = next(iter(floor.items))
    assert (item.motion, item.speeches, item.positions, item.opinions, item.discussed) == ("", (), {}, {}, False)
    assert all(vote.tally is None and vote.ballots == {} and vote.quorum is None for vote in item.votes)
    assert all(recusal.reason == "" for recusal in item.recusals.values())
