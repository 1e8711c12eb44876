"""Whole cases: every refusal alone and together, and random meetings against an oracle."""

from fractions import Fraction
from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decide.deciding import decide, weigh
from decide.reading import read_case
from tests.decide.meetings import MEMBERS, as_bytes, meeting


def outcome(case: dict[str, Any]) -> Any:
    return msgspec.json.decode(msgspec.json.encode(decide(read_case(as_bytes(case)))))


def late(case: dict[str, Any]) -> None:
    case["meeting"]["notices"]["zhao"] = "2026-04-14T08:00:00+08:00"


def missing(case: dict[str, Any]) -> None:
    del case["meeting"]["notices"]["qian"]


def ad_hoc(case: dict[str, Any]) -> None:
    case["agenda"] = ["another"]


def materials(case: dict[str, Any]) -> None:
    case["items"][0]["materials_complete"] = False


def undiscussed(case: dict[str, Any]) -> None:
    case["items"][0]["discussed"] = False


def few(case: dict[str, Any]) -> None:
    case["items"][0]["attendance"] = dict.fromkeys(MEMBERS[3:], "absent")


def nobody_in_charge(case: dict[str, Any]) -> None:
    case["items"][0] |= {"in_charge": "stranger", "deputy_in_charge": "other"}


SPOILERS = {
    late: ("notice.lead", "notice.lead"),
    missing: ("notice.missing", "notice.missing"),
    ad_hoc: ("agenda.ad_hoc", "agenda.ad_hoc"),
    materials: ("materials.incomplete", "personnel.materials"),
    undiscussed: ("vote.not_discussed", "vote.not_discussed"),
    few: ("quorum.general", "quorum.personnel"),
    nobody_in_charge: ("quorum.in_charge", "quorum.in_charge"),
}


@pytest.mark.parametrize("category", ["major", "personnel", "project", "funds", "other"])
def test_every_refusal_alone_and_in_every_combination(category: str) -> None:
    for chosen in product([False, True], repeat=len(SPOILERS)):
        case = meeting(category=category, decision={"outcome": "passed"})
        spoilers = [spoil for spoil, wanted in zip(SPOILERS, chosen, strict=True) if wanted]
        for spoil in spoilers:
            spoil(case)
        item = outcome(case)["items"][0]
        assert item["refusals"] == sorted(SPOILERS[spoil][category == "personnel"] for spoil in spoilers)
        assert item["opened"] == (not spoilers)
        if spoilers:
            assert (item["tally"], item["result"], item["decision"]) == (None, None, None)
        else:
            assert (item["result"], item["decision"]["accepted"]) == ("passed", True)


@pytest.mark.parametrize("category", ["major", "personnel"])
@pytest.mark.parametrize("spoil", [None, undiscussed])
def test_every_ballot_that_does_not_count_alone_and_together(category: str, spoil: Any) -> None:
    """Ballots of an absent member, a recused one, one with an invalid choice and a non-member, in every combination."""
    wrong = {"guest": "vote.not_member", "sun": "vote.absent", "wu": "vote.recused", "zhou": "vote.choice"}
    for chosen in product([False, True], repeat=len(wrong)):
        members = [member for member, wanted in zip(wrong, chosen, strict=True) if wanted]
        case = meeting(category=category, declared_recusals=["wu"], attendance={"sun": "absent"})
        case["items"][0]["ballots"] = {"zhao": "yes", **dict.fromkeys(members, "sideways")}
        if spoil:
            spoil(case)
        item = outcome(case)["items"][0]
        assert item["rejected_ballots"] == [{"member": each, "rule": wrong[each]} for each in sorted(members)]
        assert item["tally"] == (None if spoil else {"yes": 1, "no": 0, "abstain": 0, "defer": 0, "not_voted": 4})


def test_of_what_is_wrong_with_one_ballot_the_first_is_named() -> None:
    for away, recused, choice in product([False, True], repeat=3):
        case = meeting(declared_recusals=["sun"] if recused else [])
        case["items"][0]["attendance"] = {"sun": "absent"} if away else {}
        case["items"][0]["ballots"] = {"sun": "defer" if choice else "yes"}
        rejected = outcome(case)["items"][0]["rejected_ballots"]
        rule = "vote.absent" if away else "vote.recused" if recused else "vote.choice" if choice else None
        assert rejected == ([{"member": "sun", "rule": rule}] if rule else [])


CHOICES = st.sampled_from(["yes", "yes", "yes", "no", "abstain", "defer", "YES", ""])
PEOPLE = st.sampled_from([*MEMBERS, "guest", "🐼", "Z\nz"])
SHARES = st.sampled_from(["1/2", "2/3", "1", "3/7", "1/1000", "999/1000"])


def maps(values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(PEOPLE, values, max_size=9)


ITEMS = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["personnel", "personnel", "funds"]),
        "subjects": st.lists(PEOPLE, max_size=2),
        "declared_recusals": st.lists(PEOPLE, max_size=4),
        "attendance": maps(st.sampled_from(["present", "absent"])),
        "positions": maps(st.sampled_from(["yes", "no"])),
        "written": maps(st.sampled_from(["yes", "no", "abstain", "defer"])),
        "ballots": maps(CHOICES),
        "decision": st.none()
        | st.fixed_dictionaries(
            {
                "outcome": st.sampled_from(["passed", "not_passed", "amended", "shelved", "reconsidered"]),
                "reason": st.sampled_from([None, "", " ", "reason"]),
            }
        ),
    },
    optional={"in_charge": PEOPLE, "deputy_in_charge": PEOPLE},
)
POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "quorum": SHARES,
        "personnel_quorum": SHARES,
        "quorum_strict": st.booleans(),
        "recused_in_base": st.booleans(),
        "recused_counts_present": st.booleans(),
        "close_margin": st.integers(0, 4),
        "decision": st.sampled_from(["majority", "head"]),
    },
)


def expected(case: dict[str, Any]) -> dict[str, Any]:
    """Oracle: docs/decision-cases.md applied member by member, to cases without kinship and with notice given."""
    item, policy = case["items"][0], case["body"]["policy"]
    personnel = item["category"] == "personnel"
    present, recused, rejected = 0, [], []
    tally = {"yes": 0, "no": 0, "abstain": 0, "defer": 0, "not_voted": 0}
    written = {"yes": 0, "no": 0, "abstain": 0, "defer": 0}
    difference, voices, in_charge = 0, 0, item.get("in_charge") is None
    for member in MEMBERS:
        here = item["attendance"].get(member, case["attendance"].get(member)) == "present"
        away = member in item["declared_recusals"] or (personnel and member in item["subjects"])
        if away:
            recused.append(member)
        in_charge = in_charge or (here and member in (item["in_charge"], item.get("deputy_in_charge")))
        if here and (not away or policy.get("recused_counts_present", False)):
            present += 1
        voice = item["positions"].get(member) if here and not away else None
        if not here and not away and member in item["written"]:
            written[item["written"][member]] += 1
            voice = item["written"][member]
        if voice in ("yes", "no"):
            voices += 1
            difference += 1 if voice == "yes" else -1
        if here and not away:
            ballot = item["ballots"].get(member)
            if ballot in ("yes", "no", "abstain") or (personnel and ballot == "defer"):
                tally[ballot] += 1
            else:
                tally["not_voted"] += 1
                rejected += [{"member": member, "rule": "vote.choice"}] if ballot is not None else []
        elif member in item["ballots"]:
            rejected.append({"member": member, "rule": "vote.recused" if here else "vote.absent"})
    rejected += [{"member": who, "rule": "vote.not_member"} for who in item["ballots"] if who not in MEMBERS]
    kept = policy.get("recused_in_base", True)
    base = 7 if kept else 7 - len(recused)
    share = policy.get("personnel_quorum", "2/3") if personnel else policy.get("quorum", "1/2")
    least = base * Fraction(share)
    more = policy.get("quorum_strict", False) and not personnel
    needed = next(n for n in range(9) if (n > least if more else n >= least))
    refusals = [] if in_charge else ["quorum.in_charge"]
    if present < needed:
        refusals.append("quorum.personnel" if personnel else "quorum.general")
    opened = not refusals
    result = "passed" if tally["yes"] * 2 > base else "not_passed"
    announced = item["decision"]
    if announced is not None:
        rule = None
        if announced["outcome"] != result:
            if not (announced["reason"] or "").strip():
                rule = "decision.reason"
            if policy.get("decision") != "head" and announced["outcome"] in ("passed", "not_passed"):
                rule = "decision.majority"
        announced = {"outcome": announced["outcome"], "accepted": rule is None, "rule": rule}
    return {
        "id": "plan",
        "opened": opened,
        "refusals": sorted(refusals),
        "recused": sorted(recused),
        "quorum": {"present": present, "needed": needed, "base": base, "met": present >= needed},
        "written": written,
        "close": voices > 0 and abs(difference) <= policy.get("close_margin", 1),
        "base": base,
        "needed": next(n for n in range(9) if n * 2 > base),
        "tally": tally if opened else None,
        "result": result if opened else None,
        "sensitive": opened and (tally["yes"] * 2 > 7) != (tally["yes"] * 2 > 7 - len(recused)),
        "rejected_ballots": sorted(rejected, key=lambda each: each["member"]),
        "decision": announced if opened else None,
    }


@given(ITEMS, POLICIES, maps(st.sampled_from(["present", "present", "present", "absent"])))
@settings(max_examples=1000, deadline=None)
def test_random_meetings_come_out_as_a_second_reading_has_them(
    item: dict[str, Any], policy: dict[str, Any], attendance: dict[str, str]
) -> None:
    case = meeting(**item)
    case["body"]["policy"] = policy
    case["attendance"] |= attendance
    assert outcome(case) == {"notice": {"valid": True, "late": [], "missing": []}, "items": [expected(case)]}


def test_dates_are_taken_in_the_meetings_offset() -> None:
    case = meeting()
    # 23:30 on Sunday in Greenwich is Monday morning in Beijing: one working day too late for Tuesday.
    case["body"]["policy"] = {"lead_working_days": 2}
    case["meeting"]["notices"]["zhao"] = "2026-04-12T23:30:00Z"
    assert outcome(case)["notice"]["late"] == ["zhao"]
    case["meeting"]["notices"]["zhao"] = "2026-04-11T01:00:00+14:00"
    assert outcome(case)["notice"]["late"] == []


def test_what_is_said_of_strangers_has_no_effect() -> None:
    case = meeting()
    plain = outcome(case)
    case["attendance"]["x"] = "present"
    case["meeting"]["notices"]["y"] = "2026-04-14T08:59:00+08:00"
    case["items"][0] |= {"written": {"x": "no"}, "positions": {"x": "no"}, "declared_recusals": ["x"]}
    assert outcome(case) == plain
    assert read_case(as_bytes(case)).strangers() == ["x", "y"]


def test_with_everybody_recused_out_of_the_base_nothing_passes() -> None:
    case = meeting(declared_recusals=MEMBERS)
    case["body"]["policy"] = {"recused_in_base": False}
    item = outcome(case)["items"][0]
    assert item["quorum"] == {"present": 0, "needed": 0, "base": 0, "met": True}
    assert (item["opened"], item["needed"], item["result"]) == (True, 1, "not_passed")


def test_the_reasons_call_people_as_they_are_named() -> None:
    case = meeting(in_charge="stranger")
    late(case)
    findings = weigh(read_case(as_bytes(case)), {"zhao": "赵某", "stranger": "某人"}.__getitem__)
    assert "赵某" in findings.noticed[0].detail
    assert "某人" in findings.items[0].refusals[1].detail
