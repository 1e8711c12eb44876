"""`make pictures`: the papers of the demonstration as pictures, into docs. Collected by name alone."""

from contextlib import AsyncExitStack
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner
from PIL import Image

from server.commands.demo import demo
from server.demonstration.meeting import Issued, Play

FOLDER = Path(__file__).parents[2] / "docs"
PRINTS = {"proceedings": "proceedings", "notice": "notice", "sign-in-sheet": "attendance"}
PAGES = 2  # side by side
WIDE = 750  # of a page


def test_the_papers_of_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers: dict[str, bytes] = {}
    run = Play.run

    async def run_and_print(play: Play, stack: AsyncExitStack) -> Issued:
        issued = await run(play, stack)
        papers["minutes"] = issued.pdf
        for name, kind in PRINTS.items():
            papers[name] = await play.li.ask(f"/api/meetings/{issued.meeting}/prints/{kind}")
        return issued

    monkeypatch.setattr(Play, "run", run_and_print)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(demo, ["--once", "--port", "0"])
    assert result.exit_code == 0, result.output
    for name, content in papers.items():
        with pypdfium2.PdfDocument(content) as paper:
            sheets = [paper[page].render(scale=WIDE / paper[page].get_width()) for page in range(len(paper))[:PAGES]]
            keep(name, [sheet.to_pil() for sheet in sheets])


def keep(name: str, sheets: list[Image.Image]) -> None:
    """Write the pages of a paper side by side, a grey line between them."""
    height = max(sheet.height for sheet in sheets)
    picture = Image.new("RGB", (WIDE * len(sheets) + 2 * (len(sheets) - 1), height), "#bbb")
    for place, sheet in enumerate(sheets):
        picture.paste(sheet.convert("RGB"), (place * (WIDE + 2), 0))
    target = FOLDER / f"{name}.png"
    picture.quantize(64, dither=Image.Dither.NONE).save(target, optimize=True)
    assert target.stat().st_size < 400_000, name
