"""Following a meeting over WebSocket from outside: sign in, connect, connect again, resume where it broke off."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator

import httpx
import msgspec
from msgspec import Struct
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.typing import Origin

from acts.refusal import Refused, RefusedError
from agenda.state import MeetingState
from identity.records import SIGNED_OUT
from identity.sessions import cookie_name
from realtime.client import FORBIDDEN
from realtime.hub import HEARTBEAT
from realtime.records import RecordShown
from realtime.resuming import GapError, Resuming
from storage.errors import YijueError

SILENCE = 3 * HEARTBEAT  # seconds without a message after which the connection is given up
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0  # seconds before connecting again


class UnreachableError(YijueError):
    """No server answers at the address."""

    def __init__(self, address: str, why: str) -> None:
        self.address, self.why = address, why
        super().__init__(f"no yijue answers at {address} ({why}): name it with --server")


class SignIn(Struct, frozen=True):
    """The server's address, and the credentials; the organization where there are several."""

    address: str
    staff_number: str
    password: str
    organization: str | None = None


class Came(Struct, frozen=True):
    """A record that came, None for the meeting as a whole, and the meeting after it."""

    record: RecordShown | None
    state: MeetingState


class Lost(Struct, frozen=True):
    """The connection is gone, and comes again after these seconds."""

    again_in: float


class Heard(Struct, frozen=True):
    """The server is there, and nothing is new."""


class Alarm(Struct, frozen=True):
    """Records of the body are lost, as is said in both languages; empty once that is explained."""

    zh: str = ""
    en: str = ""


Event = Came | Lost | Heard | Alarm


async def sign_in(who: SignIn) -> str:
    """Sign in and give the session's cookie. Raises RefusedError, UnreachableError."""
    try:
        async with httpx.AsyncClient(base_url=who.address, timeout=10) as client:
            content = {
                "staff_number": who.staff_number, "password": who.password, "organization": who.organization
            }  # fmt: skip
            answer = await client.post("/api/session", json=content)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise UnreachableError(who.address, str(error) or type(error).__name__) from None
    if not answer.is_success:
        raise RefusedError(_refused(answer.content, answer.status_code))
    name = cookie_name(answer.url.scheme)
    return f"{name}={answer.cookies[name]}"


def _refused(problem: bytes | bytearray | None, status: int) -> Refused:
    """Returns the refusal in an answer of the server's."""
    try:
        return msgspec.json.decode(problem or b"", type=Refused)
    except msgspec.DecodeError:
        return Refused("input.invalid", f"服务器答复有误（{status}）。", f"The server answered {status}.")


async def follow(who: SignIn, meeting: int) -> AsyncGenerator[Event, None]:
    """Yields what happens in the meeting, from now on and for ever, over as many connections as it takes.

    Raises RefusedError if this person may not follow (any more), UnreachableError if no server answers at first.
    """
    cookie: str | None = await sign_in(who)
    following, wait = Resuming(), FIRST_WAIT
    while True:
        try:
            cookie = cookie or await sign_in(who)
            async with _connected(who, meeting, cookie, following) as socket:
                async for event in _listen(socket, following):
                    wait = FIRST_WAIT
                    yield event
        except GapError:
            continue
        except InvalidStatus as error:
            refusal = _refused(error.response.body, error.response.status_code)
            if refusal.rule == SIGNED_OUT.rule:
                cookie = None
            elif error.response.status_code < 500:
                raise RefusedError(refusal) from None
        except ConnectionClosed as error:
            if error.rcvd and error.rcvd.code == FORBIDDEN:
                cookie = None  # the upgrade without a session is refused with the reason
        except (OSError, TimeoutError, InvalidHandshake, UnreachableError):
            pass
        pause = wait * random.uniform(0.5, 1)  # noqa: S311 -- so that all screens do not come back at once
        wait = min(2 * wait, LONGEST_WAIT)
        yield Lost(pause)
        await asyncio.sleep(pause)


def _connected(who: SignIn, meeting: int, cookie: str, following: Resuming) -> connect:
    url = f"{who.address.replace('http', 'ws', 1)}/api/meetings/{meeting}/live{following.query}"
    headers = {"Cookie": cookie}
    return connect(url, origin=Origin(who.address), additional_headers=headers, max_size=None, compression=None)


async def _listen(socket: ClientConnection, following: Resuming) -> AsyncGenerator[Event, None]:
    while True:
        async with asyncio.timeout(SILENCE):
            text = await socket.recv()
        before, alarm = following.state, following.mine.lost
        records = following.receive(text)
        for record, state in records:
            yield Came(record, state)
        if following.mine.lost != alarm:
            lost = following.mine.lost
            yield Alarm(lost.zh, lost.en) if lost else Alarm()
        if not records:
            yield Came(None, following.state) if following.state is not before else Heard()
