"""The minutes laid out on pages and drawn. Frozen with v1."""

from msgspec import UNSET

from documents import blocks as typesetter
from documents.fonts import FontSet
from documents.layout import Placed
from documents.pdf import draw
from minutes.composers.v1 import sentences as say
from minutes.composers.v1.blocks import blocks
from minutes.composers.v1.document import Minutes


def paper(minutes: Minutes, fonts: FontSet) -> bytes:
    """Draw the minutes as a PDF; no text raises an error."""
    return draw(
        pages(minutes, fonts),
        title=say.heading(minutes) + say.number_text(minutes.year, minutes.number),
        author=minutes.organ,
        subject=say.session_text(minutes),
        keywords="" if minutes.head is UNSET else minutes.head,
        made=minutes.closing.printed,
        fonts=fonts,
    )


def pages(minutes: Minutes, fonts: FontSet) -> list[list[Placed]]:
    """Lay out every page of the minutes, the closing block at the foot of the last (7.4), beneath text."""
    return typesetter.pages(blocks(minutes), fonts)
