"""The layout of a sheet: what is merged, hidden or not calculated, and how a number is shown. Pure.

A spreadsheet shows this and a reader of its cells leaves it out: two of three merged rows would lose their body, and
a hidden row would be taken unseen.
"""

import re
from typing import IO
from xml.parsers.expat import ParserCreate

Words = tuple[str, str]  # Chinese, English

UNCALCULATED: Words = ("公式没有计算结果，请改填文字", "a formula without its result: enter text")
_HIDDEN: Words = (
    "所在的行或列被隐藏，请取消隐藏后导入，或将其删除",
    "its row or column is hidden: show it, or delete it",
)
_MERGED: Words = ("是合并单元格，请取消合并并逐行填写", "a merged cell: take it apart, and fill in every row")
_REF = re.compile("([A-Z]{1,3})([0-9]{1,7})")


class Layout:
    """The faults of cells by their place; rows count from 1, columns from 0."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.merged: set[tuple[int, int]] = set()
        self.uncalculated: set[tuple[int, int]] = set()

    def wrong(self, row: int, column: int) -> Words | None:
        """Returns why the cell at this place cannot be taken."""
        if (row, column) in self.uncalculated:
            return UNCALCULATED
        if (row, column) in self.merged:
            return _MERGED
        hidden = row in self.hidden_rows or any(first <= column <= last for first, last in self.hidden_columns)
        return _HIDDEN if hidden else None


def read_layout(source: IO[bytes]) -> Layout:
    """Returns the layout of a sheet's XML. Raises ExpatError where it is none."""
    reading = _Reading()
    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reading.start, reading.end
    parser.CharacterDataHandler = reading.text
    parser.ParseFile(source)
    return reading.layout


class _Reading:
    def __init__(self) -> None:
        self.layout = Layout()
        self._row = self._column = 0  # of the last seen, each from 1
        self._formula = self._value = self._inside = self._of_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "col" if _true(attributes.get("hidden")):
                self.layout.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
                if _true(attributes.get("hidden")):
                    self.layout.hidden_rows.add(self._row)
            case "c":
                place = place_of(attributes["r"]) if "r" in attributes else (self._row, self._column)
                self._column = place[1] + 1
                self._formula = self._value = self._inside = False
                self._of_text = attributes.get("t") == "str"  # an empty text is a result too
            case "f":
                self._formula = True
            case "v":
                self._inside = True
                self._value = self._of_text
            case "mergeCell":
                first, _, last = attributes["ref"].partition(":")
                if last and last != first:
                    self.layout.merged.add(place_of(first))  # the one that holds the text

    def text(self, _: str) -> None:
        self._value |= self._inside

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c" and self._formula and not self._value:
            self.layout.uncalculated.add((self._row, self._column - 1))


def place_of(ref: str) -> tuple[int, int]:
    """Returns row (from 1) and column (from 0) of a cell by its name. Raises ValueError."""
    found = _REF.fullmatch(ref)
    if found is None:
        raise ValueError(ref)
    column = 0
    for char in found[1]:
        column = column * 26 + ord(char) - 64
    return int(found[2]), column - 1


def _true(value: str | None) -> bool:
    return value in ("1", "true")


# A format's first section, for numbers not below zero: colours and conditions, room for a character, and repeated ones
# show no text; what remains is quoted or single characters, and digits.
_SILENT = re.compile(r"\[[^\]]*\]|_.|\*.")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|([-+/() ])')
_DIGITS = re.compile("#*0*")


def displayed(value: int | float, number_format: str) -> str | None:
    """Returns the number as its format shows it, `0101` for 101 in `0000`; None where that is more than digits."""
    shown, digits = "", False
    rest = _SILENT.sub("", number_format.split(";", maxsplit=1)[0])
    if rest.strip() in ("General", "G/通用格式", "@"):
        return str(int(value)) if value == int(value) else repr(value)
    while rest:
        if literal := _LITERAL.match(rest):
            shown += "".join(part or "" for part in literal.groups())
            rest = rest[literal.end() :]
        elif not digits and (found := _DIGITS.match(rest)) and found.end():
            if value != int(value) or value < 0:
                return None
            shown += str(int(value)).zfill(found[0].count("0"))
            rest, digits = rest[found.end() :], True
        else:
            return None
    return shown if digits else None
