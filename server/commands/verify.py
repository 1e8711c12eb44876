"""`yijue verify`: whether minutes are what was issued, and whether their figures follow from the records; without a
file, whether the chain of every book holds."""

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
from server.opening import open_database, owner_connection, reach
from server.progress import progress_bar
from server.settings import from_environment
from storage.chains import BrokenBook, Chains, check_every_book
from storage.errors import OwnerUnknownError
from storage.migrate import require_current


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="中文或英文")
def verify(file: Path | None, lang: Literal["zh", "en"]) -> None:
    """核验会议纪要 PDF：是否本系统印发，数字是否出自会议记录；未给出文件时，核验全部操作留痕的记录链。

    Whether FILE is what was issued here, and whether its figures follow from the records; without FILE, whether the
    chain of every book of the ledger holds. Exit status 1 if not.
    """
    if file is None:
        chains = asyncio.run(_check_chains())
        print_chains(Console(highlight=False), chains, lang)
        sys.exit(1 if chains.broken else 0)
    outcome = asyncio.run(_verify(file.read_bytes()))
    print_verification(Console(highlight=False), outcome, lang)
    sys.exit(0 if outcome.holds else 1)


async def _verify(pdf: bytes) -> Verification:
    settings = from_environment()
    fonts = load(choose(settings.fonts))
    async with open_database(settings, beside=True) as database:
        return await verify_pdf(database, pdf, fonts)


async def _check_chains() -> Chains:
    async with reach(from_environment(), beside=True) as sign_ins:
        if sign_ins.owner is None:
            raise OwnerUnknownError("checking every book")
        async with owner_connection(sign_ins.owner) as owner:
            await require_current(owner)
            with progress_bar("核验记录链") as progress:
                return await check_every_book(owner, progress)


def print_chains(console: Console, chains: Chains, lang: Literal["zh", "en"]) -> None:
    """Each book that is broken, in a line of its own, then the verdict."""
    for book in chains.broken:
        zh, en = words_for(book)
        console.print(Text("✗ ", style="bold red").append(zh if lang == "zh" else en, style="default"))
    if lang == "zh":
        verdict = (
            f"{chains.books} 个留痕簿、{chains.records} 条记录，{'记录链不完整' if chains.broken else '记录链完整'}"
        )
    else:
        verdict = (
            f"{chains.books} books, {chains.records} records: {'broken' if chains.broken else 'every chain holds'}"
        )
    console.print(Text(verdict, style="bold red" if chains.broken else "bold green"))


def words_for(book: BrokenBook) -> tuple[str, str]:
    """Which book breaks where, in Chinese and in English."""
    type_, number = book.subject
    name = {"organization": "单位", "body": "议事机构", "meeting": "会议"}.get(type_, type_)
    return (
        f"{name} {number} 的记录链在第 {book.seq} 条断裂",
        f"the chain of {type_} {number} breaks at record {book.seq}: {book.why}",
    )


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
