"""The parts of a paper that only issued papers have: the red heading (版头) and the closing block (版记) as bands.

GB/T 9704-2012, 7.2 and 7.4, in the form of 纪要 (10.3).
"""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import NamedTuple

from documents.fonts import FontSet
from documents.heading import is_between_words
from documents.layout import (
    BODY,
    FEWEST,
    HEIGHT,
    MM,
    PITCH,
    SMALL,
    THICK,
    THIN,
    WIDTH,
    Band,
    Rule,
    Text,
    baseline,
    heading,
    heading_pitch,
    put,
)
from documents.typeset import between, break_lines, runs, shape

TITLE = 22.0  # 2号
LARGEST = 36.0
_SMALLEST = 24.0
# The characters of the closing block and its pitch: 4号, and smaller where there are so many recipients.
_CLOSING_SIZES = ((SMALL, 24.0), (12.0, 20.0), (10.5, 16.0), (9.0, 13.5), (7.5, 11.0))


class Masthead(NamedTuple):
    """The head of an issued paper: the red heading, broken after `organ` where it has no room, the number, the red
    rule, the title, and a note beneath the title."""

    organ: str
    series: str
    number: str
    title: str
    note: str = ""


class Closing(NamedTuple):
    """The closing block at the foot of the last page: recipients of copies, printer, date, and copies printed, each
    empty where there is none."""

    recipients: Sequence[str]
    printer: str
    printed: str
    copies: str = ""


def masthead_band(block: Masthead, fonts: FontSet) -> Band:
    """Heading 35 mm down, number two lines below it, red rule 4 mm below the number, title two lines below the rule
    (7.2.4, 7.2.5, 7.2.7, 7.3.1, 10.3), and a line between title and text, which is on the grid again."""
    texts: list[Text] = []
    whole = block.organ + block.series
    parts = [whole]
    if _SMALLEST * shape([("title", whole)], 1.0, fonts).width > WIDTH - 2 * BODY:
        parts = [block.organ, block.series]
    widest = max(shape([("title", part)], 1.0, fonts).width for part in parts)
    size = max(_SMALLEST, min(LARGEST, (WIDTH - 2 * BODY) / max(widest, 1.0)))
    y = 35 * MM
    for part in parts:
        for line in heading(part, size, fonts, y, red=True):
            texts += line
            y += heading_pitch(size)
    y += size - heading_pitch(size) + 2 * PITCH
    number = shape([("body", block.number)], BODY, fonts)
    texts += put(number, (WIDTH - number.width) / 2, y + baseline(BODY))
    rule = y + BODY + 4 * MM
    y = rule + 2 * PITCH
    title = heading(block.title, TITLE, fonts, y)
    for line in title:
        texts += line
    y += (len(title) - 1) * heading_pitch(TITLE) + TITLE
    if block.note:
        note = shape([("kai", block.note)], BODY, fonts)
        texts += put(note, (WIDTH - note.width) / 2, y + baseline(BODY, 2 * BODY))
        y += 2 * BODY
    return Band(
        ceil((y + PITCH - 1) / PITCH),
        tuple(texts),
        (Rule(0, rule, WIDTH, rule, THICK, True),),
        keep=True,
        mark=block.title.removesuffix("纪要"),
        words=len(title),
    )


def closing_bands(block: Closing, fonts: FontSet) -> tuple[list[Band], Band, float]:
    """版记 (7.4), and its height: rules of 0.35, 0.25 and 0.35 mm as wide as the type area; 抄送 in one block; 印发 and
    共印 each on a line of its own, one character in from either side.

    Recipients too many for a page make the block's characters smaller; lines too many even then go ahead of it."""
    for size, pitch in _CLOSING_SIZES:
        sent, issued = _recipients(block.recipients, fonts, size), _printing(block, fonts, size)
        most = int((HEIGHT - FEWEST * PITCH) / pitch) - len(issued)
        if len(sent) <= most:
            break
    early, sent = sent[: len(sent) - max(1, most)], sent[-max(1, most) :]
    height = (len(sent) + len(issued)) * pitch
    texts: list[Text] = []
    for index, line in enumerate([*sent, *issued]):
        texts += _lowered(line, index * pitch + baseline(size, pitch))
    rules = [Rule(0, 0, WIDTH, 0, THICK), Rule(0, height, WIDTH, height, THICK)]
    if sent:
        rules.insert(1, Rule(0, len(sent) * pitch, WIDTH, len(sent) * pitch, THIN))
    before = [Band(1, _lowered(line, baseline(size))) for line in early]
    return before, Band(ceil(height / PITCH), tuple(texts), tuple(rules)), height


def _lowered(line: Iterable[Text], down: float) -> tuple[Text, ...]:
    return tuple(text._replace(baseline=down) for text in line)


def _recipients(copies: Sequence[str], fonts: FontSet, size: float) -> list[tuple[Text, ...]]:
    """The lines of 抄送, later ones under the first recipient; no recipient's name is broken."""
    if not copies:
        return []
    label = shape([("body", "抄送：")], size, fonts)
    names = between(
        shape([("body", "，".join(copies) + "。")], size, fonts), lambda text, place: text[place - 1] == "，"
    )
    x = size + label.width
    measure = WIDTH - size - x
    lines = [
        tuple(Text(run, 0.0) for run in runs(names, line._replace(full=False), x, measure))
        for line in break_lines(names, measure, measure)
    ]
    return [(*put(label, size, 0.0), *lines[0]), *lines[1:]]


def _printing(block: Closing, fonts: FontSet, size: float) -> list[tuple[Text, ...]]:
    """The lines of 印发: printer and date, on one line where they have room, and the number of copies."""
    measure = WIDTH - 2 * size
    printer = between(shape([("body", block.printer)], size, fonts), is_between_words)
    lines = [
        tuple(Text(run, 0.0) for run in runs(printer, line._replace(full=False), size, measure))
        for line in break_lines(printer, measure, measure)
    ]
    date = shape([("body", block.printed)], size, fonts)
    dated = put(date, WIDTH - size - date.width, 0.0)
    if len(lines) == 1 and printer.width + size + date.width <= measure:
        lines = [(*lines[0], *dated)]
    else:
        lines.append(dated)
    if block.copies:
        copies = shape([("body", block.copies)], size, fonts)
        lines.append(put(copies, WIDTH - size - copies.width, 0.0))
    return lines
