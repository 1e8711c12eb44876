"""Text for paper: quotation marks nest, dates stay whole, and what cannot be drawn is known beforehand."""

from typing import TypeAlias

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import fonts
from documents.typeset import break_lines, nested, runs, shape, undrawn, visible
from tests.bureau import Bureau, issue
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

made = pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")


@pytest.mark.parametrize(
    ("text", "set_as"),
    [
        ("“关于“十五五”规划的请示”", "“关于‘十五五’规划的请示”"),
        ("“一“二“三”二”一”", "“一‘二“三”二’一”"),
        ("“一‘二’三”和“四”", "“一‘二’三”和“四”"),
        ("‘一‘二’三’", "‘一“二”三’"),
        ("“the people’s “own” choice”", "“the people’s ‘own’ choice”"),
        ("“不成对“的”", "“不成对“的”"),
        ("不成对”的", "不成对”的"),
        ("没有引号", "没有引号"),
    ],
)
def test_quotation_marks_nest(text: str, set_as: str) -> None:
    assert nested(text) == set_as == nested(set_as)


@given(st.text(st.sampled_from("“”‘’ab一")))
def test_nesting_changes_marks_alone(text: str) -> None:
    plain = str.maketrans("“”‘’", "''''")
    assert nested(text).translate(plain) == text.translate(plain)


@made
def test_marks_nest_across_spans() -> None:
    shaped = shape([("hei", "“关于"), ("body", "“十五五”规划”")], 10, fonts.load(fonts.choose()))
    assert shaped.text == "“关于‘十五五’规划”"


@made
@pytest.mark.parametrize("date", ["2026年1月13日", "12月31日", "2026年", "2026年11月", "〔2026〕12号"])
def test_a_date_is_never_parted(date: str) -> None:
    loaded = fonts.load(fonts.choose())
    for pad in range(20):
        text = shape([("body", "见" * pad + date + "前后办理")], 10, loaded)
        lines = [text.text[line.start : line.end] for line in break_lines(text, 120, 120)]
        assert sum(date in line for line in lines) == 1, lines


@made
@pytest.mark.parametrize("word", ["2026年11月13日", "PPP-Model-ABC"])
def test_characters_stand_apart_by_a_fifth_of_their_width_at_most(word: str) -> None:
    """A line that a date or a word leaves short is filled as far as that goes, or what nearly fits is squeezed in; else
    the line ends where its characters do."""
    loaded, seen = fonts.load(fonts.choose()), set[str]()
    for pad in range(60):
        for marks in range(7):
            text = "由科，" * marks + "见" * pad + word + "前办理预算调整报批手续，并由办公室负责督办。"
            shaped = shape([("body", text)], 10, loaded)
            for line in break_lines(shaped, 280, 280):
                gaps = [run.gap for run in runs(shaped, line, 0, 280)]
                assert max(gaps) <= 2 + 1e-6, text
                assert min(gaps) >= -5 - 1e-6, text
                lacks = 280 - (shaped.ends[line.end] - shaped.ends[line.start])
                if line.full and abs(lacks) > 1e-6:
                    seen.add("filled" if max(gaps) > 0 else "squeezed" if min(gaps) < 0 else "short")
                    assert max(gaps) > 0 or lacks < 0 or lacks > 0.2 * 10 * 18, text
    assert seen == {"filled", "squeezed", "short"}


@made
def test_what_cannot_be_drawn_is_named_and_a_variant_is_drawn_in_its_usual_form() -> None:
    loaded = fonts.load(fonts.choose())
    assert undrawn("会议\n决定\t𠮷☎\ufe0f\ue000\ue000ᠠ\U000323af", loaded) == "\ue000ᠠ\U000323af"
    assert visible("葛\U000e0100城", loaded, "body") == "葛城"
    assert undrawn("葛\U000e0100城", loaded) == "\U000e0100"
    assert visible("甲\ue000", loaded, "body") == "甲[U+E000]"


@made
async def test_drafts_name_what_cannot_be_drawn_before_notice_and_issue(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.draft()
    item = f"{room.path}/items/{room.items[0]}"
    kept = next(each for each in (await b.li.get(room.path)).json()["items"] if each["id"] == room.items[0])
    draft = {"title": "修路", "motion": "按\U000323af\ue000方案", "category": kept["category"], "in_charge": b.lin.id}
    preview = f"{room.path}/notice/preview"
    assert (await b.li.get(preview)).json()["undrawn"] == []
    await b.li.do(item, draft)
    await b.li.do(room.path, {"place": "三楼\ue001"})
    assert (await b.li.get(preview)).json()["undrawn"] == [
        {"title": "", "characters": ["\ue001"]},
        {"title": "修路", "characters": ["\U000323af", "\ue000"]},
    ]


@made
@pytest.mark.moment("adjourned")
async def test_minutes_name_what_cannot_be_drawn_until_they_are_issued(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    path = f"{room.path}/minutes/{(await b.li.do(f'{room.path}/minutes'))['content']['minutes']}"

    async def said() -> object:
        return (await b.li.get(path)).json()["undrawn"]

    assert await said() == []
    texts = {"copies_to": ["市政府办\ue001"], "items": [{"item": room.items[0], "decision": "同意\ue000。"}]}
    await b.li.do(f"{path}/texts", texts)
    title = (await b.li.get(room.path)).json()["items"][0]["title"]
    assert await said() == [
        {"title": "", "characters": ["\ue001"]},
        {"title": title, "characters": ["\ue000"]},
    ]
    await b.approve(path)
    assert await said() != []  # as long as the minutes can be sent back
    await issue(b.li, path)
    assert await said() == []
