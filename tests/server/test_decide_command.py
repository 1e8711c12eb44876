"""`yijue decide` on the command line: its input, its output, and malformed input."""

import io
import json
import os
import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server import cli
from tests.decide.meetings import CASES, load, meeting, rich_meeting

MUTATED = 10_000
Run = Callable[..., tuple[int, bytes, bytes]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Call the program's entry in this process; it returns exit status, standard output and standard error."""

    def call(*arguments: str, data: bytes = b"") -> tuple[int, bytes, bytes]:
        monkeypatch.setattr(sys, "argv", ["yijue", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsysbinary.readouterr()
        return int(ended.value.code or 0), out, err

    return call


# Mutation

JUNK: list[Any] = [
    None, True, False, 0, -1, 1, 2.5, 1e308, 10**30, -(10**30), "", " ", "x", "\x00", "\ud800", "党", "𠮷", "a\nb",
    "🐼" * 400, "1/0", "1/2", "7/3", "0.5", "2026-02-30", "2026-04-13", "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "2026-04-14T09:00:00", "2026-04-14T09:00:00Z", "24:00", "passed", "yes", "defer", "personnel", "present", "zhao",
    [], {}, [None], [[]], {"": ""}, {"zhao": None}, {"zhao": "yes"}, ["zhao", "zhao"],
]  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in `value` with each of its keys or indices."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from places(inner)


def spoil_structure(case: Any, dice: random.Random) -> None:
    container, key = dice.choice(list(places(case)) or [({}, "")])
    how = dice.randrange(6)
    if how == 0 and container:
        del container[key]
    elif how == 1 and isinstance(container, dict):
        container[dice.choice(["", "extra", "items", "case", "\ud800"])] = dice.choice(JUNK)
    elif how == 2 and isinstance(container, list) and container:
        container.append(json.loads(json.dumps(container[key])))
    elif how == 3 and isinstance(container, dict) and key in container:
        container[f"{key}x"] = container.pop(key)
    else:
        container[key] = json.loads(json.dumps(dice.choice(JUNK)))


def spoil_bytes(line: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(line))
    end = min(len(line), at + dice.randrange(1, 40))
    noise = dice.choice(
        [b"\xff", b"\x00", b"\xed\xa0\x80", b'"', b"{", b"]", b"\\u", b"9" * 30, b"[" * 3000, b"\r", b","]
    )
    cut = dice.randrange(5)
    if cut == 0:
        return line[:at]
    if cut == 1:
        return line[:at] + line[end:]
    if cut == 2:
        return line[:at] + noise + line[at:]
    if cut == 3:
        return line[:at] + bytes([line[at] ^ (1 << dice.randrange(8))]) + line[at + 1 :]
    return line[:at] + line[at:end] * 2 + line[end:]


def mutated() -> list[bytes]:
    """The same cases each time, a line each: seven in ten are spoilt in structure, the rest in their bytes."""
    dice = random.Random(20260413)
    whole = [load(path)["case"] for path in CASES] + [rich_meeting()] * 6 + [meeting(category="personnel")]
    lines: list[bytes] = []
    while len(lines) < MUTATED:
        case = json.loads(json.dumps(dice.choice(whole)))
        by_bytes = len(lines) % 10 >= 7
        for _ in range(0 if by_bytes else dice.choice([1, 1, 2, 4])):
            spoil_structure(case, dice)
        line = json.dumps(case).encode()
        for _ in range(dice.choice([1, 1, 2]) if by_bytes else 0):
            line = spoil_bytes(line or b" ", dice).replace(b"\n", b"\\n")
        if line.strip():
            lines.append(line)
    return lines


ROOTS = {"case", "body", "calendar", "meeting", "agenda", "relations", "attendance", "items"}
UNKNOWN = re.compile(r": (unknown field|不认识的字段)$")
COMPLAINT = re.compile(r"line (\d+): (?P<field>.*?): .*\S")


def named(complaint: str) -> str:
    """The field that a complaint names."""
    found = COMPLAINT.fullmatch(complaint)
    assert found, complaint
    assert complaint.isprintable()
    assert len(complaint) < 500
    return found["field"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_ten_thousand_mutated_cases_give_an_outcome_or_name_the_field(run: Run, lang: str) -> None:
    lines = mutated()
    status, out, err = run("decide", "--json", "--lang", lang, "-", data=b"\n".join(lines))
    complaints = err.decode().splitlines()
    texts = {int(complaint.split(":")[0].removeprefix("line ")): complaint for complaint in complaints}
    bad = {number: named(complaint) for number, complaint in texts.items()}
    outcomes = out.splitlines()
    assert status == 2
    assert len(bad) == len(complaints)
    assert len(outcomes) + len(bad) == MUTATED
    assert len(outcomes) > MUTATED / 10, "the mutations leave nothing to decide"
    # The field is one of the case's, or an unknown one, named as it came.
    for number, field in bad.items():
        assert re.split(r"[.\[]", field)[0] in ROOTS or UNKNOWN.search(texts[number]), texts[number]
    # Each outcome is that of its own line.
    good = [line for number, line in enumerate(lines, start=1) if number not in bad]
    for line, outcome in zip(good, outcomes, strict=True):
        ids = [item["id"] for item in json.loads(line.decode("utf-8-sig"))["items"]]
        assert [item["id"] for item in json.loads(outcome)["items"]] == ids


def test_a_malformed_case_by_itself_is_one_line_status_2_and_no_output(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    kinds = set()
    for number, line in enumerate(mutated()[::40]):
        file.write_bytes(line)
        arguments = [[], ["--json"], ["--lang", "en"], ["--json", "--lang", "en"]][number % 4]
        status, out, err = run("decide", *arguments, str(file))
        kinds.add(status)
        if status == 2:
            assert (out, err.count(b"\n")) == (b"", 1), line
            assert err.decode().rstrip("\n").isprintable()
        else:
            assert (status, err) == (0, b""), line
            assert out
    assert kinds == {0, 2}


# Malformed input and the field named for it


def spoilt(change: Callable[[dict[str, Any]], object]) -> bytes:
    case = rich_meeting()
    change(case)
    return json.dumps(case).encode()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", "case"),
        (b"[]", "case"),
        (b"\xff", "case"),
        (b'{"case": 3}', "case"),
        (spoilt(lambda c: c.pop("body")), "body"),
        (spoilt(lambda c: c["body"].update(members=[])), "body.members"),
        (spoilt(lambda c: c["body"]["members"].append("zhao")), "body.members[7]"),
        (spoilt(lambda c: c["body"]["policy"].update(quorum="0.5")), "body.policy.quorum"),
        (spoilt(lambda c: c["body"]["policy"].update(lead_working_days=0)), "body.policy.lead_working_days"),
        (spoilt(lambda c: c["body"]["policy"].update(decision="chair")), "body.policy.decision"),
        (spoilt(lambda c: c["calendar"].update(holidays=["2026-02-30"])), "calendar.holidays[0]"),
        (spoilt(lambda c: c["calendar"].update(workdays=["2026-05-01"])), "calendar.workdays[0]"),
        (spoilt(lambda c: c["meeting"].update(at="2026-04-14T09:00:00")), "meeting.at"),
        (spoilt(lambda c: c["meeting"]["notices"].update(sun="soon")), "meeting.notices.sun"),
        (spoilt(lambda c: c["relations"][0].update(type="cousin")), "relations[0].type"),
        (spoilt(lambda c: c["relations"][0].update(a="candidate")), "relations[0].b"),
        (spoilt(lambda c: c["attendance"].update(sun="late")), "attendance.sun"),
        (spoilt(lambda c: c["items"][0].update(category="other things")), "items[0].category"),
        (spoilt(lambda c: c["items"][0].update(discussed="yes")), "items[0].discussed"),
        (spoilt(lambda c: c["items"][0]["ballots"].update(sun=1)), "items[0].ballots.sun"),
        (spoilt(lambda c: c["items"][0]["written"].update(sun="maybe")), "items[0].written.sun"),
        (spoilt(lambda c: c["items"][0]["positions"].update(sun="abstain")), "items[0].positions.sun"),
        (spoilt(lambda c: c["items"][0]["decision"].update(outcome="agreed")), "items[0].decision.outcome"),
        (spoilt(lambda c: c["items"][0].update(balots={})), "items[0].balots"),
        (spoilt(lambda c: c["items"].append(c["items"][0])), "items[1].id"),
    ],
)
def test_what_is_wrong_is_named(run: Run, data: bytes, field: str) -> None:
    for lang in ("zh", "en"):
        status, out, err = run("decide", "--lang", lang, "-", data=data)
        assert (status, out) == (2, b"")
        assert err.decode().startswith(f"{field}: ")


def test_a_file_that_is_not_there_is_named(run: Run, tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        status, out, err = run("decide", "--json", "--lang", lang, str(tmp_path / "none.json"))
        assert (status, out, err.count(b"\n")) == (2, b"", 1)
        assert b"none.json" in err


def test_lines_keep_their_order_and_go_on_after_a_bad_one(run: Run) -> None:
    cases = [load(path) for path in CASES]
    lines = [json.dumps(each) for each in cases]
    spoilt_lines = [*lines[:2], "{}", "", "  ", *lines[2:], "nonsense"]
    status, out, err = run("decide", "--json", "-", data="\n".join(spoilt_lines).encode())
    assert status == 2
    assert [json.loads(line) for line in out.splitlines()] == [each["expect"] for each in cases]
    assert [line.split(":")[0] for line in err.decode().splitlines()] == ["line 3", f"line {len(spoilt_lines)}"]


# The program in a process of its own

PROGRAM = [sys.executable, "-c", "from server.cli import main; main()", "decide", "--json", "-"]


def test_each_line_is_answered_before_the_next_is_read() -> None:
    line = json.dumps(meeting()).encode() + b"\n"
    with subprocess.Popen(PROGRAM, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for _ in range(3):
            program.stdin.write(line)
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["items"][0]["result"] == "passed"
        program.stdin.close()
        assert program.wait(10) == 0


def test_two_thousand_cases_in_less_than_two_seconds() -> None:
    lines = [json.dumps(load(path)["case"]) for path in CASES] + [json.dumps(rich_meeting())]
    data = "\n".join((lines * 200)[:2000]).encode()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(PROGRAM, input=data, capture_output=True, check=True, env=dict(os.environ))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert len(done.stdout.splitlines()) == 2000
    # CPU time, its start included: wall-clock time would also measure the machine's other work.
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 2


# The table for people


def test_the_table_gives_every_refusal_with_its_clause(run: Run) -> None:
    case = meeting(category="personnel", subjects=["zhao"], materials_complete=False, in_charge="li")
    case["meeting"]["notices"].pop("sun")
    del case["attendance"]["li"]
    case["items"][0]["ballots"] |= {"li": "yes", "zhou": "maybe"}
    data = json.dumps(case).encode()
    status, out, _ = run("decide", "-", data=data)
    text = out.decode()
    assert status == 0
    for words in (
        "notice.missing",
        "personnel.materials",
        "quorum.in_charge",
        "《人事办法》第二十条",
        "不得表决",
        "回避",
    ):
        assert words in text
    status, out, _ = run("decide", "--lang", "en", "-", data=data)
    for words in ("notice.missing", "Rules 6(3); Personnel", "cannot be voted", "Measures 2; Rules 5"):
        assert words in out.decode()
    assert msgspec.json.decode(run("decide", "--json", "-", data=data)[1])["items"][0]["opened"] is False
