"""The workbook to fill in: a page of explanation, then each sheet with its headings, words to choose and hints."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from imports.sheets import BODIES, EXPLANATION, SHEETS, Column, Sheet

_LAST = 2000  # rows that have hints and lists; more may be filled in
_NOTES = (
    "各表第一行是表头，从第二行起填写；不需要的表可以留空或删除，不需要的列可以删去，列的先后不限。",
    "红色表头的列必须填写。空白单元格表示不变：导入只增加和修改，不删除、不撤销任何内容。",
    "导入前先预览，确认后一次全部生效；有任何一处错误，整个文件都不导入，并逐处指出表、行、列。",
    "工号、编号等请按文本填写（本模板已设好），以免丢失前导零。",
    "新登记的人员没有密码，由管理员设置密码后方可登录。",
    "也可以每张表存为一个 CSV 文件（UTF-8 或 GB18030），第一行为表头。",
)


def make_template(filled: Mapping[str, Sequence[Sequence[str | int]]] | None = None) -> bytes:
    """Returns the template as XLSX, the same bytes each time; `filled` puts rows into sheets, by name."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "议决导入模板", "created": datetime(2026, 1, 1)})  # the same each time
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#EEEEEE", "bottom": 1}),
        "required": book.add_format({"bold": True, "bg_color": "#EEEEEE", "bottom": 1, "font_color": "#C00000"}),
        "text": book.add_format({"num_format": "@"}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    _explain(book.add_worksheet(EXPLANATION), formats)
    for sheet in SHEETS:
        _sheet(book.add_worksheet(sheet.name), sheet, formats, (filled or {}).get(sheet.name, ()))
    book.get_worksheet_by_name(BODIES.name).activate()
    book.close()
    return target.getvalue()


def _explain(page: Any, formats: Mapping[str, Any]) -> None:
    page.set_column(0, 1, 14)
    page.set_column(2, 2, 90, formats["wrapped"])
    for row, note in enumerate(_NOTES):
        page.write(row, 0, row + 1)
        page.merge_range(row, 1, row, 2, note)
    row = len(_NOTES) + 1
    for at, heading in enumerate(("表", "列", "填写")):
        page.write(row, at, heading, formats["head"])
    for sheet in SHEETS:
        row += 1
        page.write(row, 0, sheet.name, formats["head"])
        page.write(row, 2, sheet.purpose)
        for column in sheet.columns:
            row += 1
            page.write(row, 1, column.heading, formats["required" if column.required else "head"])
            words = f"；可填：{'、'.join(column.offered)}" if column.words else ""
            page.write(row, 2, column.help + words)


def _sheet(page: Any, sheet: Sheet, formats: Mapping[str, Any], filled: Sequence[Sequence[str | int]]) -> None:
    page.freeze_panes(1, 0)
    for at, column in enumerate(sheet.columns):
        text = None if column.takes == "number" else formats["text"]
        page.set_column(at, at, min(12 + column.most // 20, 40), text)
        page.write(0, at, column.heading, formats["required" if column.required else "head"])
        page.data_validation(1, at, _LAST, at, _validation(column))
    for row, values in enumerate(filled, start=1):
        for at, value in enumerate(values):
            if isinstance(value, int):
                page.write_number(row, at, value)
            elif value:
                page.write_string(row, at, value, formats["text"])


def _validation(column: Column) -> dict[str, Any]:
    """Returns the hint that shows where somebody fills in, with the words or bodies to choose from."""
    hint = {"input_title": column.heading, "input_message": column.help}
    if column.takes == "word":
        return {"validate": "list", "source": column.offered, "error_message": "请从列表中选择。", **hint}
    if column.takes == "words":  # several may stand in one cell, so others than listed are let in
        return {"validate": "list", "source": column.offered, "show_error": False, **hint}
    if column.field == "body":
        source = f"='{BODIES.name}'!$A$2:$A$200"
        return {"validate": "list", "source": source, "show_error": False, **hint}
    if column.takes == "number":
        bounds = {"criteria": "between", "minimum": column.least, "maximum": column.most}
        return {
            "validate": "integer",
            **bounds,
            "error_message": f"应为 {column.least} 至 {column.most} 的整数。",
            **hint,
        }
    return {"validate": "any", **hint}
