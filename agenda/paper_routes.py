"""Papers over HTTP. A file is accepted only from a caller who may add one, and not read before that is known."""

from functools import partial
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, delete, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody
from msgspec import Struct
from msgspec.structs import replace

from acts.acting import Receipt
from acts.commands import with_file
from acts.http import Db, Key, PathId, Scans, Who
from acts.refusal import Refused, require
from acts.uploads import FORM_ROOM, UploadOperation, receive
from agenda import papers
from agenda.acting import look_into, perform_in_meeting
from agenda.file_types import MAX_SIZE
from agenda.records import Item, Paper
from identity.accessing import note_access
from identity.kinds.accessing import PaperRead

ITEM = "/api/meetings/{meeting_id:int}/items/{item_id:int}"


@post(
    ITEM + "/papers",
    opt={"operation": "paper.add"},
    status_code=200,
    request_max_body_size=MAX_SIZE + FORM_ROOM,
    operation_class=UploadOperation,
)
async def add_paper(
    meeting_id: PathId,
    item_id: PathId,
    request: Request[Any, Any, Any],
    database: Db,
    caller: Who,
    scanner: Scans,
    key: Key = None,
) -> Receipt:
    """Add a paper: one file of at most 50 MB, PDF, PNG, JPEG, DOCX or XLSX, in the form's field `file`.

    It waits for the virus scanner where there is one."""
    async with look_into(database, caller, "paper.add", meeting_id):
        pass  # before a byte of the file is read
    require(database.room.check(request.content_length or 0))
    name, content = await receive(request, MAX_SIZE, _too_large())
    upload = await papers.inspect(name, content)
    caller = replace(caller, command=with_file(caller.command, name, content))
    act = partial(papers.add_paper, item_id=item_id, upload=upload, checking=scanner is not None)
    return await perform_in_meeting(database, caller, "paper.add", meeting_id, act, key)


def _too_large() -> Refused:
    return Refused(
        "input.too_large",
        "文件超过 50 MB，未予接收。请压缩或拆分后重新上传。",
        "The file exceeds 50 MB and was not taken; compress or split it.",
        {"most": MAX_SIZE},
    )


@delete(ITEM + "/papers/{paper_id:int}", opt={"operation": "paper.remove"}, status_code=200)
async def remove_paper(
    meeting_id: PathId, item_id: PathId, paper_id: PathId, database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Take a paper away, before notice."""
    act = partial(papers.remove_paper, item_id=item_id, paper_id=paper_id)
    return await perform_in_meeting(database, caller, "paper.remove", meeting_id, act, key)


@get(
    ITEM + "/papers/{paper_id:int}",
    opt={"operation": "paper.read"},
    responses={200: ResponseSpec(bytes, generate_examples=False, description="The paper", media_type="*/*")},
)
async def read_paper(
    meeting_id: PathId, item_id: PathId, paper_id: PathId, database: Db, caller: Who
) -> Response[bytes]:
    """Returns the paper itself to a caller who may read it now."""
    async with look_into(database, caller, "paper.read", meeting_id) as look:
        item, paper, content = await papers.read_paper(look, caller.person, item_id, paper_id)
        meeting = look.meeting
    if item.personnel:
        said = PaperRead(meeting.id, meeting.title, meeting.starts_at, item.position, item.id, paper.id)
        await note_access(database, caller, said)
    return Response(
        content,
        media_type=paper.media_type,
        headers={
            "Content-Disposition": _disposition(paper, item),
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


def _disposition(paper: Paper, item: Item) -> str:
    """Returns `attachment` with the file's name; a personnel paper is for the page alone, and has none to be kept by
    (Rules 6(3); Personnel 20)."""
    return "inline" if item.personnel else f"attachment; filename*=UTF-8''{quote(paper.name, safe='')}"


class Materials(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the item's papers are complete."""

    complete: bool


@post(ITEM + "/materials", opt={"operation": "materials.check"}, status_code=200)
async def check_materials(
    meeting_id: PathId, item_id: PathId, data: JSONBody[Materials], database: Db, caller: Who, key: Key = None
) -> Receipt:
    """Confirm that an item's papers are complete, or are not after all."""
    act = partial(papers.check_materials_of, item_id=item_id, complete=data.complete)
    return await perform_in_meeting(database, caller, "materials.check", meeting_id, act, key)


routes = [add_paper, remove_paper, read_paper, check_materials]
