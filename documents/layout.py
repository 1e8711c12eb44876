"""The page and its grid: bands of whole lines, placed on pages of 22.

All lengths are points; a band's own are measured from its top left corner, downwards. The type area
is 156 × 225 mm, 37 mm from the head and 28 mm from the binding (GB/T 9704-2012, 5.2.1); it holds 22
lines of 28 characters (5.2.3).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from documents.fonts import FontSet, Role
from documents.typeset import Run, Shaped, balance, break_lines, runs, shape

MM = 72 / 25.4
PAPER = (210 * MM, 297 * MM)
LEFT, TOP = 28 * MM, 37 * MM
WIDTH, HEIGHT = 156 * MM, 225 * MM
LINES, CHARS = 22, 28
PITCH = HEIGHT / LINES
BODY = WIDTH / CHARS  # 3号: 15.79 pt, so that 28 characters fill the line
SMALL = 14.0  # 4号
THICK, THIN = 0.35 * MM, 0.25 * MM
_EM_CENTRE = 0.38  # em from the baseline to the middle of a Chinese character
_PADDING = 3.0


class Text(NamedTuple):
    """A run with its baseline, in points below the band's top."""

    run: Run
    baseline: float
    red: bool = False


class Rule(NamedTuple):
    """A straight line of `width` points."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    red: bool = False


class Band(NamedTuple):
    """A block of grid lines with its texts and rules. `keep` holds it to the next band; `header`
    is set again above it where it begins a page; `mark` is its name in the outline."""

    lines: int
    texts: tuple[Text, ...] = ()
    rules: tuple[Rule, ...] = ()
    keep: bool = False
    header: "Band | None" = None
    mark: str = ""


class Placed(NamedTuple):
    """A band and how far its top is below the top of the type area, in points."""

    top: float
    band: Band


Spans = Sequence[tuple[Role, str]]
BLANK = Band(1)


def baseline(size: float, height: float = PITCH) -> float:
    """The baseline, in points below the top of a row of `height`, that puts the characters in its middle."""
    return height / 2 + _EM_CENTRE * size


def paragraph(
    fonts: FontSet, spans: Spans, *, indent: float = 2, hang: float = 0, keep: bool = False, mark: str = ""
) -> Iterator[Band]:
    """Body text, a band for each line: `indent` characters into the first line, `hang` into the others."""
    shaped = shape(spans, BODY, fonts)
    first = True
    for line in break_lines(shaped, WIDTH - indent * BODY, WIDTH - hang * BODY):
        start = (indent if first else hang) * BODY
        set_runs = runs(shaped, line, start, WIDTH - start)
        yield Band(1, _texts(set_runs, baseline(BODY)), keep=keep, mark=mark if first else "")
        first = False


def paragraphs(fonts: FontSet, spans: Spans) -> Iterator[Band]:
    """Set text as `paragraph` does, with a new paragraph at every line break."""
    part: list[tuple[Role, str]] = []
    for role, text in spans:
        head, *tail = text.splitlines() or [""]
        part.append((role, head))
        for more in tail:
            yield from paragraph(fonts, part)
            part = [(role, more)]
    yield from paragraph(fonts, part)


def centred(fonts: FontSet, role: Role, text: str) -> Iterator[Band]:
    """A centred line of body size; a text of more than one line is set as a paragraph."""
    shaped = shape([(role, text)], BODY, fonts)
    if shaped.width > WIDTH:
        yield from paragraph(fonts, [(role, text)])
        return
    line = break_lines(shaped, WIDTH, WIDTH)
    for broken in line:
        yield Band(1, _texts(runs(shaped, broken, (WIDTH - shaped.width) / 2, WIDTH), baseline(BODY)))


def heading_lines(text: str, size: float, fonts: FontSet, mark: str = "") -> Iterator[Band]:
    """A heading in 小标宋, centred, its lines balanced (7.3.1); kept with the band that follows."""
    shaped = shape([("title", text)], size, fonts)
    for index, line in enumerate(balance(shaped, WIDTH)):
        width = shaped.ends[line.end] - shaped.ends[line.start]
        row = runs(shaped, line, (WIDTH - width) / 2, WIDTH)
        yield Band(1, tuple(Text(run, baseline(size)) for run in row), keep=True, mark="" if index else mark)


def row(fonts: FontSet, widths: Sequence[float], cells: Sequence[str], role: Role, *, keep: bool = False) -> list[Band]:
    """A row of a ruled table, its cells centred, on the grid. A row is one band, whole on its page; only
    one too tall for any page is cut."""
    tops = LINES - 2
    columns: list[list[list[Run]]] = []
    x = 0.0
    for width, cell in zip(widths, cells, strict=True):
        shaped = shape([(role, cell)], SMALL, fonts)
        columns.append(list(_cell_lines(shaped, x, width)))
        x += width
    height = max(1, *map(len, columns))
    bands = []
    for start in range(0, height, tops):
        count = min(tops, height - start)
        texts: list[Text] = []
        for column in columns:
            lines = column[start : start + count]
            down = (count - len(lines)) * PITCH / 2
            for index, line in enumerate(lines):
                texts += _texts(line, down + index * PITCH + baseline(SMALL))
        bands.append(Band(count, tuple(texts), _frame(widths, count * PITCH), keep))
    return bands


def _cell_lines(shaped: Shaped, x: float, width: float) -> Iterator[list[Run]]:
    room = width - 2 * _PADDING
    for line in break_lines(shaped, room, room):
        used = min(room, shaped.ends[line.end] - shaped.ends[line.start])
        yield runs(shaped, line._replace(full=False), x + (width - used) / 2, room)


def _frame(widths: Sequence[float], height: float) -> tuple[Rule, ...]:
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + width)
    lines = [Rule(0, y, edges[-1], y, 0.5) for y in (0.0, height)]
    return tuple(lines + [Rule(x, 0, x, height, 0.5) for x in edges])


def table(
    fonts: FontSet, widths: Sequence[float], head: Sequence[str], rows: Iterable[Sequence[str]]
) -> Iterator[Band]:
    """A ruled table; its head stands again on every page, and never alone at the foot of one."""
    (top,) = row(fonts, widths, head, "hei", keep=True)
    yield top
    for cells in rows:
        for band in row(fonts, widths, cells, "body"):
            yield band._replace(header=top)


def _texts(line: Iterable[Run], down: float, red: bool = False) -> tuple[Text, ...]:
    return tuple(Text(run, down, red) for run in line)


def put(shaped: Shaped, x: float, down: float, *, red: bool = False) -> tuple[Text, ...]:
    """A whole text in one line from `x`, its baseline `down`."""
    lines = break_lines(shaped, float("inf"), float("inf"))
    return tuple(text for line in lines for text in _texts(runs(shaped, line, x, shaped.width), down, red))


def paginate(bands: Sequence[Band]) -> list[list[Placed]]:
    """Pages of 22 lines, at least one; a band is never cut, and stays with the next where it asks to."""
    pages: list[list[Placed]] = [[]]
    used = 0
    needs = _needs(bands)
    for band, need in zip(bands, needs, strict=True):
        if used and used + (need if need <= LINES else band.lines) > LINES:
            pages.append([])
            used = 0
            if band.header is not None:
                pages[-1].append(Placed(0.0, band.header))
                used = band.header.lines
        if band is BLANK and not used and len(pages) > 1:
            continue
        pages[-1].append(Placed(used * PITCH, band))
        used += band.lines
    return pages


def _needs(bands: Sequence[Band]) -> list[int]:
    """For each band the lines it needs together with those it is kept with."""
    needs = [0] * len(bands)
    after = 0
    for index in range(len(bands) - 1, -1, -1):
        band = bands[index]
        needs[index] = after = band.lines + (after if band.keep else 0)
    return needs


def used_lines(page: Sequence[Placed]) -> int:
    """The number of lines taken on the page, from its top."""
    return round(page[-1].top / PITCH) + page[-1].band.lines if page else 0
