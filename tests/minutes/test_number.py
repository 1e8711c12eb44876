from datetime import UTC, datetime

import pytest

from bodies.charter import Charter
from minutes.number import annual_number, number_year

NEW_YEAR_THERE = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
STILL_OLD_THERE = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)


def test_the_year_is_the_meetings_or_by_charter_the_issues_in_shanghai() -> None:
    assert number_year(Charter(), STILL_OLD_THERE, NEW_YEAR_THERE) == 2026
    assert number_year(Charter(), NEW_YEAR_THERE, NEW_YEAR_THERE) == 2027
    assert number_year(Charter(number_year="issue"), STILL_OLD_THERE, NEW_YEAR_THERE) == 2027


def test_a_time_without_offset_is_no_time() -> None:
    with pytest.raises(ValueError, match="offset"):
        number_year(Charter(), datetime(2026, 1, 1), NEW_YEAR_THERE)


def test_the_number_reads_as_the_standard_has_it() -> None:
    assert annual_number(2026, 3) == "〔2026〕3号"
    assert annual_number(2026, 1234) == "〔2026〕1234号"
    for year, number in ((2026, 0), (2026, -1), (0, 1), (10000, 1)):
        with pytest.raises(ValueError, match="begin at 1"):
            annual_number(year, number)
