"""`docs/operation.md` and the README name commands, options, settings and words of the log that there are."""

import re
from pathlib import Path

import pytest

from server.cli import COMMANDS, _load

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/operation.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
SOURCES = "".join(
    path.read_text("utf-8")
    for folder in ("server", "storage", "realtime", "acts")
    for path in (ROOT / folder).rglob("*.py")
)


@pytest.mark.parametrize("text", [PAGE, README], ids=["operation", "README"])
def test_commands_and_options(text: str) -> None:
    code = "\n".join(re.findall(r"`[^`]*`|^    .*$", text, re.MULTILINE))
    named = re.findall(r"(?<![\w/.-])yijue ([a-z][a-z-]+)((?: [^\n`#]*)?)", code)
    assert {command for command, _ in named} <= set(COMMANDS)
    assert text == README or {"backup", "restore", "upgrade-database", "explain-loss"} <= {each for each, _ in named}
    for command, rest in named:
        known = {option for each in _load(COMMANDS[command][0]).params for option in each.opts} | {"--help"}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, (command, rest)


@pytest.mark.parametrize("text", [PAGE, README], ids=["operation", "README"])
def test_settings(text: str) -> None:
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    for name in re.findall(r"YIJUE_[A-Z_]+\b", text):
        assert name in SOURCES + compose or f'f"{name.rpartition("_")[0]}_' in SOURCES, name


def test_alarms() -> None:
    table = PAGE.partition("by its word.")[2].partition("In `yijue doctor`")[0]
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    words = [word for row in rows for word in re.findall(r"`([^`]+)`", row)]
    assert len(words) > 10
    for word in (each.partition(" …")[0] for each in words):
        assert f'"{word}' in SOURCES, word
    for row in re.findall(r"^\| (\S+ · [^|]+?) \|", PAGE, re.MULTILINE):
        for line in row.split(", "):
            assert f'"{line}"' in SOURCES, line
