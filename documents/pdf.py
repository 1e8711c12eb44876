"""Laid-out pages as a PDF: the same pages give the same bytes.

Page numbers by GB/T 9704-2012, 7.5: 4号, a dash either side, 7 mm below the type area, at the outside
corner one character in. Black text, red heading.
"""

import threading
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from reportlab import Version
from reportlab.pdfgen.canvas import Canvas
from uharfbuzz import version_string as hb_version

from documents.fonts import FontSet
from documents.layout import HEIGHT, LEFT, MM, PAPER, SMALL, TOP, WIDTH, Placed, Rule, Text
from documents.shaping import ShapedFont
from documents.typeset import Run, runs, shape, visible
from documents.typeset import break_lines as _break

TYPESETTER = f"4, reportlab {Version}, HarfBuzz {hb_version()}, zlib {zlib.ZLIB_RUNTIME_VERSION}"
"""The typesetter of a page: pages set by different ones cannot be compared byte by byte. The first number goes up
with every change in this package that changes a page; golden papers show such a change."""
DRAWING = threading.Lock()  # reportlab reads a face through one file position
_DASH = 0.35 * SMALL  # from the baseline of the page number up to its dash
_FILLED, _UNSEEN = 0, 3  # ISO 32000-1, table 106
_RED = (0.87, 0.0, 0.0)


def draw(
    sheets: Iterable[Iterable[Placed]],
    *,
    title: str,
    author: str,
    subject: str,
    made: date,
    fonts: FontSet,
    keywords: str = "",
) -> bytes:
    """The PDF of these pages in order, its fonts embedded as subsets; no text raises an error."""
    with DRAWING:
        pdf = Pdf(title=title, author=author, subject=subject, made=made, fonts=fonts, keywords=keywords)
        for sheet in sheets:
            pdf.page(sheet)
        return pdf.finish()


class Pdf:
    """A PDF being drawn, page by page; hold `DRAWING` from the first to `finish`."""

    def __init__(
        self, *, title: str, author: str, subject: str, made: date, fonts: FontSet, keywords: str = ""
    ) -> None:
        self._out = BytesIO()
        # With a font of ours to begin with, reportlab does not name Helvetica, which is not embedded.
        name = fonts.first("body").fontName
        self._canvas: Any = Canvas(self._out, pagesize=PAPER, pageCompression=1, invariant=1, initialFontName=name)
        self._fonts = fonts
        self._marks = 0
        self.count = 0
        canvas = self._canvas
        canvas.setTitle(visible(title, fonts, "body"))
        canvas.setAuthor(visible(author, fonts, "body"))
        canvas.setSubject(visible(subject, fonts, "body"))
        if keywords:
            canvas.setKeywords(keywords)
        canvas.setCreator("Yijue 议决")
        stamp = f"D:{made.year:04d}{made.month:02d}{made.day:02d}000000+00'00'"
        canvas.setDateFormatter(lambda *_: stamp)
        canvas.setViewerPreference("DisplayDocTitle", "true")

    def page(
        self,
        bands: Iterable[Placed],
        *,
        level: int = 0,
        anchor: str = "",
        links: Sequence[tuple[float, float, str]] = (),
        marks: bool = True,
    ) -> None:
        """Draw one page with its number. `level` is the depth of its marks in the outline, `anchor` the
        name other pages link to, `links` are strips (top, height in points, anchor)."""
        self.count += 1
        canvas = self._canvas
        if anchor:
            canvas.bookmarkPage(anchor, fit="XYZ", left=0, top=PAPER[1], zoom=0)
        texts: list[tuple[float, Text]] = []
        rules: list[tuple[float, Rule]] = []
        for top, band in bands:
            texts += [(top, text) for text in band.texts]
            rules += [(top, rule) for rule in band.rules]
            if band.mark and marks:
                self._mark(band.mark, top, level)
        self._rules(rules)
        self._texts([*texts, *((0.0, text) for text in self._number())])
        for top, height, target in links:
            y = PAPER[1] - TOP - top
            canvas.linkAbsolute("", target, (LEFT, y - height, LEFT + WIDTH, y), Border="[0 0 0]")
        canvas.showPage()

    def outline(self, text: str, anchor: str, level: int = 0) -> None:
        """An entry of the outline that leads to `anchor`."""
        self._canvas.addOutlineEntry(visible(text, self._fonts, "body"), anchor, level, closed=level > 0)

    def finish(self) -> bytes:
        """Finish the PDF; give its bytes."""
        self._canvas.save()
        return self._out.getvalue()

    def _mark(self, text: str, top: float, level: int) -> None:
        self._marks += 1
        key = f"mark{self._marks}"
        self._canvas.bookmarkHorizontal(key, 0, PAPER[1] - TOP - top)
        self.outline(text, key, level)

    def _number(self) -> list[Text]:
        shaped = shape([("body", f"— {self.count} —")], SMALL, self._fonts)
        x = WIDTH - SMALL - shaped.width if self.count % 2 else SMALL
        (line,) = _break(shaped, WIDTH, WIDTH)
        return [Text(run, HEIGHT + 7 * MM + _DASH) for run in runs(shaped, line, x, WIDTH)]

    def _rules(self, rules: list[tuple[float, Rule]]) -> None:
        canvas = self._canvas
        for top, rule in rules:
            canvas.setStrokeColorRGB(*_RED) if rule.red else canvas.setStrokeGray(0)
            canvas.setLineWidth(rule.width)
            y = PAPER[1] - TOP - top
            canvas.line(LEFT + rule.x1, y - rule.y1, LEFT + rule.x2, y - rule.y2)

    def _texts(self, texts: list[tuple[float, Text]]) -> None:
        canvas = self._canvas
        out = canvas.beginText()
        now: tuple[str, float, float, bool] = ("", 0.0, 0.0, True)
        for top, (run, down, red) in texts:
            now = self._state(out, now, run, red)
            x, y = LEFT + run.x, PAPER[1] - TOP - top - down
            out.setTextOrigin(x, y)
            if isinstance(run.font, ShapedFont):
                letters = run.font.unseen(run.text)
                out.setTextRenderMode(_UNSEEN)
                out.setHorizScale(
                    100 * sum(run.font.widths(run.text)) / sum(run.font.advances[ord(c)] / 1000 for c in letters)
                )
                out.textOut(letters)
                out.setHorizScale(100)
                out.setTextRenderMode(_FILLED)
                self._outlines(run.font, run, x, y, red)
            else:
                out.textOut(run.text)
        canvas.drawText(out)

    def _outlines(self, font: ShapedFont, run: Run, x: float, y: float, red: bool) -> None:
        """Draw the glyphs of `run` as outlines; the text that is found and copied lies there unseen."""
        canvas = self._canvas
        path = canvas.beginPath()
        for glyph in font.place(run.text):
            for call, points in font.outline(glyph.number):
                places = zip(points[::2], points[1::2], strict=True)
                moved = ((x + (glyph.x + px) * run.size, y + (glyph.y + py) * run.size) for px, py in places)
                getattr(path, call)(*(value for point in moved for value in point))
        canvas.setFillColorRGB(*_RED) if red else canvas.setFillGray(0)
        canvas.drawPath(path, stroke=0, fill=1, fillMode=1)  # nonzero: what TrueType means

    @staticmethod
    def _state(out: Any, now: tuple[str, float, float, bool], run: Run, red: bool) -> tuple[str, float, float, bool]:
        name = run.font.fontName
        if now[:2] != (name, run.size):
            out.setFont(name, run.size)
        if now[2] != run.gap:
            out.setCharSpace(run.gap)
        if now[3] != red or not now[0]:
            out.setFillColorRGB(*_RED) if red else out.setFillGray(0)
        return name, run.size, run.gap, red
