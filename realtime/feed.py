"""One meeting's feed: its records in order, as each view shows them, to all who follow it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

import msgspec
import structlog
from msgspec.structs import replace

from acts.content import Content
from acts.folding import after, content_of, stamp_of
from acts.patch import diff, plain
from acts.rulebook import Rulebook, citable, default
from acts.showing import MASKED, follow, see, tell
from agenda.audience import roles_there
from agenda.calendar import day_of
from agenda.recusing import related_items
from agenda.situation import Outside, Situation
from agenda.state import MeetingState
from agenda.views import View, view_of
from realtime.client import FAILED, Client, Frame
from realtime.connected import Connected
from realtime.mine import mine_of
from realtime.records import Heartbeat, Mine, MineChanged, MyBallot, RecordShown
from storage.heads import Sealing, Told
from storage.ledger import Entry
from voting.kinds.balloting import BallotCast, BallotObjected, BallotTaken

log = structlog.get_logger()

RESUMABLE = 2000  # records that a client may be behind and still be given what it missed
LEDGER = frozenset({"observer", "secretary"})  # the views of those who may read the ledger (`ledger.read`)
SOON = 0.03  # seconds for which changes of what one may do are gathered
NEVER = datetime.max.replace(tzinfo=UTC)
STRIDE = 64  # frames sent before others on the event loop have their turn
Observe = Callable[[int, int, int, float], None]
"""Is told what a feed has sent: its meeting, the seq up to which, to how many screens, and how many seconds after the
records came."""


def unobserved(meeting: int, seq: int, screens: int, seconds: float) -> None:
    """Observe nothing."""


class Seen:
    """A meeting as one view shows it: the state, and the latest records encoded."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.state = MeetingState()
        self.encoded: deque[bytes] = deque(maxlen=RESUMABLE)
        self._state: msgspec.Raw | None = None

    def add(self, entry: Entry, content: Content, whole: MeetingState) -> None:
        """Take a record; `whole` is the whole meeting's state after it."""
        record, sealed = entry.record, self.view.name in LEDGER
        seen, stamp = see(self.view, record, content, whole)
        before, self.state = self.state, follow(self.state, seen, stamp, record)
        zh, en = tell(seen, stamp, self.state, "meeting")
        shown = RecordShown(
            seq=record.seq,
            at=record.at,
            kind=MASKED if seen is None else record.kind,
            zh=zh,
            en=en,
            patch=diff(before, self.state),
            actor=stamp.actor,
            item=self.view.item(content, seen),
            hash=entry.hash.hex() if sealed else None,
            text=entry.raw.decode() if sealed and (seen, stamp) == (content, stamp_of(record)) else None,
        )
        self.encoded.append(msgspec.json.encode(shown))
        self._state = None

    def snapshot(self, mine: Mine, book: Rulebook | None = None, head: str = "") -> Frame:
        """Returns the first message of a client that knows nothing yet; the state is encoded once for all who come
        between two records. `head` is the sealed head of the book; `book` is the body's own rulebook, in force until
        the notice freezes one."""
        if self._state is None:
            self._state = msgspec.Raw(msgspec.json.encode(plain(self.state)))
        book = self.state.rulebook or book or default()
        message = {
            "type": "snapshot",
            "view": self.view.token,
            "seq": self.state.seq,
            "state": self._state,
            "mine": plain(mine),
            "clauses": {rule: (clause.zh, clause.en) for rule in citable() for clause in [book.clause(rule)]},
            "head": head,
        }
        return Frame.of(msgspec.json.encode(message), self.state.seq)

    def since(self, after: int, head: str = "") -> Frame | None:
        """Returns the records after that seq in one message, and with it the sealed head of the book; None if not all
        of them are at hand."""
        missed = self.state.seq - after
        if not 0 <= missed <= len(self.encoded):
            return None
        last = islice(self.encoded, len(self.encoded) - missed, None)
        records = [msgspec.Raw(each) for each in last]
        message = {"type": "records", "view": self.view.token, "records": records, "head": head}
        return Frame.of(msgspec.json.encode(message), self.state.seq)


class Feed:
    """All that follow one meeting. Records come by `put` in any order and go out by seq, none missing."""

    def __init__(
        self,
        meeting: int,
        body: int,
        organization: int,
        seal: Sealing = lambda _, __: "",
        observe: Observe = unobserved,
    ) -> None:
        self.meeting, self.body, self.organization = meeting, body, organization
        self._seal = seal
        self.state = MeetingState()
        self.observe = observe
        self.clients: set[Client] = set()
        self._connected = Connected(self.clients)
        self.closed = False
        self._records: list[tuple[Entry, Content]] = []
        self._coming: dict[int, Entry] = {}
        self._came = 0.0
        self._seen: dict[View, Seen] = {}
        self.outside = Outside()
        self.now = datetime.min.replace(tzinfo=UTC)
        self._ballots: dict[int, dict[int, MyBallot]] = {}
        self._mine: dict[int, Mine] = {}
        self._refreshing: asyncio.TimerHandle | None = None
        self._jobs: Iterator[None] | None = None
        self._beat: datetime | None = None
        self._due = NEVER

    @property
    def gap(self) -> bool:
        """Whether records came whose predecessors did not."""
        return bool(self._coming) and self.state.seq + 1 not in self._coming

    @property
    def head(self) -> str:
        """The sealed head of the book, by which a page knows later what it was shown; empty before the first record."""
        return self._seal(self.state.seq, self._records[-1][0].hash) if self._records else ""

    def has(self, told: Told) -> bool:
        """Whether the feed has the record that somebody tells of."""
        there = 0 < told.seq <= len(self._records)
        return there and self._records[told.seq - 1][0].hash == told.hash

    def put(self, entries: Iterable[Entry]) -> None:
        """Take committed records, in any order, known ones too; they go out on the loop's next turn."""
        if not self._coming:
            self._came = time.perf_counter()
        for entry in entries:
            if entry.record.seq > self.state.seq:
                self._coming[entry.record.seq] = entry
        self._start()

    def beat(self, now: datetime) -> None:
        """Send all the latest seq, after the records before it; on a new day, and when time lifts a refusal, also ask
        anew what everybody may do."""
        if day_of(now) != day_of(self.now) or now >= self._due:
            self._due = NEVER
            self.refresh()
        self._beat = self.now = now
        self._start()

    def join(self, client: Client, after: int | None, token: str | None) -> None:
        """Follow from now on; the first message is what was missed, or all of it. The code does not await between that
        message and the first record, so none is lost and none comes twice."""
        client.view = self._view_of(client)
        resuming = after is not None and token in (None, client.view.token)
        missed = self.seen_by(client.view).since(after, self.head) if resuming and after is not None else None
        self.clients.add(client)
        if missed is None:
            client.push(self._snapshot(client))
        else:
            client.push(missed)
            whole = MineChanged(self.state.seq, plain(self._mine_anew(client)), whole=True)
            client.push(Frame.of(msgspec.json.encode(whole)))
        self._connected.greet(client)
        self._connected.changed()

    def _snapshot(self, client: Client) -> Frame:
        return self.seen_by(client.view).snapshot(self._mine_anew(client), self.outside.rulebook, self.head)

    def _situation_of(self, client: Client) -> Situation:
        roles = roles_there(self.state, client.person, client.roles)
        return Situation(self.state, self.outside, self.now, client.person, roles)

    def _view_of(self, client: Client) -> View:
        related = related_items(self._situation_of(client))
        return view_of(self.state, client.person, client.roles, related)

    def _mine_anew(self, client: Client) -> Mine:
        situation = self._situation_of(client)
        mine = mine_of(situation, client.view, self._ballots.get(client.person, {}))
        self._due = min([self._due, *mine.lifted_at()])
        if self._mine.get(client.person) not in (None, mine):
            self.refresh()  # the person's other screens learn of it too
        self._mine.setdefault(client.person, mine)
        return mine

    def refresh(self) -> None:
        """Ask soon what everybody may do, and send each person's screens what has changed."""
        if self._refreshing is None:
            self._refreshing = asyncio.get_running_loop().call_later(SOON, self._refresh)

    def _refresh(self) -> None:
        self._refreshing = None
        of_person: dict[int, list[Client]] = {}
        for client in self.clients:
            of_person.setdefault(client.person, []).append(client)
        self._mine = {person: mine for person, mine in self._mine.items() if person in of_person}
        for person, clients in of_person.items():
            before = self._mine.pop(person, Mine())
            patch = diff(before, self._mine_anew(clients[0]))
            if patch:
                frame = Frame.of(msgspec.json.encode(MineChanged(self.state.seq, patch)))
                for client in clients:
                    client.push(frame)

    def leave(self, client: Client) -> None:
        """Drop a client whose connection has ended."""
        self.clients.discard(client)
        self._connected.changed()

    def show(self, client: Client) -> None:
        """Send a client a snapshot if its view is now another than before."""
        view = self._view_of(client)
        if view != client.view:
            client.view = view
            client.show(view, self._snapshot(client))
            self._connected.greet(client)

    def _start(self) -> None:
        if self._jobs is None:
            self._jobs = self._work()
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """Send some frames, then let acknowledgements and others have the loop; records that come meanwhile share one
        frame."""
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
        """Yields after each client that is sent something, until all is sent."""
        while self._coming or self._beat:
            before = self.state.seq
            rekeys = self.catch_up()
            if self.state.seq > before:
                if rekeys:
                    for client in self.clients:
                        self.show(client)
                head = self.head
                frames = {view: self.seen_by(view).since(before, head) for view in {each.view for each in self.clients}}
                for client in tuple(self.clients):
                    frame = frames.get(client.view) or self._snapshot(client)
                    client.push(frame)
                    yield
                self.refresh()
                self.observe(self.meeting, self.state.seq, len(self.clients), time.perf_counter() - self._came)
            elif self._beat is None:
                return  # the records that came have a gap before them
            beat, self._beat = self._beat, None
            if beat is not None:
                pulse = Frame.of(msgspec.json.encode(Heartbeat(self.state.seq, beat, self.head)))
                for client in tuple(self.clients):
                    if client.seq == self.state.seq:
                        client.push(pulse)
                    yield

    def catch_up(self) -> bool:
        """Apply the records that have come, up to the first gap; say whether a client's view may have changed."""
        rekeys = False
        while entry := self._coming.pop(self.state.seq + 1, None):
            record, content = entry.record, content_of(entry.record)
            self.state = after(self.state, content, record)
            self._records.append((entry, content))
            self.now = max(self.now, record.at)
            if isinstance(content, BallotCast) and content.person is not None and content.choice is not None:
                taken = isinstance(content, BallotTaken)
                seal = entry.hash.hex()
                mine = MyBallot(content.choice, content.version, record.at, record.seq, seal, content.key, taken)
                self._ballots.setdefault(content.person, {})[content.vote] = mine
            if isinstance(content, BallotObjected):
                theirs = self._ballots[content.person]
                theirs[content.vote] = replace(theirs[content.vote], objected=True)
            rekeys = rekeys or content.rekeys
            for seen in self._seen.values():
                seen.add(entry, content, self.state)
        return rekeys

    def seen_by(self, view: View) -> Seen:
        """Returns the meeting as this view shows it, made from the first record on if nobody has used the view yet."""
        if view not in self._seen:
            seen, whole = Seen(view), MeetingState()
            for entry, content in self._records:
                whole = after(whole, content, entry.record)
                seen.add(entry, content, whole)
            self._seen[view] = seen
        return self._seen[view]

    def close(self, code: int, reason: str) -> None:
        """End the feed for all who follow; it is of no use afterwards."""
        self.closed = True
        for client in tuple(self.clients):
            client.close(code, reason)
