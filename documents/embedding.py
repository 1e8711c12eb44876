"""TrueType faces in a PDF: one Type 0 font for each face, subset, with a true ToUnicode map.

reportlab's own `TTFont` cuts a face into fonts of 256 characters and writes characters beyond the
BMP wrongly into the text layer. This one numbers characters in order of use (a CID each), so a line
of Chinese is one string, and writes UTF-16 (ISO 32000-1, 9.7.4 and 9.10.3).
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from struct import pack
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont


class FontUnusableError(Exception):
    """A font file cannot be embedded: not TrueType outlines, or unreadable."""

    def __init__(self, path: str, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"字体无法嵌入（须为 TrueType 轮廓）：{path}；cannot embed this font: {why}")


class EmbeddedFont(TTFont):  # type: ignore[misc] # reportlab ships no types
    """A TrueType face that `reportlab` can draw with, under the name `fontName`: `name`, or else its path.

    `advances` maps a character's code to its width in thousandths of an em; a code that is not there
    has no glyph.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        try:
            super().__init__(name or str(path), str(path), asciiReadable=False, shapable=False)
        except (TTFError, OSError) as error:
            raise FontUnusableError(str(path), str(error)) from error
        for code in [code for code, glyph in self.face.charToGlyph.items() if glyph == 0]:
            del self.face.charToGlyph[code]
        self.path = str(path)
        self.sha256 = sha256(path.read_bytes()).hexdigest()
        self.advances: dict[int, float] = {
            code: self.face.charWidths[code] for code in self.face.charToGlyph if code in self.face.charWidths
        }
        self._codes: WeakKeyDictionary[Any, dict[int, int]] = WeakKeyDictionary()
        self._names: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
        self._family = str(self.face.name.decode("ascii", "replace"))
        # reportlab takes two faces of one name for one face; the PDF keeps the true name, or its bytes would
        # depend on the faces loaded before.
        while self.face.name in pdfmetrics._dynFaceNames:
            self.face.name = self._family.encode() + b"-%d" % len(pdfmetrics._dynFaceNames)
        pdfmetrics.registerFont(self)

    @property
    def family(self) -> str:
        """The face's PostScript name."""
        return self._family

    def splitString(self, text: str, doc: Any, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802
        """The text as two-byte CIDs, one piece; characters new to `doc` are numbered on."""
        codes = self._codes.setdefault(doc, {})
        return [(0, pack(f">{len(text)}H", *(codes.setdefault(ord(c), len(codes) + 1) for c in text)))]

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:  # noqa: N802
        """The font's name in the content streams of `doc`."""
        name = self._names.get(doc)
        if name is None:
            name = self._names[doc] = f"/F{len(doc.fontMapping) + 1}"
            doc.fontMapping[self.fontName] = name
            doc.delayedFonts.append(self)
        return name

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        """Write the font's objects into `doc`; called once, when all text is known."""
        codes = list(self._codes.pop(doc))
        name = self._names.pop(doc)[1:]
        base = f"{_tag(codes)}+{self.family}"
        descriptor = self.face.addSubsetObjects(doc, base, codes)
        widths = pdfdoc.PDFArray([1, pdfdoc.PDFArray([round(self.advances[code], 3) for code in codes])])
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": pdfdoc.PDFName(base),
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": descriptor,
                "DW": 1000,
                "W": widths,
                "CIDToGIDMap": _stream(doc, _glyph_map(self.face.charToGlyph, codes), f"cidToGid:{base}"),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": pdfdoc.PDFName(base),
                "Encoding": "/Identity-H",
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, f"cidFont:{base}")]),
                "ToUnicode": _stream(doc, _to_unicode(codes), f"toUnicode:{base}"),
            }
        )
        doc.idToObject["BasicFonts"].dict[name] = doc.Reference(font, name)


def _tag(codes: list[int]) -> str:
    """Six letters that name this subset (ISO 32000-1, 9.6.4), the same for the same characters."""
    digest = sha256(repr(codes).encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def _stream(doc: Any, content: bytes, name: str) -> Any:
    stream = pdfdoc.PDFStream()
    stream.content = content
    if doc.compression:
        stream.filters = [pdfdoc.PDFZCompress]
    return doc.Reference(stream, name)


def _glyph_map(glyph_of: dict[int, int], codes: list[int]) -> bytes:
    """CID to glyph, two bytes each: glyphs are numbered in order of first use by reportlab's subset."""
    numbers = {0: 0}
    glyphs = [numbers.setdefault(glyph_of[code], len(numbers)) for code in codes]
    return pack(f">{len(glyphs) + 1}H", 0, *glyphs)


def _to_unicode(codes: Iterable[int]) -> bytes:
    """The map from CID to UTF-16, at most 100 to a block as CMap requires."""
    rows = [f"<{cid:04X}> <{chr(code).encode('utf-16-be').hex()}>" for cid, code in enumerate(codes, 1)]
    parts = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for start in range(0, len(rows), 100):
        block = rows[start : start + 100]
        parts += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    parts += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(parts).encode("ascii")
