"""Any bytes as an import file are read as cells or refused by name."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acts.refusal import Refused, RefusedError
from imports.importing import read_apart
from imports.reading import MOST_BYTES, MOST_ROWS, Cell, read_file
from imports.rows import Contents, read_rows
from imports.sheets import KINSHIP, PEOPLE, SHEETS
from tests.imports.files import FILLED, PARTY, Rows, comma_separated, with_cells, workbook


def read(content: bytes) -> Contents:
    return read_rows(read_file(content))


def refusals(content: bytes) -> tuple[Refused, ...]:
    with pytest.raises(RefusedError) as error:
        read(content)
    return error.value.refusals


WORKBOOK = workbook({PEOPLE.name: FILLED[PEOPLE.name]})


def _reads_or_refuses(content: bytes) -> None:
    rules = set()
    try:
        read(content)
    except RefusedError as error:
        rules = {each.rule for each in error.refusals}
    assert rules <= {"input.invalid", "input.too_large"}


@given(st.binary(max_size=400))
@settings(deadline=None)  # on a busy machine the first file takes longer than 200 ms, and no test is of its time
def test_any_bytes(content: bytes) -> None:
    _reads_or_refuses(content)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_damage_to_a_workbook(data: st.DataObject) -> None:
    """Bytes of the archive are changed or cut off."""
    damaged = bytearray(WORKBOOK)
    for at in data.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=6)):
        damaged[at] = data.draw(st.integers(0, 255))
    _reads_or_refuses(
        bytes(damaged[: data.draw(st.integers(0, len(damaged)))] if data.draw(st.booleans()) else damaged)
    )


with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as _archive:
    MEMBERS = {name: _archive.read(name) for name in _archive.namelist()}


@given(st.sampled_from(sorted(MEMBERS)), st.data())
@settings(max_examples=300, deadline=None)
def test_any_damage_within_a_workbook(member: str, data: st.DataObject) -> None:
    """The archive is whole; one member of it is damaged or missing."""
    content = bytearray(MEMBERS[member])
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[at] = data.draw(st.integers(0, 255))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, kept in MEMBERS.items():
            if name != member:
                archive.writestr(name, kept)
            elif data.draw(st.booleans()):
                archive.writestr(name, bytes(content))
    _reads_or_refuses(target.getvalue())


_value = st.one_of(
    st.text(max_size=12), st.integers(-(10**16), 10**16), st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(), st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.none(),
)  # fmt: skip


@given(st.sampled_from(SHEETS), st.lists(st.lists(_value, max_size=9), max_size=6))
@settings(max_examples=200, deadline=None)
def test_any_cells(sheet: Any, rows: list[list[Any]]) -> None:
    """Every complaint names sheet, row and column."""
    places: list[Any] = []
    try:
        read(workbook({sheet.name: rows}))
    except RefusedError as error:
        places = [each.facts for each in error.refusals]
    for place in places:
        assert place["sheet"] == sheet.name
        assert 1 <= place["row"] <= len(rows) + 1
        assert place["column"].isalpha()


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_below_good_headings(text: str) -> None:
    _reads_or_refuses(comma_separated(PEOPLE.name, []) + text.encode())


def test_cells_as_people_fill_them() -> None:
    rows: Rows = [
        [" ００７　", "张　 三", "　局长 ", PARTY, "成员， 主要负责人", 3.0, None, "办公室；法制"],
        [],
        [8, "Ｊohn  Smith", "", PARTY, "成员\n秘书", "４", "", "\u200b"],
        ["", "　", "\u200b"],
        ["Ａ－1", "\u202a阿依古丽 • 买买提\u202c", "", "", "", "", "", ""],
    ]
    people = read(workbook({PEOPLE.name: rows})).people
    assert [(each.at, each.staff_number, each.name) for each in people] == [
        (2, "007", "张三"), (4, "8", "John Smith"), (6, "A-1", "阿依古丽·买买提")
    ]  # fmt: skip
    assert (people[0].post, people[0].seat, people[0].in_charge) == ("局长", 3, "办公室；法制")
    assert (people[0].roles, people[1].roles, people[1].seat) == (("member", "head"), ("member", "secretary"), 4)
    assert (people[1].in_charge, people[2].seat, people[2].roles) == ("", None, ())


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ([True, "张三"], "A", "逻辑值"),
        ([date(2026, 1, 1), "张三"], "A", "日期"),
        ([12345678901234567, "张三"], "A", "15 位"),
        (["0 07", "张三"], "A", "空格"),
        (["", "张三"], "A", "必须填写"),
        (["007", "　"], "B", "必须填写"),
        (["007", "张\n三"], "B", "换行"),
        (["007", "张\x9b三"], "B", "控制字符"),
        (["007", "张\ue81e"], "B", "自造字"),
        (["007", "长" * 101], "B", "超过 100 个字"),
        (["0" * 41, "张三"], "A", "超过 40 个字"),
        (["007", "张三", "", PARTY, "委员"], "E", "不认识“委员”，可填：成员、主要负责人"),
        (["007", "张三", "", PARTY, "成员", 0], "F", "1 至 999"),
        (["007", "张三", "", PARTY, "成员", 1000], "F", "1 至 999"),
        (["007", "张三", "", PARTY, "成员", 1.5], "F", "1 至 999"),
        (["007", "张三", "", PARTY, "成员", "一"], "F", "1 至 999"),
        (["007", "张三", "", PARTY, "成员", "-1"], "F", "1 至 999"),
    ],
)
def test_a_bad_cell_is_named(row: list[Any], column: str, words: str) -> None:
    (refused,) = refusals(workbook({PEOPLE.name: [["001", "好"], row]}))
    assert refused.facts["sheet"] == "人员"
    assert (refused.facts["row"], refused.facts["column"]) == (3, column)
    assert f"“人员”第 3 行“{refused.facts['heading']}”（{column}3）" in refused.detail
    assert words in refused.detail
    assert f"row 3, {refused.facts['heading']} ({column}3)" in refused.detail_en


def test_every_bad_cell_at_once_up_to_a_bound() -> None:
    some = refusals(workbook({PEOPLE.name: [["", "甲"], ["2", ""]], KINSHIP.name: [[PARTY, "甲", "", "叔侄", "乙"]]}))
    assert [(each.facts["sheet"], each.facts["row"], each.facts["column"]) for each in some] == [
        ("人员", 2, "A"), ("人员", 3, "B"), ("亲属关系", 2, "D")
    ]  # fmt: skip
    many = refusals(workbook({PEOPLE.name: [["", "甲"]] * 300}))
    assert len(many) == 201
    assert many[-1].facts == {"more": 100}


def test_error_values_are_not_taken_for_blanks() -> None:
    name = '<c r="A{}" t="str"><v>0{}</v></c><c r="B{}" t="str"><v>甲</v></c>'
    (refused,) = refusals(with_cells(f'<row r="{{}}">{name}<c r="H{{}}" t="e"><v>#REF!</v></c></row>'))
    assert (refused.facts["row"], refused.facts["column"]) == (2, "H")
    assert "公式出错" in refused.detail


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encodings_of_csv(encoding: str) -> None:
    people = read(comma_separated(PEOPLE.name, FILLED[PEOPLE.name], encoding)).people
    assert people == read(workbook({PEOPLE.name: FILLED[PEOPLE.name]})).people
    assert people[0].name == "高𠮷"
    assert people[2].name == "马䶮"


@pytest.mark.parametrize("sheet", [sheet.name for sheet in SHEETS])
def test_a_csv_file_tells_its_sheet_by_its_headings(sheet: str) -> None:
    assert read(comma_separated(sheet, FILLED[sheet])) == read(workbook({sheet: FILLED[sheet]}))


def test_columns_in_any_order_and_left_out() -> None:
    people = read("排名, 姓名 ,工号,,\n7,张三,01,,\n,李四,02,,\n".encode()).people
    assert [(each.name, each.staff_number, each.seat) for each in people] == [("张三", "01", 7), ("李四", "02", None)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "没有可导入"),
        (b"\n\n  \n", "没有可导入"),
        ("姓名,性别\n张三,男\n".encode(), "无法判断文件内容"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "只接收 XLSX"),
        (b"\xff\xfe\x00\x01", "既不是 XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧格式"),
        (b"PK\x03\x04" + b"x" * 100, "已损坏"),
        ('工号,姓名\n"1,张三\n'.encode(), "引号"),
        ("工号,姓名,性别\n1,张三,男\n".encode(), "不认识此表头"),
        ("工号,姓名,工号\n1,张三,1\n".encode(), "表头重复"),
        ("工号,姓名\n1,张三,男\n".encode(), "没有表头"),
        (workbook({PEOPLE.name: [["工号", "职务"], ["1", "局长"]]}, headings=False), "缺少此列"),
        (workbook({"人员名单": [["x"]]}), "不认识工作表“人员名单”"),
        (workbook({"说明": [["x"]]}), "没有可导入"),
        (b"a," * (MOST_BYTES // 2 + 1), "10 MB"),
        (comma_separated(PEOPLE.name, [["1", "甲"]] * (MOST_ROWS + 1)), "10000 行"),
        (comma_separated(PEOPLE.name, [["1", "甲", *[""] * 70, "x"]]), "64 列"),
    ],
)
def test_what_is_no_import_file(content: bytes, words: str) -> None:
    assert words in " ".join(each.detail for each in refusals(content))


def _zipped(name: str, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("bomb", ["zeros", "far", "shared"])
async def test_bombs_end_in_a_refusal(bomb: str) -> None:
    content = {
        "zeros": lambda: _zipped("xl/workbook.xml", bytes(201 * 1024 * 1024)),
        # One cell, which spans a grid of 17 thousand million.
        "far": lambda: with_cells('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        # One text of 30,000 characters, the ninth shared string, in 120,000 cells.
        "shared": lambda: with_cells(
            '<row r="{}">' + '<c t="s"><v>8</v></c>' * 60 + "</row>", 2_000, [["长" * 30_000]]
        ),
    }[bomb]()
    assert len(content) < MOST_BYTES
    with pytest.raises(RefusedError) as error:
        await read_apart(content)
    assert error.value.refusals[0].rule == "input.too_large"


async def test_a_reader_apart_reads_the_same() -> None:
    assert await read_apart(WORKBOOK) == read_file(WORKBOOK)
    assert read_file(WORKBOOK)[0].rows[1][1][0] == Cell("0107")
    with pytest.raises(RefusedError, match="XLS"):
        await read_apart(b"\xd0\xcf\x11\xe0")
