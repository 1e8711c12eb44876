"""A client's side of the feed: what it has seen, and when it must ask again. No I/O."""

from typing import Any

import msgspec

from acts.patch import merge
from agenda.state import MeetingState
from realtime.records import Mine, RecordShown


class GapError(Exception):
    """Records are missing between what was seen and what came: connect again with `query`."""

    def __init__(self, seen: int, came: int) -> None:
        self.seen, self.came = seen, came
        super().__init__(f"record {came} came after record {seen}")


class Resuming:
    """Follows a meeting over any number of connections; `state` is the meeting after record `state.seq`."""

    def __init__(self) -> None:
        self.state = MeetingState()
        self.view = ""
        self.head = ""  # of the book, as the server sealed it
        self.present: list[int] = []  # people with a live connection, where the view shows them
        self.mine = Mine()
        self._plain: Any = {}
        self._plain_mine: Any = {}

    @property
    def query(self) -> str:
        """The query with which to connect: for what was missed, or, empty, for everything the first time."""
        return f"?after={self.state.seq}&view={self.view}&head={self.head}" if self.view else ""

    def receive(self, message: str | bytes) -> list[tuple[RecordShown, MeetingState]]:
        """Take a message of the feed; give the records that were new in it, each with the meeting after it.

        Returns no records for a snapshot. Raises GapError.
        """
        came = msgspec.json.decode(message)
        self.head = came.get("head") or self.head
        if came["type"] == "heartbeat":
            if came["seq"] > self.state.seq:
                raise GapError(self.state.seq, came["seq"])
            return []
        if came["type"] == "connections":
            self.present = came["present"]
            return []
        if came["type"] == "mine":
            self._take_mine(came["patch"] if came["whole"] else merge(self._plain_mine, came["patch"]))
            return []
        self.view = came["view"]
        if came["type"] == "snapshot":
            self._take_mine(came["mine"])
            self._take(came["state"])
            return []
        fresh: list[tuple[RecordShown, MeetingState]] = []
        for each in came["records"]:
            record = msgspec.convert(each, RecordShown)
            if record.seq <= self.state.seq:
                continue
            if record.seq != self.state.seq + 1:
                raise GapError(self.state.seq, record.seq)
            self._take(merge(self._plain, record.patch))
            fresh.append((record, self.state))
        return fresh

    def _take_mine(self, mine: Any) -> None:
        self._plain_mine = mine
        self.mine = msgspec.convert(mine, Mine, str_keys=True)

    def _take(self, state: Any) -> None:
        self._plain = state
        self.state = msgspec.convert(state, MeetingState, str_keys=True)
