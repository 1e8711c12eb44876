"""Golden papers: a composer makes the same document of the same records and sources for ever.

`golden/v1/*.json` hold the records as stored, the sources, and the document made of them. `pytest
tests/minutes/make_golden.py` makes them anew, on purpose and while v1 is not frozen
(docs/decisions/0009-frozen-papers.md).
"""

import hashlib
from pathlib import Path

import msgspec
import pytest
import reportlab
from msgspec import Struct

from documents import fonts
from documents.pdf import TYPESETTER
from minutes.composers import COMPOSERS
from tests.minutes.test_pdf import font_set

FOLDER = Path(__file__).parent / "golden"


class Golden(Struct, frozen=True):
    """One paper. `fonts` and `sha256` are of the PDF that `typesetter` made."""

    records: list[str]
    sources: str
    document: str
    document_sha256: str
    rounds: int
    typesetter: str
    fonts: dict[str, str]
    sha256: str


PAPERS = {str(path.relative_to(FOLDER)): path for path in sorted(FOLDER.glob("v*/*.json"))}


def golden(name: str) -> Golden:
    return msgspec.json.decode(PAPERS[name].read_bytes(), type=Golden)


def test_every_version_has_its_papers() -> None:
    assert {f"v{version}" for version in COMPOSERS} == {name.partition("/")[0] for name in PAPERS}
    assert len(PAPERS) >= 4


@pytest.mark.parametrize("name", PAPERS)
def test_the_document_comes_out_the_same(name: str) -> None:
    paper, composer = golden(name), COMPOSERS[int(name.partition("/")[0].removeprefix("v"))]
    records = [record.encode() for record in paper.records]
    document = composer.compose(records, paper.sources.encode())
    assert document.decode() == paper.document
    assert hashlib.sha256(document).hexdigest() == paper.document_sha256
    assert composer.recount(records) == [True] * paper.rounds


@pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")
@pytest.mark.parametrize("name", PAPERS)
def test_the_pages_come_out_the_same(name: str) -> None:
    """The same typesetter makes the same bytes; another zlib packs the pages otherwise; another reportlab fails."""
    paper, composer = golden(name), COMPOSERS[int(name.partition("/")[0].removeprefix("v"))]
    pdf = composer.render(paper.document.encode(), font_set())
    assert font_set().fingerprints == paper.fonts
    assert paper.typesetter.startswith(f"4, reportlab {reportlab.Version}, ")
    if paper.typesetter == TYPESETTER:
        assert hashlib.sha256(pdf).hexdigest() == paper.sha256
