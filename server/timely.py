"""The time that one request may take, whatever it waits for: beyond it the answer is 503, and what it did is undone."""

import asyncio
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from acts.constraints import unavailable
from acts.problems import MEDIA_TYPE, encode, problem_of
from acts.sparing import sparing

ANSWER = 60.0  # seconds from the last byte of a request to the first of its answer
WHOLE = 300.0  # seconds for its body to arrive, and again for its answer to be taken: 50 MB by a slow link


class WithinTime:
    """The application with a limit on each request; a live feed has none."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        started = False
        loop = asyncio.get_running_loop()
        body = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])

        async def receiving() -> Any:
            message = await receive()
            if not started and message["type"] == "http.request" and not message.get("more_body"):
                limit.reschedule(loop.time() + ANSWER)
            return message

        async def sending(message: Message) -> None:
            nonlocal started
            if not started:
                started = True
                limit.reschedule(loop.time() + WHOLE)
            await send(message)

        try:
            async with asyncio.timeout(WHOLE if body else ANSWER) as limit:
                await self._app(scope, receiving, sending)
        except TimeoutError:
            if not limit.expired():
                raise
            sparing.say("error", "request took too long", path=scope["path"])
            if not started:
                await _refuse(send)


async def _refuse(send: Send) -> None:
    problem = problem_of(unavailable())
    content = encode(problem)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(content)).encode()),
        (b"retry-after", str(problem.facts["seconds"]).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    start: Any = {"type": "http.response.start", "status": problem.status, "headers": headers}
    end: Any = {"type": "http.response.body", "body": content, "more_body": False}
    await send(start)
    await send(end)
