"""A paper as blocks of text, laid out on pages."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from documents.fonts import FontSet, Role
from documents.layout import (
    BLANK,
    BODY,
    HEIGHT,
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
from documents.masthead import TITLE, Closing, Masthead, closing_bands, masthead_band
from documents.typeset import shape

_ALONE = 10  # lines of a tail that must not stand on a page by itself


class Title(NamedTuple):
    """The paper's title: 小标宋, 2号, centred."""

    text: str


class Heading(NamedTuple):
    """The heading of a part, 黑体, kept with what follows it."""

    text: str


class Paragraph(NamedTuple):
    """Body text by spans of (role, text); `indent` and `hang` are characters into the first line, and into others. With
    `whole` lines break after these marks alone; `keep` holds its last line to what follows."""

    spans: Spans
    indent: float = 2
    hang: float = 0
    whole: str = ""
    keep: bool = False


class Right(NamedTuple):
    """A line at the right, two characters in from the margin: part of a signature, which does not stand on a page
    without text."""

    text: str


class Grid(NamedTuple):
    """A ruled table: `shares` are the columns' parts of the width, `head` the row that stands again on every page."""

    shares: Sequence[float]
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Gap(NamedTuple):
    """An empty line."""


class Tail(NamedTuple):
    """The end of the text, after an empty line: where it is short it stands on the page of the lines before it."""

    parts: Sequence[Paragraph]


class NewPage(NamedTuple):
    """The end of a page."""


Block: TypeAlias = Masthead | Title | Heading | Paragraph | Right | Grid | Gap | Tail | NewPage | Closing


def plain(text: str, role: Role = "body") -> Paragraph:
    """Returns text in one face as a paragraph."""
    return Paragraph([(role, text)])


def pages(blocks: Iterable[Block], fonts: FontSet) -> list[list[Placed]]:
    """Lay out the blocks on pages of 22 lines; a closing block stands at the foot of the last, beneath text (7.4)."""
    parts: list[list[Band]] = [[]]
    foot: tuple[Band, float] | None = None
    for block in blocks:
        match block:
            case NewPage():
                parts.append([])
            case Closing():
                early, closing, height = closing_bands(block, fonts)
                parts[-1] += early
                foot = closing, height
            case Tail(paragraphs):
                tail = [BLANK, *(band for each in paragraphs for band in _bands(each, fonts))]
                if len(tail) <= _ALONE:
                    parts[-1][-2:] = map(_kept, parts[-1][-2:])
                    tail[:-1] = map(_kept, tail[:-1])
                parts[-1] += tail
            case _:
                parts[-1] += _bands(block, fonts)
    sheets = [page for part in parts[:-1] for page in paginate(part)] + paginate(parts[-1], foot[1] if foot else 0.0)
    if foot:
        closing, height = foot
        sheets[-1].append(Placed(HEIGHT - height, closing))
    return sheets


def _kept(band: Band) -> Band:
    return band._replace(keep=True)


def _bands(block: Block, fonts: FontSet) -> Iterator[Band]:
    match block:
        case Title(text):
            first, *more = heading_lines(text, TITLE, fonts)
            yield from (first._replace(mark=text), *more, BLANK._replace(keep=True))
        case Heading(text):
            yield from paragraph(fonts, [("hei", text)], keep=True, mark=text)
        case Masthead():
            yield masthead_band(block, fonts)
        case Paragraph(spans, indent, hang, whole, keep):
            lines = list(paragraph(fonts, spans, indent=indent, hang=hang, whole=whole))
            if keep and lines:
                lines[-1] = _kept(lines[-1])
            yield from lines
        case Right(text):
            shaped = shape([("body", text)], BODY, fonts)
            yield Band(1, put(shaped, max(0.0, WIDTH - 2 * BODY - shaped.width), baseline(BODY)), words=0)
        case Grid(shares, head, rows):
            total = sum(shares)
            yield from table(fonts, [WIDTH * share / total for share in shares], head, rows)
        case Gap():
            yield BLANK
