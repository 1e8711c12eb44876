"""The audit over HTTP: a page of it, and a workbook."""

import asyncio
import io
from datetime import datetime
from typing import Annotated, TypeAlias
from urllib.parse import quote

import xlsxwriter
from litestar import Response, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from acts.acting import Caller
from acts.database import Database
from acts.dates import BUREAU_TIME
from acts.http import Db, Who
from acts.wire import MOST_ID
from bodies.auditing import MOST, PAGE, Asked, AuditPage, Group, read_audit
from identity.accessing import note_access
from identity.entering import require_in_organization
from identity.kinds.accessing import FileTaken

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GROUPS: dict[Group, str] = {
    "sign_in": "登录", "reading": "阅看人事材料", "taking": "打印和下载", "administration": "管理操作",
}  # fmt: skip

OfGroup: TypeAlias = Annotated[Group | None, QueryParameter(name="group", required=False)]
ByPerson: TypeAlias = Annotated[int | None, QueryParameter(name="person", required=False, ge=1, le=MOST_ID)]
Since: TypeAlias = Annotated[datetime | None, QueryParameter(name="since", required=False)]
Until: TypeAlias = Annotated[datetime | None, QueryParameter(name="until", required=False)]
Oldest: TypeAlias = Annotated[bool, QueryParameter(name="oldest", required=False)]
From: TypeAlias = Annotated[int, QueryParameter(name="offset", required=False, ge=0, le=1_000_000)]


@get("/api/audit", opt={"operation": "audit.read"})
async def read(
    caller: Who,
    database: Db,
    group: OfGroup = None,
    by: ByPerson = None,
    since: Since = None,
    until: Until = None,
    oldest: Oldest = False,
    offset: From = 0,
) -> AuditPage:
    """Returns who signed in, read personnel papers, took files and administered what, 100 records at a time."""
    return await _read(database, caller, "audit.read", Asked(group, by, _zoned(since), _zoned(until), oldest), offset)


@get(
    "/api/audit/workbook",
    opt={"operation": "audit.export"},
    responses={200: ResponseSpec(bytes, generate_examples=False, description="The workbook", media_type=XLSX)},
)
async def export(
    caller: Who,
    database: Db,
    group: OfGroup = None,
    by: ByPerson = None,
    since: Since = None,
    until: Until = None,
    oldest: Oldest = False,
) -> Response[bytes]:
    """Returns the same records as a workbook (XLSX), 50,000 at most; taking it is on record too."""
    asked = Asked(group, by, _zoned(since), _zoned(until), oldest)
    page = await _read(database, caller, "audit.export", asked, 0, MOST)
    await note_access(database, caller, FileTaken("access", f"{len(page.records)} 条"))
    return Response(
        await asyncio.to_thread(_workbook, page),
        media_type=XLSX,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote('操作审计.xlsx')}"},
    )


async def _read(
    database: Database, caller: Caller, operation: str, asked: Asked, offset: int, limit: int = PAGE
) -> AuditPage:
    require_in_organization(caller, operation)
    async with database.transaction(caller.scope) as transaction:
        return await read_audit(transaction.connection, asked, offset, limit)


def _zoned(at: datetime | None) -> datetime | None:
    """Returns the moment; one without a zone is of the bureau's."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=BUREAU_TIME)


def _workbook(page: AuditPage) -> bytes:
    book = xlsxwriter.Workbook(made := io.BytesIO(), {"in_memory": True, "strings_to_formulas": False})
    sheet, head = book.add_worksheet("操作审计"), book.add_format({"bold": True})
    sheet.write_row(0, 0, ["时间", "类别", "人员", "机构", "内容", "种类", "记录"], head)
    for row, each in enumerate(page.records, start=1):
        at = f"{each.at.astimezone(BUREAU_TIME):%Y-%m-%d %H:%M:%S}"
        cells = [at, _GROUPS[each.group], each.by, each.book, each.zh, each.kind, each.id]
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    sheet.set_column(0, 3, 20)
    sheet.set_column(4, 4, 80)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(page.records)), 6)
    book.close()
    return made.getvalue()


routes = [read, export]
