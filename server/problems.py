"""Refusals on the wire: application/problem+json (RFC 9457), the same shape for every one."""

import errno
import traceback
from typing import Any

import asyncpg
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from acts.constraints import refused, unknown
from acts.problems import MEDIA_TYPE, Problem, encode, problem_of
from acts.quoting import requoted
from acts.refusal import Refused, RefusedError
from acts.room import disk_full
from acts.sparing import sparing
from server.json_body import refusal_of_parameters

# The refusals that are the operator's business too, as they are logged.
_LOGGED = {
    "unavailable": "database unavailable",
    "disk.full": "the database's disk is full",
    "disk.reserve": "papers are refused: the disk is nearly full",
}
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}
"""Headers of every answer but the pages: an answer of the API is for its asker alone, and no cache keeps it."""
_INTERNAL = Refused(
    "internal",
    "程序出现错误，本次操作未生效，请联系管理员。",
    "The program failed and nothing was done; tell the administrator.",
)


def _response(problem: Problem) -> Response[bytes]:
    seconds = problem.facts.get("seconds")
    headers = {**HEADERS, "Retry-After": str(seconds)} if seconds else HEADERS
    return Response(encode(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def _first(error: BaseException) -> str:
    """Returns the type of the error that became this refusal, if one did."""
    while isinstance(error, RefusedError) and error.__cause__ is not None:
        error = error.__cause__
    return type(error).__name__


def refuse(_: Request[Any, Any, Any], error: RefusedError) -> Response[bytes]:
    """Answer a request that is refused by a rule, by the access table, or for malformed input."""
    if said := _LOGGED.get(error.refusals[0].rule):
        sparing.say("error", said, error=_first(error))
    return _response(problem_of(*error.refusals))


def refuse_input(_: Request[Any, Any, Any], error: ValidationException) -> Response[bytes]:
    """Answer input that does not fit, naming the field."""
    return _response(problem_of(refusal_of_parameters(error)))


def refuse_http(_: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what the framework itself refuses: an unknown path, a wrong method, too large a body."""
    rule = {404: "unknown", 413: "input.too_large", 429: "access.rate"}.get(error.status_code, "input.invalid")
    words = {
        404: unknown(),
        413: Refused(
            "input.too_large", "内容过大，未予接收，请减少后重新提交。", "Too large; it was not taken. Send less."
        ),
        429: Refused("access.rate", "操作过于频繁，请稍后再试。", "Too many requests; wait a little."),
    }.get(error.status_code, Refused(rule, "提交有误，请刷新页面后重试。", requoted(error.detail)))
    return _response(problem_of(words, status=error.status_code))


def fail(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer any other error: as a refusal if PostgreSQL refused, else in one sentence, with its type and frames
    logged."""
    if isinstance(error, asyncpg.PostgresError) and (refusal := refused(error)):
        return refuse(request, refusal)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # a file that is received lies in a temporary one
        return refuse(request, RefusedError(disk_full()))
    # The frames alone: the message and the locals could hold a choice or a secret.
    frames = [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)]
    what = f"request failed: {type(error).__name__}"
    sparing.say("error", what, path=request.url.path, frames=frames[-8:])
    return _response(problem_of(_INTERNAL))


HANDLERS: Any = {
    RefusedError: refuse,
    ValidationException: refuse_input,
    HTTPException: refuse_http,
    Exception: fail,
}
