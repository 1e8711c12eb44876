"""The application on a real socket, and screens that follow it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from realtime.hub import Hub
from realtime.records import RecordShown
from realtime.resuming import Resuming
from tests.bureau import Bureau, Person
from tests.on_a_socket import address, bureau
from tests.test_one_meeting import Room

__all__ = ["address", "bureau"]  # fixtures

HEARTBEAT = 0.25


@pytest.fixture
def heartbeat() -> float:
    return HEARTBEAT


@pytest.fixture
def hub(heartbeat: float) -> Hub:
    return Hub(heartbeat=heartbeat)


@pytest.fixture
async def room(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> Room:
    """The demonstration meeting, planned and no more."""
    room = Room(bureau, owner)
    await room.plan()
    return room


class Screen:
    """A client on a real socket that keeps all it was sent, and folds it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.following = Resuming()
        self.messages: list[dict[str, Any]] = []
        self.records: list[RecordShown] = []

    @property
    def seq(self) -> int:
        return self.following.state.seq

    async def recv(self) -> str | bytes:
        """The next message as it came, within five seconds."""
        async with asyncio.timeout(5):
            return await self.socket.recv()

    async def hear(self) -> dict[str, Any]:
        """Take in messages up to the next one about the meeting, past `connections` and `mine`; return it."""
        while (message := self.take(await self.recv()))["type"] in ("connections", "mine"):
            pass
        return message

    def take(self, text: str | bytes) -> dict[str, Any]:
        """Take in one message and return it decoded."""
        message: dict[str, Any] = msgspec.json.decode(text)
        self.messages.append(message)
        self.records += [record for record, _ in self.following.receive(text)]
        return message

    async def until(self, reached: Callable[["Screen"], bool]) -> None:
        """Listen until this holds of the screen."""
        while not reached(self):
            await self.hear()

    async def at(self, seq: int) -> None:
        """Listen until it has come to this record."""
        await self.until(lambda screen: screen.seq >= seq)

    async def closed(self) -> tuple[int, str]:
        """Listen until the server closes the connection; return its code and reason."""
        try:
            while True:
                await self.recv()
        except ConnectionClosed as ended:
            if ended.rcvd is None:
                raise
            return ended.rcvd.code, ended.rcvd.reason


def live_url(address: str, meeting: int, query: str = "") -> str:
    return f"{address.replace('http', 'ws', 1)}/api/meetings/{meeting}/live{query}"


def cookie_of(person: Person) -> dict[str, str]:
    return {"Cookie": f"yijue_session={person.client.cookies['yijue_session']}"}


@asynccontextmanager
async def follow(person: Person, meeting: int, query: str = "") -> AsyncIterator[Screen]:
    """Follow a meeting as this person."""
    address = str(person.client.base_url).rstrip("/")
    url = live_url(address, meeting, query)
    async with connect(url, origin=Origin(address), additional_headers=cookie_of(person), max_size=None) as socket:
        yield Screen(socket)
