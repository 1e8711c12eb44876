"""The first composer of minutes. After its release it never changes (docs/decisions/0009-frozen-papers.md)."""

from collections.abc import Sequence

import msgspec

from documents.docx import docx
from documents.fonts import FontSet
from documents.layout import Placed
from minutes.composers.v1.blocks import blocks
from minutes.composers.v1.document import Minutes
from minutes.composers.v1.draft import compose_minutes
from minutes.composers.v1.fold import recount
from minutes.composers.v1.pages import pages, paper
from minutes.composers.v1.sentences import heading, number_text
from minutes.composers.v1.sources import Sources

__all__ = ["compose", "recount", "render", "render_docx", "sheets"]


def compose(records: Sequence[bytes], sources: bytes) -> bytes:
    """Returns the document as JSON with sorted keys, from the meeting's records and the sources, both as stored."""
    minutes = compose_minutes(records, msgspec.json.decode(sources, type=Sources))
    return msgspec.json.encode(minutes, order="sorted")


def sheets(document: bytes, fonts: FontSet) -> list[list[Placed]]:
    """Lay out the document's pages."""
    return pages(msgspec.json.decode(document, type=Minutes), fonts)


def render(document: bytes, fonts: FontSet) -> bytes:
    """Draw the document's PDF."""
    return paper(msgspec.json.decode(document, type=Minutes), fonts)


def render_docx(document: bytes) -> bytes:
    """Write the document as a DOCX: a copy to work with, of the same blocks."""
    minutes = msgspec.json.decode(document, type=Minutes)
    title = heading(minutes) + number_text(minutes.year, minutes.number)
    return docx(blocks(minutes), title=title, author=minutes.organ, made=minutes.closing.printed)
