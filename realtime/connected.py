"""Who has a live connection, told to those who run and those who watch the meeting, in this process.

Coming and going is no record: it proves nothing, and a tablet loses its Wi-Fi often. It is told at once, yet at most
once a second, however many come and go.
"""

import asyncio
from collections.abc import Set as AbstractSet

import msgspec

from realtime.client import Client, Frame
from realtime.records import Connections

PAUSE = 1.0  # seconds between two tellings at least
_TOLD = frozenset({"observer", "secretary", "chair"})


class Connected:
    """The people among `clients`, the set of a feed, which changes meanwhile."""

    def __init__(self, clients: AbstractSet[Client]) -> None:
        self._clients = clients
        self._told: list[int] = []
        self._last = 0.0
        self._soon: asyncio.TimerHandle | None = None

    @property
    def present(self) -> list[int]:
        """Everybody with a connection that is open, by id."""
        return sorted({client.person for client in self._clients if client.open})

    def greet(self, client: Client) -> None:
        """Tell one client, where its view is told at all."""
        if client.view.name in _TOLD:
            client.push(_frame(self.present))

    def changed(self) -> None:
        """Somebody came or went; all are told soon."""
        if self._soon is None:
            loop = asyncio.get_running_loop()
            self._soon = loop.call_later(max(0.0, self._last + PAUSE - loop.time()), self._tell)

    def _tell(self) -> None:
        self._soon = None
        present = self.present
        if present == self._told:
            return
        self._told, self._last = present, asyncio.get_running_loop().time()
        frame = _frame(present)
        for client in tuple(self._clients):
            if client.view.name in _TOLD:
                client.push(frame)


def _frame(present: list[int]) -> Frame:
    return Frame.of(msgspec.json.encode(Connections(present)))
