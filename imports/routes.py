"""The import over HTTP: the template, a preview, and the import itself."""

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter
from msgspec.structs import replace

from acts.acting import Receipt
from acts.commands import with_file
from acts.http import Db, Key, Who
from acts.uploads import FORM_ROOM, UploadOperation, receive
from identity.accessing import note_access
from identity.entering import require_in_organization
from identity.kinds.accessing import FileTaken
from imports import importing
from imports.exporting import export
from imports.reading import MOST_BYTES, too_large
from imports.steps import Preview
from imports.template import make_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NAME, _PEOPLE = "议决导入模板.xlsx", "机构和人员.xlsx"


@get(
    "/api/import/template",
    opt={"operation": "import.template"},
    responses={200: ResponseSpec(bytes, generate_examples=False, description="The template", media_type=XLSX)},
    sync_to_thread=True,
)
def read_template(caller: Who) -> Response[bytes]:
    """Returns the workbook to fill in."""
    require_in_organization(caller, "import.template")
    return Response(
        make_template(),
        media_type=XLSX,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(_NAME)}"},
    )


@get(
    "/api/import/workbook",
    opt={"operation": "import.export"},
    responses={200: ResponseSpec(bytes, generate_examples=False, description="The workbook", media_type=XLSX)},
)
async def read_workbook(caller: Who, database: Db) -> Response[bytes]:
    """Returns the organization's bodies and people as a workbook to change and import again."""
    require_in_organization(caller, "import.export")
    async with database.transaction(caller.scope) as transaction:
        content = await export(transaction.connection)
    await note_access(database, caller, FileTaken("people", "全部机构和人员"))
    return Response(
        content,
        media_type=XLSX,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(_PEOPLE)}"},
    )


@post(
    "/api/import/preview",
    opt={"operation": "import.preview"},
    status_code=200,
    request_max_body_size=MOST_BYTES + FORM_ROOM,
    operation_class=UploadOperation,
)
async def preview(request: Request[Any, Any, Any], caller: Who, database: Db) -> Preview:
    """Returns what an XLSX or CSV file of at most 10 MB and 10,000 rows would change; it changes nothing.

    A file that cannot be taken is refused with every bad row: `refusals[].facts` hold sheet, row and column.
    """
    require_in_organization(caller, "import.preview")  # before a byte of the file is read
    _, content = await receive(request, MOST_BYTES, too_large())
    return await importing.preview(database, caller, content)


@post(
    "/api/import",
    opt={"operation": "import.apply"},
    status_code=200,
    request_max_body_size=MOST_BYTES + FORM_ROOM,
    operation_class=UploadOperation,
)
async def apply(
    request: Request[Any, Any, Any],
    caller: Who,
    database: Db,
    digest: Annotated[
        str | None,
        QueryParameter(
            pattern="^[0-9a-f]{64}$", required=False, description="A preview's: nothing but what it told is done."
        ),
    ] = None,
    key: Key = None,
) -> Receipt:
    """Take the file, all of it or nothing. New people have no password until the administrator gives one."""
    require_in_organization(caller, "import.apply")
    name, content = await receive(request, MOST_BYTES, too_large())
    caller = replace(caller, command=with_file(caller.command, name, content))
    return await importing.apply(database, caller, content, digest, key)


routes = [read_template, read_workbook, preview, apply]
