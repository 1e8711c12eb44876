"""One screen's end of the feed: frames go out in order, and a screen that falls behind is disconnected.

Each client has a bounded queue and one task that sends from it for as long as the connection lasts.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from agenda.views import View

if TYPE_CHECKING:
    from litestar.types import Send

MOST_FRAMES = 256
MOST_BYTES = 4 * 1024 * 1024
LONGEST_WAIT = 10.0  # seconds that a frame may wait for a connection
LAST_WORD = 30.0  # seconds in which a client that was disconnected can still read why

BEHIND = 1013
RESTARTING = 1012
FAILED = 1011
FORBIDDEN = 1008


class Frame(Struct, frozen=True):
    """A message encoded once, and the seq up to which it brings a client (None: no record in it)."""

    message: dict[str, str]
    size: int
    seq: int | None = None

    @classmethod
    def of(cls, text: bytes, seq: int | None = None) -> Frame:
        return cls({"type": "websocket.send", "text": text.decode()}, len(text), seq)


class Client:
    """A connection that follows a meeting. `token` is its session's, hashed; `ended` is set when it is to close."""

    def __init__(self, send: Send, person: int, token: bytes, roles: frozenset[str]) -> None:
        self.person, self.token, self.roles = person, token, roles
        self.view = View("floor")
        self.seq = -1
        self.open = True
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[None] = loop.create_future()
        self._send = send
        self._queue: deque[Frame] = deque()
        self._queued = 0
        self._more = asyncio.Event()
        self._sending_since: float | None = None
        self._holds = 0
        self._farewell: Any = None
        self._deadline: asyncio.TimerHandle | None = None
        self._writer = loop.create_task(self._write())

    def push(self, frame: Frame) -> None:
        """Queue a frame to be sent, unless the client has its records already; never blocks, never raises."""
        if not self.open or (frame.seq is not None and frame.seq <= self.seq):
            return
        if frame.seq is not None:
            self.seq = frame.seq
        self._queue.append(frame)
        self._queued += frame.size
        self._more.set()
        waiting = self._sending_since is not None
        if waiting and (len(self._queue) > MOST_FRAMES or self._queued > MOST_BYTES):
            self.close(BEHIND, "fell behind")

    def show(self, view: View, snapshot: Frame) -> None:
        """Go over to another view, from its snapshot on."""
        self.view, self.seq = view, -1
        self.push(snapshot)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._farewell is None:
                await self._more.wait()
                self._more.clear()
                while self._queue and not self._holds:
                    frame = self._queue.popleft()
                    self._queued -= frame.size
                    self._sending_since = loop.time()
                    await self._send(frame.message)  # type: ignore[arg-type]
                    self._sending_since = None
            await self._send(self._farewell)
        except Exception:  # noqa: S110 -- the connection is lost
            pass
        finally:
            self.gone()

    def hold(self) -> None:
        """Send nothing, but keep what comes, until as many releases follow."""
        self._holds += 1

    def release(self) -> None:
        """Undo one hold; after the last, what has come meanwhile is sent."""
        self._holds -= 1
        if not self._holds:
            self._more.set()

    def check_pace(self, now: float) -> None:
        """Disconnect the client if a frame has waited too long; `now` is the loop's time, in seconds."""
        if self._sending_since is not None and now - self._sending_since > LONGEST_WAIT:
            self.close(BEHIND, "fell behind")

    def close(self, code: int, reason: str) -> None:
        """End the connection with this code, after the frame that is on its way; what is queued is dropped."""
        if not self.open:
            return
        self.open = False
        self._queue.clear()
        self._farewell = {"type": "websocket.close", "code": code, "reason": reason}
        self._more.set()
        self._deadline = asyncio.get_running_loop().call_later(LAST_WORD, self.gone)

    def gone(self) -> None:
        """Send nothing more: the connection is lost, or has been closed."""
        self.open = False
        self._queue.clear()
        self._writer.cancel()
        if self._deadline is not None:
            self._deadline.cancel()
        if not self.ended.done():
            self.ended.set_result(None)
