"""Sends committed records to all who follow: one hub in a process, one feed for each meeting that is followed.

`announce` is called after a commit and awaits nothing. Records that another process committed are found in the database
at the next heartbeat, or as soon as a later record leaves a gap.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Collection, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime
from typing import Any

from acts.access import check_access
from acts.database import Database
from acts.refusal import ALLOWED, RefusedError
from acts.sparing import sparing
from agenda.audience import roles_there
from agenda.situation import read_outside
from agenda.store import read_meeting
from identity.records import SIGNED_OUT
from realtime import store
from realtime.client import FAILED, FORBIDDEN, RESTARTING, Client
from realtime.feed import Feed, Observe, unobserved
from storage import store as ledger
from storage.database import Scope
from storage.errors import DamagedBookError
from storage.heads import Told, sealing, unsealed
from storage.ledger import Entry

HEARTBEAT = 5.0  # seconds
GAP_WAIT = 0.05  # seconds in which a record's predecessor may still be announced


class Hub:
    """The live feed of one process. `origins` may follow besides the server's own."""

    def __init__(self, origins: Sequence[str] = (), heartbeat: float = HEARTBEAT) -> None:
        self.origins = frozenset(origins)
        self._heartbeat = heartbeat
        self.observe: Observe = unobserved
        self._database: Database | None = None
        self._feeds: dict[int, Feed] = {}
        self._loading: dict[int, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: Counter[int] = Counter()
        self.endings = 0  # of sessions that acts have begun so far
        self._key: bytes | None = None  # with which heads are sealed

    def announce(self, entries: Sequence[Entry]) -> None:
        """Take records that were committed; they go out on the loop's next turn, in order of seq."""
        for entry in entries:
            if entry.record.meeting is None:  # a body's or an organization's: its meetings read it
                for each in self._feeds.values():
                    if entry.record.body in (each.body, None):
                        self._spawn(self._wake(each))
                continue
            feed = self._feeds.get(entry.record.meeting)
            if feed is not None:
                feed.put((entry,))
                if feed.gap:
                    asyncio.get_running_loop().call_later(GAP_WAIT, self._look_for, feed)

    def following(self, person: int) -> int:
        """Count the connections with which this person follows now."""
        return sum(client.person == person for feed in self._feeds.values() for client in feed.clients)

    def views(self) -> Iterator[str]:
        """The view of each screen that follows now."""
        return (client.view.name for feed in self._feeds.values() for client in feed.clients)

    @asynccontextmanager
    async def running(self, database: Database) -> AsyncIterator[None]:
        """Keep heartbeats going; at the end close all connections as restarting, so that clients come back later."""
        self._database = database
        database.hold = self.holding
        heart = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            heart.cancel()
            for feed in self._feeds.values():
                feed.close(RESTARTING, "restarting")
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(heart, *self._tasks, return_exceptions=True)
            self._feeds.clear()
            self._database = None

    @contextmanager
    def holding(self, person: int) -> Iterator[None]:
        """Send this person's screens nothing from now on; after the block close those whose session has ended. So no
        record that commits after a sign-out is sent to them."""
        self.endings += 1
        self._held[person] += 1
        for client in self._clients_of(person):
            client.hold()
        try:
            yield
        finally:
            self._spawn(self._release(person))

    def _clients_of(self, person: int) -> list[Client]:
        return [client for feed in self._feeds.values() for client in feed.clients if client.person == person]

    async def _release(self, person: int) -> None:
        asked: set[Client] = set()
        try:
            while new := set(self._clients_of(person)) - asked:  # one may have come meanwhile
                signed_in = await self._signed_in({client.token for client in new})
                asked |= new
                for client in new:
                    if client.token not in signed_in:
                        client.close(FORBIDDEN, "access.signed_out")
        except Exception as error:  # the database is away: they come again, and are asked then
            sparing.say("warning", "sign-out not seen through", error=type(error).__name__)
            for client in self._clients_of(person):
                client.close(FAILED, "failed")
        finally:
            self._held[person] -= 1
            for client in self._clients_of(person):
                client.release()

    async def _signed_in(self, tokens: Collection[bytes]) -> Collection[bytes]:
        assert self._database is not None
        async with self._database.transaction(Scope()) as transaction:
            return await store.still_signed_in(transaction.connection, tokens)

    async def join(
        self,
        meeting: int,
        body: int,
        organization: int,
        client: Client,
        after: int | None,
        token: str | None,
        endings: int = 0,
        head: str | None = None,
    ) -> Feed:
        """Follow a meeting, after what was missed or from a snapshot; the caller checks whether the client may, and
        gives the number of `endings` before. `head` is the sealed head that the client was last shown, here or by a
        later state of this database. Raises RefusedError (access.signed_out)."""
        seal = sealing(await self._heads_key(), body, "meeting", meeting)
        while True:
            feed = self._feeds.get(meeting)
            if feed is None or feed.closed:
                feed = self._feeds[meeting] = Feed(meeting, body, organization, seal, self.observe)
                self._loading[meeting] = asyncio.create_task(self._load(feed, client.token))
            if loading := self._loading.get(meeting):
                await asyncio.shield(loading)
            told, head = unsealed(await self._heads_key(), "meeting", meeting, head), None
            if told is not None and not feed.has(told) and await self._lost(feed, told):
                after = None  # what the client saw is not what is here
            if self.endings != endings:
                endings = self.endings
                if not await self._signed_in({client.token}):
                    raise RefusedError(SIGNED_OUT)
                continue
            if self._feeds.get(meeting) is feed and not feed.closed:
                for _ in range(self._held[client.person]):
                    client.hold()
                feed.join(client, after, token)
                return feed

    async def _heads_key(self) -> bytes:
        assert self._database is not None
        if self._key is None:
            async with self._database.connection() as connection:
                self._key = await ledger.heads_key(connection)
        return self._key

    async def _lost(self, feed: Feed, told: Told) -> bool:
        """Have the database compare its book with what a client was shown; on a loss, tell all screens of the body."""
        assert self._database is not None
        subject = ("meeting", feed.meeting)
        await self._take_told(feed.meeting, feed.organization, told)
        async with self._database.transaction(Scope(feed.organization, (feed.body,))) as transaction:
            return await ledger.hash_at(transaction.connection, subject, told.seq) != told.hash.hex()

    async def _take_told(self, meeting: int, organization: int, told: Told) -> None:
        assert self._database is not None
        async with self._database.transaction(Scope(organization, (told.body,))) as transaction:
            alarm = await ledger.head_told(
                transaction.connection, ("meeting", meeting), organization, told.body, told, "page"
            )
        if alarm:
            sparing.say("error", f"records_lost: meeting {meeting}", known=told.seq, mend="yijue explain-loss")
            for each in tuple(self._feeds.values()):
                if each.body == told.body:
                    await self._wake(each)

    async def meeting_unknown(self, meeting: int, organization: int, bodies: Collection[int], head: str | None) -> None:
        """Take what a page was shown of a meeting that is not here, or not the reader's: it may be lost whole. `bodies`
        are those in which the reader has a role."""
        told = unsealed(await self._heads_key(), "meeting", meeting, head)
        if told is not None and told.body in bodies:
            await self._take_told(meeting, organization, told)

    async def _load(self, feed: Feed, secret: bytes) -> None:
        try:
            await self._look_outside(feed, secret)
            await self._fetch(feed)
            feed.catch_up()  # nobody follows yet
        except BaseException:
            feed.closed = True
            raise
        finally:
            del self._loading[feed.meeting]

    async def _fetch(self, feed: Feed) -> None:
        """Read the records that the feed lacks."""
        assert self._database is not None
        async with self._database.transaction(Scope(feed.organization, (feed.body,))) as transaction:
            entries = await ledger.entries(transaction.connection, ("meeting", feed.meeting), feed.state.seq)
        feed.put(entries)

    async def _look_outside(self, feed: Feed, secret: bytes) -> None:
        """Read what the meeting reads of other books, by the session of somebody who follows it."""
        assert self._database is not None
        async with self._database.transaction(Scope(secret=secret)) as transaction:
            meeting = await read_meeting(transaction.connection, feed.meeting)
            if meeting is not None:
                feed.outside = await read_outside(transaction.connection, meeting)

    async def _wake(self, feed: Feed) -> None:
        """Read anew what the meeting reads of other books, and ask again what everybody may do."""
        if self._database is None or feed.closed:
            return
        await self._review((feed,))  # a session that has ended leaves first
        for secret in {client.token for client in feed.clients if client.open}:
            with suppress(RefusedError):  # it has ended since
                await self._look_outside(feed, secret)
                break
        for client in tuple(feed.clients):  # kinship decides what is shown
            feed.show(client)
        feed.refresh()

    def _look_for(self, feed: Feed) -> None:
        if feed.gap and not feed.closed and self._database is not None:
            self._spawn(self._fetch(feed))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat)
            self._feeds = {
                meeting: feed for meeting, feed in self._feeds.items() if feed.clients or meeting in self._loading
            }
            try:
                await self.round()
            except Exception as error:  # the database may be away for a while; screens notice the silence
                sparing.say("warning", "no heartbeat", error=type(error).__name__)

    async def round(self) -> None:
        """Do one heartbeat: read what others committed, review who may still follow, send the latest seq to all."""
        assert self._database is not None
        feeds = tuple(self._feeds.values())
        if not feeds:
            return
        now = await self._review(feeds)
        for feed in feeds:
            feed.beat(now)
        async with self._database.transaction(Scope(None, tuple({feed.body for feed in feeds}))) as transaction:
            lost = await ledger.lost_books(transaction.connection)
        for feed in feeds:  # noticed or explained elsewhere
            if {each.key for each in feed.outside.lost} != {each.key for each in lost if each.body == feed.body}:
                self._spawn(self._wake(feed))

    async def _review(self, feeds: Sequence[Feed]) -> datetime:
        """Ask the database who may still follow these meetings and which records they lack; give its time."""
        assert self._database is not None
        # A client that comes while the database is asked was asked as it came.
        followers = [(feed, client) for feed in feeds for client in feed.clients]
        tokens = {client.token for _, client in followers}
        async with self._database.transaction(Scope(None, tuple({feed.body for feed in feeds}))) as transaction:
            now = await ledger.now(transaction.connection)
            heads = await ledger.heads(transaction.connection, [("meeting", feed.meeting) for feed in feeds])
            sessions = await store.still_signed_in(transaction.connection, tokens)
            for feed in feeds:
                subject = ("meeting", feed.meeting)
                head, there = heads.get(subject, (0, True))
                if there and head <= feed.state.seq:
                    continue
                try:
                    feed.put(await ledger.entries(transaction.connection, subject, feed.state.seq))
                except DamagedBookError as error:  # its screens ask, and are told; the others go on
                    sparing.say("error", f"ledger damaged: meeting {feed.meeting}", why=str(error))
                    feed.close(FORBIDDEN, "ledger.damaged")
        for feed, client in followers:
            _review(feed, client, sessions)
        return now


def _review(feed: Feed, client: Client, sessions: dict[bytes, tuple[int, dict[int, frozenset[str]]]]) -> None:
    """Close a client that may not go on following; give others the roles and the view that they now have."""
    client.check_pace(asyncio.get_running_loop().time())
    if client.token not in sessions:
        client.close(FORBIDDEN, "access.signed_out")
        return
    roles = sessions[client.token][1].get(feed.body, frozenset())
    if roles != client.roles:
        feed.refresh()
    client.roles = roles
    if not may_follow(feed, client.person, client.roles):
        client.close(FORBIDDEN, "access.role")
        return
    feed.show(client)


def may_follow(feed: Feed, person: int, granted: frozenset[str]) -> bool:
    """Whether the access table allows it, to those whom the meeting's notice and the acts since name."""
    return check_access("live.watch", roles_there(feed.state, person, granted)) is ALLOWED
