"""`docs/operation.md` and the README name commands, options, settings and words of the log that there are."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped] # it ships no types

from server.cli import COMMANDS, _load
from storage.cluster import ACCOUNT
from storage.embedded import _LONGEST

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


def test_commands_under_compose() -> None:
    """Each names a service, a command of the program and options that there are; none migrates before it restores."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    flat = " ".join(PAGE.split())
    found = re.findall(r"docker compose run ((?:-\S+ )+)([a-z]+) ([a-z-]+)((?: (?!docker)[^\s`]+){0,3})", flat)
    assert {"found", "backup", "restore", "explain-loss"} <= {command for _, _, command, _ in found}
    for flags, service, command, rest in found:
        assert "yijue_owner" in services[service]["environment"]["YIJUE_DATABASE_OWNER_URL"], service
        assert ("--no-deps" in flags) == (command != "found")
        known = {option for each in _load(COMMANDS[command][0]).params for option in each.opts}
        assert set(re.findall(r"(?<= )--[a-z-]+", rest)) - {"--staff-number"} <= known
    for said in ("stop program backup", "exec -T database", "exec program yijue doctor"):
        assert f"docker compose {said}" in flat
    for file in re.findall(r"\b(?:deploy|storage)/[\w.]+\w", PAGE):
        assert (ROOT / file).exists(), file


UNIT = (ROOT / "deploy/yijue.service").read_text("utf-8")
ENVIRONMENT = (ROOT / "deploy/yijue.env").read_text("utf-8")


def of_unit(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def test_the_service_writes_where_its_settings_say() -> None:
    """ProtectSystem=strict makes all else read-only: the data, backups and heads have their places in both files."""
    chosen = dict(re.findall(r"^(YIJUE_\w+)=(.*)$", ENVIRONMENT, re.MULTILINE))
    assert of_unit("ProtectSystem") == ["strict"]
    written = [f"/var/lib/{name}" for name in of_unit("StateDirectory")]
    written += [path.removeprefix("-") for line in of_unit("ReadWritePaths") for path in line.split()]
    for name in ("YIJUE_DATA", "YIJUE_BACKUPS", "YIJUE_HEADS"):
        assert any(Path(chosen[name]).is_relative_to(path) for path in written), name
        assert not Path(chosen[name]).is_relative_to("/home"), "ProtectHome"
    assert of_unit("Environment") == [f"YIJUE_DATA={chosen['YIJUE_DATA']}"]
    # Commands beside it meet its socket in the data folder: its /tmp is its own.
    assert len(f"{chosen['YIJUE_DATA']}/socket/.s.PGSQL.5432") <= _LONGEST


def test_the_service_has_an_account_that_stays() -> None:
    """The account that root's commands give their files to; a dynamic one would hide the data behind a link."""
    assert of_unit("User") == of_unit("Group") == [ACCOUNT]
    assert not of_unit("DynamicUser")
    assert re.search(rf"^    useradd --system --user-group .* {ACCOUNT}$", PAGE, re.MULTILINE)
    assert re.search(rf"^    install -d -o {ACCOUNT} -g {ACCOUNT} -m 700 (\S+)", PAGE, re.MULTILINE)
    program = of_unit("ExecStart")[0].split()[0]
    assert f"ln -s {program} " in PAGE


def test_root_s_shell_reads_the_settings_of_the_service(tmp_path: Path) -> None:
    """By the line of the page; the shell reads what systemd reads."""
    (line,) = set(re.findall(r"^    (set -a; .*)$", PAGE, re.MULTILINE))
    (named,) = of_unit("EnvironmentFile")
    assert named.removeprefix("-") in line
    (tmp_path / "env").write_text(ENVIRONMENT, "utf-8")
    script = line.replace(named.removeprefix("-"), str(tmp_path / "env")) + "; env"
    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True, env={}).stdout
    assert {each for each in said.splitlines() if each.startswith("YIJUE_")} == set(
        re.findall(r"^YIJUE_.*$", ENVIRONMENT, re.MULTILINE)
    )


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
