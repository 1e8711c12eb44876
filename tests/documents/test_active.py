"""Files that do or fetch something when they are opened, and ordinary ones that do not."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pikepdf
import pytest

from acts.refusal import ALLOWED, Refused
from documents.active import MOST_PARSED, check_inert

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>{}</Types>'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(**parts: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in ({"[Content_Types].xml": TYPES.format("")} | parts).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def related(kind: str, target: str = "file:///x", mode: str = ' TargetMode="External"') -> bytes:
    relation = f'<Relationship Id="r1" Type="{KIND}/{kind}" Target="{target}"{mode}/>'
    return zipped(**{"word/document.xml": "<a/>", "word/_rels/document.xml.rels": RELATIONS.format(relation)})


def field(*words: str, form: str = "utf-8") -> bytes:
    """A document whose field's instruction is in several runs."""
    runs = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in words)
    whole = (
        f'<?xml version="1.0" encoding="{form}"?><w:document xmlns:w="{WORD}"><w:r><w:fldChar w:fldCharType="begin"/>'
        f'</w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>x</w:t></w:r><w:r>'
        '<w:fldChar w:fldCharType="end"/></w:r></w:document>'
    )
    return zipped(**{"word/document.xml": whole.encode(form)})


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0" + bytes(508) + b"".join(each.encode("utf-16-le").ljust(128, b"\0") for each in streams)


OFFICE: list[tuple[str, bytes, str]] = [
    ("the macros' part", zipped(**{"word/vbaProject.bin": ole("VBA", "_VBA_PROJECT")}), "macros"),
    (
        "macros under another name, by their type",
        zipped(**{"[Content_Types].xml": TYPES.format(
            '<Override PartName="/x.bin" ContentType="application/vnd.ms-office.vbaProject"/>')}),
        "macros",
    ),
    (
        "a macro workbook renamed",
        zipped(**{"[Content_Types].xml": TYPES.format(
            '<Override PartName="/x" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>')}),
        "macros",
    ),
    ("macros of Excel 4", related("xlMacrosheet", "m.xml", ""), "macros"),
    ("macros in an embedded document", zipped(**{"word/embeddings/o.bin": ole("Macros", "_VBA_PROJECT")}), "macros"),
    ("macros in a chart's workbook", zipped(**{"word/b.xlsx": zipped(**{"xl/vbaProject.bin": b""})}), "macros"),
    ("a template from elsewhere", related("attachedTemplate", "http://203.0.113.9/t.dotm"), "template"),
    ("a linked picture", related("image", "\\\\203.0.113.9\\x.png"), "outside"),
    ("a linked workbook", related("externalLinkPath", "预算.xlsx"), "outside"),
    ("a hyperlink that starts a program", related("hyperlink", "ms-msdt:/id"), "launch"),
    ("a page of HTML inside", related("aFChunk", "a.html", ""), "embedded"),
    ("a program inside", zipped(**{"word/embeddings/oleObject1.bin": ole("\x01Ole10Native")}), "embedded"),
    ("the same in other letters", zipped(**{"word/embeddings/oleObject1.bin": ole("\x01oLe10nAtIVE")}), "embedded"),
    ("a program as it is", zipped(**{"word/media/image1.png": b"MZ\x90\0"}), "embedded"),
    ("a document in a document in a document", zipped(a=zipped(b=zipped(c=zipped()))), "embedded"),
    ("an ActiveX control", related("control", "activeX1.xml", ""), "control"),
    ("DDE", field("DDEAUTO c:\\\\cmd.exe"), "dde"),
    ("DDE in pieces", field(" D", "DE", "AUTO cmd"), "dde"),
    ("DDE in references", field("&#68;&#68;E cmd"), "dde"),
    ("DDE in UTF-16", field("DDE cmd", form="utf-16"), "dde"),
    (
        "DDE in a simple field",
        zipped(**{"word/header1.xml": f'<w:p xmlns:w="{WORD}"><w:fldSimple w:instr=" dde cmd"/></w:p>'}),
        "dde",
    ),
    ("DDE of a workbook", zipped(**{"xl/externalLinks/e.xml": "<externalLink><ddeLink/></externalLink>"}), "dde"),
    ("entities", zipped(**{"word/_rels/d.rels": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "unreadable"),
    ("a part that unpacks", zipped(**{"word/d.rels": b" " * (MOST_PARSED + 1)}), "unreadable"),
    ("XML that breaks off", zipped(**{"word/d.rels": "<a>"}), "unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "content", "found"), OFFICE, ids=[each[0] for each in OFFICE])
def test_what_an_office_file_may_not_hold_is_named(what: str, content: bytes, found: str) -> None:
    refused = check_inert(content, pdf=False)
    assert isinstance(refused, Refused), what
    assert (refused.rule, refused.facts) == ("input.invalid", {"field": "file", "found": found}), what
    assert "重新上传" in refused.detail


def test_two_parts_of_one_name() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("word/document.xml", "<b/>")
    assert isinstance(check_inert(buffer.getvalue(), pdf=False), Refused)


def test_ordinary_office_files_pass() -> None:
    document, book = docx.Document(), openpyxl.Workbook()
    document.add_paragraph("关于下达经费的请示")
    document.add_table(2, 2)
    book.active["A1"] = "=SUM(B1:B9)"
    for made in (document, book):
        made.save(buffer := io.BytesIO())
        assert check_inert(buffer.getvalue(), pdf=False) == ALLOWED
    for each in (
        related("hyperlink", "https://www.gov.cn/"), related("hyperlink", "附件一.pdf"), field("PAGE \\* DDE"),
        zipped(**{"word/embeddings/oleObject1.bin": ole("\x01CompObj", "Equation Native")}),
        zipped(**{"word/embeddings/chart.xlsx": zipped(**{"xl/workbook.xml": "<a/>"})}),
        zipped(**{"word/fonts/font1.odttf": b"MZ"}),
    ):  # fmt: skip
        assert check_inert(each, pdf=False) == ALLOWED


def pdf_with(change: Callable[[pikepdf.Pdf], Any], **saved: Any) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        pdf.save(buffer := io.BytesIO(), **saved)
    return buffer.getvalue()


def of(text: str) -> Callable[[pikepdf.Pdf], Any]:
    """Sets the catalogue's OpenAction to what is written in PDF's own syntax."""
    return lambda pdf: pdf.Root.update({"/OpenAction": pikepdf.Object.parse(text.encode())})


def catalogued(key: str, text: str) -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: pdf.Root.update({key: pdf.make_indirect(pikepdf.Object.parse(text.encode()))})


def annotated(text: str) -> Callable[[pikepdf.Pdf], Any]:
    return lambda pdf: pdf.pages[0].obj.update({"/Annots": pikepdf.Object.parse(f"[{text}]".encode())})


PDFS: list[tuple[str, bytes, str]] = [
    ("a script", pdf_with(of("<</S/JavaScript/JS(app.alert(1))>>")), "script"),
    ("its name written otherwise", pdf_with(of("<</S/J#61vaScript/JS(x)>>")), "script"),
    (
        "a script in a stream of objects",
        pdf_with(
            catalogued("/OpenAction", "<</S/JavaScript/JS(x)>>"),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        ),
        "script",
    ),
    ("a script after an action", pdf_with(of("<</S/URI/URI(x)/Next[<</S/JavaScript/JS(x)>>]>>")), "script"),
    ("a program", pdf_with(of("<</Type/Action/S/Launch/F(cmd.exe)>>")), "launch"),
    ("another file", pdf_with(annotated("<</Subtype/Link/A<</S/GoToR/F(x.pdf)>>>>")), "launch"),
    ("a form that is sent", pdf_with(of("<</S/SubmitForm/F(http://203.0.113.9)>>")), "launch"),
    ("a file attached", pdf_with(lambda pdf: pdf.attachments.__setitem__("x.exe", b"MZ")), "attached"),
    ("a file in an annotation", pdf_with(annotated("<</Subtype/FileAttachment>>")), "attached"),
    ("a dynamic form", pdf_with(catalogued("/AcroForm", "<</XFA[]>>")), "form"),
    ("a password", pdf_with(lambda _: None, encryption=pikepdf.Encryption(user="x", owner="y")), "unreadable"),
    ("a beginning", b"%PDF-1.7\n%%EOF\n", "unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "content", "found"), PDFS, ids=[each[0] for each in PDFS])
def test_what_a_pdf_may_not_hold_is_named(what: str, content: bytes, found: str) -> None:
    refused = check_inert(content, pdf=True)
    assert isinstance(refused, Refused), what
    assert refused.facts == {"field": "file", "found": found}, what


def test_ordinary_pdfs_pass() -> None:
    for content in (
        pdf_with(lambda _: None),
        pdf_with(annotated("<</Subtype/Link/A<</S/URI/URI(https://www.gov.cn/)>>>>")),
        pdf_with(lambda _: None, encryption=pikepdf.Encryption(owner="y")),  # printing forbidden, opening not
        pdf_with(catalogued("/StructTreeRoot", "<</Type/StructElem/S/Movie>>")),
    ):  # fmt: skip
        assert check_inert(content, pdf=True) == ALLOWED
