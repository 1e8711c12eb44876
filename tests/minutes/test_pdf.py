"""The page, measured in the PDF itself: GB/T 9704-2012, and every vote by name."""

import io
import re
from collections import defaultdict
from datetime import timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pdfplumber
import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from documents import fonts
from minutes.composers.v1.document import Decision, Item, Minutes, Objection, Person, Row, Speech
from minutes.composers.v1.pages import pages as lay_out
from minutes.composers.v1.pages import paper
from tests.minutes.samples import demo, roll, roll_round

MM = 72 / 25.4
LEFT, TOP, WIDTH, HEIGHT = 28 * MM, 37 * MM, 156 * MM, 225 * MM
BODY = WIDTH / 28
PITCH = (HEIGHT - BODY) / 21

pytestmark = pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")


@cache
def font_set() -> fonts.FontSet:
    return fonts.load(fonts.choose())


def pages(document: Minutes) -> list[Any]:
    return list(pdfplumber.open(io.BytesIO(paper(document, font_set()))).pages)


@cache
def demo_pages() -> list[Any]:
    return pages(demo())


def text(document: Minutes) -> str:
    """All text, page after page, without page numbers, spaces and line ends."""
    return "".join(words(page) for page in pages(document))


def words(page: Any) -> str:
    rows = defaultdict(list)
    for char in page.chars:
        if char["matrix"][5] > page.height - TOP - HEIGHT:
            rows[round(char["matrix"][5], 1)].append(char)
    ordered = [sorted(rows[y], key=lambda c: c["x0"]) for y in sorted(rows, reverse=True)]
    return re.sub(r"\s", "", "".join(c["text"] for row in ordered for c in row))


def body_chars(page: Any) -> list[Any]:
    return [c for c in page.chars if abs(c["size"] - WIDTH / 28) < 0.01]


def lines(page: Any) -> dict[float, list[Any]]:
    """Body characters by baseline, in points below the page's head."""
    found = defaultdict(list)
    for char in body_chars(page):
        found[round(page.height - char["matrix"][5], 2)].append(char)
    return {y: sorted(found[y], key=lambda c: c["x0"]) for y in sorted(found)}


def long_text() -> Minutes:
    speech = replace(demo().items[0].discussion[0], speaker="", text="议" * 2000)
    return replace(demo(), items=(replace(demo().items[0], discussion=(speech,)),))


def test_paper_and_type_area() -> None:
    for page in demo_pages():
        assert page.width == pytest.approx(210 * MM, abs=0.01)
        assert page.height == pytest.approx(297 * MM, abs=0.01)
        for char in page.chars:
            assert char["x0"] >= LEFT - 0.01
            assert char["x1"] <= LEFT + WIDTH + 8  # the empty half of a closing mark may hang out


def test_body_fills_22_lines_of_28_characters_on_the_grid() -> None:
    page = pages(long_text())[1]
    found = lines(page)
    assert len(found) == 22
    baselines = list(found)
    for upper, lower in pairwise(baselines):
        assert lower - upper == pytest.approx(PITCH, abs=0.02)
    assert baselines[0] - TOP == pytest.approx(0.88 * BODY, abs=0.02)
    for chars in found.values():
        assert len(chars) == 28
        assert chars[0]["x0"] == pytest.approx(LEFT, abs=0.02)
        assert chars[-1]["x1"] == pytest.approx(LEFT + WIDTH, abs=0.02)
    assert 15.7 <= body_chars(page)[0]["size"] <= 16.0


def test_every_body_line_is_on_the_grid() -> None:
    first = TOP + 0.88 * BODY
    for page in demo_pages()[1:]:
        for y in lines(page):
            steps = (y - first) / PITCH
            assert steps == pytest.approx(round(steps), abs=0.002)


def test_full_lines_reach_both_edges() -> None:
    for page in demo_pages()[1:]:
        for chars in lines(page).values():
            right = chars[-1]["x1"]
            assert right <= LEFT + WIDTH + 8
            if LEFT + WIDTH - 15 < right < LEFT + WIDTH - 0.05:
                assert chars[-1]["text"] in "。：；，"  # the last line of a paragraph


def test_no_mark_where_it_must_not_stand() -> None:
    for page in demo_pages():
        for chars in lines(page).values():
            line = "".join(c["text"] for c in chars)
            assert line[0] not in "，。、；：？！）》」”"
            assert line[-1] not in "（《「“〔"


def test_figures_and_words_stay_whole() -> None:
    speech = replace(demo().items[0].discussion[0], text="预算" * 9 + "调减12,860.5万元，按PPP-ModelABC执行。" * 12)
    for page in pages(replace(demo(), items=(replace(demo().items[0], discussion=(speech,)),))):
        for chars in lines(page).values():
            line = "".join(c["text"] for c in chars)
            for word in ("12,860.5", "PPP-ModelABC"):
                assert line.count(word[:3]) == line.count(word) == line.count(word[-3:])


def test_page_numbers_at_the_outside_corner() -> None:
    for number, page in enumerate(demo_pages(), 1):
        chars = [c for c in page.chars if page.height - c["matrix"][5] > TOP + HEIGHT + 1]
        chars.sort(key=lambda c: c["x0"])
        assert "".join(c["text"] for c in chars) == f"— {number} —"
        assert {round(c["size"], 2) for c in chars} == {14.0}
        if number % 2:
            assert LEFT + WIDTH - chars[-1]["x1"] == pytest.approx(14, abs=0.1)
        else:
            assert chars[0]["x0"] - LEFT == pytest.approx(14, abs=0.1)
        dash = page.height - chars[0]["matrix"][5] - 0.35 * 14
        assert (dash - TOP - HEIGHT) / MM == pytest.approx(7, abs=0.1)


def test_heading_is_red_and_35_mm_down_with_a_rule_below_the_number() -> None:
    page = demo_pages()[0]
    red = [c for c in page.chars if c["non_stroking_color"] == (0.87, 0.0, 0.0)]
    assert "".join(c["text"] for c in red) == "江州市交通运输局党组会议纪要"
    assert (red[0]["x0"] + red[-1]["x1"]) / 2 == pytest.approx(LEFT + WIDTH / 2, abs=0.1)
    top = page.height - red[0]["matrix"][5] - 0.88 * red[0]["size"] - TOP
    assert top / MM == pytest.approx(35, abs=0.1)
    (rule,) = [r for r in page.lines if r["stroking_color"] == (0.87, 0.0, 0.0)]
    assert rule["x1"] - rule["x0"] == pytest.approx(WIDTH, abs=0.01)
    assert "〔2026〕1号" in words(page)
    assert all(set(c["non_stroking_color"]) == {0} for c in page.chars if c not in red)


def test_closing_block_at_the_foot_of_the_last_page() -> None:
    page = demo_pages()[-1]
    rules = sorted((r for r in page.lines if r["width"] > WIDTH - 1), key=lambda r: r["top"])
    assert [round(r["linewidth"] / MM, 2) for r in rules] == [0.35, 0.25, 0.35]
    assert rules[-1]["top"] == pytest.approx(TOP + HEIGHT, abs=0.02)
    for rule in rules:
        assert rule["x0"] == pytest.approx(LEFT, abs=0.01)
        assert rule["width"] == pytest.approx(WIDTH, abs=0.01)
    assert "抄送：市政府分管领导" in words(page)
    assert "2026年1月16日印发" in words(page)


def test_short_minutes_are_closed_on_their_one_page() -> None:
    short = replace(demo(), items=(), attempts=(), notice=None, present=demo().present[:1])
    (page,) = pages(replace(short, attendees=(), observers=(), recorders=(), on_leave=()))
    assert "印发" in words(page)


def test_fonts_are_embedded_true_type_subsets() -> None:
    reader = PdfReader(io.BytesIO(paper(demo(), font_set())))
    seen = set()
    for page in reader.pages:
        for reference in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font = reference.get_object()
            assert font["/Subtype"] == "/Type0"
            (child,) = font["/DescendantFonts"]
            descriptor = child.get_object()["/FontDescriptor"]
            assert child.get_object()["/Subtype"] == "/CIDFontType2"
            assert re.match(r"/[A-Z]{6}\+", font["/BaseFont"])
            data = descriptor["/FontFile2"].get_object().get_data()
            assert data[:4] == b"\0\1\0\0"
            seen.add(font["/BaseFont"][8:])
    assert seen == {"NotoSerifSC-Regular", "NotoSerifSC-Bold", "NotoSansSC-Medium", "LXGWWenKai-Regular"}


def test_same_record_same_bytes() -> None:
    assert paper(demo(), font_set()) == paper(demo(), font_set())


def test_metadata_comes_from_the_document() -> None:
    reader = PdfReader(io.BytesIO(paper(demo(), font_set())))
    assert reader.metadata is not None
    assert reader.metadata.title == "江州市交通运输局党组会议纪要〔2026〕1号"
    assert reader.metadata.author == "江州市交通运输局党组"
    assert str(reader.metadata["/CreationDate"]).startswith("D:20260116")


def test_minutes_read_as_such_papers_do() -> None:
    page_text = text(demo())
    for words_ in (
        "周启明在局机关三楼会议室主持召开2026年第1次党组会议。应到会成员9人，实到8人，请假1人。",
        "会议通知及议题材料至2026年1月8日16:16送达应到会成员9人，符合至少提前1个工作日的规定。",
        "会议听取了林静关于2026年度部门预算执行调整方案的汇报。",
        "讨论中，孙雅琴提出，水毁路段抢修宜在汛期前完成",
        "会议决定，原则同意《2026年度部门预算执行调整方案》，按程序报市财政局备案后执行"
        "（应到会9人，实到8人；同意7票，反对1票，弃权0票）。",
        "由计划财务科负责预算调整报备，于2026年1月31日前办理，派驻纪检监察组负责督办。",
        "书面意见（不计入票数）。许文博：反对。",
        "记名表决，到会8人，法定人数5人；同意7票，超过应到会成员9人的半数（4.5人），表决通过。",
        "依据和理由。依据：《“三重一大”事项集体决策制度实施办法》",
        "会议决定，本议题暂缓表决，留待下次会议讨论。理由：",
        "赞成4人（周启明、何志远、孙雅琴、郑凯），反对4人",
        "会议决定，郑晓楠同志任规划科科长，试用期一年。",
        "本议题未获通过（应到会9人，实到8人；同意4票，反对0票，弃权4票）。会议决定，不予推荐",
        "未超过应到会成员9人的半数（4.5人），表决未获通过",
        "本议题未进入表决，延期至以后的会议讨论。理由：",
        "六、其他情况（一）林静临时提出“购置公务用车”，因未列入会议议程，会议未予讨论和表决。依据：",
    ):
        assert words_ in page_text, words_


def test_the_count_says_who_stepped_out() -> None:
    item = replace(demo().items[0], rounds=(roll_round(郑凯="recused"),))
    page_text = text(replace(demo(), items=(item,)))
    assert "应到会9人，实到8人，其中回避1人；同意7票，反对0票，弃权0票" in page_text
    assert "到会8人（计入法定人数7人），法定人数6人" in page_text


def test_the_secretarys_words_stand_for_the_speeches() -> None:
    for first in ("调整必要", "会议认为，调整必要", "会议认为，"):
        item = replace(demo().items[0], discussion=(Speech("", first), Speech("", "须抓紧落实。")))
        page_text = text(replace(demo(), items=(item,)))
        said = "会议认为，调整必要。须抓紧落实。会议决定" if "调整" in first else "会议认为，须抓紧落实。会议决定"
        assert said in page_text
    assert "讨论中" not in page_text


@pytest.mark.parametrize(
    ("outcome", "by", "said", "printed"),
    [
        ("passed", "", "会议决定，同意立项。", "会议决定，同意立项（"),
        ("passed", "周启明", "同意立项", "周启明听取会议表决情况后决定，同意立项（"),
        ("not_passed", "周启明", "", "周启明听取会议表决情况后决定，未获通过（"),
        ("amended", "", "压减一成", "会议决定，对议案作出修改：压减一成（"),
        ("shelved", "", "", "会议决定，搁置本议题（"),
        ("reconsidered", "", "补充论证", "会议决定，本议题留待再次讨论（"),
    ],
)
def test_each_outcome_has_its_words(outcome: Any, by: str, said: str, printed: str) -> None:
    item = replace(demo().items[0], decision=Decision(outcome, said, by=by))
    assert printed + "应到会9人" in text(replace(demo(), items=(item,)))


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("压减一成。", "会议决定，议案按以下意见修改后，须另行列入议程、通知和表决：压减一成。"),
        ("", "会议决定，议案修改后，须另行列入议程、通知和表决。"),
    ],
)
def test_an_amendment_after_a_failed_vote_has_no_effect(said: str, printed: str) -> None:
    """Rules 6(6): the paper says that the motion failed, with or without the count, and decides nothing by it."""
    item = replace(demo().items[0], decision=Decision("amended", said, failed=True))
    page_text = text(replace(demo(), items=(item,)))
    assert re.search(f"本议题未获通过（应到会9人，[^）]*）。{printed}", page_text)
    assert "对议案作出修改" not in page_text
    assert f"本议题未获通过。{printed}" in text(replace(demo(), items=(replace(item, in_brief=True, rounds=()),)))


def test_votes_stand_in_a_table_by_name() -> None:
    (grid,) = demo_pages()[1].extract_tables()
    cells = [re.sub(r"\s", "", cell or "") for row in grid for cell in row]
    named = dict(zip(cells[::2], cells[1::2], strict=True))
    assert named["马腾"] == "反对"
    assert named["周启明"] == "同意"
    assert named["许文博"] == "请假"


def with_members(names: list[str]) -> Minutes:
    item = demo().items[0]
    (round_,) = item.rounds
    rows = tuple(Row(name, "yes") for name in names)
    people = tuple(Person(name) for name in names)
    return replace(demo(), items=(replace(item, rounds=(replace(round_, rows=rows),)),), present=people)


@pytest.mark.parametrize("count", [1, 2, 9, 15])
def test_a_table_keeps_its_rows_whole(count: int) -> None:
    names = [f"成员{i:03d}" for i in range(count)]
    seen: list[str] = []
    for page in pages(with_members(names)):
        for grid in page.extract_tables():
            assert [c or "" for c in grid[0]][:2] == ["姓名", "表决意见"]
            assert len(grid) > 1
            for row in grid[1:]:
                seen += [cell for cell in row[::2] if cell]
                assert all(mark == "同意" for name, mark in zip(row[::2], row[1::2], strict=True) if name)
    assert seen == names


def test_of_a_large_body_those_alone_are_named_who_did_not_vote_for_it() -> None:
    names = [f"成员{i:03d}" for i in range(60)]
    marks = dict(zip(names, ("no", "abstain", "recused", "on_leave", "absent"), strict=False))
    (round_,) = demo().items[0].rounds
    rows = tuple(Row(name, marks.get(name, "yes")) for name in names)  # type: ignore[arg-type] # five marks
    document = replace(with_members(names), items=(replace(demo().items[0], rounds=(replace(round_, rows=rows),)),))
    page_text = text(document)
    assert "反对：成员000；弃权：成员001；回避：成员002；请假：成员003；缺席：成员004。" in page_text
    assert not any(page.extract_tables() for page in pages(document))
    many = replace(document, items=document.items * 40)
    assert len(lay_out(many, font_set())) < 45  # an item, with all that was said on it, is a page


def test_rare_characters_and_emoji_are_drawn_and_can_be_copied() -> None:
    name = "𠮷䶮😀🎉〇"
    document = with_members([name])
    data = paper(document, font_set())
    copied = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert all(char in copied for char in name)
    chars = [c for page in pages(document) for c in page.chars if c["text"] in name]
    assert {c["text"] for c in chars} == set(name)
    assert "[U+" not in text(document)


def test_what_no_font_has_is_written_out() -> None:
    document = replace(with_members(["李\U0002fa1f\U000f0000"]), organ="江州\udc80局")
    copied = text(document)
    assert "[U+F0000]" in copied
    assert "[U+DC80]" in copied


def test_a_name_of_ten_thousand_characters_wraps() -> None:
    document = with_members(["长" * 10_000, "林静"])
    sheets = pages(document)
    assert sum(page.chars.__len__() for page in sheets) > 20_000
    for page in sheets:
        assert all(c["x1"] <= LEFT + WIDTH + 8 for c in page.chars)
        assert all(page.height - c["matrix"][5] <= TOP + HEIGHT + 30 for c in page.chars)


def test_absurd_words_anywhere_do_not_crash() -> None:
    absurd = "长" * 3000 + "x" * 3000 + "\n\r\t\0\u202e。" * 5
    base = demo()
    decision = base.items[0].decision
    assert decision is not None
    person = Person(absurd, absurd)
    document = replace(
        base,
        organ=absurd,
        meeting=absurd,
        place=absurd,
        chair=person,
        attendees=(person,),
        replaces=absurd,
        replaced_reason=absurd,
        items=(replace(base.items[0], title=absurd, decision=replace(decision, text=absurd)),),
        closing=replace(base.closing, copies_to=(absurd,) * 3, printer=absurd),
    )
    assert paper(document, font_set()).startswith(b"%PDF")


def test_empty_optional_parts_leave_no_empty_words() -> None:
    base = demo()
    bare = Minutes(
        organ=base.organ,
        series=base.series,
        year=2026,
        number=2,
        meeting=base.meeting,
        session_year=2026,
        session=2,
        started=base.started + timedelta(days=7),
        place=base.place,
        chair=Person("周启明"),
        formal=1,
        present=(Person("周启明"),),
        items=(Item("学习文件", "other", "reported"),),
        closing=replace(base.closing, copies_to=(), copies=0),
    )
    page_text = text(bare)
    for absent in ("请假", "列席", "抄送", "共印", "依据", "理由", "书面意见", "未予受理", "起草"):
        assert absent not in page_text
    last = pages(bare)[-1]
    rules = [r for r in last.lines if r["width"] > WIDTH - 1 and r["stroking_color"] != (0.87, 0.0, 0.0)]
    assert [round(r["linewidth"] / MM, 2) for r in rules] == [0.35, 0.35]


def test_an_item_in_brief_has_its_decision_alone() -> None:
    item = Item(
        "干部事项一件",
        "personnel",
        "decided",
        decision=Decision("passed", "同意任职"),
        confidential=True,
        in_brief=True,
    )
    assert "一、干部事项一件会议决定，同意任职。出席" in text(replace(demo(), items=(item,), attempts=()))


def test_a_long_heading_is_balanced() -> None:
    document = replace(demo(), meeting="党组（扩大）暨安全生产委员会关于部署汛期公路水路抢险保通和运输保障专项工作会议")
    page = pages(document)[0]
    found = defaultdict(list)
    for char in page.chars:
        if abs(char["size"] - 22) < 0.01:
            found[round(char["matrix"][5], 1)].append(char)
    widths = [max(c["x1"] for c in row) - min(c["x0"] for c in row) for _, row in sorted(found.items())[::-1]]
    assert len(widths) == 3
    assert min(widths) > 0.6 * max(widths)  # lines break between words, so that they are only about as long


def test_a_void_round_is_printed_with_its_reason() -> None:
    item = demo().items[0]
    void = replace(item.rounds[0], void="表决结束时到会人数低于法定人数")
    again = replace(item.rounds[0], number=2, rows=roll())
    page_text = text(replace(demo(), items=(replace(item, rounds=(void, again)),)))
    assert "第一轮，记名表决，到会8人，法定人数5人；同意7票，反对1票，弃权0票。本轮表决无效：" in page_text
    assert "本轮表决无效：表决结束时到会人数低于法定人数。" in page_text
    assert "第二轮，记名表决，到会8人" in page_text


@pytest.mark.parametrize(("form", "words_"), [("device", "记名"), ("oral", "口头"), ("hands", "举手")])
@pytest.mark.parametrize("members", [9, 16])
def test_the_form_of_a_vote_is_printed(form: Any, words_: str, members: int) -> None:
    item = demo().items[0]
    rows = (*roll(), *(Row(f"成员{number}", "yes") for number in range(9, members)))
    round_ = replace(item.rounds[0], form=form, rows=rows)
    page_text = text(replace(demo(), items=(replace(item, rounds=(round_,)),), attempts=()))
    assert f"表决情况。{words_}表决，到会8人" in page_text
    assert not [word for word in {"记名表决", "口头表决", "举手表决"} - {f"{words_}表决"} if word in page_text]


def test_a_correction_names_the_old_issue() -> None:
    page_text = text(replace(demo(), number=2, replaces="〔2026〕1号", replaced_reason="日期有误"))
    assert "（更正〔2026〕1号）" in page_text
    assert "本纪要更正并取代〔2026〕1号，更正理由：日期有误。" in page_text


def test_what_the_observer_objected_to_is_printed_with_who_and_when() -> None:
    base = demo()
    when = base.started + timedelta(minutes=55)
    by = Person("赵肃", "派驻纪检监察组")
    one = Objection(by, "绕城公路改造工程立项", "方案比选材料送达不足三日", when)
    page_text = text(replace(base, objections=(one,)))
    said = "（三）监督意见。1月13日9:55，赵肃（派驻纪检监察组）就“绕城公路改造工程立项”提出：方案比选材料送达不足三日。"
    assert said in page_text
    two = text(replace(base, attempts=(), objections=(one, Objection(by, "内容从简的议题", "", when))))
    assert "六、其他情况（一）监督意见。1月13日" in two
    assert "（二）监督意见。1月13日9:55，赵肃（派驻纪检监察组）就“内容从简的议题”提出监督意见（内容从简）。" in two
