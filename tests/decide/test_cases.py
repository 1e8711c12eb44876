from pathlib import Path

import msgspec
import pytest

from decide.deciding import decide
from decide.reading import read_case
from tests.decide.meetings import CASES, as_bytes, load


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_case_has_the_outcome_it_expects(path: Path) -> None:
    held = load(path)
    for data in (path.read_bytes(), as_bytes(held["case"])):
        assert msgspec.json.decode(msgspec.json.encode(decide(read_case(data)))) == held["expect"]


def test_each_case_says_what_it_is_for() -> None:
    said = (Path(__file__).parent / "cases" / "README.md").read_text(encoding="utf-8")
    assert [path.stem for path in CASES if f"- `{path.stem}`: " not in said] == []
    assert 0 < len(CASES) == said.count("\n- `")
