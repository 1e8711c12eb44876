"""Scripts whose letters join or stack, and forms of an ideograph that a selector asks for.

Uyghur, Kazakh and Tibetan need a glyph for several letters at once (Unicode 16, 9.2 and 13.4), and a variation sequence
one that no single character has (Unicode 16, 23.4). HarfBuzz finds these glyphs; the page draws their outlines, and
holds the letters beneath as text that is found and copied.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import uharfbuzz as hb

from documents.embedding import EmbeddedFont

Script = Literal["arabic", "tibetan"]
SCRIPTS: tuple[Script, ...] = ("arabic", "tibetan")
_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_FIGURES = "[0-9]+(?:[.,:/%-]+[0-9]+)*%?"
SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SEQUENCE = "[\u2e80-\ufaff\uff01-\uff60\U00020000-\U0003ffff]" + SELECTOR.pattern
SPECIAL = re.compile(
    f"(?P<arabic>[{_ARABIC}](?:[{_ARABIC}\u200c\u200d]|[ ()«»-](?=[{_ARABIC}])"
    f"| ?{_FIGURES}(?:-| |- )?(?=[{_ARABIC}]))*)"
    f"|(?P<tibetan>[\u0f00-\u0fff](?:[\u0f00-\u0fff]| (?=[\u0f00-\u0fff]))*)"
    f"|(?P<sequence>{_SEQUENCE})"
)
"""Parts of a text that are not set character by character, under the name of what they are. Words of Uyghur with the
blanks and figures between them are one part, so that they run from right to left together."""
_RIGHT_TO_LEFT = re.compile(f"[{_ARABIC}]")
_LEFT_TO_RIGHT = re.compile(_FIGURES)
# A line may break after these; in Tibetan after the dot that ends a syllable.
_BREAKS = frozenset(" \u0f0b")
_TIBETAN_STOPS = frozenset("\u0f0b\u0f0d\u0f0e\u0f0f\u0f11\u0f14")

Call = Literal["moveTo", "lineTo", "curveTo", "close"]
Outline = tuple[tuple[Call, tuple[float, ...]], ...]


class Glyph(NamedTuple):
    """A glyph at its place: `x` and `y` from the start of its part, `advance`, all in em; `cluster` is the place in the
    text of the first letter that it draws."""

    number: int
    cluster: int
    x: float
    y: float
    advance: float


class ShapedFont(EmbeddedFont):
    """A face whose glyphs are chosen by HarfBuzz for several characters together. Raises `FontUnusableError`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, f"{path}#shaped")
        self._face = hb.Face(hb.Blob.from_file_path(str(path)))
        self._font = hb.Font(self._face)
        self.place = lru_cache(maxsize=4096)(self._place)
        self.outline = lru_cache(maxsize=4096)(self._outline)

    def _place(self, text: str) -> tuple[Glyph, ...]:
        """The glyphs of `text`, a part that `SPECIAL` found, in the order of the page."""
        glyphs: list[Glyph] = []
        x = 0.0
        for start, part in _in_order(text):
            buffer = hb.Buffer()
            buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
            buffer.add_str(part)
            buffer.guess_segment_properties()
            hb.shape(self._font, buffer)
            for found, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
                place = (x + at.x_offset / self._face.upem, at.y_offset / self._face.upem)
                glyphs.append(Glyph(found.codepoint, start + found.cluster, *place, at.x_advance / self._face.upem))
                x += at.x_advance / self._face.upem
        return tuple(glyphs)

    def widths(self, text: str) -> list[float]:
        """The width in em of each character of `text`; those drawn by the glyph of one before them have none."""
        widths = [0.0] * len(text)
        for glyph in self.place(text):
            widths[glyph.cluster] += glyph.advance
        return widths

    def unseen(self, text: str) -> str:
        """The letters of `text` in the order of the page, as programs that read a PDF expect them."""
        turned = _RIGHT_TO_LEFT.match(text)
        letters = (p[::-1] if turned and not _LEFT_TO_RIGHT.match(p) else p for _, p in _in_order(text))
        return "".join(char for part in letters for char in part if ord(char) in self.advances)

    def draws(self, text: str) -> bool:
        """Whether the face has a glyph for each character of `text`."""
        return all(char in "\u200c\u200d" or ord(char) in self.advances for char in text)

    def _outline(self, number: int) -> Outline:
        """The outline of a glyph in em, as the calls that draw it on a path of reportlab."""
        pen = _Pen(self._face.upem)
        self._font.draw_glyph_with_pen(number, pen)
        return tuple(pen.steps)


class _Pen:
    """Takes an outline down; quadratic curves become cubic ones."""

    def __init__(self, upem: int) -> None:
        self._em = upem
        self._at = (0.0, 0.0)
        self.steps: list[tuple[Call, tuple[float, ...]]] = []

    def _step(self, call: Call, *points: tuple[float, float]) -> None:
        self.steps.append((call, tuple(value / self._em for point in points for value in point)))
        self._at = points[-1] if points else self._at

    def moveTo(self, to: tuple[float, float]) -> None:  # noqa: N802 -- the names that HarfBuzz calls
        self._step("moveTo", to)

    def lineTo(self, to: tuple[float, float]) -> None:  # noqa: N802
        self._step("lineTo", to)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._step("curveTo", *points)

    def qCurveTo(self, by: tuple[float, float], to: tuple[float, float]) -> None:  # noqa: N802
        ends = (self._at, to)
        self._step(
            "curveTo", *((end[0] + 2 / 3 * (by[0] - end[0]), end[1] + 2 / 3 * (by[1] - end[1])) for end in ends), to
        )

    def closePath(self) -> None:  # noqa: N802
        self._step("close")


@lru_cache(maxsize=64)
def has_form(path: str, ideograph: str, selector: str) -> bool:
    """Whether the font file knows this variation sequence."""
    font = hb.Font(hb.Face(hb.Blob.from_file_path(path)))
    return font.get_variation_glyph(ord(ideograph), ord(selector)) is not None


def _in_order(text: str) -> Iterator[tuple[int, str]]:
    """The pieces of a part with their places, in the order of the page: figures in Uyghur run from left to right."""
    if not _RIGHT_TO_LEFT.match(text):
        yield 0, text
        return
    marks = [0, *(end for found in _LEFT_TO_RIGHT.finditer(text) for end in found.span()), len(text)]
    for start, end in reversed(list(pairwise(marks))):
        yield start, text[start:end]


def may_break(before: str, char: str) -> bool:
    """Whether a line may break between two characters of one part."""
    return before in _BREAKS and char not in _TIBETAN_STOPS and char != " "
