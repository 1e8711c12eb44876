"""The composers of minutes by version: each turns records and sources into a document, and a document into pages.

A composer that was released stays for ever, in a folder of its own (docs/decisions/0009-frozen-papers.md).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from documents.fonts import FontSet
from documents.layout import Placed
from minutes.composers import v1


class Composer(Protocol):
    """The functions of a version. Records, sources and documents are bytes as stored: their form is the version's."""

    def compose(self, records: Sequence[bytes], sources: bytes) -> bytes:
        """Returns the document that these records and sources give."""

    def recount(self, records: Sequence[bytes]) -> list[bool]:
        """Returns for each closed round, in order, whether its ballots, counted anew, come to what its closing says."""

    def sheets(self, document: bytes, fonts: FontSet) -> list[list[Placed]]:
        """Lay out the document's pages."""

    def render(self, document: bytes, fonts: FontSet) -> bytes:
        """Draw the document's PDF."""

    def render_docx(self, document: bytes) -> bytes:
        """Write the document as a DOCX, a copy to work with."""


COMPOSERS: Mapping[int, Composer] = MappingProxyType({1: v1})
NEWEST = 1
"""The version that composes drafts and issues."""
