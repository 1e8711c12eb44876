"""Lines of Chinese: characters with their glyphs, broken and justified by the rules of Chinese setting.

All lengths are points. No line begins with 。，、）or ends with （《; figures and Latin words
stay whole where they fit; a full line fills its measure exactly (GB/T 9704-2012, 5.2.3: 每行排28个字, 撑满版心),
save one that a date or a long word leaves so short that its characters would stand apart: it ends where they do.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, cast

from documents.embedding import EmbeddedFont
from documents.fonts import FontSet, Role
from documents.shaping import SELECTOR, SPECIAL, Script, ShapedFont, may_break

NOT_FIRST = frozenset("，。、；：？！）》」』】〕〉〗’”…·％℃‰,.;:?!)]}>～々ー")
NOT_LAST = frozenset("（《「『【〔〈〖‘“([{<￥$#＃№")
_HALF_RIGHT = frozenset("，。、；：？！）》」』】〕〉〗’”")
_HALF_LEFT = frozenset("（《「『【〔〈〖‘“")
# An annual number and a date stay whole.
_NUMBER = re.compile(r"〔\d{4}〕\d{1,4}号|(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{4}年(?:\d{1,2}月)?")
# Line ends, and the selectors of the two styles of an emoji, which papers have in one.
_NOT_DRAWN = str.maketrans("", "", "\n\t\ufe0e\ufe0f")
_CLOSING = {"“": "”", "‘": "’"}
_QUOTED = re.compile("“[^“”\u2e80-\U0010ffff]*”|‘[^‘’\u2e80-\U0010ffff]*’")
_APOSTROPHE = re.compile("(?<=[A-Za-z0-9])’(?=[A-Za-z0-9 ])")
_NARROW = {"“": 0.5, "”": 0.5, "‘": 0.32, "’": 0.32}  # em
_PAIRED = frozenset("—…")
_JOINER = "\u200d"
FREE, HELD, GLUED = 0, 1, 2  # before a character: may break; may only stretch; neither
_SLACK = 1e-6
# The widest gaps, in em, between characters and on either side of a blank; a line that would need more is left short.
_WIDEST, _WIDEST_AT_BLANK = 0.2, 0.5


class Run(NamedTuple):
    """Characters of one font drawn from `x`, each followed by `gap`."""

    x: float
    font: EmbeddedFont
    size: float
    text: str
    gap: float = 0.0


class Shaped(NamedTuple):
    """Text with its glyphs: character by character the font, the width, and how it holds to the one
    before; `ends[i]` is the width of the first i characters. The places in `narrow` are quotation marks of English."""

    text: str
    fonts: Sequence[EmbeddedFont]
    holds: Sequence[int]
    ends: Sequence[float]
    size: float
    narrow: frozenset[int] = frozenset()

    @property
    def width(self) -> float:
        return self.ends[-1]


class Broken(NamedTuple):
    """Characters `start` to `end` as one line; `full` lines are justified to their measure."""

    start: int
    end: int
    full: bool


def visible(text: str, fonts: FontSet, role: Role) -> str:
    """`text` with every character that no font can draw written out as [U+XXXX]; a variation selector that no font has
    leaves the character before it in its usual form."""
    return "".join(
        part if font else "" if SELECTOR.match(part) else f"[U+{ord(part):04X}]"
        for part, font, _ in _parts(text, fonts, role)
    )


def undrawn(text: str, fonts: FontSet) -> str:
    """The characters of `text`, each once, that papers cannot show as they are; line ends are none."""
    parts = (part for part, font, _ in _parts(text.translate(_NOT_DRAWN), fonts, "body") if font is None)
    return "".join(dict.fromkeys(parts))


def _parts(text: str, fonts: FontSet, role: Role) -> Iterator[tuple[str, EmbeddedFont | None, Sequence[float]]]:
    """The text in parts that are set as one, most of them one character, each with its font and the width in em of each
    character; None is the font of a character that no font has."""
    place = 0
    for found in SPECIAL.finditer(text):
        part, kind = found.group(), found.lastgroup
        font = fonts.form(role, *part) if kind == "sequence" else fonts.script(cast(Script, kind), part)
        if font:
            yield from _single(text[place : found.start()], fonts, role)
            yield part, font, font.widths(part)
            place = found.end()
    yield from _single(text[place:], fonts, role)


def _single(text: str, fonts: FontSet, role: Role) -> Iterator[tuple[str, EmbeddedFont | None, Sequence[float]]]:
    for char in text:
        font, width = fonts.glyph(role, char) or (None, 0.0)
        yield char, font, (width,)


def shape(spans: Iterable[tuple[Role, str]], size: float, fonts: FontSet) -> Shaped:
    """The glyphs of `spans` (role, text), at `size` points."""
    chars: list[str] = []
    faces: list[EmbeddedFont] = []
    holds: list[int] = []
    widths: list[float] = []
    before = ""
    for role, text in _with_quotes_nested(spans):
        for part, font, advances in _parts(visible(text.replace("\t", " "), fonts, role), fonts, role):
            if font is None:  # the brackets of [U+XXXX] themselves: a font without ASCII
                continue
            for inside, (char, advance) in enumerate(zip(part, advances, strict=True)):
                chars.append(char)
                faces.append(font)
                widths.append(advance * size)
                holds.append((FREE if may_break(before, char) else GLUED) if inside else _hold(before, char))
                before = char
    whole = "".join(chars)
    for number in _NUMBER.finditer(whole):
        holds[number.start() + 1 : number.end()] = [GLUED] * (number.end() - number.start() - 1)
    narrow = frozenset(place for place in _english_quotes(whole) if widths[place] > 0.9 * size)
    for place in narrow:
        widths[place] = _NARROW[whole[place]] * size
    return Shaped(whole, faces, holds, [0.0, *accumulate(widths)], size, narrow)


def _english_quotes(text: str) -> Iterator[int]:
    """The places of quotation marks with nothing Chinese within or beside them, and of apostrophes."""
    for found in _QUOTED.finditer(text):
        beside = text[max(0, found.start() - 9) : found.start()].rstrip()[-1:] + text[found.end() :][:9].lstrip()[:1]
        if all(char < "\u2e80" for char in beside):
            yield from (found.start(), found.end() - 1)
    for found in _APOSTROPHE.finditer(text):
        yield found.start()


def _with_quotes_nested(spans: Iterable[tuple[Role, str]]) -> Iterable[tuple[Role, str]]:
    parts = list(spans)
    whole = nested("".join(text for _, text in parts))
    ends = list(accumulate(len(text) for _, text in parts))
    return [(role, whole[end - len(text) : end]) for (role, text), end in zip(parts, ends, strict=True)]


def nested(text: str) -> str:
    """The text with ‘’ for the quotation marks within “”, and “” for those within ‘’ (GB/T 15834-2011, 4.8.3.4).

    A title in quotation marks of the program's may bring its own. Marks that do not pair stay as they are.
    """
    out, opened = list(text), list[int]()
    for place, char in enumerate(text):
        if char in _CLOSING:
            if opened and out[opened[-1]] == char:
                out[place] = "‘" if char == "“" else "“"
            opened.append(place)
        elif char in "”’" and opened and _CLOSING[text[opened[-1]]] == char:
            out[place] = _CLOSING[out[opened.pop()]]
        elif char == "”":
            return text
    return text if opened else "".join(out)


@lru_cache(maxsize=1 << 16)
def _hold(before: str, char: str) -> int:
    """Whether a line may break between two characters."""
    if not before:
        return FREE
    if char in NOT_FIRST or before in NOT_LAST:
        return GLUED if before == char and char in _PAIRED else _word(before, char) or HELD
    if char in _PAIRED and before == char:
        return GLUED
    return _word(before, char)


def _word(before: str, char: str) -> int:
    if char <= "\u2fff" and before <= "\u2fff":
        return GLUED if _wordly(before) and _wordly(char) else FREE
    if _JOINER in (char, before) or unicodedata.category(char) in {"Mn", "Me", "Sk"}:
        return GLUED
    return FREE


def _wordly(char: str) -> bool:
    return "!" <= char <= "~" or (char.isalnum() and char < "\u2e80") or char == _JOINER or "\u0300" <= char < "\u0370"


def break_lines(shaped: Shaped, first: float, rest: float) -> list[Broken]:
    """Break the text into lines: the first to one measure, all others to another, both in points."""
    text, ends = shaped.text, shaped.ends
    count, start, lines, measure = len(text), 0, [], first
    while start < count:
        fits = bisect_right(ends, ends[start] + measure + _SLACK) - 1
        if fits >= count:
            lines.append(Broken(start, count, False))
            break
        end = _breakpoint(shaped, start, max(fits, start + 1), measure)
        lines.append(Broken(start, end, True))
        start = end
        while start < count and text[start] == " ":
            start += 1
        measure = rest
    return lines


def _breakpoint(shaped: Shaped, start: int, fits: int, measure: float) -> int:
    """The end of the line from `start`: pulled in over closing marks, or the rest of a date or a word, if squeezing
    marks makes room, else pushed back to where a break is allowed."""
    holds, ends, count = shaped.holds, shaped.ends, len(shaped.text)
    if shaped.text[fits] == " " or holds[fits] == FREE:
        return fits
    room = sum(_squeeze(shaped, k) for k in range(start, fits))
    for end in range(fits + 1, count + 1):
        room += _squeeze(shaped, end - 1)
        if ends[end] - ends[start] - measure > room + _SLACK:
            break
        if end == count or holds[end] == FREE:
            return end
    for end in range(fits, start, -1):
        if holds[end] == FREE:
            return end
    return fits


def _squeeze(shaped: Shaped, index: int) -> float:
    """The width that a full-width mark can give up: the empty half of its square."""
    char = shaped.text[index]
    if char in _HALF_RIGHT or char in _HALF_LEFT:
        return max(0.0, shaped.ends[index + 1] - shaped.ends[index] - shaped.size / 2)
    return 0.0


def runs(shaped: Shaped, line: Broken, x: float, measure: float) -> list[Run]:
    """The runs of one line from `x`; a full line is stretched or squeezed to `measure`."""
    start, end, ends = line.start, line.end, shaped.ends
    while end > start + 1 and shaped.text[end - 1] == " " and line.full:
        end -= 1
    slack = measure - (ends[end] - ends[start])
    places = [k for k in range(start + 1, end) if shaped.holds[k] != GLUED and not _within(shaped, k)]
    if not line.full and slack >= -_SLACK:
        return _grouped(shaped, start, end, x, None)
    after = [0.0] * (end - start)
    if slack < 0:
        room = [_squeeze(shaped, k) for k in range(start, end)]
        share = min(1.0, -slack / total) if (total := sum(room)) else 0.0
        for k in range(start, end):
            give = room[k - start] * share
            if shaped.text[k] in _HALF_LEFT and k > start:
                after[k - start - 1] -= give
            else:
                after[k - start] -= give
    else:
        widest = [_WIDEST_AT_BLANK if " " in shaped.text[k - 1 : k + 1] else _WIDEST for k in places]
        if slack <= (most := sum(widest) * shaped.size):
            for k, wide in zip(places, widest, strict=True):
                after[k - start - 1] += slack * wide * shaped.size / most
    return _grouped(shaped, start, end, x, after)


def _grouped(shaped: Shaped, start: int, end: int, x: float, after: list[float] | None) -> list[Run]:
    """Join neighbours of one font and one gap into runs."""
    out: list[Run] = []
    first = start
    for k in range(start + 1, end + 1):
        if (
            k == end
            or shaped.fonts[k] is not shaped.fonts[first]
            or (after and not _within(shaped, k) and abs(after[k - start] - after[first - start]) > _SLACK)
            or not shaped.narrow.isdisjoint((k - 1, k))
        ):
            gap = after[first - start] if after and not isinstance(shaped.fonts[first], ShapedFont) else 0.0
            left = shaped.size - shaped.ends[k] + shaped.ends[first] if _opens_narrow(shaped, first) else 0.0
            out.append(Run(x - left, shaped.fonts[first], shaped.size, shaped.text[first:k], gap))
            x += shaped.ends[k] - shaped.ends[first] + (sum(after[first - start : k - start]) if after else 0.0)
            first = k
    return out


def _within(shaped: Shaped, place: int) -> bool:
    """Whether this character and the one before it are drawn together (`shaping.py`)."""
    return shaped.fonts[place] is shaped.fonts[place - 1] and isinstance(shaped.fonts[place], ShapedFont)


def _opens_narrow(shaped: Shaped, place: int) -> bool:
    """Whether this is a narrow opening mark, whose ink is in the right part of its square."""
    return place in shaped.narrow and shaped.text[place] in _HALF_LEFT


def between(shaped: Shaped, may: Callable[[str, int], bool]) -> Shaped:
    """The text with breaks only where `may` allows one before the character at that place of it."""
    text = shaped.text
    holds = [HELD if place and not may(text, place) else hold for place, hold in enumerate(shaped.holds)]
    return shaped._replace(holds=holds)


def balance(shaped: Shaped, measure: float) -> list[Broken]:
    """Lines of about one length, save for long words: a heading's 倒梯形 (GB/T 9704-2012, 7.3.1)."""
    lines = break_lines(shaped, measure, measure)
    low, high = shaped.width / max(1, len(lines)), measure
    while len(lines) > 1 and high - low > shaped.size / 4:
        middle = (low + high) / 2
        tried = break_lines(shaped, middle, middle)
        if len(tried) == len(lines):
            lines, high = tried, middle
        else:
            low = middle
    return [Broken(line.start, line.end, False) for line in lines]


def spread(name: str) -> str:
    """A name of two Chinese characters in the width of three, as lists print it: 林　静."""
    if len(name) == 2 and all(char > "\u2e7f" for char in name):
        return f"{name[0]}\u3000{name[1]}"
    return name
