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
ACROSS = 3  # pages side by side
WIDE = 700  # of a page
MOST = 1 << 20  # bytes of a picture


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
        picture = picture_of(content)
        target = FOLDER / f"{name}.png"
        picture.quantize(64, dither=Image.Dither.NONE).save(target, optimize=True)
        assert target.stat().st_size < MOST, name


def picture_of(pdf: bytes) -> Image.Image:
    """All pages of a paper, row by row, grey lines between them."""
    with pypdfium2.PdfDocument(pdf) as paper:
        sheets = [page.render(scale=WIDE / page.get_width()).to_pil() for page in paper]
    wide, high = sheets[0].size
    across, rows = min(ACROSS, len(sheets)), -(-len(sheets) // ACROSS)
    picture = Image.new("RGB", (across * (wide + 2) - 2, rows * (high + 2) - 2), "#bbb")
    blank = Image.new("RGB", (wide, high), "white")
    for place, sheet in enumerate([*sheets, *[blank] * (across * rows - len(sheets))]):
        down, right = divmod(place, across)
        picture.paste(sheet.convert("RGB"), (right * (wide + 2), down * (high + 2)))
    return picture
