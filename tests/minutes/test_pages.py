"""Where pages break and what stands where, measured in points: GB/T 9704-2012."""

import io
from collections.abc import Iterator
from typing import Any, TypeAlias

import asyncpg
import pdfplumber
import pytest
from msgspec.structs import replace

from documents import fonts
from documents.heading import is_between_words
from documents.layout import BODY, HEIGHT, LEAD, LINES, MM, PITCH, WIDTH, Placed
from minutes.composers.v1.document import Minutes, Person, Speech
from minutes.composers.v1.pages import pages as lay_out
from tests.bureau import Bureau, issue
from tests.minutes.samples import MEMBERS, demo
from tests.minutes.test_pdf import LEFT, TOP, body_chars, font_set, pages, words
from tests.minutes.test_pending import Waiting
from tests.test_one_meeting import at

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

pytestmark = pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")


def top_of(page: Any, char: Any) -> float:
    """The top of a character's square, below the head of the page: 0.88 em above its baseline."""
    return float(page.height - char["matrix"][5] - 0.88 * char["size"])


def discussed(lines: int, **changes: Any) -> Minutes:
    """The demonstration's first item with a discussion of that many lines."""
    item = replace(demo().items[0], discussion=(Speech("", "议" * (28 * lines - 20)),))
    return replace(demo(), items=(item,), attempts=(), **changes)


def text_lines(sheet: list[Placed]) -> int:
    """The lines of text of a page, its heading, number and closing block left out."""
    return sum(
        band.words if band.words is not None else len({text.baseline for text in band.texts})
        for top, band in sheet
        if not any(rule.width > 0.9 for rule in band.rules) or band.words is not None
    )


def test_the_type_area_is_filled() -> None:
    """The first line begins at 37 mm, the 22nd ends at 262 mm (5.2.1, 5.2.3)."""
    page = pages(discussed(60))[1]
    tops = sorted({round(top_of(page, char), 3) for char in body_chars(page)})
    assert len(tops) == LINES == 22
    assert tops[0] / MM == pytest.approx(37, abs=0.05)
    assert (tops[-1] + BODY) / MM == pytest.approx(262, abs=0.05)
    assert (tops[-1] - tops[0]) / 21 == pytest.approx((225 * MM - BODY) / 21, abs=0.01)


def test_the_title_stands_two_lines_below_the_red_rule_and_one_above_the_text() -> None:
    for document in (
        demo(),
        replace(demo(), organ="江州市局"),
        replace(demo(), organ="中共江州市交通运输局直属机关委员会"),
    ):
        page = pages(document)[0]
        (rule,) = [r for r in page.lines if r["stroking_color"] == (0.87, 0.0, 0.0)]
        title = [c for c in page.chars if abs(c["size"] - 22) < 0.01]
        assert top_of(page, title[0]) - rule["top"] == pytest.approx(2 * PITCH, abs=0.1)
        below = [top_of(page, c) for c in body_chars(page) if top_of(page, c) > rule["top"]]
        assert PITCH - 1.1 <= min(below) - top_of(page, title[0]) - 22 <= 2 * PITCH


@pytest.mark.parametrize("recipients", [0, 6, 40])
def test_no_page_with_few_lines_and_no_list_of_names_alone(recipients: int) -> None:
    copies = tuple(f"局直属第{number}单位" for number in range(recipients))
    for lines in range(1, 201):
        document = discussed(lines)
        sheets = lay_out(replace(document, closing=replace(document.closing, copies_to=copies)), font_set())
        for number, sheet in enumerate(sheets):
            assert text_lines(sheet) >= 4, (lines, number)
        names = {"出", "请", "列", "监", "记", "席", "假", "督", "录"}
        first = next(text for _, band in sheets[-1] for text in band.texts)
        assert first.run.text[:1] not in names or len(sheets) == 1, lines
        for sheet in sheets:
            for top, band in sheet:
                for rule in band.rules:
                    assert top + min(rule.y1, rule.y2) >= -0.01
                    assert top + max(rule.y1, rule.y2) <= HEIGHT + 0.01
                assert all(top + text.baseline <= HEIGHT for text in band.texts)


def runs_of(sheet: list[Placed]) -> Iterator[tuple[float, str]]:
    for top, band in sheet:
        for text in band.texts:
            yield round(top + text.baseline, 2), text.run.text


@pytest.mark.parametrize("count", [1, 6, 60, 250])
def test_copies_stand_in_one_block_and_no_name_is_broken(count: int) -> None:
    copies = tuple(f"江州市第{number}单位" for number in range(count))
    sheets = lay_out(replace(demo(), closing=replace(demo().closing, copies_to=copies)), font_set())
    *before, (top, block) = sheets[-1]
    assert top + block.rules[-1].y1 == pytest.approx(HEIGHT)
    assert [round(rule.width / MM, 2) for rule in block.rules] == [0.35, 0.25, 0.35]
    assert before
    lines: dict[float, str] = {}
    for text in block.texts:
        lines[text.baseline] = lines.get(text.baseline, "") + text.run.text
    *sent, printed, number = lines.values()
    assert "".join(sent) == "抄送：" + "，".join(copies) + "。"
    assert all(line[-1] in "，。" for line in sent)
    assert printed == "江州市交通运输局办公室2026年1月16日印发"
    assert number == "共印25份"
    assert all(0 <= text.run.x <= WIDTH for text in block.texts)


def test_a_long_printer_has_a_line_of_its_own() -> None:
    closing = replace(demo().closing, printer="江州市交通运输综合行政执法支队直属机关委员会办公室")
    *_, (_, block) = lay_out(replace(demo(), closing=closing), font_set())[-1]
    rows = {text.baseline: "" for text in block.texts}
    for text in block.texts:
        rows[text.baseline] += text.run.text
    assert list(rows.values())[-3:] == [closing.printer, "2026年1月16日印发", "共印25份"]


def test_a_heading_breaks_between_words_alone() -> None:
    organ, series = "中共江州市交通运输综合行政执法支队直属机关委员会", "党组集体决策重大问题会议纪要"
    page = pages(replace(demo(), organ=organ, series=series))[0]
    red: dict[float, str] = {}
    for char in page.chars:
        if char["non_stroking_color"] == (0.87, 0.0, 0.0):
            y = round(char["matrix"][5], 1)
            red[y] = red.get(y, "") + char["text"]
    assert list(red.values()) == ["中共江州市交通运输综合行政执法支队", "直属机关委员会", series]
    for text, parts in (
        ("2026年第12次局长办公会议纪要", ["2026年第12次", "局长办公会议纪要"]),
        ("江州市人力资源和社会保障局", ["江州市", "人力资源", "和社会", "保障局"]),
        ("党组（扩大）会议暨安全生产委员会会议", ["党组（扩大）", "会议", "暨安全生产委员会", "会议"]),
    ):
        cut = [place for place in range(1, len(text)) if is_between_words(text, place)]
        found = [text[a:b] for a, b in zip([0, *cut], [*cut, len(text)], strict=True)]
        assert found == parts


def test_names_run_on_and_are_not_broken() -> None:
    people = (*MEMBERS[:8], *(Person(f"欧阳成员{number}") for number in range(12)))
    document = replace(demo(), items=(), attempts=(), present=people, attendees=(Person("唐宁", "法制科"),))
    page = pages(document)[-1]
    rows: dict[float, list[Any]] = {}
    for char in body_chars(page):
        rows.setdefault(round(page.height - char["matrix"][5], 1), []).append(char)
    text = ["".join(c["text"] for c in row) for row in rows.values()]
    at = next(index for index, row in enumerate(text) if row.startswith("出席："))
    assert text[at].startswith("出席：周启明、林静、何志远、")
    assert text[at].endswith("、")
    listed = list(rows.values())[at : at + 4]
    assert {row[0]["fontname"][7:] for row in listed[:1]} == {"NotoSansSC-Medium"}
    assert all(row[0]["x0"] - LEFT == pytest.approx(5 * BODY, abs=0.1) for row in listed[1:])
    assert "列席：法制科唐宁" in words(page)


async def test_reviewers_are_not_on_the_paper(bureau: Bureau, owner: Owner) -> None:
    """Drafted on the 13th, reviewed on the 14th, signed on the 15th, issued on the 16th: the last alone is printed."""
    b, room = bureau, Waiting(bureau, owner)
    minutes = await room.hold()
    for day, person, act in ((14, b.jiang, "office-review"), (14, b.wu, "deputy-review"), (15, b.zhou, "signature")):
        await at(owner, f"2026-01-{day}T10:00:00+08:00")
        await person.do(f"{minutes}/{act}", {"version": 2})
    await at(owner, "2026-01-16T10:00:00+08:00")
    await issue(b.li, minutes)
    answer = await b.lin.get(f"{minutes}/pdf")
    printed = "".join(words(page) for page in pdfplumber.open(io.BytesIO(answer.content)).pages)
    assert "2026年1月16日印发" in printed
    assert not [word for word in ("江一帆", "起草", "审核", "签发", "1月14日", "1月15日") if word in printed]
    assert printed.count("吴海燕") == 1  # the deputy, among those who came


def test_english_quotes_are_narrow() -> None:
    said, more = "The bank’s “Green Road” plan.", "中文的“PPP”和“绿路”"
    item = replace(demo().items[0], discussion=(Speech("", said), Speech("", more)))
    document = replace(discussed(1), items=(item,))
    chars = [c for page in pages(document) for c in page.chars]
    start = next(i for i in range(len(chars)) if "".join(c["text"] for c in chars[i : i + 8]) == "The bank")
    line = chars[start : start + len(said + more)]
    text = "".join(c["text"] for c in line)

    def room(place: int) -> float:
        """From the end of the letter before a mark to the next letter, in em."""
        return float(line[place + 1]["x0"] - line[place - 1]["x1"]) / BODY

    assert room(text.index("’")) < 0.5
    assert room(text.index("“")) < 1.1  # a space and half a square
    assert line[text.index("”") + 2]["x0"] - line[text.index("”") - 1]["x1"] < 1.1 * BODY
    assert room(text.index("的“PPP") + 1) > 0.9


def test_a_table_frame_stays_in_the_type_area_and_between_the_lines() -> None:
    for page in pages(demo()):
        edges = sorted({round(r["top"], 1) for r in page.lines if abs(r["linewidth"] - 0.5) < 0.01})
        assert all(TOP - 0.1 <= y <= TOP + HEIGHT + 0.1 for y in edges)
        for char in body_chars(page):
            top = top_of(page, char)
            assert not any(top + 1 < y < top + BODY - 1 for y in edges)
    assert LEAD > 10
