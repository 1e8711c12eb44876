"""The minutes as a DOCX: the words of the PDF, the page of GB/T 9704-2012, the same bytes each time."""

import io
import re
import zipfile
from datetime import date
from typing import Any, TypeAlias

import asyncpg
import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from msgspec.structs import replace

from documents import fonts
from documents.docx import docx
from minutes.composers.v1.blocks import blocks
from minutes.composers.v1.document import Minutes
from minutes.composers.v1.pages import paper
from tests.bureau import Bureau, issue
from tests.minutes.samples import demo
from tests.minutes.test_pdf import font_set
from tests.minutes.test_pending import Waiting

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
MM = 36000  # of a DOCX, to the millimetre


def written(minutes: Minutes) -> bytes:
    return docx(blocks(minutes), title="纪要", author=minutes.organ, made=date(2026, 1, 16))


def opened(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def words_of(document: Any) -> str:
    """The words of its text, in order, tables too, without blanks."""
    texts = [each.text or "" for each in document.element.body.iter(qn("w:t"))]
    return once(re.sub(r"\s", "", "".join(texts)))


def words_of_pdf(content: bytes) -> str:
    """The words of its pages, in order, without blanks and page numbers."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    return once(re.sub(r"\s", "", "".join(re.sub(r"— \d+ —", "", text) for text in pages)))


def once(text: str) -> str:
    """The text less the heads of its tables, which stand again on every page."""
    return text.replace("姓名表决意见", "")


@pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")
@pytest.mark.parametrize("changes", [{}, {"replaces": "〔2026〕2号", "replaced_reason": "日期有误"}])
def test_it_says_what_the_pdf_says(changes: dict[str, Any]) -> None:
    minutes = replace(demo(), **changes)
    assert words_of(opened(written(minutes))) == words_of_pdf(paper(minutes, font_set()))


def test_its_page_is_that_of_the_standard() -> None:
    document = opened(written(demo()))
    (page,) = document.sections
    sizes = (page.page_width, page.page_height, page.top_margin, page.left_margin)
    assert [round(each / MM) for each in sizes] == [210, 297, 37, 28]
    assert [round((page.page_width - page.left_margin - page.right_margin) / MM)] == [156]
    assert round((page.page_height - page.top_margin - page.bottom_margin) / MM) == 225
    faces = {each.get(qn("w:eastAsia")) for each in document.element.body.iter(qn("w:rFonts"))}
    assert faces == {"仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"}
    red = [each for each in document.element.body.iter(qn("w:color")) if each.get(qn("w:val")) == "DD0000"]
    assert len(red) == 2  # the two lines of the heading
    rules = [each.get(qn("w:color")) for each in document.element.body.iter(qn("w:bottom"), qn("w:top"))]
    assert rules.count("DD0000") == 1
    rows = list(document.element.body.iter(qn("w:tr")))
    assert rows
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)


def test_page_numbers_stand_outside_and_each_page_says_that_it_is_a_copy() -> None:
    document = opened(written(demo()))
    (page,) = document.sections
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((page.footer, "right"), (page.even_page_footer, "left")):
        (line,) = footer.paragraphs
        assert re.sub(r"\s", "", line.text) == "——"
        assert line.alignment.name.lower() == side
        assert [each.text for each in line._p.iter(qn("w:instrText"))] == ["PAGE"]
    for header in (page.header, page.even_page_header):
        assert [each.text for each in header.paragraphs] == ["工作副本，内容以PDF为准"]


def test_the_same_minutes_give_the_same_bytes() -> None:
    content = written(demo())
    assert content == written(demo())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


async def test_those_who_read_the_minutes_have_it(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Waiting(bureau, owner)
    minutes = await room.hold()
    assert (await b.li.get(f"{minutes}/docx")).is_success
    for nobody in (b.he, b.zhao, b.tang, b.hall):
        assert (await nobody.get(f"{minutes}/docx")).json()["rule"] == "access.role"
    await b.approve(minutes)
    await issue(b.li, minutes)
    answer = await b.he.get(f"{minutes}/docx")
    assert "%E3%80%942026%E3%80%951%E5%8F%B7.docx" in answer.headers["content-disposition"]
    assert "〔2026〕1号" in words_of(opened(answer.content))
    assert (await b.tang.get(f"{minutes}/docx")).json()["rule"] == "access.role"  # no copy was sent to them
