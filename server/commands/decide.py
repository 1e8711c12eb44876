"""`yijue decide`: a meeting written down as a case, and what the rules make of it."""

import sys
from collections.abc import Iterator
from typing import BinaryIO, Literal

import msgspec
import rich_click as click

from decide.deciding import decide as decide_case
from decide.reading import CaseError, read_case, visible

Language = Literal["zh", "en"]
_MALFORMED = 2


@click.command()
@click.argument("source", metavar="CASE.json | -")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON；“-”为逐行读写 · JSON; “-” for JSON lines")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="中文或英文")
def decide(source: str, as_json: bool, lang: Language) -> None:
    """按议事规则试算或复核一次会议：能否表决、是否通过，不能的依据哪一条。

    What the rules make of a meeting, with the clause behind every refusal. A malformed case is one line
    on standard error that names the field, and exit status 2. docs/decision-cases.md gives the format.
    """
    if as_json and source == "-":
        sys.exit(_decide_lines(lang))
    try:
        case = read_case(_read(source))
    except OSError as error:
        why = {"zh": "无法读取", "en": "cannot be read"}[lang]
        _complain(f"{visible(source)}: {why} ({error.strerror})")
        sys.exit(_MALFORMED)
    except CaseError as error:
        _complain(_sentence(error, lang))
        sys.exit(_MALFORMED)
    if as_json:
        out = sys.stdout.buffer
        out.write(msgspec.json.encode(decide_case(case)) + b"\n")
        out.flush()
    else:
        # Rich's tables are slow to import.
        from decide.table import print_case

        print_case(case, lang)


def _decide_lines(lang: Language) -> int:
    status = 0
    out = sys.stdout.buffer
    encode = msgspec.json.Encoder().encode
    for number, line in _lines(sys.stdin.buffer):
        try:
            out.write(encode(decide_case(read_case(line))) + b"\n")
        except CaseError as error:
            status = _MALFORMED
            _complain(f"line {number}: {_sentence(error, lang)}")
        # The program that writes to us may wait for each answer before its next line.
        out.flush()
    return status


def _lines(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(source, start=1):
        if line.strip():
            yield number, line


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    with open(source, "rb") as file:
        return file.read()


def _sentence(error: CaseError, lang: Language) -> str:
    return f"{error.field}: {error.chinese if lang == 'zh' else error.message}"


def _complain(line: str) -> None:
    click.echo(line, err=True)
