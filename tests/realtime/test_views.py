"""The part of each kind of record that each view shows."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from acts import showing
from acts.content import Content, Stamp
from acts.folding import apply, content_of, kinds, stamp_of
from acts.kinds.refusing import RuleRefused
from acts.showing import follow
from agenda.kinds.noticing import NoticeGiven
from agenda.state import MeetingState, OpinionState, RecusalState
from agenda.views import View, view_of
from bodies.charter import Charter
from storage.ledger import Record
from tests.realtime.test_telling import CAST, ITEM, NOW, PEOPLE, STORY
from voting.kinds.balloting import BallotCast

VIEWS = {
    "observer": View("observer"),
    "secretary": View("secretary"),
    "chair": View("chair"),
    "floor": View("floor"),
    "recused": View("floor", frozenset({7})),
    "author": View("floor", author=2),
}

# By kind, for observer, secretary, chair, floor, recused from the item, author of an opinion on it: "=" the whole
# record, "-" masked, else the fields left of the content (~ with another value, + added).
ALL = ("=",) * 6
DESK = ("-", "=", "=", "-", "-", "-")
TABLE: dict[str, tuple[str, ...]] = {
    "meeting.created": ALL,
    "meeting.changed": ALL,
    "meeting.presiding": ALL,
    "meeting.cancelled": ("=", "=", "=", *("~reason",) * 3),  # the reason may name an item of the draft
    "item.added": DESK,
    "item.changed": DESK,
    "item.removed": DESK,
    "item.moved": DESK,
    "paper.added": DESK,
    "paper.cleared": DESK,
    "paper.infected": DESK,
    "paper.removed": DESK,
    "materials.checked": DESK,
    "agenda.submitted": DESK,
    "agenda.sent_back": DESK,
    "agenda.approved": DESK,
    "notice.given": ("=", "=", "=", "=", "agenda_hash charter ~items notice people rulebook", "="),
    "notice.changed": ALL,
    "notice.delivered": ("=", "=", "=", "-", "-", "-"),
    "notice.acknowledged": ("=", "=", "=", "-", "-", "-"),
    "delivery.corrected": ("=", "=", "=", "-", "-", "-"),
    "notice.withdrawn": ALL,
    "leave.granted": ("=", "=", "=", "person ~reason", "person ~reason", "person ~reason"),
    "presence.arrived": ALL,
    "presence.left": ALL,
    "presence.corrected": ("=", "=", "=", *("corrects note person since state",) * 3),
    "meeting.called": ALL,
    "meeting.adjourned": ALL,
    "chair.handed": ("=", "=", "=", *("person ~reason",) * 3),  # the reason can be that of a recusal
    "item.presented": ("=", "=", "=", *("item presenter ~recusals",) * 3),
    "attendee.called": ALL,
    "item.spoken": ("=", "=", "=", "=", "-", "="),
    "speech.corrected": ("=", "=", "=", "=", "-", "="),
    "position.voiced": ("=", "=", "=", "=", "-", "="),
    "position.corrected": ("=", "=", "=", "=", "-", "="),
    "discussion.closed": ("=", "=", "=", "=", "-", "="),
    "opinion.submitted": ("=", "=", "=", "item person", "-", "="),
    "opinion.read": ("=", "=", "=", "+choice item person +text", "-", "+choice item person +text"),
    "opinion.voided": ("=", "=", "=", "=", "-", "="),
    "opinion.restored": ("=", "=", "=", "=", "-", "="),
    "recusal.declared": ("=", "=", "=", *("item person ~reason",) * 3),
    "recusal.taken_back": ("=", "=", "=", *("corrects item person ~reason",) * 3),
    "recorder.named": ALL,
    "vote.opened": ("=", "=", "=", "=", "item round vote", "="),
    "ballot.cast": ("=", "item person version vote", "item person version vote", "item vote", "-", "item vote"),
    "ballot.taken": ("=", "=", "item person version vote", "-", "-", "-"),  # of version 2; more below
    "ballot.objected": ("=", "=", "=", "-", "-", "-"),
    "vote.closed": ("=", "=", "=", "=", "item vote", "="),
    "vote.voided": ("=", "=", "=", "=", "item vote", "="),
    "item.put_off": ("=", "=", "=", "=", "item ~reason", "="),
    "item.withdrawn": ("=", "=", "=", "=", "item ~reason", "="),
    "item.deferred": ("=", "=", "=", "=", "item ~reason", "="),
    "item.reopened": ("=", "=", "=", "=", "item ~reason vote", "="),
    "decision.announced": ("=", "=", "=", "=", "item outcome ~reason", "="),  # an amended personnel motion: below
    "rule.refused": ALL,  # of an ad hoc motion; more below
    "objection.raised": ("=", "=", "=", "-", "-", "-"),
    "people.requested": ("=", "=", "=", "-", "-", "-"),
    "people.decided": ("=", "=", "=", "-", "-", "-"),
    "people.administered": ("=", "=", "=", "-", "-", "-"),
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
    "minutes.void_seen": ALL,
    "proceedings.signed": ALL,
}
Seen = tuple[Content | None, Stamp]


def see(view: View, record: Record, state: MeetingState) -> Seen:
    return showing.see(view, record, content_of(record), state)


def parts(content: Content) -> dict[str, Any]:
    """The fields of a content, without those that are None or have their default."""
    fields = msgspec.structs.fields(content)
    told = {each.name: getattr(content, each.name) for each in fields if getattr(content, each.name) != each.default}
    return {name: value for name, value in told.items() if value is not None}


def shape(record: Record, seen: Seen) -> str:
    """The part of a record that a view shows, as TABLE has it."""
    content, stamp = seen
    whole = content_of(record)
    if (content, stamp) == (whole, stamp_of(record)):
        return "="
    if content is None:
        assert stamp == Stamp(record.seq, record.at, None)
        return "-"
    assert (stamp.seq, stamp.at, content.kind) == (record.seq, record.at, record.kind)
    marks = {
        name: "+" if name not in parts(whole) else "" if parts(whole)[name] == value else "~"
        for name, value in sorted(parts(content).items())
    }
    return " ".join(f"{mark}{name}" for name, mark in marks.items())


def moments() -> list[tuple[Record, MeetingState]]:
    """The records of STORY, with a motion and a reason for the decision to keep back, and the state after each."""
    state, found = MeetingState(), []
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
    assert TABLE.keys() == kinds("meeting").keys()
    assert {record.kind for record, _ in moments()} == TABLE.keys()


@pytest.mark.parametrize("kind", sorted(TABLE.keys() - {"rule.refused"}))
def test_a_kind_names_the_views_that_see_it(kind: str) -> None:
    """`views` and `part`, from which docs/records.md is made, agree with `see`."""
    named = kinds("meeting")[kind]
    assert not named.views & named.part
    for name, shown in zip(VIEWS, TABLE[kind][:4], strict=False):
        if name in named.views:
            assert shown == "="
        elif name not in named.part:
            assert shown == "-"
    sees = [name for name, shown in zip(VIEWS, TABLE[kind][:4], strict=False) if shown not in ("=", "-")]
    assert set(sees) <= named.part


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_what_each_view_shows(kind: str) -> None:
    for record, state in moments():
        again = kind == record.kind == "ballot.cast" and (
            record.content["version"] > 1 or "outstanding" in record.content
        )
        if record.kind == kind and not again:
            shown = {name: shape(record, see(view, record, state)) for name, view in VIEWS.items()}
            if record.content.get("reason", "…") == "":
                continue  # no reason to keep back
            assert shown == dict(zip(VIEWS, TABLE[kind], strict=True))


def state_with(charter: Charter | None = None, **item: Any) -> MeetingState:
    """A meeting in session whose item 7 has these fields."""
    (whole,) = (state for record, state in moments() if record.kind == "vote.closed")
    return replace(whole.on_item(7, **item), charter=charter or Charter())


def test_an_amended_personnel_motion_is_the_secretarys() -> None:
    content = {"item": 7, "outcome": "amended", "reason": "另定", "text": "拟任副科长。"}
    record = Record(9, NOW, 1, 1, 1, "decision.announced", content)
    less = "item outcome reason"
    shown = [shape(record, see(view, record, state_with(category="personnel"))) for view in VIEWS.values()]
    assert shown == [less, "=", less, less, "item outcome ~reason", less]


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
    record = Record(9, NOW, 1, 1, 2, "ballot.cast", {**CAST, "version": version})
    seen = [see(view, record, state_with(Charter(ballots_live=live))) for view in VIEWS.values()]
    assert tuple(shape(record, each) for each in seen) == shown
    for content, stamp in seen:
        if content is None or "person" not in parts(content):
            assert stamp.actor is None


@pytest.mark.parametrize(("version", "shown"), [(1, "item vote"), (2, "-")])
def test_an_observer_who_votes_sees_no_ballot_before_the_close(version: int, shown: str) -> None:
    """They see as a member does that k of n have voted; what the meeting refused they see as an observer."""
    record = Record(9, NOW, 1, 1, 2, "ballot.cast", {**CAST, "version": version})
    voting = View("observer", voting=True)
    content, stamp = see(voting, record, state_with())
    assert shape(record, (content, stamp)) == shown
    assert stamp.actor is None
    assert shape(record, see(voting, record, state_with(Charter(ballots_live="all")))) == "="
    tried = refused("vote.close", "vote.outstanding", outstanding=["2"])
    assert left(see(voting, tried, state_with())) == "rules"
    tried = refused("motion.try", "agenda.ad_hoc", title="购车", mover=2)
    assert left(see(voting, tried, state_with())) == "all"


def test_a_ballot_taken_down_is_seen_by_the_recorder_and_as_any_other() -> None:
    record = Record(9, NOW, 1, 1, 1, "ballot.taken", CAST)
    shown = [shape(record, see(view, record, state_with())) for view in VIEWS.values()]
    assert shown == ["=", "=", "item person version vote", "item vote", "-", "item vote"]


def test_whom_the_chair_did_not_wait_for() -> None:
    """The views that see who has voted see the outstanding: desk and observer while the vote is open."""
    record = Record(9, NOW, 1, 1, 2, "ballot.cast", {**CAST, "outstanding": [1]})
    shown = {name: see(view, record, state_with())[0] for name, view in VIEWS.items()}
    seen = {name for name, content in shown.items() if isinstance(content, BallotCast) and content.outstanding}
    assert seen == {"observer", "secretary", "chair"}


# Refusals


def refused(operation: str, rule: str, **facts: Any) -> Record:
    refusal = {"rule": rule, "detail": "郑凯与郑晓楠系亲属，林静未表决。", "detail_en": "…", "facts": facts}
    return Record(9, NOW, 1, 1, 2, "rule.refused", {"operation": operation, "item": 7, "refusals": [refusal]})


def left(seen: Seen) -> str:
    """The part of a refusal that is left: all, the words without the facts, the rules alone, nothing."""
    content, stamp = seen
    if content is None:
        return "nothing"
    assert isinstance(content, RuleRefused)
    (refusal,) = content.refusals
    if stamp.actor is None:
        assert content.item is None
        assert (refusal.detail, refusal.detail_en, refusal.facts) == ("", "", {})
        return "rules"
    if not refusal.detail:
        assert refusal.facts == {}
        return "words of none"
    return "all" if refusal.facts else "words"


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
    later = state.on_item(7, state="decided")
    assert left(see(VIEWS["recused"], record, later)) == "nothing"


def test_refusals_before_notice_are_the_desks() -> None:
    """The refusal of a notice names items that only the desk knows of."""
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
    """The notice lists the item; its motion, subjects and papers are given out in the meeting alone."""
    item = {**PERSONNEL, "papers": [PAPER]}
    content = {
        "notice": 4,
        "agenda_hash": "",
        "charter": {},
        "rulebook": {"titles": {}, "clauses": {}},
        "people": PEOPLE,
        "items": [item],
    }
    notice = Record(9, NOW, 1, 1, 1, "notice.given", content)
    added = Record(2, NOW, 1, 1, 1, "item.added", {"item": PERSONNEL})
    paper = Record(3, NOW, 1, 1, 1, "paper.added", {"item": 7, "paper": PAPER})
    gone = Record(4, NOW, 1, 1, 1, "paper.removed", {"item": 7, "paper": 5})
    draft = apply(MeetingState(), added)
    shown = [see(VIEWS[name], record, draft)[0] for record in (added, paper, gone)]
    shown.append(see(VIEWS[name], notice, apply(draft, notice))[0])
    if name == "secretary":
        assert shown == [content_of(record) for record in (added, paper, gone, notice)]
        return
    for word in ("郑晓楠", "考察"):
        assert word not in str(shown)
    given = shown[-1]
    assert isinstance(given, NoticeGiven)
    (listed,) = given.items
    assert (listed.title, listed.category, listed.in_charge) == ("预算", "personnel", 2)
    assert (shown[0] is not None) == (name == "chair")
    assert shown[1:3] == [None, None]


# The view of a person


def test_whose_view() -> None:
    recused = {8: RecusalState("recusal.related", "")}
    opinions = {2: OpinionState("no", "不妥"), 1: OpinionState("yes", "")}
    state = replace(state_with(recusals=recused, opinions=opinions), formal_members=(1, 2, 3, 8))
    assert state.presiding == 1
    assert view_of(state, 9, frozenset({"observer"})) == View("observer")
    assert view_of(state, 2, frozenset({"observer", "member"})) == View("observer", voting=True)
    assert view_of(state, 2, frozenset({"observer"})) == View("observer", voting=True)  # N's member, the role revoked
    assert view_of(state, 1, frozenset({"observer", "member"})) == View("chair")  # while holding the chair
    assert view_of(state, 9, frozenset({"secretary", "attendee"})) == View("secretary")
    assert view_of(state, 1, frozenset({"member", "head"})) == View("chair")
    assert view_of(state, 3, frozenset({"member", "head"})) == View("floor")  # the body's head, who does not preside
    assert view_of(state, 2, frozenset({"member"})) == View("floor", author=2)
    assert view_of(state, 8, frozenset({"member"})) == View("floor", frozenset({7}))
    assert view_of(state, 9, frozenset({"hall"})) == View("floor", screen=True)
    presiding = replace(state, presiding=8)
    assert view_of(presiding, 8, frozenset({"member"})) == View("chair", frozenset({7}))
    handed = replace(state, acting=3)
    assert view_of(handed, 3, frozenset({"member"})) == View("chair")
    assert view_of(handed, 1, frozenset({"member", "head"})) == View("floor", author=1, keeps=frozenset({7}))


def test_a_substitute_recorder_sees_the_record_that_they_keep() -> None:
    """On a personnel item too, and of that item alone; of its agenda they see what the floor sees."""
    keeping, floor = View("floor", keeps=frozenset({7})), View("floor")
    taken = ("item.spoken", "speech.corrected", "position.voiced", "position.corrected", "opinion.submitted",
             "opinion.read", "ballot.taken", "ballot.objected")  # fmt: skip
    for record, state in moments():
        personnel = state.on_item(7, category="personnel") if 7 in state.items else state
        mine = shape(record, see(keeping, record, personnel))
        other = shape(record, see(View("floor", keeps=frozenset({8})), record, personnel))
        assert other == shape(record, see(floor, record, personnel))
        assert mine == ("=" if record.kind in taken else other), record.kind
    kept = replace(state_with(recusals={}, opinions={}), formal_members=(1, 2)).on_item(7, recorder=2)
    assert view_of(kept, 2, frozenset({"member"})) == View("floor", keeps=frozenset({7}))
    assert view_of(kept.on_item(7, recorder=9), 9, frozenset({"attendee"})).only == frozenset({7})
    recused = kept.on_item(7, recusals={2: RecusalState("recusal.declared", "")})
    assert view_of(recused, 2, frozenset({"member"})) == View("floor", frozenset({7}))


def test_a_related_secretary_sees_the_title_alone() -> None:
    """Before anybody was recused, and in the draft: of their item the title, of other items all."""
    related = view_of(state_with(recusals={}), 9, frozenset({"secretary"}), frozenset({7}))
    assert related == View("secretary", frozenset({7}))
    shown = {record.kind: shape(record, see(related, record, state)) for record, state in moments()}
    assert [shown[kind] for kind in ("item.added", "item.changed", "notice.given")] == [
        "~item", "~item", "agenda_hash charter ~items notice people rulebook"
    ]  # fmt: skip
    assert [shown[kind] for kind in ("paper.added", "paper.removed", "item.spoken", "position.voiced")] == ["-"] * 4
    assert [shown[kind] for kind in ("item.moved", "item.removed", "materials.checked")] == ["="] * 3
    other = View("secretary", frozenset({8}))
    assert all(shape(record, see(other, record, state)) == "=" for record, state in moments() if "item" in record.kind)


def test_views_have_words_of_their_own() -> None:
    views = [
        View(name, hidden, author, voting, keeps=keeps)
        for name in ("observer", "secretary", "chair", "floor")
        for voting in (False, True)
        for hidden in (frozenset(), frozenset({7}), frozenset({7, 8}), frozenset({78}))
        for author in (None, 7, 78)
        for keeps in (frozenset(), frozenset({7}), frozenset({78}))
    ]  # fmt: skip
    assert len({view.token for view in views}) == len(views)


def test_a_listed_item_knows_no_more_than_its_view() -> None:
    """A view's state, folded from the records that it was shown, has nothing more."""
    floor = MeetingState()
    for record, state in moments():
        floor = follow(floor, *see(VIEWS["recused"], record, state), record)
    item = floor.items[7]
    assert (item.motion, dict(item.speeches), dict(item.positions), dict(item.opinions)) == ("", {}, {}, {})
    assert not item.discussed
    assert len(item.votes) == 2
    assert all(vote.tally is None and vote.ballots == {} and vote.quorum is None for vote in item.votes.values())
    assert all(recusal.reason == "" for recusal in item.recusals.values())


def test_a_view_does_not_keep_who_acted_where_it_is_not_said() -> None:
    """Where a view has the rules alone, neither record nor state says who tried, or on what item."""
    record, state = refused("ballot.cast", "vote.choice", choice="defer"), state_with()
    shown = {
        name: follow(MeetingState(), *see(view, record, state), record).refusals[9] for name, view in VIEWS.items()
    }
    assert {name for name, refusal in shown.items() if refusal.actor == 2} == {"observer"}
    assert {name for name, refusal in shown.items() if refusal.item == 7} == {"observer"}


@pytest.mark.parametrize("name", VIEWS)
def test_which_item_a_record_is_about(name: str) -> None:
    """A view knows the item of a record that it sees; of masked records, only the item from which it is recused."""
    view = VIEWS[name]
    for record, state in moments():
        content = content_of(record)
        seen, _ = see(view, record, state)
        wanted = getattr(content, "item", None) if isinstance(getattr(content, "item", None), int) else None
        if seen is None and (name != "recused" or (record.kind in TABLE and TABLE[record.kind] == DESK)):
            wanted = None
        assert view.item(content, seen) == wanted, record.kind
    tried = refused("ballot.cast", "vote.choice", choice="defer")
    seen, stamp = see(view, tried, state_with())
    assert view.item(content_of(tried), seen) == (7 if stamp.actor else None)
