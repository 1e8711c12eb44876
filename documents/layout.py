"""The page and its grid: bands of whole lines, placed on pages of 22.

All lengths are points; a band's own are measured from its top left corner, downwards. The type area
is 156 × 225 mm, 37 mm from the head and 28 mm from the binding (GB/T 9704-2012, 5.2.1). Its 22 lines of 28 characters
fill it (5.2.3): the first line's characters begin at its top, those of the 22nd end at its foot.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from documents.fonts import FontSet, Role
from documents.heading import is_between_words
from documents.typeset import Run, Shaped, balance, between, break_lines, runs, shape

MM = 72 / 25.4
PAPER = (210 * MM, 297 * MM)
LEFT, TOP = 28 * MM, 37 * MM
WIDTH, HEIGHT = 156 * MM, 225 * MM
LINES, CHARS = 22, 28
BODY = WIDTH / CHARS  # 3号: 15.79 pt, so that 28 characters fill the line
PITCH = (HEIGHT - BODY) / (LINES - 1)
LEAD = PITCH - BODY
FEWEST = 4  # lines of text on a page
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
    is set again above it where it begins a page; `mark` is its name in the outline. `words` is how many of its lines
    are text, if not all."""

    lines: int
    texts: tuple[Text, ...] = ()
    rules: tuple[Rule, ...] = ()
    keep: bool = False
    header: "Band | None" = None
    mark: str = ""
    words: int | None = None


class Placed(NamedTuple):
    """A band and how far its top is below the top of the type area, in points."""

    top: float
    band: Band


Spans = Sequence[tuple[Role, str]]
BLANK = Band(1)


def baseline(size: float, height: float = BODY) -> float:
    """The baseline, in points below the top of a row of `height`, that puts the characters in its middle."""
    return height / 2 + _EM_CENTRE * size


def paragraph(
    fonts: FontSet,
    spans: Spans,
    *,
    indent: float = 2,
    hang: float = 0,
    keep: bool = False,
    mark: str = "",
    whole: str = "",
) -> Iterator[Band]:
    """Body text, a band for each line: `indent` characters into the first line, `hang` into the others. With `whole`
    lines break after these marks alone."""
    shaped = shape(spans, BODY, fonts)
    if whole:
        shaped = between(shaped, lambda text, place: text[place - 1] in whole)
    first = True
    for line in break_lines(shaped, WIDTH - indent * BODY, WIDTH - hang * BODY):
        start = (indent if first else hang) * BODY
        set_runs = runs(shaped, line._replace(full=line.full and not whole), start, WIDTH - start)
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


def heading(text: str, size: float, fonts: FontSet, down: float = 0.0, *, red: bool = False) -> list[tuple[Text, ...]]:
    """A heading in 小标宋, its lines centred, broken between words alone (7.3.1): the first `down` points below the
    band's top, each of the others `heading_pitch` below the one before."""
    shaped = between(shape([("title", text)], size, fonts), is_between_words)
    lines = []
    for index, line in enumerate(balance(shaped, WIDTH)):
        x = (WIDTH - shaped.ends[line.end] + shaped.ends[line.start]) / 2
        top = down + index * heading_pitch(size)
        lines.append(_texts(runs(shaped, line, x, WIDTH), top + baseline(size, size), red))
    return lines


def heading_pitch(size: float) -> float:
    """From the top of a heading's line to the top of the next."""
    return max(PITCH, 1.25 * size)


def heading_lines(text: str, size: float, fonts: FontSet) -> Iterator[Band]:
    """A heading of body pitch, a band for each line, kept with the next."""
    for index, line in enumerate(heading(text, size, fonts, (BODY - size) / 2)):
        yield Band(1, tuple(each._replace(baseline=each.baseline - index * PITCH) for each in line), keep=True)


def row(fonts: FontSet, widths: Sequence[float], cells: Sequence[str], role: Role, *, keep: bool = False) -> list[Band]:
    """A row of a ruled table, its cells centred, on the grid, its frame in the middle of the space between lines. A row
    is one band, whole on its page; only one too tall for any page is cut."""
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
    top, foot = -LEAD / 2, height - LEAD / 2
    lines = [Rule(0, y, edges[-1], y, 0.5) for y in (top, foot)]
    return tuple(lines + [Rule(x, top, x, foot, 0.5) for x in edges])


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


def paginate(bands: Sequence[Band], foot: float = 0.0) -> list[list[Placed]]:
    """Pages of 22 lines, at least one, with `foot` points free at the foot of the last; a band is never cut, and stays
    with the next where it asks to.

    Pages are filled from the first on, as few as do, save that each has `FEWEST` lines of text where that can be."""
    count = len(bands)
    # For the bands from each on: the least cost (faults, pages), and where its first page ends.
    best: list[tuple[tuple[int, int], int]] = [((FEWEST, 1), count)] * (count + 1)
    for start in range(count - 1, -1, -1):
        best[start] = min(_ends(bands, start, foot, best), key=lambda each: (each[0], -each[1]))
    pages, start = [], 0
    while start < count:
        end = best[start][1]
        pages.append(_placed(bands[start:end]))
        start = end
        if start == count and foot and not _has_room(pages[-1], foot):
            pages.append([])
    return pages or [[]]


_BROKEN = 100  # a fault as grave as that many lines of text too few


def _ends(
    bands: Sequence[Band], start: int, foot: float, best: Sequence[tuple[tuple[int, int], int]]
) -> Iterator[tuple[tuple[int, int], int]]:
    """For each end of the page that begins with band `start`: the cost of this page and all after it, and the end."""
    used = words = 0
    for end in range(start + 1, len(bands) + 1):
        band = bands[end - 1]
        if band is not BLANK or used:
            used += band.lines + (band.header.lines if not used and band.header else 0)
        words += band.words if band.words is not None else band.lines if band.texts else 0
        if used > LINES and end > start + 1:
            break
        faults = max(0, FEWEST - words) + (_BROKEN if band.keep and end < len(bands) else 0)
        if end < len(bands) or (foot and not _has_room(_placed(bands[start:end]), foot)):
            (more, pages), _ = best[end]
            yield (faults + more, pages + 1), end
        else:
            yield (faults, 1), end


def _has_room(page: Sequence[Placed], foot: float) -> bool:
    """Whether `foot` points are free at the foot of the page, a blank line apart."""
    return used_points(page) + PITCH + foot <= HEIGHT


def _placed(bands: Sequence[Band]) -> list[Placed]:
    """One page: no blank line at its head, a table's head above a row that begins it, every frame inside the page."""
    page: list[Placed] = []
    used = 0
    for band in bands:
        if band is BLANK and not used:
            continue
        if not used and band.header is not None:
            page.append(_within(Placed(0.0, band.header)))
            used = band.header.lines
        page.append(_within(Placed(used * PITCH, band)))
        used += band.lines
    return page


def _within(placed: Placed) -> Placed:
    """A frame that would stand out of the type area ends at its edge, its texts in the middle again."""
    top, band = placed
    ys = [y for rule in band.rules for y in (rule.y1, rule.y2)]
    above, below = (max(0.0, -top - min(ys)), max(0.0, top + max(ys) - HEIGHT)) if ys else (0.0, 0.0)
    if not 1e-6 < above + below < LEAD:
        return placed
    low, high = -top, HEIGHT - top
    rules = tuple(r._replace(y1=min(max(r.y1, low), high), y2=min(max(r.y2, low), high)) for r in band.rules)
    texts = tuple(text._replace(baseline=text.baseline + (above - below) / 2) for text in band.texts)
    return Placed(top, band._replace(texts=texts, rules=rules))


def used_points(page: Sequence[Placed]) -> float:
    """The points taken on the page, from its top to the foot of its last line or frame."""
    if not page:
        return 0.0
    top, band = page[-1]
    return top + max(band.lines * PITCH - LEAD, *(rule.y2 for rule in band.rules), 0.0)
