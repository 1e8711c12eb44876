"""Quorum, majority and sensitivity against separate formulations in whole numbers."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acts.refusal import Allowed, Refused
from agenda.records import Choice
from bodies.charter import Charter
from voting.quorum import check_quorum, check_still_quorate, count_quorum
from voting.roll import Roll
from voting.tally import count_votes

SIZES = range(1, 61)


def fewest(base: int, top: int, bottom: int, strict: bool) -> int:
    """Oracle: the first number of people that reaches the share, tried one by one."""
    return next(n for n in count() if (n * bottom > base * top if strict else n * bottom >= base * top))


def roll(size: int, present: int, recused: int = 0) -> Roll[int]:
    """A roll of `size`: the first `present` are there, the last `recused` are recused, and a non-member is both."""
    return Roll(frozenset(range(size)), {*range(present), 999}, {*range(size - recused, size), 999})


@pytest.mark.parametrize(("text", "top", "bottom"), [("1/2", 1, 2), ("2/3", 2, 3), ("3/4", 3, 4), ("1", 1, 1)])
@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("personnel", [False, True])
def test_quorum_for_every_size(text: str, top: int, bottom: int, strict: bool, personnel: bool) -> None:
    charter = Charter(quorum=text, personnel_quorum=text, quorum_strict=strict)
    for size in SIZES:
        needed = fewest(size, top, bottom, strict and not personnel)
        for present in range(size + 1):
            quorum = count_quorum(charter, personnel, roll(size, present))
            assert (quorum.present, quorum.needed, quorum.base) == (present, needed, size)
            assert quorum.met == (present >= needed)


def test_the_defaults_are_a_half_and_two_thirds() -> None:
    for size in SIZES:
        assert count_quorum(Charter(), False, roll(size, 0)).needed == (size + 1) // 2
        assert count_quorum(Charter(), True, roll(size, 0)).needed == (2 * size + 2) // 3


@given(st.integers(1, 60), st.data(), st.integers(1, 999999), st.booleans(), st.booleans())
def test_quorum_with_recused(size: int, data: st.DataObject, bottom: int, in_base: bool, counts_present: bool) -> None:
    top = data.draw(st.integers(1, bottom))
    present, recused = data.draw(st.integers(0, size)), data.draw(st.integers(0, size))
    charter = Charter(quorum=f"{top}/{bottom}", recused_in_base=in_base, recused_counts_present=counts_present)
    quorum = count_quorum(charter, False, roll(size, present, recused))
    base = size if in_base else size - recused
    here = sum(1 for n in range(present) if counts_present or n < size - recused)
    assert (quorum.base, quorum.present, quorum.needed) == (base, here, fewest(base, top, bottom, False))


def test_a_quorum_not_met_is_refused_with_its_numbers() -> None:
    short = count_quorum(Charter(), True, roll(7, 4))
    for verdict, rule in (
        (check_quorum(short, True), "quorum.personnel"),
        (check_quorum(short, False), "quorum.general"),
        (check_still_quorate(short), "quorum.lost"),
    ):
        assert isinstance(verdict, Refused)
        assert verdict.rule == rule
        assert verdict.facts == {"present": 4, "needed": 5, "base": 7}
        assert "5" in verdict.detail
    enough = count_quorum(Charter(), True, roll(7, 5))
    assert isinstance(check_quorum(enough, True), Allowed)
    assert isinstance(check_still_quorate(enough), Allowed)


def test_majority_for_every_size() -> None:
    for size in SIZES:
        for yes in range(size + 1):
            for recused in range(size - yes + 1):
                for in_base in (True, False):
                    base = size if in_base else size - recused
                    counted = count_votes(
                        Charter(recused_in_base=in_base),
                        members=size,
                        recused=recused,
                        voters=size - recused,
                        choices=["yes"] * yes,
                    )
                    passes = yes > base - yes
                    assert counted.result == ("passed" if passes else "not_passed")
                    assert (yes >= counted.needed) == passes
                    assert counted.sensitive == ((yes > size - yes) != (yes > size - recused - yes))
                    assert counted.base == base


@given(st.lists(st.sampled_from(["yes", "no", "abstain", "defer"]), max_size=60), st.integers(0, 9))
def test_a_tally_adds_up_to_the_roll(choices: list[Choice], silent: int) -> None:
    voters = len(choices) + silent
    tally = count_votes(Charter(), members=70, recused=0, voters=voters, choices=choices).tally
    assert tally.yes + tally.no + tally.abstain + tally.defer + tally.not_voted == voters
    assert (tally.yes, tally.not_voted) == (len([c for c in choices if c == "yes"]), silent)


def test_ballots_that_the_roll_should_have_kept_out_are_an_error() -> None:
    with pytest.raises(ValueError, match="kept out"):
        count_votes(Charter(), members=3, recused=0, voters=1, choices=["yes", "no"])
    strange: list[Choice] = ["maybe"]  # type: ignore[list-item]  # the error is for this
    with pytest.raises(ValueError, match="kept out"):
        count_votes(Charter(), members=3, recused=0, voters=3, choices=strange)
