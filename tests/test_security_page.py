"""docs/security.md rests on tests: each that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_the_tests_that_it_names_are_there() -> None:
    named = NAMED.findall((ROOT / "docs/security.md").read_text("utf-8"))
    assert len(named) > 30
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists()
        or not re.search(rf"def {name or chr(92) + chr(119) + chr(43)}\(", (ROOT / file).read_text("utf-8"))
    ]
    assert not missing
