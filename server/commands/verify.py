"""`yijue verify`: whether minutes are what was issued, and whether their figures follow from the records."""

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import rich_click as click
from rich.console import Console
from rich.text import Text

from documents.fonts import at_hand
from documents.installed import installed_fonts
from minutes.verifying import Asked, Check, Said, Verification
from minutes.verifying import verify as verify_pdf
from server.connecting import open_database
from server.ending import run
from server.settings import from_environment

_QUESTIONS: dict[Asked, tuple[str, str]] = {
    "issued": ("一、文件是否本系统印发", "1. Is it the file that was issued?"),
    "follows": ("二、内容是否出自操作留痕", "2. Do its figures follow from the records?"),
    "page": ("三、版面是否逐字节一致", "3. Are its pages the same to the byte?"),
}
_MARKS: dict[Said, tuple[str, str]] = {"yes": ("✓ ", "green"), "no": ("✗ ", "bold red"), "not_asked": ("– ", "dim")}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="中文或英文")
def verify(file: Path, lang: Literal["zh", "en"]) -> None:
    """核验会议纪要 PDF：是否本系统印发，数字是否出自操作留痕。

    Whether FILE is what was issued here, and whether its figures follow from the records. Exit status 1 if not.
    """
    outcome = run(_verify(file.read_bytes()))
    print_verification(Console(highlight=False), outcome, lang)
    sys.exit(0 if outcome.holds else 1)


async def _verify(pdf: bytes) -> Verification:
    settings = from_environment()
    async with open_database(settings, beside=True) as database:
        return await verify_pdf(database, hashlib.sha256(pdf).digest(), at_hand(settings.fonts, installed_fonts()))


def print_verification(console: Console, outcome: Verification, lang: Literal["zh", "en"]) -> None:
    """Print the three questions with their answers, the checks of each on lines of their own, then the verdict."""

    def line(mark: str, style: str, zh: str, en: str, indent: str = "") -> None:
        console.print(Text(indent).append(mark, style=style).append(zh if lang == "zh" else en))

    def checks(of: Iterable[Check]) -> None:
        for check in of:
            line(*_MARKS["yes" if check.holds else "no"], check.zh, check.en, "  ")

    for finding in outcome.findings:
        asked, answer = _QUESTIONS[finding.answer.asked], finding.answer
        line(*_MARKS[answer.said], f"{asked[0]}：{answer.zh}", f"{asked[1]} {answer.en}")
        checks(finding.checks)
    checks(outcome.standing)
    if lang == "zh":
        verdict = f"{outcome.number} 核验通过" if outcome.holds else "核验未通过"
    else:
        verdict = f"{outcome.number} verified" if outcome.holds else "not verified"
    console.print(Text(verdict, style="bold green" if outcome.holds else "bold red"))
