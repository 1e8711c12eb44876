"""docs/security.md rests on tests: each that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/security.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


def test_the_tests_that_it_names_are_there() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 30
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists()
        or not re.search(rf"def {name or chr(92) + chr(119) + chr(43)}\(", (ROOT / file).read_text("utf-8"))
    ]
    assert not missing


def row(words: str) -> str:
    """The row of what somebody could do, or what stops it."""
    (found,) = [line for line in PAGE.splitlines() if line.startswith("| ") and words in line]
    return found


def test_what_each_row_rests_on() -> None:
    assert "tests/server/test_lost.py::" in row("put an older copy back")
    assert "tests/bodies/test_auditing.py::" in row("read personnel papers or take files away unseen")
    assert "tests/bodies/test_duties.py::" in row("three duties apart")
    assert "tests/agenda/test_checking.py::" in row("a virus scanner is asked")


def test_what_the_program_can_do_with_the_owner_s_sign_in_is_said() -> None:
    """It holds the sign-in in two ways of running: the page names both, and what can be done then."""
    section = PAGE.partition("## The program, if somebody takes it over")[2].partition("\n## ")[0]
    _, said, told = section.partition("**Where it holds the owner's sign-in")
    assert said
    for way in ("embedded server", "deploy/compose.provider.yaml", "passwords.json", "open a session of anybody"):
        assert way in told
    assert "YIJUE_DATABASE_OWNER_URL" in (ROOT / "deploy/compose.provider.yaml").read_text("utf-8")
