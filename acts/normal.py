"""The one form of names, codes, titles and texts, on every way in: forms, API, files, command line. Pure.

Names, staff numbers and titles that pass this are compared as they stand: what looks the same is the same. The
database has the same two forms, `is_name` and `is_code` (`0002_bodies.sql`), and refuses any other.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

Form: TypeAlias = Literal["name", "code", "line", "text"]

# Characters that show nothing: general category Cf, and those of other categories that have no glyph of their own.
INVISIBLE = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Those among them that say something in a text: Arabic signs over numbers, and what chooses a character's form.
_MEANT = "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
# A joiner says something between letters of a script that joins them, or between pictures.
_JOINED = "\u0590-\u0fff\u1000-\u109f\u1780-\u18af\u2190-\u2bff\ufb50-\ufdff\ufe0f\ufe70-\ufefc\U0001f000-\U0001faff"
_JOINERS = "\u180e\u200c\u200d"
BLANKS = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000"
DOTS = "\u00b7\u0387\u16eb\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\ua78f\uff65"
HAN = "\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_UNSEEN = re.compile(f"[{INVISIBLE}]")
_MEANINGLESS = re.compile(
    f"(?![{_MEANT}{_JOINERS}])[{INVISIBLE}]|(?<![{_JOINED}])[{_JOINERS}]|[{_JOINERS}](?![{_JOINED}])"
)
_DOT = re.compile(f"[{DOTS}]")
_BLANK = re.compile(f"[{BLANKS}]+")
_BESIDE_DOT = re.compile(" ?\u00b7 ?")
_INSIDE = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")
_BREAK = re.compile("\r\n?|[\u000b\u2028\u2029]")
_SOFT_BREAK = re.compile("[\u000b\u2028\u2029]")
# Radicals that look like the characters themselves, which PDF readers copy in place of them.
_RADICALS: dict[int, int | str] = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
# Full-width digits and letters, as Chinese input writes them, to ASCII; in codes the marks between them too.
_HALF: dict[int, int | str] = {
    code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)
}
_HALF_MARKS: dict[int, int | str] = {ord(mark): ord(mark) - 0xFEE0 for mark in "－．／＿"}


def name(text: str) -> str:
    """The name of a person, body or organization as it is kept.

    Tables pad Chinese names with blanks (`李　伟`), and copying brings characters that nobody sees: neither is part of
    a name. Blanks stay between words of other scripts; the middle dots are one.
    """
    plain = _DOT.sub("\u00b7", _UNSEEN.sub("", text).translate(_RADICALS | _HALF))
    spaced = _BLANK.sub(" ", unicodedata.normalize("NFC", plain)).strip(" ")
    return _INSIDE.sub("", _BESIDE_DOT.sub("\u00b7", spaced))


def code(text: str) -> str:
    """A staff number, or the code of a matter, as it is kept: in half-width digits and letters."""
    plain = _UNSEEN.sub("", text).translate(_RADICALS | _HALF | _HALF_MARKS)
    return _BLANK.sub(" ", unicodedata.normalize("NFC", plain)).strip(" ")


def line(text: str) -> str:
    """A title, a post or another text of one line; a soft break in it, as word processors write, is a blank."""
    return _BLANK.sub(" ", _SOFT_BREAK.sub(" ", _meant(text))).strip(" ")


def text(text: str) -> str:
    """A text of several lines, with line feeds between them."""
    return _BREAK.sub("\n", _meant(text))


def _meant(text: str) -> str:
    return _MEANINGLESS.sub("", text.translate(_RADICALS))


FORMS: Mapping[Form, Callable[[str], str]] = MappingProxyType({"name": name, "code": code, "line": line, "text": text})
