"""Fonts: the one that is used, and the message when one is missing."""

from pathlib import Path

import pytest

from documents import fonts
from documents.embedding import EmbeddedFont, FontUnusableError
from documents.typeset import balance, break_lines, shape, spread

MADE = fonts.FOLDER.is_dir()
made = pytest.mark.skipif(not MADE, reason="the fonts are not made: make fonts")


def test_missing_fonts_are_named(tmp_path: Path) -> None:
    with pytest.raises(fonts.FontMissingError, match="make fonts"):
        fonts.choose({}, tmp_path)
    with pytest.raises(fonts.FontMissingError, match="correct the setting") as caught:
        fonts.choose({"body": tmp_path / "fangsong.ttf"})
    assert caught.value.role == "body"


@made
def test_the_operators_own_font_comes_first_and_the_fallback_is_named(tmp_path: Path) -> None:
    own = tmp_path / "own.ttf"
    own.write_bytes((fonts.FOLDER / fonts.BUNDLED["kai"]).read_bytes())
    choices = fonts.choose({"body": own})
    assert [str(choice) for choice in choices][:2] == [
        "仿宋 (body): own.ttf (own)",
        "小标宋 (title): NotoSerifSC-Bold.ttf (fallback)",
    ]
    loaded = fonts.load(choices)
    glyph = loaded.glyph("body", "会")
    assert glyph is not None
    assert glyph[0].fontName == str(own)
    rare = loaded.glyph("body", "䶮")  # 楷体 lacks it: the fallback serif draws it
    assert rare is not None
    assert "NotoSerifSC" in rare[0].fontName


def test_a_font_that_cannot_be_embedded_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"OTTO" + bytes(100))
    with pytest.raises(FontUnusableError, match=r"broken\.ttf"):
        EmbeddedFont(broken)


@made
@pytest.mark.parametrize("char", "𠮷䶮〇😀🎉㐂𬱖𫖯𪚥①℃—…·“”\uf92c\U0002f8a6ĀǎⅣ⅓∄")
def test_every_role_draws_rare_characters(char: str) -> None:
    loaded = fonts.load(fonts.choose())
    for role in fonts.NEEDED:
        assert loaded.glyph(role, char)


@made
def test_closing_marks_are_pulled_in_or_bring_a_character_along() -> None:
    loaded = fonts.load(fonts.choose())
    tight = shape([("body", "一，二，三四五六七八九十。后面")], 10, loaded)
    (first, *_) = break_lines(tight, 120, 120)
    assert tight.text[first.start : first.end].endswith("十。")
    loose = shape([("body", "一二三四五六七八九十甲乙。后面")], 10, loaded)
    (first, second) = break_lines(loose, 120, 120)
    assert loose.text[second.start : second.end] == "乙。后面"
    word = shape([("body", "一二三四五六七八12,345.6")], 10, loaded)
    assert [line.start for line in break_lines(word, 100, 100)] == [0, 8]


@made
def test_a_number_is_never_parted() -> None:
    loaded = fonts.load(fonts.choose())
    for pad in range(20):
        text = shape([("body", "见" * pad + "〔2026〕12号文")], 10, loaded)
        for line in break_lines(text, 120, 120):
            part = text.text[line.start : line.end]
            assert part.count("〔") == part.count("号")


@made
def test_balanced_lines_hold_all() -> None:
    loaded = fonts.load(fonts.choose())
    text = shape([("title", "关于" * 25)], 10, loaded)
    lines = balance(text, 300)
    assert len(lines) == 2
    assert [line.end - line.start for line in lines] == [26, 24] or lines[0].end == 25


def test_names_of_two_are_spread() -> None:
    assert spread("林静") == "林\u3000静"
    assert spread("周启明") == "周启明"
    assert spread("Li") == "Li"
