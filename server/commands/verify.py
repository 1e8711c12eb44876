"""`yijue verify`: whether minutes are what was issued, and whether their figures follow from the records."""

import asyncio
import sys
from pathlib import Path
from typing import Literal

import rich_click as click
from rich.console import Console
from rich.text import Text

from documents.fonts import choose, load
from minutes.verifying import Verification
from minutes.verifying import verify as verify_pdf
from server.opening import open_database
from server.settings import from_environment


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="中文或英文")
def verify(file: Path, lang: Literal["zh", "en"]) -> None:
    """核验会议纪要 PDF：是否本系统印发，数字是否出自会议记录。

    Whether FILE is what was issued here, and whether its figures follow from the records; exit status 1 if not.
    """
    outcome = asyncio.run(_verify(file.read_bytes()))
    print_verification(Console(highlight=False), outcome, lang)
    sys.exit(0 if outcome.holds else 1)


async def _verify(pdf: bytes) -> Verification:
    settings = from_environment()
    fonts = load(choose(settings.fonts))
    async with open_database(settings, beside=True) as database:
        return await verify_pdf(database, pdf, fonts)


def print_verification(console: Console, outcome: Verification, lang: Literal["zh", "en"]) -> None:
    """Every check on a line of its own, then the verdict."""
    for check in outcome.checks:
        mark = Text("✓ ", style="green") if check.holds else Text("✗ ", style="bold red")
        console.print(mark.append(check.zh if lang == "zh" else check.en, style="default"))
    if lang == "zh":
        verdict = f"{outcome.number} 核验通过" if outcome.holds else "核验未通过"
    else:
        verdict = f"{outcome.number} verified" if outcome.holds else "not verified"
    console.print(Text(verdict, style="bold green" if outcome.holds else "bold red"))
