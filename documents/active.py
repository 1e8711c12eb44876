"""A file does or fetches something when it is opened: macros, outside parts, DDE, programs, scripts of a PDF. Pure.

A paper is read by every member on their own machine, so it says the same to all and does nothing. An Office file is a
zip of parts, tied by relationships (ECMA-376 part 2); a PDF is objects, of which dictionaries name actions
(ISO 32000-1, 12.6). The faults are named by what they are, never by the file's own words.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any
from xml.parsers import expat

import pikepdf

from acts.refusal import ALLOWED, Refused, Verdict

MOST_UNPACKED = 200 * 1024 * 1024  # bytes of an Office file's parts, the embedded ones among them
MOST_PARSED = 30 * 1024 * 1024  # bytes of one part that has fields or relationships
MOST_VALUES = 2_000_000  # that a PDF's objects hold
UNREADABLE = "unreadable"
"""The fact `found` of a file that cannot be looked into."""
_DEEPEST = 2  # a chart's workbook in a document in a document

_SAVE = (
    "请另存为不含宏的 DOCX、XLSX，或转换为 PDF 后重新上传",
    "save it without macros, or as PDF, and upload it again",
)
_CUT = (
    "请断开链接（数据—编辑链接—断开链接，或删去所链接的图片、对象），或转换为 PDF 后重新上传",
    "break the links, or make it a PDF, and upload it again",
)
_TAKE_OUT = ("请删去后重新上传；附件请单独上传", "take it out and upload again; files go up on their own")
_PRINT = ("请用“打印”另存为 PDF 后重新上传", "print it to a new PDF and upload that")


class Active(Enum):
    """A thing that a paper may not hold: its name, and the way to mend it, each in Chinese and English; the gravest
    first."""

    MACROS = ("宏", "macros", *_SAVE)
    DDE = ("DDE 动态数据链接，可启动其他程序", "a DDE link, which can start a program", *_CUT)
    TEMPLATE = (
        "外部模板",
        "a template from elsewhere",
        "请在“开发工具—文档模板”中改用 Normal 模板，或转换为 PDF 后重新上传",
        "attach the Normal template instead, or make it a PDF, and upload it again",
    )
    CONTROL = ("ActiveX 控件", "an ActiveX control", *_TAKE_OUT)
    EMBEDDED = ("嵌入的文件或程序", "an embedded file or program", *_TAKE_OUT)
    SCRIPT = ("JavaScript 脚本", "JavaScript", *_PRINT)
    LAUNCH = ("启动其他程序或打开其他文件的动作", "an action that starts a program or opens another file", *_PRINT)
    ATTACHED = ("PDF 附件或多媒体", "attached files or media", *_TAKE_OUT)
    FORM = ("动态表单（XFA）", "a dynamic form (XFA)", *_PRINT)
    OUTSIDE = ("文件以外的内容（链接的图片、工作簿或对象）", "linked parts that lie outside the file", *_CUT)

    def refusal(self) -> Refused:
        """Returns the refusal of a file that holds it."""
        named, named_en, mend, mend_en = self.value
        return _refused(
            f"文件含有{named}，未予接收。{mend}。", f"The file holds {named_en}; {mend_en}.", self.name.lower()
        )


class _UnlookedError(Exception):
    """The file cannot be looked into: it is damaged, encrypted, or too large inside."""


def check_inert(content: bytes, *, pdf: bool) -> Verdict:
    """Whether a PDF, else an Office file (DOCX, XLSX), does nothing by itself and is whole. It takes a moment."""
    try:
        found = set(_in_pdf(content)) if pdf else _Office().look(content)
    except Exception:  # those that a foreign file raises in a parser cannot be listed
        return _refused(
            "文件已损坏、加了打开密码，或内部过于庞大，无法查验，未予接收。请另存一份（取消密码）后重新上传。",
            "The file is damaged, takes a password, or is too large inside, and cannot be looked into. Save it anew "
            "without a password and upload that.",
            UNREADABLE,
        )
    return next((active.refusal() for active in Active if active in found), ALLOWED)


def _refused(detail: str, detail_en: str, found: str) -> Refused:
    return Refused("input.invalid", detail, detail_en, {"field": "file", "found": found})


# Office files

_MARKED = (  # by the type of a part, or of a relationship
    (re.compile(r"vba|macro", re.IGNORECASE), Active.MACROS),
    (re.compile(r"activex|/control$", re.IGNORECASE), Active.CONTROL),
    (re.compile(r"/afchunk$", re.IGNORECASE), Active.EMBEDDED),
    (re.compile(r"/externallink$|externallink\+xml$", re.IGNORECASE), Active.OUTSIDE),
)
_LINKS = re.compile(r"(?:https?|ftp|mailto|tel|file):|[^:]*$", re.IGNORECASE)  # where a hyperlink may lead
_OLE = b"\xd0\xcf\x11\xe0"
# Names of streams in an OLE file's directory, where they stand as they are.
_IN_OLE = tuple(
    (name.encode("utf-16-le"), active)
    for name, active in (
        ("_vba_project", Active.MACROS), ("\x01ole10native", Active.EMBEDDED), ("package", Active.EMBEDDED)
    )
)  # fmt: skip
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"#!", b"%PDF", b"{\\rtf", b"Rar!", b"7z\xbc\xaf")
_DDE = re.compile(r"\s*DDE(?:AUTO)?\b", re.IGNORECASE)
_FIELDS = tuple(
    name.encode(code) for name in ("instrText", "fldSimple") for code in ("utf-8", "utf-16-le", "utf-16-be")
)


class _Office:
    """Looks into an Office file and those embedded in it, within one bound."""

    def __init__(self) -> None:
        self._left = MOST_UNPACKED
        self._found: set[Active] = set()

    def look(self, content: bytes, depth: int = 0) -> set[Active]:
        """Returns all that the file holds."""
        if depth > _DEEPEST:
            return {Active.EMBEDDED}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [each.filename.lower() for each in archive.infolist()]
            if len(set(names)) < len(names):
                raise _UnlookedError  # two readers could read two things
            for part in archive.infolist():
                self._found |= self._in_part(part.filename.lower(), self._read(archive, part), depth)
        return self._found

    def _read(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
        with archive.open(part) as opened:
            content = opened.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise _UnlookedError
        return content

    def _in_part(self, name: str, content: bytes, depth: int) -> set[Active]:
        if content.startswith(_OLE) or "vbaproject" in name:
            lower = content.lower()
            found = {active for stream, active in _IN_OLE if stream in lower}
            return found | ({Active.MACROS} if "vbaproject" in name else set())
        if content.startswith(b"PK\x03\x04"):
            return self.look(content, depth + 1)
        if content.startswith(_PROGRAMS) and "/fonts/" not in name:  # an embedded font is masked, and begins anyhow
            return {Active.EMBEDDED}
        if name == "[content_types].xml":
            return _of_elements(content, lambda said: _of_type(said.get("ContentType", "")))
        if name.endswith(".rels"):
            return _of_elements(content, _of_relationship)
        found = {Active.DDE} if b"ddeLink" in content else set()
        return found | (_of_fields(content) if any(each in content for each in _FIELDS) else set())


def _parse(content: bytes, element: Any, *, ended: Any = None, text: Any = None) -> None:
    if len(content) > MOST_PARSED:
        raise _UnlookedError
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartDoctypeDeclHandler = _no_doctype  # an Office file has none, and entities grow
    parser.StartElementHandler = element
    parser.EndElementHandler = ended
    parser.CharacterDataHandler = text
    parser.Parse(content, True)


def _no_doctype(*_: Any) -> None:
    raise _UnlookedError


def _of_elements(content: bytes, look: Callable[[dict[str, str]], set[Active]]) -> set[Active]:
    found: set[Active] = set()
    _parse(content, lambda _, attributes: found.update(look(attributes)))
    return found


def _of_relationship(said: dict[str, str]) -> set[Active]:
    kind, found = said.get("Type", ""), _of_type(said.get("Type", ""))
    if said.get("TargetMode", "").lower() != "external":
        return found
    if kind.lower().endswith("/attachedtemplate"):
        return found | {Active.TEMPLATE}
    if not kind.lower().endswith("/hyperlink"):
        return found | {Active.OUTSIDE}
    return found if _LINKS.match(said.get("Target", "").strip()) else found | {Active.LAUNCH}


def _of_type(kind: str) -> set[Active]:
    return {active for pattern, active in _MARKED if pattern.search(kind)}


def _of_fields(content: bytes) -> set[Active]:
    """Returns whether there is a DDE field; its words may lie in many runs, and fields in fields."""
    instructions: list[list[str]] = [[]]
    said: list[str] = []
    within: list[str] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition("}")[2]
        within.append(tag)
        values = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if tag == "fldSimple":
            said.append(values.get("instr", ""))
        elif tag == "fldChar" and values.get("fldCharType") == "begin":
            instructions.append([])
        elif tag == "fldChar" and values.get("fldCharType") == "end" and len(instructions) > 1:
            said.append("".join(instructions.pop()))

    def text(words: str) -> None:
        if within[-1] == "instrText":
            instructions[-1].append(words)

    _parse(content, begin, ended=lambda _: within.pop(), text=text)
    said += ["".join(each) for each in instructions]
    return {Active.DDE} if any(_DDE.match(each) for each in said) else set()


# PDF

_ACTIONS = {
    "/JavaScript": Active.SCRIPT, "/Rendition": Active.ATTACHED, "/Launch": Active.LAUNCH, "/GoToE": Active.LAUNCH,
    "/GoToR": Active.LAUNCH, "/ImportData": Active.LAUNCH, "/SubmitForm": Active.LAUNCH, "/Movie": Active.ATTACHED,
    "/RichMediaExecute": Active.ATTACHED,
}  # fmt: skip
_KEYS = {
    "/JS": Active.SCRIPT, "/JavaScript": Active.SCRIPT, "/EmbeddedFiles": Active.ATTACHED, "/EF": Active.ATTACHED,
    "/XFA": Active.FORM,
}  # fmt: skip
_SUBTYPES = {"/FileAttachment", "/RichMedia", "/Movie", "/Screen"}


def _in_pdf(content: bytes) -> Iterator[Active]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for values, each in enumerate(_dictionaries(pdf)):
            if values > MOST_VALUES:
                raise _UnlookedError
            if each is not None:
                yield from _of_dictionary(each)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yields every dictionary of the file, and None for each value between them, so that the caller can count."""
    waiting: list[Any] = [pdf.trailer]
    for whole in pdf.objects:
        waiting.append(whole)
        while waiting:
            value = waiting.pop()
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
                yield value
                inside: Iterator[Any] = (each for _, each in value.items())
            elif isinstance(value, pikepdf.Array):
                inside = iter(value)
            else:
                continue
            for each in inside:
                yield None
                if isinstance(each, pikepdf.Object) and not each.is_indirect:
                    waiting.append(each)


def _of_dictionary(value: Any) -> Iterator[Active]:
    yield from (active for key, active in _KEYS.items() if key in value)
    if (action := _ACTIONS.get(str(value.get("/S", "")))) is not None and _is_action(value):
        yield action
    if str(value.get("/Subtype", "")) in _SUBTYPES:
        yield Active.ATTACHED


def _is_action(value: Any) -> bool:
    """Whether the dictionary's S names an action; a tag of the structure tree or a page transition has one too."""
    return str(value.get("/Type", "/Action")) == "/Action"
