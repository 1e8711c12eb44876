"""A paper as a DOCX, for offices that go on with it in WPS or Word: the same blocks as on the PDF's pages.

The fonts are named, not embedded: an office has them (GB/T 9704-2012, 7.3). The file is a copy to work with, and says
so at the head of each page; the PDF alone is what was issued. The same blocks give the same bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from documents.blocks import Block, Gap, Grid, Heading, NewPage, Paragraph, Right, Tail, Title
from documents.fonts import Role
from documents.layout import BODY, MM, PITCH, SMALL, WIDTH
from documents.masthead import LARGEST, TITLE, Closing, Masthead

_FACES: dict[Role, str] = {
    "body": "仿宋_GB2312",
    "title": "方正小标宋简体",
    "hei": "黑体",
    "kai": "楷体_GB2312",
    "rare": "仿宋_GB2312",
    "emoji": "仿宋_GB2312",
}
_LATIN = "Times New Roman"
_RED = RGBColor(0xDD, 0, 0)
_GREY = RGBColor(0x80, 0x80, 0x80)
_COPY = "工作副本，内容以PDF为准"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a ZIP can say


def docx(blocks: Iterable[Block], *, title: str, author: str, made: date) -> bytes:
    """Returns the DOCX of these blocks, A4 with the margins and lines of the PDF."""
    document: Any = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.header_distance, page.footer_distance = Mm(15), Mm(35 - 7 - 5)
    document.settings.odd_and_even_pages_header_footer = True
    for header in (page.header, page.even_page_header):
        header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(header.paragraphs[0], "body", _COPY, 9.0, _GREY)
    _number(page.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    _number(page.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = title, author, author, _COPY
    core.created = core.modified = datetime(made.year, made.month, made.day)
    for block in blocks:
        _add(document, block)
    target = io.BytesIO()
    document.save(target)
    return _fixed(target)


def _fixed(source: io.BytesIO) -> bytes:
    """Returns the package with its parts in order, and no time of the clock in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in sorted(before.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            after.writestr(zipfile.ZipInfo(name, _EPOCH), before.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _add(document: Any, block: Block) -> None:
    match block:
        case Masthead():
            _masthead(document, block)
        case Closing():
            _closing(document, block)
        case Tail(parts):
            _line(document).paragraph_format.keep_with_next = True
            for index, part in enumerate(parts):
                _paragraph(document, part).paragraph_format.keep_with_next = index + 1 < len(parts)
        case Title(text):
            line = _centred(document, "title", text, TITLE)
            line.paragraph_format.keep_with_next = True
            _line(document)
        case Heading(text):
            line = _line(document)
            line.paragraph_format.first_line_indent = Pt(2 * BODY)
            line.paragraph_format.keep_with_next = True
            _run(line, "hei", text)
        case Paragraph():
            _paragraph(document, block)
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


def _line(document: Any, pitch: float = PITCH) -> Any:
    """Adds an empty paragraph with the lines of the grid."""
    line = document.add_paragraph()
    shape = line.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)
    return line


def _centred(document: Any, role: Role, text: str, size: float, colour: RGBColor | None = None) -> Any:
    line = _line(document, max(PITCH, 1.25 * size))
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(line, role, text, size, colour)
    return line


def _paragraph(document: Any, block: Paragraph) -> Any:
    line = _line(document)
    line.alignment = WD_ALIGN_PARAGRAPH.LEFT if block.whole else WD_ALIGN_PARAGRAPH.JUSTIFY
    line.paragraph_format.left_indent = Pt(block.hang * BODY)
    line.paragraph_format.first_line_indent = Pt((block.indent - block.hang) * BODY)
    line.paragraph_format.keep_with_next = block.keep
    for role, text in block.spans:
        if text:
            _run(line, role, text)
    return line


def _run(line: Any, role: Role, text: str, size: float = BODY, colour: RGBColor | None = None) -> Any:
    run = line.add_run(text)
    run.font.size = Pt(round(size * 2) / 2)
    run.font.name = _LATIN
    if colour is not None:
        run.font.color.rgb = colour
    fonts = run._element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), _FACES[role])
    fonts.set(qn("w:hint"), "eastAsia")  # quotes and dashes are Chinese ones
    return run


def _masthead(document: Any, block: Masthead) -> None:
    """The red heading 35 mm down, the number, the red rule beneath it, the title (7.2)."""
    for index, part in enumerate((block.organ, block.series)):
        # Each part on one line, as wide as the characters allow.
        size = min(LARGEST, (WIDTH - 2 * BODY) / max(len(part), 1))
        line = _centred(document, "title", part, size, _RED)
        line.paragraph_format.space_before = Pt(35 * MM if not index else 0)
    number = _centred(document, "body", block.number, BODY)
    number.paragraph_format.space_before = Pt(PITCH)
    _edges(number, bottom=(8, "DD0000", 11))
    title = _centred(document, "title", block.title, TITLE)
    title.paragraph_format.space_before = Pt(PITCH)
    if block.note:
        _centred(document, "kai", block.note, BODY)
    _line(document)


def _closing(document: Any, block: Closing) -> None:
    """版记 (7.4): the recipients, a thin rule, printer and date, between two thicker rules."""
    _line(document)
    lines = []
    if block.recipients:
        line = _small(document)
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Pt(4 * SMALL), Pt(-3 * SMALL)
        _run(line, "body", f"抄送：{'，'.join(block.recipients)}。", SMALL)
        lines.append(line)
    line = _small(document)
    line.paragraph_format.left_indent = Pt(SMALL)
    line.paragraph_format.tab_stops.add_tab_stop(Pt(WIDTH - SMALL), WD_TAB_ALIGNMENT.RIGHT)
    _run(line, "body", f"{block.printer}\t{block.printed}", SMALL)
    lines.append(line)
    if block.copies:
        line = _small(document)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(line, "body", block.copies, SMALL)
        lines.append(line)
    for index, line in enumerate(lines):
        line.paragraph_format.keep_with_next = index + 1 < len(lines)
        thin = block.recipients and index == 1
        top = (8, "000000", 1) if index == 0 else (6, "000000", 1) if thin else None
        _edges(line, top=top, bottom=(8, "000000", 1) if index + 1 == len(lines) else None)


def _small(document: Any) -> Any:
    line = _line(document, 24.0)
    line.paragraph_format.right_indent = Pt(SMALL)
    return line


def _edges(line: Any, **edges: tuple[int, str, int] | None) -> None:
    """Rules a paragraph: of each side the width in eighths of a point, the colour, the space in points."""
    borders = OxmlElement("w:pBdr")
    for side, edge in edges.items():
        if edge is not None:
            rule = OxmlElement(f"w:{side}")
            for name, value in zip(("sz", "color", "space"), edge, strict=True):
                rule.set(qn(f"w:{name}"), str(value))
            rule.set(qn("w:val"), "single")
            borders.append(rule)
    properties = line._p.get_or_add_pPr()
    after = [child for child in properties if child.tag in _AFTER_BORDERS]
    after[0].addprevious(borders) if after else properties.append(borders)


_AFTER_BORDERS = frozenset(qn(f"w:{name}") for name in ("tabs", "spacing", "ind", "jc", "rPr"))


def _table(document: Any, shares: Sequence[float], rows: Iterable[Sequence[str]]) -> None:
    lines = [list(row) for row in rows]
    table = document.add_table(rows=len(lines), cols=len(shares), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for at, row in enumerate(table.rows):
        row.height_rule, row.height = WD_ROW_HEIGHT_RULE.AT_LEAST, Pt(PITCH)
        _mark(row._tr.get_or_add_trPr(), *(["w:cantSplit"] if at else ["w:cantSplit", "w:tblHeader"]))
        for cell, text, share in zip(row.cells, lines[at], shares, strict=True):
            cell.width = Mm(156 * share / sum(shares))
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
            _run(cell.paragraphs[0], "body" if at else "hei", text, SMALL)


def _mark(properties: Any, *names: str) -> None:
    for name in reversed(names):
        properties.insert(0, OxmlElement(name))


def _number(line: Any, side: WD_ALIGN_PARAGRAPH) -> None:
    """Puts — 1 — at the outer side of the foot (7.5)."""
    line.alignment = side
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(SMALL)
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
