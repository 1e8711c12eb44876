"""Files to import: a filled template, CSV as a spreadsheet writes it, XLSX as an attacker writes it."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from imports.sheets import BODIES, KINSHIP, MATTERS, PEOPLE, SHEETS

PARTY = "临江市水务局党组"
OFFICE = "临江市水务局局长办公会"
Rows = Sequence[Sequence[Any]]

# Two bodies, people in both, kinship among members and others, and a year's matters, all new.
FILLED: Mapping[str, Rows] = {
    BODIES.name: [[PARTY, "党组"], [OFFICE, "局长办公会"]],
    PEOPLE.name: [
        ["0107", "高𠮷", "局长", PARTY, "成员、主要负责人", 1, "党组书记", "全面工作"],
        ["0107", "高𠮷", "局长", OFFICE, "主要负责人，成员", 1, "", "全面工作"],
        ["0102", "马䶮", "副局长", PARTY, "成员", 3, "党组成员", "工程建设"],
        ["0103", "张伟", "副局长", PARTY, "成员", "", "", ""],
        ["0104", "张伟", "总工程师", PARTY, "成员", 2, "", "技术"],
        ["2001", "李敏", "办公室", PARTY, "秘书", "", "", ""],
        ["2001", "李敏", "", OFFICE, "秘书、办公室主任", "", "", ""],
        ["3001", "周正", "派驻纪检监察组", PARTY, "监督", "", "", ""],
        ["9001", "会议室大屏", "", "", "", "", "", ""],
    ],
    KINSHIP.name: [
        [PARTY, "马大海", "", "父亲", "马䶮", "0102"],
        [PARTY, "马大江", "", "兄弟姐妹", "马大海", ""],
        [PARTY, "马小江", "", "子女", "马大江", ""],
        [PARTY, "张伟", "0103", "配偶", "李敏", "2001"],
    ],
    MATTERS.name: [
        [PARTY, 2026, "1", "2026年度部门预算", "重大事项决策", ""],
        [PARTY, 2026, "2", "科级干部任免", "人事任免", "随时\n报送"],
        [OFFICE, 2026, "1", "水库除险加固", "重大项目安排", ""],
    ],
}  # fmt: skip


def workbook(sheets: Mapping[str, Rows], headings: bool = True) -> bytes:
    """An XLSX file of these rows, below the sheets' headings."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # the same rows give the same bytes
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            known = next((sheet for sheet in SHEETS if sheet.name == name), None)
            above = [[column.heading for column in known.columns]] if known and headings else []
            for at, row in enumerate([*above, *rows]):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        page.write_string(at, column, value)
                    elif value is not None:
                        page.write(at, column, value)
    return target.getvalue()


def comma_separated(sheet: str, rows: Rows, encoding: str = "utf-8-sig") -> bytes:
    """A CSV file of these rows, below the sheet's headings."""
    target = io.StringIO(newline="")
    known = next(each for each in SHEETS if each.name == sheet)
    csv.writer(target).writerows([[column.heading for column in known.columns], *rows])
    return target.getvalue().encode(encoding)


def with_cells(cells: str, rows: int = 1, filled: Rows = ()) -> bytes:
    """A workbook of one sheet 人员: the `filled` rows, then this XML `rows` times with `{}` as the row's number."""
    with zipfile.ZipFile(io.BytesIO(workbook({PEOPLE.name: filled}))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    data = "".join(cells.replace("{}", str(at + 2 + len(filled))) for at in range(rows))
    members["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", f"{data}</sheetData>").encode()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()
