"""The type of a file by its content, and whether its name says the same. Pure."""

import io
import re
import zipfile
from typing import Any

from msgspec import Struct

from acts import normal
from acts.refusal import ALLOWED, Refused, Verdict

MAX_SIZE = 50 * 1024 * 1024  # bytes
_MAX_NAME = 255
_MAX_DIRECTORY = 1024 * 1024  # bytes of a zip's list of names
# Controls, and the marks that make a name read backwards: such a name lies about its extension.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class FileType(Struct, frozen=True):
    """A type of paper: its media type, and the extensions that name it."""

    media_type: str
    extensions: tuple[str, ...]


PDF = FileType("application/pdf", ("pdf",))
PNG = FileType("image/png", ("png",))
JPEG = FileType("image/jpeg", ("jpg", "jpeg"))
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))

DRAWN = frozenset({PDF.media_type, PNG.media_type, JPEG.media_type})
"""The media types that the page draws; the others have to be downloaded."""

_MAGIC = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_PARTS = (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX))


def has_parts(kind: FileType) -> bool:
    """Whether it is an Office file, which is a zip of parts."""
    return kind in (DOCX, XLSX)


def base_name(name: str) -> str:
    """Returns the file's own name, without any folder of either kind of path."""
    return normal.line(re.split(r"[/\\]", name)[-1])


def type_of(content: bytes) -> FileType | None:
    """Returns the type that the content itself shows; None for any that is not accepted."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04") and _short_directory(content):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = set(archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return None
        kinds = [kind for part, kind in _PARTS if part in names]
        return kinds[0] if len(kinds) == 1 and "[Content_Types].xml" in names else None
    return None


def _short_directory(content: bytes) -> bool:
    """Whether the zip's list of names is short, by its end of central directory: a long one would be read in whole."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 22 - 65535))
    return end >= 0 and int.from_bytes(content[end + 12 : end + 16], "little") <= _MAX_DIRECTORY


def check_file(name: str, size: int, kind: FileType | None) -> Verdict:
    """Whether a file may become a paper: `name` its base name, `size` in bytes, `kind` its type by content."""
    if size > MAX_SIZE:
        return Refused(
            "input.too_large",
            "文件超过 50 MB，未予接收。请压缩或拆分后重新上传。",
            "The file exceeds 50 MB and was not taken; compress or split it.",
            {"size": size, "most": MAX_SIZE},
        )
    if not 1 <= len(name) <= _MAX_NAME or _UNSAFE.search(name):
        return _refused(
            "文件名应为 1 至 255 个字符，不含控制字符。请改名后重新上传。",
            "The file's name has 1 to 255 characters and no control characters; rename it.",
        )
    if kind is None:
        return _refused(
            "只接收 PDF、PNG、JPEG、DOCX、XLSX 文件，或文件已损坏。请转换格式后重新上传。",
            "Papers are PDF, PNG, JPEG, DOCX or XLSX; this file is none, or damaged. Convert it.",
        )
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in kind.extensions:
        return _refused(
            f"文件内容是 {kind.extensions[0].upper()}，与扩展名不符。请核对文件后重新上传。",
            f"By its content the file is {kind.extensions[0].upper()}, which its name does not say. Check it.",
            media_type=kind.media_type,
        )
    return ALLOWED


def _refused(detail: str, detail_en: str, **facts: Any) -> Refused:
    return Refused("input.invalid", detail, detail_en, {"field": "file", **facts})
