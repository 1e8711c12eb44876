from fractions import Fraction

import pytest
from msgspec import structs

from acts.refusal import Allowed, Refused
from bodies.charter import Charter, check_lawful, share
from bodies.kinds_of_body import charter_of


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", (1, 1)), ("1/2", (1, 2)), ("02/03", (2, 3)), ("999999/999999", (1, 1)), ("1/999999", (1, 999999))],
)
def test_a_share_is_read_exactly(text: str, value: tuple[int, int]) -> None:
    assert share(text) == Fraction(*value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "2",
        "0/1",
        "1/0",
        "0/0",
        "3/2",
        "-1/2",
        "1/-2",
        "1 /2",
        "1/2 ",
        "1/2\n",
        "0.5",
        "1/2/3",
        "1000000/1000000",
        "１/２",
        "¹/₂",
        "1/",
        "/2",
        "½",
        "+1/2",
        "1_0/20",
    ],
)
def test_anything_else_is_no_share(text: str) -> None:
    with pytest.raises(ValueError, match="share"):
        share(text)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quorum": "49/100"}, "quorum"),
        ({"quorum": "many"}, "quorum"),
        ({"personnel_quorum": "665/1000"}, "personnel_quorum"),
        ({"lead_working_days": 0}, "lead_working_days"),
        ({"lead_working_days": 31}, "lead_working_days"),
        ({"close_margin": -1}, "close_margin"),
        ({"close_margin": 61}, "close_margin"),
        ({"minutes_series": "  "}, "minutes_series"),
    ],
)
def test_an_unlawful_charter_is_refused_by_field(change: dict[str, str | int], field: str) -> None:
    verdict = check_lawful(structs.replace(Charter(), **change))
    assert isinstance(verdict, Refused)
    assert verdict.rule == "input.invalid"
    assert verdict.facts["field"] == field
    assert field in verdict.detail_en


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"quorum": "2/4", "personnel_quorum": "1"},
        {"quorum": "2/3", "personnel_quorum": "4/6"},
        {"lead_working_days": 30, "close_margin": 0},
        {"lead_working_days": 1, "close_margin": 60},
    ],
)
def test_shares_may_be_raised(change: dict[str, str | int]) -> None:
    assert isinstance(check_lawful(structs.replace(Charter(), **change)), Allowed)


@pytest.mark.parametrize(
    ("base", "quorum", "strict", "needed"),
    [(9, "1/2", False, 5), (8, "1/2", False, 4), (8, "1/2", True, 5), (9, "2/3", False, 6), (7, "1", False, 7)],
)
def test_how_many_must_be_present(base: int, quorum: str, strict: bool, needed: int) -> None:
    assert Charter(quorum=quorum, quorum_strict=strict).present_of(base, personnel=False) == needed


def test_the_base_keeps_or_drops_the_recused() -> None:
    assert Charter().base_of(7, 2) == 7
    assert Charter(recused_in_base=False).base_of(7, 2) == 5


def test_a_kind_brings_its_own_series_of_minutes_which_the_charter_may_rename() -> None:
    assert charter_of("党组", "{}") == Charter()
    assert charter_of("局长办公会", "{}") == Charter(minutes_series="局长办公会议纪要")
    assert charter_of("局长办公会", '{"minutes_series": "会议纪要"}').minutes_series == "会议纪要"
