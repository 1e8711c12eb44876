"""Each rule by itself: the cases that it allows and refuses, and the refusal's words."""

from itertools import product
from typing import get_args

import pytest

from acts.packages import rules
from acts.refusal import Allowed, Refused, Verdict
from agenda.records import Result
from agenda.recusal import find_recusals
from bodies.charter import Charter
from bodies.kinds_of_body import Decides
from bodies.kinship import Relations
from voting.chair_last import check_chair_last
from voting.changing import check_change
from voting.close_positions import weigh_positions
from voting.decision import Announced, check_decision
from voting.discussion import check_discussed
from voting.in_charge import check_in_charge
from voting.item_by_item import check_item_by_item
from voting.outstanding import check_outstanding
from voting.recusal import check_withdrawn, refusal_for
from voting.roll import Roll, check_ballot, check_on_roll, choices_for
from voting.written import Written, count_written

NAMES = {1: "张三", 2: "李四", 3: "王五"}


def refused(verdict: Verdict, rule: str) -> Refused:
    assert isinstance(verdict, Refused)
    assert verdict.rule == rule
    assert rule in rules()
    assert verdict.detail.endswith("。")
    assert verdict.detail_en.endswith(".")
    return verdict


@pytest.mark.parametrize(
    ("in_charge", "deputy", "allowed"),
    [(None, None, True), (None, 9, True), (1, None, True), (9, None, False), (9, 2, True), (9, 8, False)],
)
def test_the_member_in_charge_or_the_deputy_named(in_charge: int | None, deputy: int | None, allowed: bool) -> None:
    verdict = check_in_charge(in_charge, deputy, {1, 2})
    assert isinstance(verdict, Allowed) == allowed
    if not allowed:
        assert refused(verdict, "quorum.in_charge").facts["in_charge"] == "9"


def test_one_vote_at_a_time() -> None:
    assert isinstance(check_item_by_item(None), Allowed)
    assert "预算" in refused(check_item_by_item("预算"), "vote.item_by_item").detail


@pytest.mark.parametrize("done", list(product([True, False], repeat=3)))
def test_presented_recorded_and_all_heard(done: tuple[bool, bool, bool]) -> None:
    verdict = check_discussed(presented=done[0], recorded=done[1], all_heard=done[2])
    assert isinstance(verdict, Allowed) == all(done)
    if not all(done):
        detail = refused(verdict, "vote.not_discussed").detail
        assert [words in detail for words in ("介绍", "发言记录", "均已发言")] == [not each for each in done]


@pytest.mark.parametrize("member", [True, False])
@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("recused", [True, False])
@pytest.mark.parametrize("valid", [True, False])
def test_ballots_in_order_of_precedence(member: bool, present: bool, recused: bool, valid: bool) -> None:
    roll = Roll({1} if member else {2}, {1} if present else set(), {1} if recused else set())
    verdict = check_ballot(1, "yes" if valid else "YES", False, roll, NAMES.__getitem__)
    broken = [
        rule
        for rule, fine in (
            ("vote.not_member", member),
            ("vote.absent", present),
            ("vote.recused", not recused),
            ("vote.choice", valid),
        )
        if not fine
    ]
    if broken:
        refused(verdict, broken[0])
    else:
        assert isinstance(verdict, Allowed)


def test_defer_is_a_choice_on_personnel_items_only() -> None:
    assert choices_for(True) == ("yes", "no", "abstain", "defer")
    roll = Roll({1}, {1}, set[int]())
    assert isinstance(check_ballot(1, "defer", True, roll), Allowed)
    assert "同意、反对、弃权，" in refused(check_ballot(1, "defer", False, roll), "vote.choice").detail


def test_the_chair_votes_last() -> None:
    verdict = check_chair_last(Charter(), 1, 1, {1, 2, 3}, {2}, name=NAMES.__getitem__)
    assert refused(verdict, "vote.chair_last").facts["outstanding"] == ["3"]
    assert "王五" in refused(verdict, "vote.chair_last").detail
    assert isinstance(check_chair_last(Charter(), 1, 1, {1, 2, 3}, {2, 3}), Allowed)
    assert isinstance(check_chair_last(Charter(), 1, 1, {1}, set[int]()), Allowed)
    assert isinstance(check_chair_last(Charter(), 2, 1, {1, 2, 3}, set[int]()), Allowed)
    assert isinstance(check_chair_last(Charter(chair_last=False), 1, 1, {1, 2}, set[int]()), Allowed)


def test_the_chair_may_wait_no_longer_and_is_still_the_last() -> None:
    assert isinstance(check_chair_last(Charter(), 1, 1, {1, 2, 3}, {2}, chair_confirms=True), Allowed)
    # After the chair's there is no first ballot; the other rule decides on changing one that is there.
    late = check_chair_last(Charter(), 3, 1, {1, 2, 3}, {1, 2}, name=NAMES.__getitem__)
    assert "王五记为未表决" in refused(late, "vote.chair_last").detail
    assert isinstance(check_chair_last(Charter(), 2, 1, {1, 2, 3}, {1, 2}), Allowed)
    assert isinstance(check_chair_last(Charter(chair_last=False), 3, 1, {1, 2, 3}, {1, 2}), Allowed)
    # A chair who is not on the roll (recused, or None) neither waits for others nor ends their voting.
    assert isinstance(check_chair_last(Charter(), 1, 1, {2, 3}, {2}), Allowed)
    assert isinstance(check_chair_last(Charter(), 3, 1, {2, 3}, {1, 2}), Allowed)
    assert isinstance(check_chair_last(Charter(), 3, None, {2, 3}, {2}), Allowed)


def test_who_left_during_the_vote_is_told_to_come_back() -> None:
    roll = Roll({1, 2}, {1}, set[int]())
    assert "返回会场" in refused(check_on_roll(2, roll, left={2}), "vote.absent").detail
    assert "下一项" in refused(check_on_roll(2, roll), "vote.absent").detail


def test_kinship_on_record_late_is_named_when_the_vote_opens() -> None:
    related = [(1, "与赵六系夫妻关系"), (2, "系本议题所涉人员本人"), (9, "与赵六系夫妻关系")]
    assert isinstance(check_withdrawn(related, Roll({1, 2, 3}, {1, 2, 3}, {1, 2})), Allowed)
    still = refused(check_withdrawn(related, Roll({1, 2, 3}, {1}, {1}), NAMES.__getitem__), "recusal.related")
    assert "李四系本议题所涉人员本人" in still.detail
    assert still.facts == {"members": ["2"]}


def test_what_was_written_is_read_out_before_the_vote() -> None:
    def verdict(*unread: int) -> Verdict:
        return check_discussed(presented=True, recorded=True, all_heard=True, unread=unread, name=NAMES.__getitem__)

    assert isinstance(verdict(), Allowed)
    assert "张三、王五书面意见" in refused(verdict(3, 1), "vote.not_discussed").detail


@pytest.mark.parametrize("has_voted", [True, False])
@pytest.mark.parametrize("chair_has_voted", [True, False])
def test_when_a_ballot_may_be_replaced(has_voted: bool, chair_has_voted: bool) -> None:
    def verdict(charter: Charter) -> Verdict:
        return check_change(charter, has_voted=has_voted, chair_has_voted=chair_has_voted)

    assert isinstance(verdict(Charter(ballot_change="until_close")), Allowed)
    assert isinstance(verdict(Charter(ballot_change="never")), Allowed) == (not has_voted)
    assert isinstance(verdict(Charter()), Allowed) == (not (has_voted and chair_has_voted))


def test_closing_with_ballots_outstanding_takes_the_chairs_word() -> None:
    verdict = check_outstanding({1, 2, 3}, {3}, chair_confirms=False, name=NAMES.__getitem__)
    assert refused(verdict, "vote.outstanding").facts == {"outstanding": ["1", "2"], "count": 2}
    assert "张三、李四" in refused(verdict, "vote.outstanding").detail
    assert isinstance(check_outstanding({1, 2}, {3}, chair_confirms=True), Allowed)
    assert isinstance(check_outstanding({1, 2}, {1, 2}, chair_confirms=False), Allowed)


@pytest.mark.parametrize(
    ("yes", "no", "margin", "close"),
    [
        (0, 0, 1, False),
        (0, 0, 60, False),
        (1, 0, 1, True),
        (1, 0, 0, False),
        (0, 1, 1, True),
        (2, 2, 0, True),
        (3, 1, 1, False),
        (1, 3, 1, False),
        (3, 1, 2, True),
        (1, 3, 2, True),
    ],
)
def test_how_near_positions_are(yes: int, no: int, margin: int, close: bool) -> None:
    charter = Charter(close_margin=margin)
    sides = {n: "yes" if n < yes else "no" for n in range(yes + no)}
    strangers = {100 + n: "no" for n in range(5)}
    voiced = weigh_positions(charter, {**sides, **strangers}, set(range(50)), Written(abstain=3))
    assert (voiced.yes, voiced.no, voiced.close) == (yes, no, close)
    assert weigh_positions(charter, dict[int, str](), {1}, Written(yes=yes, no=no)).close == close


def test_an_opinion_counts_only_from_a_member_away_and_not_recused() -> None:
    roll = Roll({1, 2, 3, 4}, {1}, {2})
    counted = count_written({1: "yes", 2: "yes", 3: "no", 4: "defer", 5: "abstain"}, roll)
    assert counted == Written(no=1, defer=1)


def test_recusal_says_to_whom_and_how() -> None:
    relations = Relations([("spouse", 2, 8), ("parent", 8, 7)])
    found = find_recusals([3, 2, 1, 7], True, [7, 8], [3, 9, 2], relations)
    assert [(each.member, each.rule, each.subject) for each in found] == [
        (2, "recusal.related", 8),
        (3, "recusal.declared", None),
        (7, "recusal.related", 7),
    ]
    told = refused(refusal_for(found[0], {2: "李四", 8: "赵六"}.__getitem__), "recusal.related")
    assert "与本议题所涉人员赵六有夫妻关系" in told.detail
    assert told.facts == {"member": "2", "subject": "8", "kinship": "spouse"}
    assert "本人" in refused(refusal_for(found[2]), "recusal.related").detail
    refused(refusal_for(found[1]), "recusal.declared")


def test_off_personnel_items_only_a_declaration_recuses() -> None:
    found = find_recusals(["a", "b"], False, ["a"], ["b"], Relations([("spouse", "a", "b")]))
    assert [(each.member, each.rule) for each in found] == [("b", "recusal.declared")]


@pytest.mark.parametrize("outcome", get_args(Announced))
@pytest.mark.parametrize("result", get_args(Result))
@pytest.mark.parametrize("deciding", get_args(Decides))
@pytest.mark.parametrize("reason", [None, "", " \t　", "法定时限"])
def test_what_may_be_announced(outcome: Announced, result: Result, deciding: Decides, reason: str | None) -> None:
    verdict = check_decision(deciding, result, outcome, reason)
    reversal = {outcome, result} == {"passed", "not_passed"}
    if outcome == result:
        assert isinstance(verdict, Allowed)
    elif reversal and deciding == "majority":
        refused(verdict, "decision.majority")
    elif reason == "法定时限":
        assert isinstance(verdict, Allowed)
    else:
        refused(verdict, "decision.reason")
