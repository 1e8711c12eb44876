"""Words of Uyghur and Tibetan, forms that a selector asks for, and rare ideographs of an installed font, on paper."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from documents import fonts
from documents.layout import WIDTH, Band, Placed, Text
from documents.pdf import draw
from documents.shaping import ShapedFont
from documents.typeset import Run, break_lines, runs, shape, undrawn, visible

pytestmark = pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")
UYGHUR = "ئۇيغۇر ئاپتونوم رايونىنىڭ 2026-يىللىق خىزمەت دوكلاتى"
IDEOGRAPHS = "\u2e80-\uffff"
TIBETAN = "བོད་རང་སྐྱོང་ལྗོངས་ཀྱི་མི་དམངས།"


def set_lines(text: str, loaded: fonts.FontSet, measure: float = WIDTH) -> list[list[Run]]:
    shaped = shape([("body", text)], 16, loaded)
    return [runs(shaped, line, 0, measure) for line in break_lines(shaped, measure, measure)]


def letters(line: list[Run]) -> str:
    return "".join(run.text for run in line)


@pytest.mark.parametrize(("text", "stacked"), [(UYGHUR, "نىنىڭ"), (TIBETAN, "སྐྱོང")])
def test_letters_join_and_stack(text: str, stacked: str) -> None:
    loaded = fonts.load(fonts.choose())
    assert undrawn(text, loaded) == ""
    ((before, run, after),) = set_lines(f"原文（{text}）已收悉", loaded)
    assert (before.text, run.text, after.text) == ("原文（", text, "）已收悉")
    assert isinstance(run.font, ShapedFont)
    assert after.x == pytest.approx(run.x + sum(run.font.widths(text)) * 16)
    alone = {glyph.number for char in stacked for glyph in run.font.place(char)}
    assert {glyph.number for glyph in run.font.place(stacked)} - alone, "each letter has the shape it has alone"


def test_uyghur_runs_from_right_to_left_and_its_figures_from_left_to_right() -> None:
    font = fonts.load(fonts.choose()).script("arabic", UYGHUR)
    assert font
    order = [glyph.cluster for glyph in font.place(UYGHUR) if glyph.advance]
    year = UYGHUR.index("2026")
    assert order[0] > order[-1] == 0
    assert [place for place in order if year <= place < year + 4] == [year, year + 1, year + 2, year + 3]


@pytest.mark.parametrize(("text", "between"), [(UYGHUR, " "), (TIBETAN, "་")])
def test_lines_break_between_words_and_stretch_none_of_their_letters(text: str, between: str) -> None:
    loaded = fonts.load(fonts.choose())
    for measure in range(90, 300, 7):
        lines = set_lines(f"原文为：{text}，请办理。", loaded, measure)
        words = [word.strip(between) for line in lines for word in re.split(f"[{IDEOGRAPHS}]+", letters(line)) if word]
        assert between.join(words) == text, words
        script = [run for line in lines for run in line if isinstance(run.font, ShapedFont)]
        assert not any(run.gap for run in script)


def test_a_line_is_filled_by_the_gaps_beside_a_script() -> None:
    loaded = fonts.load(fonts.choose())
    first, *_ = set_lines(f"会议听取{UYGHUR[:15]}的汇报并予以同意", loaded, 230)
    before, script, after, *_ = first
    assert isinstance(script.font, ShapedFont)
    assert after.x - script.x - sum(script.font.widths(script.text)) * 16 == pytest.approx(before.gap) == after.gap


@pytest.mark.parametrize("text", [UYGHUR, TIBETAN])
def test_the_page_draws_outlines_over_text_that_can_be_found(text: str) -> None:
    loaded = fonts.load(fonts.choose())
    band = Band(1, tuple(Text(run, 16) for run in set_lines(f"见{text}。", loaded)[0]))
    made = [
        draw([[Placed(0.0, band)]], title="甲", author="", subject="", made=date(2026, 1, 1), fonts=loaded)
        for _ in "12"
    ]
    assert made[0] == made[1]
    page = pdfplumber.open(BytesIO(made[0])).pages[0]
    shown = [char["text"] for char in sorted(page.chars, key=lambda char: char["x0"]) if char["text"] in text]
    assert sorted("".join(shown).replace(" ", "")) == sorted(text.replace(" ", ""))
    assert shown[0] == (text[-1] if text is UYGHUR else text[0]), "readers of a PDF expect the order of the page"
    assert page.curves


def test_a_variation_sequence_is_drawn_where_a_font_knows_it() -> None:
    loaded = fonts.load(fonts.choose())
    form = loaded.form("body", "，", "\ufe01")
    assert form
    assert form.place("，\ufe01")[0].number != form.place("，")[0].number
    assert undrawn("甲，\ufe01乙", loaded) == ""
    assert visible("甲，\ufe01乙", loaded, "body") == "甲，\ufe01乙"
    ((before, run, after),) = set_lines("甲，\ufe01乙", loaded)
    assert (before.text, run.text, after.text) == ("甲", "，\ufe01", "乙")
    assert after.x == pytest.approx(32)


def test_an_installed_font_draws_what_the_others_lack(tmp_path: Path) -> None:
    path = tmp_path / "wide.ttf"
    pen = TTGlyphPen(None)
    for point in [(0, 0), (500, 0), (500, 500)]:
        (pen.lineTo if point[0] else pen.moveTo)(point)
    pen.closePath()
    wide = FontBuilder(1000, isTTF=True)
    wide.setupGlyphOrder([".notdef", "rare"])
    wide.setupCharacterMap({0x323AF: "rare"})
    wide.setupGlyf({name: pen.glyph() for name in (".notdef", "rare")})
    wide.setupHorizontalMetrics({".notdef": (1000, 0), "rare": (1000, 0)})
    wide.setupHorizontalHeader(ascent=880, descent=-120)
    wide.setupNameTable({"familyName": "Wide", "styleName": "Regular", "psName": "Wide"})
    wide.setupOS2()
    wide.setupPost()
    wide.save(path)
    loaded = fonts.load(fonts.choose(installed={"wide": path}))
    assert undrawn("\U000323af", loaded) == ""
    assert loaded.glyph("kai", "\U000323af")
    assert undrawn("\U000323af", fonts.load(fonts.choose())) == "\U000323af"
