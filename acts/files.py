"""Answers that are files."""

from urllib.parse import quote

from litestar import Response

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def file_answer(content: bytes, media_type: str = PDF, name: str = "") -> Response[bytes]:
    """Returns a file to look at, kept nowhere, under this name where it has one."""
    named = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(name, safe='')}"} if name else {}
    headers = {**named, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
