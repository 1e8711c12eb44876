"""The register of a year: its contents are true."""

import io
import re
import time
from datetime import date, timedelta

import pdfplumber
import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from documents import fonts
from minutes.register import Entry, render_register
from tests.minutes.samples import demo, stored
from tests.minutes.test_pdf import font_set, words

pytestmark = pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")
MADE = date(2026, 12, 31)


def year(count: int) -> list[Entry]:
    base = demo()
    return [
        Entry(
            1,
            stored(replace(base, number=n, session=n, started=base.started + timedelta(days=7 * (n - 1)))),
            void=n == 3,
            replaced_by="〔2026〕4号" if n == 3 else "",
        )
        for n in range(1, count + 1)
    ]


def register(entries: list[Entry]) -> bytes:
    return render_register("江州市交通运输局党组", "会议纪要", 2026, entries, MADE, font_set())


def test_contents_say_where_each_begins() -> None:
    data = register(year(30))
    with pdfplumber.open(io.BytesIO(data)) as file:
        texts = [words(page) for page in file.pages]
        rows = [
            [re.sub(r"\s", "", cell or "") for cell in row]
            for page in file.pages[:3]
            for grid in page.extract_tables()
            for row in grid
            if row[0] and "〔2026〕" in re.sub(r"\s", "", row[0])
        ]
    assert [row[0] for row in rows] == [f"〔2026〕{n}号" for n in range(1, 31)]
    for number, _, meeting, items, page, remark in rows:
        if number == "〔2026〕3号":
            assert (page, remark) == ("—", "作废，见〔2026〕4号")
            assert not any(f"会议纪要{number}" in text for text in texts)
            continue
        assert items == "5项"
        assert f"会议纪要{number}" in texts[int(page) - 1]
        assert meeting in texts[int(page) - 1]


def test_outline_and_links_lead_there() -> None:
    reader = PdfReader(io.BytesIO(register(year(5))))
    names = [entry.title for entry in reader.outline]  # type: ignore[union-attr]
    assert names == ["目录", *(f"〔2026〕{n}号　2026年第{n}次党组会议" for n in (1, 2, 4, 5))]
    links = [a.get_object() for a in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert len(links) == 4


def test_an_empty_year_and_the_same_bytes() -> None:
    assert len(PdfReader(io.BytesIO(register([]))).pages) == 1
    assert register(year(3)) == register(year(3))


def test_fifty_meetings_in_three_seconds() -> None:
    entries = year(50)
    register(entries[:1])
    start = time.process_time()
    register(entries)
    assert time.process_time() - start < 3
