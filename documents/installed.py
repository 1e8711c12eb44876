"""Fonts that fontconfig knows on this machine, by the names that Chinese offices have them under.

Of each role the first family that is there is taken, with TrueType outlines and leave to be embedded: reportlab embeds
no others. A machine without fontconfig has none.
"""

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from struct import error as StructError  # noqa: N812 -- an exception under a lower-case name
from struct import unpack
from types import MappingProxyType

from documents.fonts import Role

FAMILIES: Mapping[Role, tuple[str, ...]] = MappingProxyType(
    {
        "body": (
            "仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "华文仿宋", "STFangsong", "方正仿宋_GBK",
            "方正仿宋_GB18030", "方正仿宋简体", "FZFangSong-Z02", "FZFangSong-Z02S", "朱雀仿宋", "Zhuque Fangsong",
            "FandolFang",
        ),
        "title": (
            "方正小标宋_GBK", "方正小标宋_GB18030", "方正小标宋简体", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S",
            "小标宋", "华文中宋", "STZhongsong",
        ),
        "hei": (
            "黑体", "SimHei", "华文黑体", "STHeiti", "方正黑体_GBK", "方正黑体简体", "FZHei-B01", "FZHei-B01S",
            "FandolHei",
        ),
        "kai": (
            "楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "华文楷体", "STKaiti", "方正楷体_GBK", "方正楷体简体",
            "FZKai-Z03", "FZKai-Z03S", "FandolKai",
        ),
        "wide": ("BabelStone Han", "遍黑体P1", "Plangothic P1", "Jigmo3", "天珩全字库"),
    }
)  # fmt: skip
"""The families of each role, the first choice first (design: GB/T 9704-2012, 5.2.2, 7.3)."""
_TRUETYPE = (b"\x00\x01\x00\x00", b"true")
_USUAL = (
    "75",
    "80",
    "100",
    "180",
    "200",
)  # fontconfig: book, regular, medium, and what 小标宋 and 黑体 say of themselves
_RESTRICTED = 0x0002  # fsType: must not be embedded


@cache
def installed_fonts() -> Mapping[Role, Path]:
    """The font file of each role that has one on this machine."""
    return choose_installed(_listed())


def choose_installed(listed: Iterable[tuple[Path, frozenset[str]]]) -> dict[Role, Path]:
    """The first file of each role among (file, its names) that can be embedded; equals go by the file's path."""
    by_name: dict[str, list[Path]] = {}
    for path, names in sorted(listed, key=lambda each: each[0]):
        for name in names:
            by_name.setdefault(name.casefold(), []).append(path)
    chosen: dict[Role, Path] = {}
    for role, families in FAMILIES.items():
        candidates = (path for family in families for path in by_name.get(family.casefold(), ()))
        if found := next((path for path in candidates if can_be_embedded(path)), None):
            chosen[role] = found
    return chosen


def can_be_embedded(path: Path) -> bool:
    """Whether the file is one font of TrueType outlines that allows embedding (OpenType: `glyf`, OS/2 `fsType`)."""
    try:
        with path.open("rb") as file:
            if file.read(4) not in _TRUETYPE:
                return False
            (count,) = unpack(">H", file.read(2))
            file.seek(12)
            tables = {row[:4]: unpack(">LL", row[8:]) for row in (file.read(16) for _ in range(count))}
            if not tables.keys() >= {b"glyf", b"cmap", b"OS/2"}:
                return False
            file.seek(tables[b"OS/2"][0] + 8)
            (fs_type,) = unpack(">H", file.read(2))
    except (OSError, StructError):  # unreadable, or shorter than it says
        return False
    return bool(fs_type & 0x000F != _RESTRICTED)


def _listed() -> Iterator[tuple[Path, frozenset[str]]]:
    """The upright faces of usual weight that fontconfig lists, each file with its families' names in all languages."""
    wanted = "%{file}\\t%{index}\\t%{weight}\\t%{slant}\\t%{family}\\n"
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed command
            ["fc-list", ":scalable=true", "--format", wanted],  # noqa: S607 -- it stands where the system has it
            capture_output=True, check=True, timeout=20,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return
    for row in done.stdout.decode("utf-8", "replace").splitlines():
        file, index, weight, slant, family = row.split("\t")
        if (index, slant) == ("0", "0") and weight in _USUAL:
            yield Path(file), frozenset(name.strip() for name in family.split(","))
