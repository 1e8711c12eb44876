"""Reading an import file's cells into rows: each value is checked alone, a bad one named by its place. Pure."""

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from acts import normal
from acts.quoting import quoted
from acts.refusal import Fact, Refused, RefusedError
from imports.reading import Cell, Table, letter
from imports.sheets import (
    BODIES,
    EXPLANATION,
    KINSHIP,
    MATTERS,
    PEOPLE,
    SHEETS,
    BodyRow,
    Column,
    KinshipRow,
    MatterRow,
    PersonRow,
    Sheet,
)

MOST_COMPLAINTS = 200

# Controls, and characters of private use.
_STRANGE = re.compile("[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee][+-][0-9]{2,3}")
_BETWEEN = re.compile(r"[、，,;；/\s]+")


class Contents(Struct, frozen=True):
    """The rows of a file; `places` holds, by sheet and field, the column (0 is A)."""

    bodies: tuple[BodyRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    kinship: tuple[KinshipRow, ...] = ()
    matters: tuple[MatterRow, ...] = ()
    places: dict[str, dict[str, int]] = {}


class Complaints:
    """Everything that is wrong with a file, in its order, raised all at once."""

    def __init__(self, places: dict[str, dict[str, int]]) -> None:
        self._places = places
        self._found: list[tuple[int, int, int, Refused]] = []

    def at(self, sheet: Sheet, row: int, field: str, zh: str, en: str, rule: str = "input.invalid") -> None:
        """Complain of a row's field; the sentences go on from the place, without a full stop."""
        heading = sheet.column(field).heading
        places = self._places[sheet.name]
        self.cell(sheet, row, places.get(field, max(places.values(), default=-1) + 1), heading, zh, en, rule)

    def cell(
        self, sheet: Sheet, row: int, column: int, heading: str, zh: str, en: str, rule: str = "input.invalid"
    ) -> None:
        """Complain of a cell, in a column of ours or not."""
        place, heading = f"{letter(column)}{row}", quoted(heading)
        facts: dict[str, Fact] = {"sheet": sheet.name, "row": row, "column": letter(column), "heading": heading}
        refused = Refused(
            rule,
            f"“{sheet.name}”第 {row} 行“{heading}”（{place}）：{zh}。",
            f"Sheet {sheet.name}, row {row}, {heading} ({place}): {en}.",
            facts,
        )
        self._found.append((SHEETS.index(sheet), row, column, refused))

    def require_none(self) -> None:
        """Raise RefusedError if there are complaints, with the first 200 and the number of the rest."""
        if not self._found:
            return
        found = [refused for *_, refused in sorted(self._found, key=lambda each: each[:3])]
        if (more := len(found) - MOST_COMPLAINTS) > 0:
            found[MOST_COMPLAINTS:] = [
                Refused(
                    "input.invalid",
                    f"另有 {more} 处错误未列出，请先改正以上各处。",
                    f"{more} more are not listed; mend these first.",
                    {"more": more},
                )
            ]
        raise RefusedError(*found)


def read_rows(tables: Sequence[Table]) -> Contents:
    """Returns the rows of every sheet. Raises RefusedError for a sheet that is none of ours, or every bad cell."""
    sheets = [(sheet, table) for table in tables if (sheet := _sheet_of(table)) is not None]
    if not sheets:
        raise RefusedError(
            _unknown(
                "文件中没有可导入的内容，请在模板中填写后导入。",
                "The file holds nothing to import; fill in the template.",
            )
        )
    places: dict[str, dict[str, int]] = {}
    complaints = Complaints(places)
    rows: dict[str, list[Any]] = {sheet.name: [] for sheet in SHEETS}
    for sheet, table in sheets:
        places[sheet.name] = _headings(sheet, table, complaints)
    complaints.require_none()
    for sheet, table in sheets:
        for number, cells in table.rows[1:]:
            if row := _row(sheet, number, cells, places[sheet.name], complaints):
                rows[sheet.name].append(row)
    complaints.require_none()
    bodies, people, kinship, matters = (tuple(rows[sheet.name]) for sheet in (BODIES, PEOPLE, KINSHIP, MATTERS))
    return Contents(bodies, people, kinship, matters, places)


def _sheet_of(table: Table) -> Sheet | None:
    """Returns the sheet by the table's name, or a CSV file's by its headings; None for one that is not to be read."""
    if not table.rows or table.name == EXPLANATION:
        return None
    named = "、".join(f"“{sheet.name}”" for sheet in SHEETS)
    if table.name is None:
        headings = {_heading(cell) for cell in table.rows[0][1]}
        for sheet in SHEETS:
            if sheet.required <= headings:
                return sheet
        raise RefusedError(
            _unknown(
                f"无法判断文件内容：只接收 XLSX，或第一行是{named}之一表头的 CSV，请使用模板。",
                "Neither XLSX nor CSV whose first row is the headings of one of our sheets; use the template.",
            )
        )
    for sheet in SHEETS:
        if table.name.strip() == sheet.name:
            if table.hidden:
                raise RefusedError(
                    _unknown(
                        f"工作表“{sheet.name}”被隐藏，请取消隐藏后导入，或将其删除。",
                        f"The sheet {sheet.name} is hidden: show it, or delete it.",
                        sheet=sheet.name,
                    )
                )
            return sheet
    if table.hidden:
        return None  # lists that the spreadsheet program itself draws on
    raise RefusedError(
        _unknown(
            f"不认识工作表“{quoted(table.name)}”：可导入{named}，其他工作表请改名或删除。",
            f"No such sheet: {quoted(table.name)}; rename it as in the template, or delete it.",
            sheet=quoted(table.name),
        )
    )


def _unknown(detail: str, detail_en: str, **facts: Fact) -> Refused:
    return Refused("input.invalid", detail, detail_en, {"field": "file", **facts})


def _heading(cell: Cell) -> str:
    return re.sub(r"\s", "", normal.name(cell.text))


def _headings(sheet: Sheet, table: Table, complaints: Complaints) -> dict[str, int]:
    """Returns each field's column, by the first row."""
    number, cells = table.rows[0]
    fields = {column.heading: column.field for column in sheet.columns}
    places: dict[str, int] = {}
    width = max(len(values) for _, values in table.rows)
    for at, heading in enumerate([*map(_heading, cells), *[""] * (width - len(cells))]):
        if at < len(cells) and (wrong := cells[at].wrong):
            complaints.cell(sheet, number, at, heading or "表头", *wrong)
        elif not heading:
            if filled := next(
                (row for row, values in table.rows[1:] if at < len(values) and _filled(values[at])), None
            ):
                complaints.cell(
                    sheet,
                    filled,
                    at,
                    "无表头",
                    "此列有内容而没有表头，请补上表头或删去内容",
                    "the column has no heading",
                )
        elif heading not in fields:
            known = "、".join(fields)
            complaints.cell(
                sheet, number, at, heading, f"不认识此表头，可用的表头为{known}", "no such heading; see the template"
            )
        elif fields[heading] in places:
            complaints.cell(sheet, number, at, heading, "表头重复，请删去一列", "the heading stands twice; delete one")
        else:
            places[fields[heading]] = at
    unread = any(cell.wrong for cell in cells)  # such a heading may be the one that seems to be missing
    for column in sheet.columns:
        if column.required and column.field not in places and not unread:
            complaints.cell(
                sheet, number, len(cells), column.heading, "缺少此列，请照模板补上", "the column is missing; add it"
            )
    return places


def _filled(cell: Cell) -> bool:
    return bool(cell.wrong or normal.line(cell.text).strip())


def _row(sheet: Sheet, number: int, cells: Sequence[Cell], places: dict[str, int], complaints: Complaints) -> Any:
    """Returns one row of the sheet's type; None where it is blank, or where a cell of it is bad."""
    if not any(map(_filled, cells)):
        return None
    values: dict[str, Any] = {"at": number}
    good = True
    for column in sheet.columns:
        at = places.get(column.field)
        cell = cells[at] if at is not None and at < len(cells) else Cell("")
        try:
            values[column.field] = _value(column, cell)
        except _BadCell as bad:
            complaints.at(sheet, number, column.field, *bad.words)
            good = False
    # Every value was checked by its column.
    return sheet.row(**values) if good else None


class _BadCell(Exception):  # noqa: N818 -- never leaves this module
    def __init__(self, zh: str, en: str) -> None:
        self.words = (zh, en)


def _value(column: Column, cell: Cell) -> Any:
    """Returns the cell's value as the row's field holds it. Raises _BadCell."""
    if cell.wrong:
        raise _BadCell(*cell.wrong)
    text = normal.FORMS[column.form](cell.text.strip()).strip()
    if _STRANGE.search(text):
        raise _BadCell(
            "含有控制字符或自造字，请改用标准汉字", "it has control characters, or characters of private use"
        )
    if column.takes not in ("text", "words") and re.search("[\n\t]", text):
        raise _BadCell("不能换行", "it must be one line")
    if not text:
        if column.required:
            raise _BadCell("必须填写", "it must be filled in")
        return {"number": None, "words": ()}.get(column.takes, "")
    if column.takes == "number":
        return _number(column, text)
    if column.takes in ("word", "words"):
        return _words(column, text)
    if column.takes == "code" and _SCIENTIFIC.fullmatch(text):
        raise _BadCell(
            "是科学计数法，不是原来的号码，请把单元格设为文本后重新填写",
            "a number in scientific notation, not the code itself: make the cell text and enter it again",
        )
    if column.takes == "code" and re.search(r"\s", text):
        raise _BadCell("不能含有空格", "no blanks inside")
    if len(text) > column.most:
        raise _BadCell(f"超过 {column.most} 个字", f"at most {column.most} characters")
    return text


def _number(column: Column, text: str) -> int:
    number = int(text) if re.fullmatch("[0-9]{1,9}", text) else -1
    if not column.least <= number <= column.most:
        raise _BadCell(
            f"应为 {column.least} 至 {column.most} 的整数", f"a whole number from {column.least} to {column.most}"
        )
    return number


def _words(column: Column, text: str) -> str | tuple[str, ...]:
    words = [word for word in _BETWEEN.split(text) if word]
    offered = "、".join(column.offered)
    if strange := next((word for word in words if word not in column.words), None):
        raise _BadCell(f"不认识“{quoted(strange)}”，可填：{offered}", f"no such word; it takes: {offered}")
    meanings = list(dict.fromkeys(column.words[word] for word in words))
    if column.takes == "words":
        return tuple(meanings)
    if len(meanings) != 1:
        raise _BadCell(f"只能填一种：{offered}", f"one of: {offered}")
    return meanings[0]
