"""Old state plus records equals fresh state, after every act, for every kind of record there is."""

from datetime import UTC, datetime

import asyncpg
import httpx
import pytest

from acts.folding import UnknownKindError, apply, kinds
from agenda.state import MeetingState
from storage.ledger import Record
from tests.bureau import Bureau
from tests.fresh_state import differences, fresh_state
from tests.second_meeting import SecondRoom, play_second
from tests.test_one_meeting import Room, play


class Folding:
    """Follows a meeting from act to act: folds what is new, and compares with the tables."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.state = MeetingState()
        self.acts = 0
        self.kinds: set[str] = set()
        for person in room.bureau.people.values():
            person.client.event_hooks["response"] = [self._answered]

    async def _answered(self, response: httpx.Response) -> None:
        if response.request.method == "GET" or not self.room.meeting:
            return
        # Both are read at one moment, since a job may write a record at any time.
        async with self.room.owner.transaction(isolation="repeatable_read"):
            entries = await self.room.entries()
            fresh = await fresh_state(self.room.owner, self.room.meeting)
        for entry in entries[self.state.seq :]:
            self.state = apply(self.state, entry.record)
            self.kinds.add(entry.record.kind)
        self.acts += 1
        wrong = differences(self.state, fresh)
        assert not wrong, f"after {response.request.method} {response.request.url.path}: " + "; ".join(wrong)


async def test_after_every_act(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """State is equal after every act of three meetings, which together have every kind of record; the last is cancelled
    while it is a draft."""
    first, second = Room(bureau, owner), SecondRoom(bureau, owner)
    following = Folding(first)
    await play(first)
    again = Folding(second)
    await play_second(second)
    assert min(following.acts, again.acts) > 100
    third = Room(bureau, owner)
    cancelled = Folding(third)
    await third.draft()
    await bureau.li.do(f"{third.path}/cancellation", {"reason": "与下次会议合并"})
    scanned = {"paper.cleared", "paper.infected"}  # with a virus scanner: tests/agenda/test_checking.py
    assert following.kinds | again.kinds | cancelled.kinds == kinds("meeting").keys() - scanned


def test_a_kind_that_nobody_knows_is_an_error() -> None:
    record = Record(1, datetime(2026, 1, 13, tzinfo=UTC), 1, 1, 1, "item.sung", {})
    with pytest.raises(UnknownKindError):
        apply(MeetingState(), record)
