"""A file as it is sent: the field `file` of a form, its bytes bounded."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException
from litestar.openapi.spec import OpenAPIFormat, OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema

from acts.refusal import Refused, RefusedError

FORM_ROOM = 64 * 1024  # what multipart puts round the file


@dataclass
class UploadOperation(Operation):
    """The upload as OpenAPI describes it: the handler reads the form itself, once it knows who is sending."""

    request_body: Any = field(
        default_factory=lambda: RequestBody(
            required=True,
            content={
                "multipart/form-data": OpenAPIMediaType(
                    schema=Schema(
                        type=OpenAPIType.OBJECT,
                        required=["file"],
                        properties={"file": Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)},
                    )
                )
            },
        )
    )


async def receive(request: Request[Any, Any, Any], most: int, too_large: Refused) -> tuple[str, bytes]:
    """The file's name and its bytes, at most `most`. Raises RefusedError (input.invalid, `too_large`)."""
    if request.content_type[0] != "multipart/form-data":
        raise _bad("请以表单上传文件。", "Send the file as multipart/form-data.")
    if request.content_length is None:
        raise _bad("请注明文件长度。", "Send the request's length (Content-Length).")
    try:
        form = await request.form()
    except ClientException as error:
        if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise
        raise _bad("上传的表单有误，请重新选择文件。", "The form cannot be read; choose the file again.") from error
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise _bad("请选择要上传的文件。", "The form has no file in its field “file”.")
        content = await file.read(most + 1)
        if len(content) > most:
            raise RefusedError(too_large)
        return file.filename, content
    finally:
        await form.close()


def _bad(detail: str, detail_en: str) -> RefusedError:
    return RefusedError(Refused("input.invalid", detail, detail_en, {"field": "file"}))
