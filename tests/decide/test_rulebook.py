"""A case may bring its body's rulebook: the reasons are cited by it."""

import json
from pathlib import Path

import pytest

from decide.reading import read_case
from decide.table import print_case

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


def test_reasons_are_cited_by_the_case_s_own_rulebook(capsys: pytest.CaptureFixture[str]) -> None:
    for path in CASES:
        case = json.loads(path.read_text())["case"]
        case["body"]["rulebook"] = {"titles": {}, "clauses": {}}
        print_case(read_case(json.dumps(case, ensure_ascii=False).encode()), "zh")
    printed = capsys.readouterr().out
    assert "《实施细则》" not in printed
    assert "（惯例）" in printed
