"""What anybody may know of issued minutes: that a number stands, since when, for which file, whether it is void.

Asked by a file's SHA-256 or by the number as printed. Nothing of the content is told, nor who was there; a function
of the database with the owner's rights gives these columns alone, before any body is named.
"""

from typing import Annotated, Any

from litestar import Request, get
from litestar.params import PathParameter, QueryParameter

from acts.acting import found
from acts.http import Db, Measured
from acts.limits import Limits, require_slower
from minutes import store
from minutes.records import PublicIssue


def _slowly(request: Request[Any, Any, Any], limits: Limits) -> None:
    require_slower(
        limits.verifications.take(request.client.host if request.client else ""),
        "查询过于频繁，请 {seconds} 秒后再试。",
        "Too many questions; try again in {seconds} s.",
    )


@get("/api/verification/{sha256:str}", opt={"operation": "issue.verify"})
async def verify_issue(
    sha256: Annotated[str, PathParameter(pattern=r"^[0-9a-f]{64}$(?!\n)")],
    request: Request[Any, Any, Any],
    database: Db,
    limits: Measured,
) -> PublicIssue:
    """What was issued as the file of this hash."""
    _slowly(request, limits)
    async with database.connection() as connection:
        issues = await store.public_issues(connection, sha256=bytes.fromhex(sha256))
    issue: PublicIssue = found(issues[0] if issues else None)
    return issue


@get("/api/verification", opt={"operation": "issue.find"})
async def find_issues(
    organization: Annotated[str, QueryParameter(min_length=1, max_length=200)],
    series: Annotated[str, QueryParameter(min_length=1, max_length=100)],
    year: Annotated[int, QueryParameter(ge=2000, le=9999)],
    number: Annotated[int, QueryParameter(ge=1, le=999_999)],
    request: Request[Any, Any, Any],
    database: Db,
    limits: Measured,
) -> list[PublicIssue]:
    """What was issued under this number: one, unless bodies of one organization share a series; none is empty."""
    _slowly(request, limits)
    async with database.connection() as connection:
        return await store.public_issues(connection, printed=(organization, series, year, number))


routes = [verify_issue, find_issues]
