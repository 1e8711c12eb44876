"""A paper as a DOCX, for offices that go on with it in WPS or Word: the same blocks as on the PDF's pages.

The fonts are named, not embedded: an office has them (GB/T 9704-2012, 7.3). The file is a copy to work with;
the PDF alone is what was issued.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from documents.blocks import TITLE, Block, Gap, Grid, Heading, NewPage, Paragraph, Right, Title
from documents.fonts import Role
from documents.layout import BODY, PITCH, SMALL

_FACES: dict[Role, str] = {
    "body": "仿宋_GB2312",
    "title": "方正小标宋简体",
    "hei": "黑体",
    "kai": "楷体_GB2312",
    "rare": "仿宋_GB2312",
    "emoji": "仿宋_GB2312",
}
_LATIN = "Times New Roman"
RED = RGBColor(0xDD, 0, 0)


def docx(blocks: Iterable[Block], *, title: str, author: str, made: datetime) -> bytes:
    """Returns the DOCX of these blocks, A4 with the margins and lines of the PDF."""
    document: Any = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.footer_distance = Mm(35 - 7 - 5)
    core = document.core_properties
    core.title, core.author, core.created, core.modified = title, author, made, made
    _number(page.footer.paragraphs[0])
    for block in blocks:
        _add(document, block)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _add(document: Any, block: Block) -> None:
    match block:
        case Title(text):
            line = _line(document)
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            _run(line, "title", text, TITLE)
            _line(document)
        case Heading(text):
            line = _line(document)
            line.paragraph_format.first_line_indent = Pt(2 * BODY)
            line.paragraph_format.keep_with_next = True
            _run(line, "hei", text)
        case Paragraph(spans, indent, hang):
            line = _line(document)
            line.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            line.paragraph_format.left_indent = Pt(hang * BODY)
            line.paragraph_format.first_line_indent = Pt((indent - hang) * BODY)
            for role, text in spans:
                _run(line, role, text)
        case Right(text):
            line = _line(document)
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            line.paragraph_format.right_indent = Pt(2 * BODY)
            _run(line, "body", text)
        case Grid(shares, head, rows):
            _table(document, shares, [head, *rows])
        case Gap():
            _line(document)
        case NewPage():
            document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _line(document: Any) -> Any:
    """Adds an empty paragraph with the lines of the grid."""
    line = document.add_paragraph()
    shape = line.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH)
    return line


def _run(line: Any, role: Role, text: str, size: float = BODY, red: bool = False) -> Any:
    run = line.add_run(text)
    run.font.size = Pt(round(size * 2) / 2)
    run.font.name = _LATIN
    if red:
        run.font.color.rgb = RED
    run._element.rPr.rFonts.set(qn("w:eastAsia"), _FACES[role])
    return run


def _table(document: Any, shares: Iterable[float], rows: Iterable[Iterable[str]]) -> None:
    widths, lines = list(shares), [list(row) for row in rows]
    table = document.add_table(rows=len(lines), cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for at, row in enumerate(table.rows):
        _mark(row._tr.get_or_add_trPr(), *(["w:cantSplit"] if at else ["w:cantSplit", "w:tblHeader"]))
        for cell, text, share in zip(row.cells, lines[at], widths, strict=True):
            cell.width = Mm(156 * share / sum(widths))
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            _run(cell.paragraphs[0], "body" if at else "hei", text, SMALL)


def _mark(properties: Any, *names: str) -> None:
    for name in names:
        properties.append(OxmlElement(name))


def _number(line: Any) -> None:
    """Puts — 1 — into the foot (GB/T 9704-2012, 7.5)."""
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.paragraph_format.right_indent = Pt(SMALL)
    for kind in ("begin", "PAGE", "end"):
        run = _run(line, "body", "— " if kind == "begin" else "", SMALL)
        if kind == "PAGE":
            field = OxmlElement("w:instrText")
            field.text = kind
        else:
            field = OxmlElement("w:fldChar")
            field.set(qn("w:fldCharType"), kind)
        run._element.append(field)
    _run(line, "body", " —", SMALL)
