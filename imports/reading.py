"""An import file's bytes → its sheets' cells. Pure; whatever the bytes are, only `RefusedError` comes out.

A small file can unpack to any size, and the workbook parser ends the whole process when memory runs out. So
`imports.importing` runs this module as a program of its own (`python -m imports.reading`), file in, JSON
out, with a bound on memory and time.
"""

import csv
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import Any
from xml.etree import ElementTree

import msgspec
from msgspec import Struct

from acts.refusal import Refused, RefusedError

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 64
_MOST_UNPACKED = 200 * 1024 * 1024
_MEMORY, _SECONDS = 1024**3, 30  # of the process that reads
OUT_OF_MEMORY = 3  # its exit status
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number

Words = tuple[str, str]  # Chinese, English
_ERROR = ("公式出错，请改正或改填文字", "the formula gives an error")
_DATE = ("被识别为日期或时间，请把单元格设为文本后重新填写", "a date or time: make the cell text and enter it again")
_LOGICAL = ("是逻辑值，请改填文字", "a logical value: enter text")
_LONG = ("数字超过 15 位，末位已丢失，请把单元格设为文本后重新填写", "a number loses its last digits: enter it as text")


class Cell(Struct, frozen=True, array_like=True):
    """A cell's text as it stands, or why it cannot be taken."""

    text: str
    wrong: Words | None = None


class Table(Struct, frozen=True, array_like=True):
    """A sheet's rows that hold something, each with its number; `name` is None for CSV."""

    name: str | None
    rows: list[tuple[int, list[Cell]]]
    hidden: bool = False


class Answer(Struct, frozen=True):
    """What the process that reads answers."""

    tables: list[Table] = []
    refusals: list[Refused] = []


def read_file(content: bytes) -> list[Table]:
    """The file's sheets, XLSX or CSV by its content. Raises RefusedError (input.invalid, input.too_large)."""
    if len(content) > MOST_BYTES:
        raise RefusedError(too_large())
    if content.startswith(b"PK\x03\x04"):
        tables = _workbook(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise RefusedError(
            _file(
                "这是旧格式（XLS）或加了密码的文件，请取消密码并另存为 XLSX 后再导入。",
                "The file is in the old XLS format or has a password: save it as XLSX without one.",
            )
        )
    else:
        tables = [Table(None, list(_filled(_comma_separated(content))))]
    if sum(len(table.rows) for table in tables) > MOST_ROWS:
        raise RefusedError(_too_many_rows())
    return tables


def too_large() -> Refused:
    """What is said of a file that is too large by its bytes."""
    return Refused(
        "input.too_large",
        "文件超过 10 MB，未予导入。请拆分后分次导入。",
        "The file exceeds 10 MB and was not taken; split it.",
        {"most": MOST_BYTES},
    )


def unpacks_too_large() -> Refused:
    """What is said of a file that is small and unpacks to more than can be read."""
    return Refused(
        "input.too_large",
        "文件展开后过大，未予导入。请把内容复制到模板中再导入。",
        "The file unpacks to more than can be read; copy its contents into the template.",
    )


def _too_many_rows() -> Refused:
    return Refused(
        "input.too_large",
        f"文件超过 {MOST_ROWS} 行，未予导入。请拆分后分次导入，或删去下方多余的内容。",
        f"The file has more than {MOST_ROWS} rows; split it, or delete what stands below.",
        {"most": MOST_ROWS},
    )


def _file(detail: str, detail_en: str, **facts: Any) -> Refused:
    return Refused("input.invalid", detail, detail_en, {"field": "file", **facts})


def _filled(rows: Iterable[list[Cell]]) -> Iterator[tuple[int, list[Cell]]]:
    """The rows that hold something, by the number that a spreadsheet shows; at most one more than may be."""
    found = 0
    for number, cells in enumerate(rows, start=1):
        if any(cell.wrong or not cell.text.isspace() for cell in cells if cell.text or cell.wrong):
            found += 1
            if len(cells) > MOST_COLUMNS and any(cell.text for cell in cells[MOST_COLUMNS:]):
                raise RefusedError(
                    _file(
                        f"第 {number} 行超过 {MOST_COLUMNS} 列，请使用模板。",
                        f"Row {number} has more than {MOST_COLUMNS} columns; use the template.",
                        row=number,
                    )
                )
            yield number, cells[:MOST_COLUMNS]
        if found > MOST_ROWS:
            return


# CSV.


def _comma_separated(content: bytes) -> Iterator[list[Cell]]:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        for cells in reader:
            yield [Cell(text) for text in cells]
    except csv.Error as error:
        raise RefusedError(
            _file(
                f"CSV 第 {reader.line_num} 行格式有误（引号不成对或单元格过长），请检查后重新导入。",
                f"Line {reader.line_num} is no CSV ({error}); mend it.",
                row=reader.line_num,
            )
        ) from None


def _decoded(content: bytes) -> str:
    """UTF-8, with its mark or without, else GB 18030, which Chinese spreadsheets write."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RefusedError(
        _file(
            "文件既不是 XLSX，也不是 UTF-8 或 GB18030 编码的 CSV，请使用模板。",
            "The file is neither XLSX nor CSV in UTF-8 or GB 18030; use the template.",
        )
    )


# XLSX.


def _workbook(content: bytes) -> list[Table]:
    try:
        return list(_sheets(content))
    except (RefusedError, MemoryError):
        raise
    except BaseException as error:
        # What a foreign file makes a parser raise cannot be listed; Rust's panics are no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise RefusedError(
            _file("文件已损坏或不是 XLSX，无法读取，请使用模板。", "The file is damaged or no XLSX; use the template.")
        ) from None


def _sheets(content: bytes) -> Iterator[Table]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 -- XLSX alone asks

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
            raise RefusedError(unpacks_too_large())
        errors = _errors(archive)
    with CalamineWorkbook.from_object(io.BytesIO(content)) as book:
        for sheet in book.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            grid = book.get_sheet_by_name(sheet.name)
            if grid.total_height > MOST_ROWS:
                raise RefusedError(_too_many_rows())
            wrong = errors.get(sheet.name, set())
            rows = [
                [_cell(value, (at, column) in wrong) for column, value in enumerate(values)]
                for at, values in enumerate(grid.to_python(skip_empty_area=False))
            ]
            for at, column in wrong:  # beyond the last cell that holds a value
                rows.extend([] for _ in range(at + 1 - len(rows)))
                rows[at].extend(Cell("") for _ in range(column + 1 - len(rows[at])))
                rows[at][column] = Cell("", _ERROR)
            yield Table(sheet.name, list(_filled(rows)), sheet.visible != SheetVisibleEnum.Visible)


def _cell(value: object, error: bool) -> Cell:
    if error:
        return Cell("", _ERROR)
    if isinstance(value, bool):
        return Cell("", _LOGICAL)
    if isinstance(value, date | time | timedelta):
        return Cell("", _DATE)
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            return Cell("", _LONG)
        return Cell(str(int(value)) if value == int(value) else repr(value))
    return Cell(str(value))


_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TAG = re.compile(rb"<(?:\w+:)?c\s[^>]*>")
_PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,5})["']""")


def _errors(archive: zipfile.ZipFile) -> dict[str, set[tuple[int, int]]]:
    """Each sheet's cells that hold an error, such as #REF!; the parser takes them for blank ones."""
    targets = {
        each.get("Id"): each.get("Target", "")
        for each in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 -- bounded process
    }
    found = {}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_NAMESPACE}sheet"):  # noqa: S314
        target = targets[sheet.get(_RELATION)]
        path = target[1:] if target.startswith("/") else f"xl/{target}"
        cells = set()
        for tag in _TAG.findall(archive.read(path)):
            if (b't="e"' in tag or b"t='e'" in tag) and (place := _PLACE.search(tag)):
                column = 0
                for each in place[1]:
                    column = column * 26 + each - 64
                if column <= MOST_COLUMNS and int(place[2]) <= MOST_ROWS:
                    cells.add((int(place[2]) - 1, column - 1))
        found[sheet.get("name", "")] = cells
    return found


def main() -> None:
    """Standard input is the file, standard output the `Answer`; more memory or time than is due ends it."""
    import resource  # noqa: PLC0415 -- the process that reads alone bounds itself

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = msgspec.json.encode(Answer(tables=read_file(sys.stdin.buffer.read())))
    except RefusedError as error:
        answer = msgspec.json.encode(Answer(refusals=list(error.refusals)))
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
