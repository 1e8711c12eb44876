"""Reading an import file's bytes into its sheets' cells. Pure; bad bytes raise only RefusedError or MemoryError.

A small file can unpack to any size. So `imports.importing` runs this module as a program of its own
(`python -m imports.reading`), file in, JSON out, with a bound on memory and time.
"""

import csv
import io
import re
import sys
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, time, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from acts.quoting import quoted
from acts.refusal import Refused, RefusedError
from documents.active import UNREADABLE, check_inert
from imports.layout import UNCALCULATED, Layout, Words, displayed, read_layout

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 64
MOST_TEXT = 5_000  # characters of a cell, more than any column takes
_MOST_CHARACTERS = 4_000_000  # of all cells, ten times what 10,000 rows of the template hold
_MOST_UNPACKED = 100 * 1024 * 1024
_MEMORY, _SECONDS = 512 * 1024**2, 30  # of the process that reads
OUT_OF_MEMORY = 3  # its exit status
_EXACT = 10**15  # a spreadsheet keeps 15 digits of a number

_ERROR = ("公式出错，请改正或改填文字", "the formula gives an error")
_DATE = ("被识别为日期或时间，请把单元格设为文本后重新填写", "a date or time: make the cell text and enter it again")
_LOGICAL = ("是逻辑值，请改填文字", "a logical value: enter text")
_FORMAT = (
    "显示的内容与所存的数字不同（单元格格式），请把单元格设为文本后重新填写",
    "the cell's format shows another number than it holds: make it text and enter it again",
)
_LONG = ("数字超过 15 位，末位已丢失，请把单元格设为文本后重新填写", "a number loses its last digits: enter it as text")


# A formula's error as text, and the marks that stand for a number too wide for its column.
_ERRORS = re.compile(r"#(NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!|FIELD!|BLOCKED!|UNKNOWN!|##+)")


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
    """The answer of the process that reads."""

    tables: list[Table] = []
    refusals: list[Refused] = []


def read_file(content: bytes) -> list[Table]:
    """Returns the file's sheets, XLSX or CSV by its content. Raises RefusedError (input.invalid, input.too_large)."""
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
        tables = [Table(None, list(_filled(None, _comma_separated(content))))]
    rows = [cells for table in tables for _, cells in table.rows]
    if len(rows) > MOST_ROWS:
        raise RefusedError(_too_many_rows())
    if sum(len(cell.text) for cells in rows for cell in cells) > _MOST_CHARACTERS:
        raise RefusedError(unpacks_too_large())
    return tables


def too_large() -> Refused:
    """Returns the refusal of a file that has too many bytes."""
    return Refused(
        "input.too_large",
        "文件超过 10 MB，未予导入。请拆分后分次导入。",
        "The file exceeds 10 MB and was not taken; split it.",
        {"most": MOST_BYTES},
    )


def unpacks_too_large() -> Refused:
    """Returns the refusal of a small file that unpacks to more than can be read."""
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


def _too_long(sheet: str | None, row: int, column: int) -> Refused:
    place, of = f"{letter(column)}{row}", f"“{quoted(sheet)}”" if sheet else ""
    return Refused(
        "input.too_large",
        f"{of}单元格 {place} 超过 {MOST_TEXT} 个字，未予导入，请检查该单元格。",
        f"Cell {place} of {quoted(sheet or 'the file')} has more than {MOST_TEXT} characters; look at it.",
        {"sheet": quoted(sheet or ""), "row": row, "column": letter(column)},
    )


def letter(column: int) -> str:
    """Returns a column's letter as a spreadsheet shows it; 0 is A."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _file(detail: str, detail_en: str, **facts: Any) -> Refused:
    return Refused("input.invalid", detail, detail_en, {"field": "file", **facts})


def _filled(sheet: str | None, rows: Iterable[list[Cell]]) -> Iterator[tuple[int, list[Cell]]]:
    """Yields the rows that hold something, by the number that a spreadsheet shows; at most one more than may be."""
    found = 0
    for number, cells in enumerate(rows, start=1):
        if any(cell.wrong or not cell.text.isspace() for cell in cells if cell.text or cell.wrong):
            found += 1
            if (at := next((at for at, cell in enumerate(cells) if len(cell.text) > MOST_TEXT), None)) is not None:
                raise RefusedError(_too_long(sheet, number, at))
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
            yield [Cell(text, _ERROR if _ERRORS.fullmatch(text) else None) for text in cells]
    except csv.Error as error:
        raise RefusedError(
            _file(
                f"CSV 第 {reader.line_num} 行格式有误（引号不成对或单元格过长），请检查后重新导入。",
                f"Line {reader.line_num} is no CSV ({error}); mend it.",
                row=reader.line_num,
            )
        ) from None


def _decoded(content: bytes) -> str:
    """Decode UTF-8, with its mark or without, else GB 18030, which Chinese spreadsheets write."""
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
    """Returns the sheets of a workbook that does nothing by itself; a damaged one is refused by what is read of it."""
    verdict = check_inert(content, pdf=False)
    if isinstance(verdict, Refused) and verdict.facts["found"] != UNREADABLE:
        raise RefusedError(verdict)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that an import has no use for
            return list(_sheets(content))
    except (RefusedError, MemoryError):
        raise
    except Exception:
        # The errors that a foreign file raises in a parser cannot be listed.
        raise RefusedError(
            _file("文件已损坏或不是 XLSX，无法读取，请使用模板。", "The file is damaged or no XLSX; use the template.")
        ) from None


def _sheets(content: bytes) -> Iterator[Table]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- XLSX alone asks

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
            raise RefusedError(unpacks_too_large())
    with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=True)) as book:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # a file may be wrong about its own size
            with sheet._get_source() as source:
                layout = read_layout(source)
            yield Table(sheet.title, list(_filled(sheet.title, _rows(sheet, layout))), sheet.sheet_state != "visible")


def _rows(sheet: Any, layout: Layout) -> Iterator[list[Cell]]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_placed(_cell(each), layout.wrong(number, at)) for at, each in enumerate(row)]
        if number > MOST_ROWS and any(each.text or each.wrong for each in cells):
            raise RefusedError(_too_many_rows())
        yield cells


def _placed(cell: Cell, wrong: Words | None) -> Cell:
    """Returns the cell, wrong by its place too where it holds something, or would if its formula had its result."""
    return Cell("", wrong) if wrong is UNCALCULATED or (wrong and (cell.text or cell.wrong)) else cell


def _cell(cell: Any) -> Cell:
    value = cell.value
    wrong = {"e": _ERROR, "b": _LOGICAL, "d": _DATE}.get(cell.data_type)
    if isinstance(value, date | time | timedelta):
        wrong = _DATE
    elif isinstance(value, int | float) and not wrong:
        shown = displayed(value, cell.number_format) if abs(value) < _EXACT else ""
        return Cell(shown or "", None if shown else _FORMAT if shown is None else _LONG)
    elif isinstance(value, str) and _ERRORS.fullmatch(value):
        wrong = _ERROR
    return Cell("" if wrong or value is None else str(value), wrong)


def main() -> None:
    """Read the file from standard input, write the `Answer` to standard output; too much memory or time ends it."""
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
