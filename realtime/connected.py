"""Sends those who run and those who watch a meeting the list of people with a live connection to this process.

Coming and going is no record: it proves nothing, and a tablet loses its Wi-Fi often. The list is sent at once, yet at
most once a second, however many come and go.
"""

import asyncio
from collections.abc import Set as AbstractSet

import msgspec

from realtime.client import Client, Frame
from realtime.records import Connections

PAUSE = 1.0  # seconds between two lists at least
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
        """The ids of all people with an open connection, in order."""
        return sorted({client.person for client in self._clients if client.open})

    def greet(self, client: Client) -> None:
        """Send one client the list, if its view has it."""
        if client.view.name in _TOLD:
            client.push(_frame(self.present))

    def changed(self) -> None:
        """Send the list soon, because somebody came or went."""
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
