"""One meeting's feed: its records in order, as each view shows them, to all who follow it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

import msgspec
import structlog

from realtime.client import FAILED, Client, Frame
from realtime.connected import Connected
from realtime.records import Heartbeat, Snapshot
from realtime.views import REKEYING, View, see, view_of
from storage.ledger import Entry
from voting.state import EMPTY, MeetingState, apply

log = structlog.get_logger()

RESUMABLE = 2000  # records that a client may be behind and still be given what it missed
STRIDE = 64  # frames sent before others on the event loop have their turn


class Seen:
    """A meeting as one view shows it: the state, and the latest records encoded."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.state: MeetingState = EMPTY
        self.encoded: deque[bytes] = deque(maxlen=RESUMABLE)
        self._snapshot: Frame | None = None

    def add(self, entry: Entry, state: MeetingState) -> None:
        """Take a record; `state` is the whole meeting's after it. What is not masked goes out as it is kept."""
        record = see(self.view, entry.record, state)
        self.state = apply(self.state, record)
        self.encoded.append(entry.raw if record is entry.record else msgspec.json.encode(record, order="sorted"))
        self._snapshot = None

    @property
    def snapshot(self) -> Frame:
        """The first message of a client, encoded once for all that come at the same moment."""
        if self._snapshot is None:
            message = Snapshot(self.view.token, self.state.seq, self.state)
            self._snapshot = Frame.of(msgspec.json.encode(message), self.state.seq)
        return self._snapshot

    def since(self, after: int) -> Frame:
        """The records after that seq in one message; a snapshot where they are too many to be at hand."""
        missed = self.state.seq - after
        if not 0 <= missed <= len(self.encoded):
            return self.snapshot
        last = islice(self.encoded, len(self.encoded) - missed, None)
        message = {"type": "records", "view": self.view.token, "records": [msgspec.Raw(each) for each in last]}
        return Frame.of(msgspec.json.encode(message), self.state.seq)


class Feed:
    """All that follow one meeting. Records come by `put` in any order and go out by seq, none missing."""

    def __init__(self, meeting: int, body: int) -> None:
        self.meeting, self.body = meeting, body
        self.state: MeetingState = EMPTY
        self.clients: set[Client] = set()
        self._connected = Connected(self.clients)
        self.closed = False
        self._entries: list[Entry] = []
        self._coming: dict[int, Entry] = {}
        self._seen: dict[View, Seen] = {}
        self._jobs: Iterator[None] | None = None
        self._beat: datetime | None = None

    @property
    def gap(self) -> bool:
        """Whether records came whose predecessors did not."""
        return bool(self._coming) and self.state.seq + 1 not in self._coming

    def put(self, entries: Iterable[Entry]) -> None:
        """Take committed records, in any order, known ones too; they go out on the loop's next turn."""
        for entry in entries:
            if entry.record.seq > self.state.seq:
                self._coming[entry.record.seq] = entry
        self._start()

    def beat(self, now: datetime) -> None:
        """Tell all the latest seq, after the records before it."""
        self._beat = now
        self._start()

    def join(self, client: Client, after: int | None, token: str | None) -> None:
        """Follow from now on; the first message is what was missed, or all of it. Nothing is awaited between
        that message and the first record, so none is lost and none comes twice."""
        client.view = view_of(self.state, client.person, client.roles)
        seen = self.seen_by(client.view)
        resuming = after is not None and token in (None, client.view.token)
        client.push(seen.since(after) if resuming and after is not None else seen.snapshot)
        self.clients.add(client)
        self._connected.greet(client)
        self._connected.changed()

    def leave(self, client: Client) -> None:
        """Its connection has ended."""
        self.clients.discard(client)
        self._connected.changed()

    def show(self, client: Client) -> None:
        """Where somebody may now see other things than before, they are shown the meeting anew."""
        view = view_of(self.state, client.person, client.roles)
        if view != client.view:
            client.show(view, self.seen_by(view).snapshot)
            self._connected.greet(client)

    def _start(self) -> None:
        if self._jobs is None:
            self._jobs = self._work()
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """Send some, then let acknowledgements and others have the loop; what came meanwhile joins one frame."""
        assert self._jobs is not None
        try:
            sent = sum(1 for _ in islice(self._jobs, STRIDE))
        except Exception as error:  # a feed that fails must not fall silent
            log.error("live feed failed", meeting=self.meeting, error=type(error).__name__, exc_info=error)
            self.close(FAILED, "failed")
            return
        if sent == STRIDE:
            asyncio.get_running_loop().call_soon(self._turn)
        else:
            self._jobs = None

    def _work(self) -> Iterator[None]:
        """One step for each client that is sent something, until nothing is left to send."""
        while self._coming or self._beat:
            before = self.state.seq
            kinds = self.catch_up()
            if self.state.seq > before:
                if kinds & REKEYING:
                    for client in self.clients:
                        self.show(client)
                frames = {view: self.seen_by(view).since(before) for view in {each.view for each in self.clients}}
                for client in tuple(self.clients):
                    frame = frames.get(client.view)
                    if frame is not None:
                        client.push(frame)
                        yield
            elif self._beat is None:
                return  # what came has a gap before it
            beat, self._beat = self._beat, None
            if beat is not None:
                pulse = Frame.of(msgspec.json.encode(Heartbeat(self.state.seq, beat)))
                for client in tuple(self.clients):
                    if client.seq == self.state.seq:
                        client.push(pulse)
                    yield

    def catch_up(self) -> set[str]:
        """Apply what has come, so far as there is no gap; give the kinds that were applied."""
        kinds: set[str] = set()
        while entry := self._coming.pop(self.state.seq + 1, None):
            self.state = apply(self.state, entry.record)
            self._entries.append(entry)
            kinds.add(entry.record.kind)
            for seen in self._seen.values():
                seen.add(entry, self.state)
        return kinds

    def seen_by(self, view: View) -> Seen:
        """The meeting as this view shows it, from the first record on where nobody has looked yet."""
        if view not in self._seen:
            seen, state = Seen(view), EMPTY
            for entry in self._entries:
                state = apply(state, entry.record)
                seen.add(entry, state)
            self._seen[view] = seen
        return self._seen[view]

    def close(self, code: int, reason: str) -> None:
        """End it for all who follow; the feed is of no use afterwards."""
        self.closed = True
        for client in tuple(self.clients):
            client.close(code, reason)
