"""A file says what it shows, or is refused by cell: merged and hidden cells, formulas, number formats, long texts."""

import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from acts.refusal import RefusedError
from imports.importing import read_apart
from imports.layout import displayed
from imports.reading import MOST_BYTES, MOST_TEXT, read_file
from imports.rows import read_rows
from imports.sheets import PEOPLE
from tests.imports.files import PARTY, with_cells
from tests.imports.test_reading import read, refusals

Fill = Callable[[Any, Any], None]


def laid_out(fill: Fill) -> bytes:
    """A workbook of the sheet 人员 with three people, laid out by `fill`, given the book and the sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(PEOPLE.name)
        for at, column in enumerate(PEOPLE.columns):
            page.write(0, at, column.heading)
        for row in (1, 2, 3):
            for at, value in enumerate((f"010{row}", f"张{row}", "局长", PARTY, "成员")):
                page.write_string(row, at, value)
        fill(book, page)
    return target.getvalue()


def _number(book: Any, page: Any, number_format: str) -> None:
    page.write_number(2, 0, 101, book.add_format({"num_format": number_format}))


def _placed(content: bytes) -> list[tuple[Any, Any]]:
    return [(each.facts["row"], each.facts["column"]) for each in refusals(content)]


@pytest.mark.parametrize(
    ("fill", "places", "words"),
    [
        (lambda book, page: page.merge_range(1, 3, 3, 3, PARTY), [(2, "D")], "合并单元格"),
        (lambda book, page: page.merge_range(1, 3, 3, 4, PARTY), [(2, "D")], "合并单元格"),
        (lambda book, page: page.set_row(2, None, None, {"hidden": True}), [(3, letter) for letter in "ABCDE"], "隐藏"),
        (lambda book, page: page.set_column(1, 1, 8, None, {"hidden": True}), [(1, "B")], "隐藏"),
        (lambda book, page: page.write_formula(2, 1, "=A1", None, "#REF!"), [(3, "B")], "公式出错"),
        (lambda book, page: page.write_string(2, 1, "#N/A"), [(3, "B")], "公式出错"),
        (lambda book, page: page.write_string(2, 0, "1.01E+17"), [(3, "A")], "科学计数法"),
        (lambda book, page: _number(book, page, "0.00E+00"), [(3, "A")], "格式"),
        (lambda book, page: _number(book, page, "#,##0"), [(3, "A")], "格式"),
        (lambda book, page: _number(book, page, "0%"), [(3, "A")], "格式"),
        (lambda book, page: page.write_string(0, 8, "表" * MOST_TEXT), [(1, "I")], "不认识此表头"),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_say_what_it_shows_is_named(fill: Fill, places: list[Any], words: str) -> None:
    content = laid_out(fill)
    assert _placed(content) == places
    assert all(words in each.detail and len(each.detail) < 400 for each in refusals(content))


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>"])
def test_a_formula_without_its_result_is_named(value: str) -> None:
    row = '<row r="{}"><c r="A{}" t="str"><v>0101</v></c><c r="B{}" t="str"><v>甲</v></c>'
    assert _placed(with_cells(f'{row}<c r="C{{}}"><f>"x"</f>{value}</c></row>')) == [(2, "C")]
    assert read(with_cells(f'{row}<c r="C{{}}" t="str"><f>""</f>{value or "<v/>"}</c></row>')).people[0].post == ""


def test_a_staff_number_is_what_its_format_shows() -> None:
    """0101, kept as 101 in the format 0000, could not sign in as 101."""

    def fill(book: Any, page: Any) -> None:
        for row, number_format in ((1, "0000"), (2, '"A"0000'), (3, "0_ ;[红色]-0 ")):
            page.write_number(row, 0, 101, book.add_format({"num_format": number_format}))

    assert [each.staff_number for each in read(laid_out(fill)).people] == ["0101", "A0101", "101"]


@given(st.integers(0, 10**14), st.integers(1, 20))
def test_zeros_in_front_are_those_of_the_format(value: int, width: int) -> None:
    assert displayed(value, "0" * width) == f"{value:0{width}d}"
    assert displayed(value, "General") == displayed(float(value), "[$-804]General") == str(value)


@given(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False))
def test_any_format_shows_a_text_or_none(number_format: str, value: float) -> None:
    assert displayed(value, number_format) is None or isinstance(displayed(value, number_format), str)


def test_what_holds_nothing_may_be_merged_or_hidden() -> None:
    def fill(book: Any, page: Any) -> None:
        page.merge_range(10, 0, 12, 3, "")
        page.set_row(20, None, None, {"hidden": True})
        page.set_column(9, 9, 8, None, {"hidden": True})

    assert len(read(laid_out(fill)).people) == 3


def _heading_of(characters: int) -> bytes:
    """A workbook of a few kilobytes whose one heading unpacks to this many characters."""
    with zipfile.ZipFile(io.BytesIO(with_cells(""))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    text = b'<c r="A1" t="inlineStr"><is><t>' + b"x" * characters + b"</t></is></c>"
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"].replace(
        b"<sheetData>", b'<sheetData><row r="1">' + text + b"</row>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("characters", [MOST_TEXT + 1, 90_000_000, 190_000_000])
async def test_a_heading_of_megabytes_is_refused_in_a_sentence(characters: int) -> None:
    content = _heading_of(characters)
    assert len(content) < MOST_BYTES
    began = time.monotonic()
    with pytest.raises(RefusedError) as error:
        await read_apart(content)
    (refused,) = error.value.refusals
    assert refused.rule == "input.too_large"
    assert len(refused.detail) < 200
    assert time.monotonic() - began < 20


PEAKS = """
import asyncio, resource, sys
from acts.refusal import RefusedError
from imports.importing import read_apart

def most():  # MB of this program alone; its own ru_maxrss holds its parent's
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))

before, content = most(), sys.stdin.buffer.read()
try:
    asyncio.run(read_apart(content))
except RefusedError:
    pass
print(most() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.parametrize("characters", [90_000_000, 190_000_000])
def test_a_heading_of_megabytes_costs_the_server_no_memory(characters: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PEAKS], input=_heading_of(characters), capture_output=True, check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    server, reader = map(int, done.stdout.split())
    assert server < 50
    assert reader < 550


def test_a_foreign_text_is_quoted_in_short() -> None:
    for content in (
        "工号,姓名,{}\n1,张三,男\n".format("长" * 4_000).encode(),
        "工号,姓名,议事机构,角色\n1,张三,甲,{}\n".format("长" * 4_000).encode(),
    ):
        assert all(len(each.detail) < 300 and len(each.detail_en) < 500 for each in refusals(content))
    with pytest.raises(RefusedError) as error:
        read_rows(read_file(("工号,姓名\n1," + "长" * (MOST_TEXT + 1)).encode()))
    assert "B2 超过 5000 个字" in error.value.refusals[0].detail
