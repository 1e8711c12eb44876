"""A client's side of the feed: what it has seen, and when it must ask again. No I/O."""

from typing import Any

import msgspec

from storage.ledger import Record
from voting.state import EMPTY, MeetingState, apply


class GapError(Exception):
    """Records are missing between what was seen and what came: connect again with `after`."""

    def __init__(self, seen: int, came: int) -> None:
        self.seen, self.came = seen, came
        super().__init__(f"record {came} came after record {seen}")


class Resuming:
    """Follows a meeting over any number of connections; `state` is the meeting after record `seq`."""

    def __init__(self) -> None:
        self.state: MeetingState = EMPTY
        self.seq = 0
        self.view = ""
        self.recent: list[Record] = []

    @property
    def query(self) -> str:
        """What to ask on connecting: what was missed, or everything the first time."""
        return f"?after={self.seq}&view={self.view}" if self.view else ""

    def receive(self, message: str | bytes) -> list[Record]:
        """Take a message of the feed; give the records that were new in it. Raises GapError."""
        data: dict[str, Any] = msgspec.json.decode(message)
        self.view = data.get("view", self.view)
        if data["type"] == "snapshot":
            self.state = msgspec.convert(data["state"], MeetingState, str_keys=True)
            self.seq = data["seq"]
            return []
        if data["type"] == "heartbeat":
            if data["seq"] > self.seq:
                raise GapError(self.seq, data["seq"])
            return []
        fresh: list[Record] = []
        for record in msgspec.convert(data["records"], list[Record]):
            if record.seq <= self.seq:
                continue
            if record.seq != self.seq + 1:
                raise GapError(self.seq, record.seq)
            self.state = apply(self.state, record)
            self.seq = record.seq
            fresh.append(record)
        self.recent = [*self.recent, *fresh][-20:]
        return fresh
