"""A client's side of the feed: what it has seen, and when it must ask again. No I/O."""

import msgspec

from realtime.records import Connections, Heartbeat, Message, Snapshot
from storage.ledger import Record
from voting.state import EMPTY, MeetingState, apply

_decoder: msgspec.json.Decoder[Message] = msgspec.json.Decoder(Message)


class GapError(Exception):
    """Records are missing between what was seen and what came: connect again with `query`."""

    def __init__(self, seen: int, came: int) -> None:
        self.seen, self.came = seen, came
        super().__init__(f"record {came} came after record {seen}")


class Resuming:
    """Follows a meeting over any number of connections; `state` is the meeting after record `state.seq`."""

    def __init__(self) -> None:
        self.state: MeetingState = EMPTY
        self.view = ""
        self.present: list[int] = []  # who has a live connection, where the view is told

    @property
    def query(self) -> str:
        """What to ask on connecting: what was missed, or everything the first time."""
        return f"?after={self.state.seq}&view={self.view}" if self.view else ""

    def receive(self, message: str | bytes) -> list[tuple[Record, MeetingState]]:
        """Take a message of the feed; give the records that were new in it, each with the meeting after it.

        Raises GapError. What it takes from a snapshot has no records.
        """
        came = _decoder.decode(message)
        if isinstance(came, Heartbeat):
            if came.seq > self.state.seq:
                raise GapError(self.state.seq, came.seq)
            return []
        if isinstance(came, Connections):
            self.present = came.present
            return []
        self.view = came.view
        if isinstance(came, Snapshot):
            self.state = came.state
            return []
        fresh: list[tuple[Record, MeetingState]] = []
        for record in came.records:
            if record.seq <= self.state.seq:
                continue
            if record.seq != self.state.seq + 1:
                raise GapError(self.state.seq, record.seq)
            self.state = apply(self.state, record)
            fresh.append((record, self.state))
        return fresh
