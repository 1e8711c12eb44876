"""The two meetings as they reach every screen in the room, searched for secrets that it may not know."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import httpx
import msgspec
from litestar import Litestar
from msgspec.structs import replace

from acts.folding import apply, content_of, fold
from acts.showing import follow as follow_record
from acts.showing import see
from agenda.labels import CHOICES
from agenda.state import MeetingState
from agenda.views import View, view_of
from realtime.feed import Feed
from realtime.records import Mine, RecordShown
from realtime.resuming import Resuming
from storage.ledger import Entry, Record
from tests.bureau import Bureau
from tests.realtime.conftest import Screen, follow
from tests.second_meeting import SecondRoom, play_second
from tests.test_one_meeting import Room, play
from tests.wire import check_wire, validator_of

WATCHERS = ("zhou", "lin", "he", "zheng", "xu", "tang", "hall", "zhao", "li")


class Audience:
    """Screens of all kinds that follow a meeting from its first record on, and the answers that their people can get.

    `told` holds by person the bytes that reached them, each with the meeting's seq at that time.
    """

    def __init__(self, room: Room, chair: str) -> None:
        self.room, self.chair = room, chair
        self.told: dict[str, list[tuple[int, bytes]]] = {key: [] for key in WATCHERS}
        self.records: dict[str, list[RecordShown]] = {}
        self.seq, self.last = 0, 1 << 60
        self._asking = False
        for person in room.bureau.people.values():
            person.client.event_hooks["response"] = [self._answered]

    async def _answered(self, response: httpx.Response) -> None:
        """After every act, keep the meeting and its notices as members, attendee and hall read them over HTTP."""
        if response.request.method == "GET" or self._asking or not self.room.meeting:
            return
        self._asking = True
        self.seq = await self.room.owner.fetchval(
            "SELECT seq FROM books WHERE (subject_type, subject_id) = ('meeting', $1)", self.room.meeting
        )
        for key in ("zheng", "lin", "tang", "hall"):
            for path in ("", "/notice"):
                answer = await self.room.bureau.people[key].get(self.room.path + path)
                self.told[key].append((self.seq, answer.content))
        self._asking = False

    async def watch(self, play: Callable[[Any], Awaitable[None]]) -> None:
        """Play the meeting before the audience; then open a late screen of each person."""
        await self.room.plan()
        people = {key: self.room.bureau.people[key] for key in WATCHERS}
        async with AsyncExitStack() as stack:
            screens = {key: await stack.enter_async_context(follow(people[key], self.room.meeting)) for key in WATCHERS}
            listening = [asyncio.create_task(self._listen(key, screen)) for key, screen in screens.items()]
            await play(self.room)
            self.last = len(await self.room.entries())
            async with asyncio.timeout(10):
                await asyncio.gather(*listening)
        for key, person in people.items():
            async with follow(person, self.room.meeting) as late:
                self.told[key].append((self.last, _bytes(await late.recv())))

    async def _listen(self, key: str, screen: Screen) -> None:
        while screen.seq < self.last:
            text = await screen.socket.recv()
            screen.take(text)
            self.told[key].append((screen.seq, _bytes(text)))
        self.records[key] = screen.records

    def hears(self, key: str, word: str, until: int = 1 << 60, since: int = 0) -> bool:
        """Whether these bytes reached that person from seq `since` on and before seq `until`."""
        return any(since <= seq < until and word.encode() in text for seq, text in self.told[key])

    def hear(self, word: str, until: int = 1 << 60, since: int = 0) -> set[str]:
        """The people whom these bytes reached from seq `since` on and before seq `until`."""
        return {key for key in WATCHERS if self.hears(key, word, until, since)}


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def first(records: list[Record], kind: str, **content: Any) -> int:
    """The seq of the first record of this kind with this content."""
    return next(
        each.seq
        for each in records
        if each.kind == kind and all(each.content.get(name) == value for name, value in content.items())
    )


def check_ballots(audience: Audience, records: list[Record]) -> None:
    """While a vote is open the room knows how many have voted, the desk who, and the observer each choice."""
    assert len({each.salt for each in records}) == len(records)  # else a hash, which receipts show, would show a choice
    opened = [record for record in records if record.kind == "vote.opened"]
    assert len(opened) >= 3
    for record in opened:
        item, vote = str(record.content["item"]), str(record.content["vote"])
        closed = next(
            r.seq
            for r in records
            if r.kind in ("vote.closed", "vote.voided") and r.content["vote"] == record.content["vote"]
        )
        for key, shown in audience.records.items():
            during = [each for each in shown if record.seq < each.seq < closed]
            ballots = [each for each in during if each.kind in ("ballot.cast", "ballot.taken")]
            changed = [each.patch["items"][item]["votes"][vote] for each in ballots]
            if key == "zhao":
                assert all(
                    set(one) <= {"choice", "version", "at", "seq", "key", "objected"}
                    for each in changed
                    for one in each["ballots"].values()
                )
                assert any("choice" in one for each in changed for one in each["ballots"].values())
                assert all(_says_a_choice(each) for each in ballots)
                assert ballots
                continue
            if key == "li" and record.content["vote_form"] != "device":
                continue  # the recorder sees what they take down
            assert b'"choice"' not in msgspec.json.encode(during), (key, vote)
            assert not any(_says_a_choice(each) for each in ballots), (key, vote)
            if key not in ("li", audience.chair):
                assert all(each.keys() == {"cast"} for each in changed), (key, vote)
                assert not any(each.actor for each in ballots), (key, vote)


def _says_a_choice(told: RecordShown) -> bool:
    return any(f"：{zh}" in told.zh or f": {en}" in told.en for zh, en in CHOICES.values())


def check_snapshots(app: Litestar, entries: list[Entry], views: list[View]) -> None:
    """For each view, the snapshot after any record plus the next record's message is the next snapshot. Every message
    is as the OpenAPI document says, without nulls and arrays of objects in a state."""
    described = validator_of(app)
    feed = Feed(1, 1, 1)
    clients = {view: Resuming() for view in views}
    for seq, entry in enumerate(entries, start=1):
        feed._coming[seq] = entry
        feed.catch_up()
        for view, client in clients.items():
            seen = feed.seen_by(view)
            if seq > 1:
                frame = seen.since(seq - 1)
                assert frame is not None
                missed = frame.message["text"]
                described.validate(msgspec.json.decode(missed))
                assert len(client.receive(missed)) == 1
            fresh = Resuming()
            snapshot = msgspec.json.decode(seen.snapshot(Mine()).message["text"])
            described.validate(snapshot)
            check_wire(snapshot["state"])
            fresh.receive(seen.snapshot(Mine()).message["text"])
            assert seq == 1 or client.state == fresh.state, (view, seq)
            clients[view] = fresh


def check_what_is_public(entries: list[Entry], views: list[View]) -> None:
    """The public part of the state is the same in all views, after every record."""
    whole, states = MeetingState(), dict.fromkeys(views, MeetingState())
    for entry in entries:
        whole = apply(whole, entry.record)
        for view in views:
            seen, stamp = see(view, entry.record, content_of(entry.record), whole)
            state = states[view] = follow_record(states[view], seen, stamp, entry.record)
            assert _public(state, whole.state == "draft") == _public(whole, whole.state == "draft"), entry.record
            for item, true in zip(state.agenda, whole.agenda, strict=False):
                open_to = view.opens(item.id, reserved=true.reserved) and item.id not in view.hidden
                if item.vote and open_to and whole.state != "draft":
                    assert true.vote is not None
                    assert (item.vote.cast, item.vote.roll) == (true.vote.cast, true.vote.roll)


def _public(state: MeetingState, draft: bool) -> Any:
    items = [] if draft else [(item.id, item.position, item.title, item.state) for item in state.agenda]
    people = {person: note.state for person, note in state.presence.items()}
    minutes = {id_: replace(each, sent_back="") for id_, each in state.minutes.items()}
    return state.seq, state.state, state.title, state.presiding, state.n, items, people, minutes


def says(value: Any) -> Any:
    """A patch or a state without empty texts, lists and objects, zero, false and None."""
    if isinstance(value, dict):
        return {name: left for name, each in value.items() if (left := says(each)) not in ("", [], {}, 0, False, None)}
    return value


def views_of(room: Room, state: MeetingState) -> list[View]:
    roles = {person: set(each.roles) for person, each in state.people.items()}
    found = {view_of(state, person, frozenset(held)) for person, held in roles.items()}
    return sorted(found | {View("floor")}, key=lambda view: view.token)


async def test_the_demonstration_meeting(
    app: Litestar, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    room = Room(bureau, owner)
    audience = Audience(room, "zhou")
    await audience.watch(play)
    entries = await room.entries()
    records = [entry.record for entry in entries]
    funds, _, personnel, *_ = room.items
    check_ballots(audience, records)

    # The desk alone sees the agenda until notice.
    notice = first(records, "notice.given")
    assert audience.hear("推荐省级先进集体", until=notice) == {"li", "zhou"}
    assert audience.hear("推荐省级先进集体") == set(WATCHERS)

    # Members in the room read the personnel item's subject, motion and papers while it is open.
    presented, decided = first(records, "item.presented", item=personnel), first(records, "decision.announced",
                                                                                 item=personnel)  # fmt: skip
    for word in ("郑晓楠", "规划科科长任职的议案", "规划科科长任职（材料）"):
        assert audience.hear(word, until=presented) == {"li"}, word
        assert audience.hear(word, since=presented, until=decided) <= {"li", "lin", "zhao", "zhou"}, word
        assert audience.hears("lin", word, since=presented, until=decided), word
        assert audience.hear(word, since=decided) <= {"li", "zhao", "zhou"}, word
        assert not audience.hears("zheng", word)
    # The desk and the observer see the reason of the recusal, which names the subject, once the item is presented.
    assert audience.hear("三代以内") == {"li", "zhao", "zhou"}

    # The recused member sees neither the discussion nor the vote, before or after.
    # Speeches on a personnel item reach desk and observer alone, those on others the room and its attendees.
    assert audience.hear("就第3项作了汇报") == {"li", "zhao", "zhou"}
    assert audience.hear("就第1项作了汇报") == set(WATCHERS)
    assert audience.hear("就第2项作了汇报") == set(WATCHERS) - {"tang"}
    hidden = [each for each in audience.records["zheng"] if each.item == personnel]
    assert {each.kind for each in hidden} <= {
        "masked", "item.presented", "vote.opened", "vote.closed", "decision.announced"
    }  # fmt: skip
    contents = msgspec.json.encode([says(each.patch) for each in hidden])
    assert b"decision" in contents
    for part in (b"tally", b"choice", b"roll", b"quorum", b"yes", b"defer"):
        assert part not in contents
    sentences = "".join(each.zh + each.en for each in hidden)
    for word in ("同意", "缓议", "yes", "defer", "法定人数", "quorum"):
        assert word not in sentences
    state = fold(records, MeetingState())
    late = msgspec.json.decode(audience.told["zheng"][-1][1])["state"]["items"][str(personnel)]
    assert late["decision"]["outcome"] == "passed"
    (hidden_vote,) = late["votes"].values()
    assert "tally" not in hidden_vote
    (true_vote,) = state.items[personnel].votes.values()
    assert true_vote.tally is not None

    # The author, the desk and the observer alone see a written opinion until it is read out.
    read = first(records, "opinion.read", item=funds)
    assert audience.hear("书面说明。", until=read) == {"xu", "li", "zhao", "zhou"}
    assert audience.hear("书面说明。") == set(WATCHERS)

    # Reasons of leave and deliveries of the notice.
    assert audience.hear("外出学习") == {"li", "zhao", "zhou"}
    assert audience.hear('"kind":"notice.delivered"') == {"li", "zhao", "zhou"}
    for key in ("lin", "zheng", "tang", "hall"):
        answers = [msgspec.json.decode(text) for _, text in audience.told[key] if text.startswith(b"[")]
        told = {each["person"] for notices in answers for notice in notices for each in notice["deliveries"]}
        assert told <= {bureau.people[key].id}

    views = views_of(room, state)
    assert len(views) == 9
    check_snapshots(app, entries, views)
    check_what_is_public(entries, views)


async def test_the_second_meeting(app: Litestar, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    room = SecondRoom(bureau, owner)
    audience = Audience(room, "lin")
    await audience.watch(play_second)
    entries = await room.entries()
    records = [entry.record for entry in entries]
    a, personnel, c, _ = room.items
    check_ballots(audience, records)
    # 周启明 holds the chair for the third item, and sees what the desk sees.
    handed = first(records, "chair.handed")

    # From the declared recusal on, the member sees only how the item ends.
    declared = first(records, "recusal.declared", item=a)
    assert audience.hear("本人曾任养护中心主任", until=handed) == {"li", "zhao", "lin"}
    for word in ("养护经费的议案", "介绍养护经费", "养护甲"):
        assert audience.hears("zheng", word, until=declared), word
        assert not audience.hears("zheng", word, since=declared), word
    assert not audience.hears("zheng", "修改方案后再议")
    assert audience.hears("he", "修改方案后再议")

    # The desk and the observer see why minutes were sent back.
    assert audience.hear("退回之理由") == {"li", "zhao", "lin"}

    # They also see the objections of discipline inspection.
    assert audience.hear("监督意见之正文", until=handed) == {"li", "zhao", "lin"}

    # A void opinion is never read out, and its words stay with author, desk and observer; the head is of the desk while
    # they have an agenda to approve, and this one was void when the notice was withdrawn and they had.
    assert audience.hear("初稿意见", until=first(records, "notice.withdrawn")) == {"xu", "li", "zhao", "lin"}
    assert audience.hear("初稿意见") == {"xu", "li", "zhao", "lin", "zhou"}
    assert audience.hear("桥梁意见", until=handed) == {"xu", "li", "zhao", "lin"}
    assert audience.hear("桥梁意见") == {"xu", "li", "zhao", "lin", "zhou"}
    assert audience.hear("书面意见之正文", until=first(records, "opinion.read")) == {"xu", "li", "zhao", "lin"}

    # The feed brings the personnel item's motion to the secretary alone; 林静 reads it over HTTP, as 许文博 could.
    assert audience.hear("科长任职的议案", until=handed) == {"li", "lin"}
    assert first(records, "item.presented", item=personnel) > declared
    assert first(records, "item.withdrawn", item=c) > declared

    views = views_of(room, fold(records, MeetingState()))
    check_snapshots(app, entries, views)
    check_what_is_public(entries, views)
