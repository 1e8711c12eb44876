"""Each request has an id, which goes through its transaction, its records and what the feed sends of them, in the logs
and back to its client; each request is counted, and one that takes too long is ended. No content of a request or record
is logged.

This stands around every request: a ballot takes two milliseconds, so that each microsecond here is looked at.
"""

import asyncio
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.processors import format_exc_info

from acts.connection import KEY
from acts.constraints import unavailable
from acts.problems import MEDIA_TYPE, encode, problem_of
from acts.sparing import sparing
from storage.database import Announce
from storage.figures import ANSWERED, FED, REQUESTS
from storage.ledger import Entry
from storage.tracing import REQUEST

log = structlog.get_logger()
HEADER = b"x-request-id"
_SAFE = re.compile(rb"[A-Za-z0-9._-]{1,64}")  # what may stand in a log, in a statement and in a header
_PLAIN = re.compile(r"[^\s\"=]+")
_STARTS = ("http.response.start", "websocket.accept", "websocket.http.response.start")
_OURS, _NUMBERS = secrets.token_hex(8), count(1)


def configure_log() -> None:
    """Log to standard error: for people in a terminal, else one line of `name=value` each, with the request's id."""
    if sys.stderr.isatty():
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    else:
        structlog.configure(
            [_line], structlog.make_filtering_bound_logger(0), logger_factory=structlog.WriteLoggerFactory(sys.stderr)
        )


def _line(logger: Any, level: str, event: Any) -> str:
    """The event as one line (logfmt)."""
    if "exc_info" in event:
        event = format_exc_info(logger, level, event)
    said = {
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": level,
        "event": event.pop("event"),
        "request": REQUEST.get(),
        **event,
    }
    return " ".join([f"{name}={_quoted(str(value))}" for name, value in said.items() if value != ""])


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'


def id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The request's id: the one that came with it where it is safe to repeat, else a new one."""
    for name, value in headers:
        if name == HEADER and _SAFE.fullmatch(value):
            return value.decode()
    return f"{_OURS}-{next(_NUMBERS)}"


class Observed:
    """The application with an id for each request, and its figures."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in (ScopeType.HTTP, ScopeType.WEBSOCKET):
            await self._app(scope, receive, send)
            return
        given = id_of(scope["headers"])
        REQUEST.set(given)  # the server makes a task for each request, and with it a context of its own
        start, status, back = time.perf_counter(), 0, (HEADER, given.encode())
        connection: Any = scope.get("state", {}).get(KEY)
        task = asyncio.current_task()
        if connection is not None:
            connection.task, connection.late = task, 0.0

        async def sending(message: Message) -> None:
            nonlocal status
            sent: Any = message
            if sent["type"] in _STARTS:
                status = sent.get("status", 101)
                sent["headers"] = [*sent.get("headers", ()), back]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            if connection is None or not connection.late:
                raise
            assert task is not None
            task.uncancel()
            sparing.say("error", "request took too long", path=scope["path"])
            if not status:
                await _refuse(sending)
        finally:
            if connection is not None:
                connection.task = None
            handler = scope.get("route_handler")
            operation = handler.opt.get("operation", "none") if handler else "none"
            counted, timed = _figures(operation, status)
            counted.inc()
            if scope["type"] == ScopeType.HTTP:
                timed.observe(time.perf_counter() - start)


@cache
def _figures(operation: str, status: int) -> Any:
    return REQUESTS.labels(operation, status), ANSWERED.labels(operation)


async def _refuse(send: Callable[[Any], Any]) -> None:
    problem = problem_of(unavailable())
    content = encode(problem)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"retry-after", str(problem.facts["seconds"]).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": False})


def logged(announce: Announce) -> Announce:
    """Announce records and log their numbers, with the id of the request that wrote them."""

    def announced(entries: Sequence[Entry]) -> None:
        records = [each.record for each in entries]
        log.info(
            "committed",
            records=",".join([f"{each.subject}/{each.subject_id}/{each.seq}:{each.kind}" for each in records]),
        )
        announce(entries)

    return announced


def fed(meeting: int, seq: int, screens: int, seconds: float) -> None:
    """Count and log what a feed has handed to its screens."""
    FED.observe(seconds)
    log.info("fed", meeting=meeting, seq=seq, screens=screens, ms=round(seconds * 1000, 1))
