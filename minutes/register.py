"""The register of a year, 年度纪要登记簿: a table of contents, then the minutes, in one PDF.

Minutes begin on a page of their own; pages are numbered through, and the contents give the page on which each begins.
A voided issue keeps its number (Rules 6(7)): it is listed as 作废 and not drawn.
"""

from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec import Struct

from documents.fonts import FontSet
from documents.layout import BLANK, PITCH, WIDTH, Band, Placed, heading_lines, paginate, row
from documents.pdf import DRAWING, Pdf
from minutes.composers import COMPOSERS
from minutes.composers.v1.document import Minutes
from minutes.composers.v1.sentences import number_text, session_text

_TITLE = 22.0  # 2号
_WIDTHS = tuple(WIDTH * share for share in (0.215, 0.155, 0.25, 0.085, 0.08, 0.215))
_NAMES = ("编号", "会议日期", "会议", "议题", "页码", "备注")


class Entry(Struct, frozen=True):
    """One number of the register: its document, and the version that composed it. `replaced_by` is set on a voided
    issue: the new number, or empty where there is none yet."""

    composer: int
    document: bytes
    void: bool = False
    replaced_by: str = ""

    @property
    def minutes(self) -> Minutes:
        """The document, decoded; the newest form reads the older ones."""
        return msgspec.json.decode(self.document, type=Minutes)


def render_register(organ: str, series: str, year: int, entries: Sequence[Entry], made: date, fonts: FontSet) -> bytes:
    """Returns the register of `year` as one PDF, entries in order of number; the same input gives the same bytes.

    An empty year has the contents table alone."""
    entries = sorted(entries, key=lambda entry: entry.minutes.number)
    drawn = [
        (entry, [] if entry.void else COMPOSERS[entry.composer].sheets(entry.document, fonts)) for entry in entries
    ]
    contents = _contents(organ, series, year, [(entry, 0) for entry in entries], fonts)
    starts, at = [], len(contents) + 1
    for _, sheets in drawn:
        starts.append(at)
        at += len(sheets)
    contents = _contents(organ, series, year, list(zip(entries, starts, strict=True)), fonts)
    with DRAWING:
        pdf = Pdf(
            title=f"{organ}{series}{year}年度汇编",
            author=organ,
            subject=f"{year}年度",
            made=made,
            fonts=fonts,
        )
        for index, sheet in enumerate(contents):
            pdf.page(sheet, anchor="" if index else "contents", links=_links(sheet), marks=False)
            if not index:
                pdf.outline("目录", "contents")
        for entry, sheets in drawn:
            for index, sheet in enumerate(sheets):
                pdf.page(sheet, anchor="" if index else _anchor(entry), level=1, marks=False)
                if not index:
                    pdf.outline(_bookmark(entry), _anchor(entry))
        return pdf.finish()


def _anchor(entry: Entry) -> str:
    return f"minutes-{entry.minutes.number}"


def _bookmark(entry: Entry) -> str:
    return f"{number_text(entry.minutes.year, entry.minutes.number)}　{session_text(entry.minutes)}"


def _contents(
    organ: str, series: str, year: int, entries: Sequence[tuple[Entry, int]], fonts: FontSet
) -> list[list[Placed]]:
    """Lay out the contents; how many pages they take does not depend on the page numbers in them."""
    bands: list[Band] = []
    for text in (f"{organ}{series}", f"{year}年度汇编"):
        bands += heading_lines(text, _TITLE, fonts)
    bands.append(BLANK)
    (head,) = row(fonts, _WIDTHS, _NAMES, "hei", keep=True)
    bands.append(head)
    for entry, page in entries:
        lines = row(fonts, _WIDTHS, _cells(entry, page), "body")
        mark = "" if entry.void else _anchor(entry)
        bands += [line._replace(header=head, mark=mark) for line in lines]
    return paginate(bands)


def _links(sheet: Sequence[Placed]) -> list[tuple[float, float, str]]:
    """Returns a strip (top, height, anchor) over each row, which links to its minutes."""
    return [(top, band.lines * PITCH, band.mark) for top, band in sheet if band.mark]


def _cells(entry: Entry, page: int) -> tuple[str, ...]:
    minutes = entry.minutes
    remark = ""
    if entry.void:
        remark = f"作废，见{entry.replaced_by}" if entry.replaced_by else "作废"
    elif minutes.replaces:
        remark = f"更正{minutes.replaces}"
    return (
        number_text(minutes.year, minutes.number),
        f"{minutes.started.month}月{minutes.started.day}日",
        session_text(minutes) if minutes.session_year != minutes.year else f"第{minutes.session}次{minutes.meeting}",
        f"{len(minutes.items)}项",
        "—" if entry.void else str(page),
        remark,
    )
