"""A paper as blocks of text, laid out on pages."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from documents.fonts import FontSet, Role
from documents.layout import (
    BLANK,
    BODY,
    WIDTH,
    Band,
    Placed,
    Spans,
    baseline,
    heading_lines,
    paginate,
    paragraph,
    put,
    table,
)
from documents.typeset import shape

TITLE = 22.0  # 2号


class Title(NamedTuple):
    """The paper's title: 小标宋, 2号, centred."""

    text: str


class Heading(NamedTuple):
    """The heading of a part, 黑体, kept with what follows it."""

    text: str


class Paragraph(NamedTuple):
    """Body text by spans of (role, text); `indent` and `hang` are characters into the first line, and into others."""

    spans: Spans
    indent: float = 2
    hang: float = 0


class Right(NamedTuple):
    """A line at the right, two characters in from the margin."""

    text: str


class Grid(NamedTuple):
    """A ruled table: `shares` are the columns' parts of the width, `head` the row that stands again on every page."""

    shares: Sequence[float]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Gap(NamedTuple):
    """An empty line."""


class NewPage(NamedTuple):
    """The end of a page."""


Block: TypeAlias = Title | Heading | Paragraph | Right | Grid | Gap | NewPage


def plain(text: str, role: Role = "body") -> Paragraph:
    """Returns text in one face as a paragraph."""
    return Paragraph([(role, text)])


def pages(blocks: Iterable[Block], fonts: FontSet) -> list[list[Placed]]:
    """Lay out the blocks on pages of 22 lines."""
    parts: list[list[Band]] = [[]]
    for block in blocks:
        if isinstance(block, NewPage):
            parts.append([])
        else:
            parts[-1] += _bands(block, fonts)
    return [page for part in parts for page in paginate(part)]


def _bands(block: Block, fonts: FontSet) -> Iterator[Band]:
    match block:
        case Title(text):
            first, *more = heading_lines(text, TITLE, fonts)
            yield from (first._replace(mark=text), *more, BLANK._replace(keep=True))
        case Heading(text):
            yield from paragraph(fonts, [("hei", text)], keep=True, mark=text)
        case Paragraph(spans, indent, hang):
            yield from paragraph(fonts, spans, indent=indent, hang=hang)
        case Right(text):
            shaped = shape([("body", text)], BODY, fonts)
            yield Band(1, put(shaped, max(0.0, WIDTH - 2 * BODY - shaped.width), baseline(BODY)))
        case Grid(shares, head, rows):
            whole = sum(shares)
            yield from table(fonts, [WIDTH * share / whole for share in shares], head, rows)
        case Gap():
            yield BLANK
