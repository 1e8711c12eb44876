"""Anybody may verify issued minutes: that a number stands, since when, for which file, whether it is void.

They ask by a file's SHA-256 or by the number as printed. By the file the three questions of `verifying` are answered
too, each in a sentence. Neither the content nor the people present are shown; a function of the database with the
owner's rights gives these columns alone, before any body is named.
"""

from typing import Annotated, Any, TypeAlias

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from acts.acting import existing
from acts.http import Db, Measured
from acts.limits import Limit, require_slower
from documents.fonts import FontSet
from minutes import store
from minutes.records import PublicIssue
from minutes.verifying import Answer, verify

Fonts: TypeAlias = NamedDependency[FontSet]


class VerifiedIssue(PublicIssue, frozen=True):
    """An issue by its file, with the answers to the three questions in order."""

    answers: list[Answer]


def _slowly(request: Request[Any, Any, Any], limit: Limit) -> None:
    require_slower(
        limit.take(request.client.host if request.client else ""),
        "查询过于频繁，请 {seconds} 秒后再试。",
        "Too many questions; try again in {seconds} s.",
    )


@get("/api/verification/{sha256:str}", opt={"operation": "issue.verify"})
async def verify_issue(
    sha256: Annotated[str, PathParameter(pattern=r"^[0-9a-f]{64}$(?!\n)")],
    request: Request[Any, Any, Any],
    database: Db,
    limits: Measured,
    fonts: Fonts,
) -> VerifiedIssue:
    """Returns the issue whose PDF has this hash, and whether its figures and its pages hold."""
    _slowly(request, limits.recomputations)
    digest = bytes.fromhex(sha256)
    async with database.connection() as connection:
        issues = await store.public_issues(connection, sha256=digest)
    issue: PublicIssue = existing(issues[0] if issues else None)
    outcome = await verify(database, digest, [fonts])
    return VerifiedIssue(**msgspec.structs.asdict(issue), answers=outcome.answers)


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
    """Returns the issues under this number: one, or several if bodies of one organization share a series, or none."""
    _slowly(request, limits.verifications)
    async with database.connection() as connection:
        return await store.public_issues(connection, printed=(organization, series, year, number))


routes = [verify_issue, find_issues]
