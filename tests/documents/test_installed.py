"""Fonts installed on the machine are found by name; what a test finds does not depend on its machine."""

import os
import stat
import sys
from pathlib import Path

import pytest

from documents import fonts
from documents.installed import FAMILIES, _listed, can_be_embedded, choose_installed
from server.doctor import look_at_fonts
from server.settings import from_environment

made = pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")
TRUETYPE = fonts.FOLDER / "NotoSerifSC-Regular.ttf"


def _font(
    folder: Path, name: str, *, fs_type: int = 0, magic: bytes = b"\x00\x01\x00\x00", tables: str = "glyf"
) -> Path:
    """A file that begins as a font does: a directory of tables, and OS/2."""
    names = [b"OS/2", b"cmap", tables.encode()]
    head = magic + len(names).to_bytes(2, "big") + bytes(6)
    at = len(head) + 16 * len(names)
    directory = b"".join(each + bytes(4) + at.to_bytes(4, "big") + (96).to_bytes(4, "big") for each in names)
    path = folder / name
    path.write_bytes(head + directory + bytes(8) + fs_type.to_bytes(2, "big") + bytes(86))
    return path


def test_the_first_family_that_can_be_embedded_is_taken(tmp_path: Path) -> None:
    outlines, restricted = _font(tmp_path, "a.otf", magic=b"OTTO"), _font(tmp_path, "b.ttf", fs_type=2)
    bitmap, later, good = _font(tmp_path, "c.ttf", tables="EBDT"), _font(tmp_path, "z.ttf"), _font(tmp_path, "d.ttf")
    listed = [
        (outlines, frozenset({"仿宋_GB2312", "FangSong_GB2312"})),
        (restricted, frozenset({"仿宋", "FangSong"})),
        (bitmap, frozenset({"FangSong"})),
        (tmp_path / "gone.ttf", frozenset({"STFangsong"})),
        (later, frozenset({"FandolFang"})),
        (good, frozenset({"方正仿宋简体", "fzfangsong-z02s"})),
        (later, frozenset({"SimHei"})),
        (good, frozenset({"Noto Sans CJK SC"})),
    ]
    assert choose_installed(listed) == {"body": good, "hei": later} == choose_installed(reversed(listed))
    assert set(FAMILIES) == {*fonts.NEEDED, "wide"}


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x00\x00", b"\x00\x01\x00\x00\xff\xff" + bytes(200), b"ttcf" + bytes(99)]
)
def test_a_damaged_file_is_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.ttf").write_bytes(content)
    assert not can_be_embedded(tmp_path / "x.ttf")


@pytest.fixture
def fc_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with these fonts alone: an `fc-list` that lists 华文仿宋, and a bold face of 黑体."""
    program = tmp_path / "bin" / "fc-list"
    program.parent.mkdir()
    faces = ("0\\t80\\t0\\t华文仿宋,STFangsong", "65536\\t80\\t0\\t楷体", "0\\t80\\t100\\t黑体")
    rows = "".join(f"{TRUETYPE}\\t{face}\\n" for face in faces)
    program.write_text(f"#!{sys.executable}\nimport sys\nsys.stdout.write('{rows}')\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent))
    return program


@made
def test_doctor_names_the_installed_font(fc_list: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = choose_installed(_listed())
    assert found == {"body": TRUETYPE}
    monkeypatch.setattr("server.doctor.installed_fonts", lambda: found)
    monkeypatch.delenv("YIJUE_FONT_BODY", raising=False)
    findings = [str(each) for each in look_at_fonts(from_environment())]
    assert any("NotoSerifSC-Regular.ttf (installed)" in each for each in findings), findings
    assert any("NotoSansSC-Medium.ttf (fallback)" in each for each in findings)
    own = fonts.choose({"body": fonts.FOLDER / "LXGWWenKai-Regular.ttf"}, installed=found)
    assert own[0].origin == "own"


def test_a_machine_without_fontconfig_has_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep)
    assert list(_listed()) == []


@made
def test_papers_drawn_before_a_font_was_installed_can_still_be_compared(tmp_path: Path) -> None:
    other = tmp_path / "installed.ttf"
    other.write_bytes((fonts.FOLDER / "LXGWWenKai-Regular.ttf").read_bytes())
    sets = fonts.at_hand(installed={"body": other})
    assert [each.fingerprints["body"] for each in sets][1:] == [fonts.load(fonts.choose()).fingerprints["body"]]
    assert sets[0].fingerprints["body/bundled"] == sets[1].fingerprints["body"]
