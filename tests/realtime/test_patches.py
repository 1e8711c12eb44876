"""Old state plus patches is fresh state, for every kind of a meeting's records and every view."""

import msgspec
import pytest

from acts.folding import kinds
from acts.patch import merge
from agenda.state import MeetingState
from realtime.feed import Feed
from realtime.records import Mine, RecordShown
from storage.ledger import Entry
from tests.realtime.test_telling import STORY, records
from tests.realtime.test_views import VIEWS
from tests.wire import check_wire, sent, walk


@pytest.mark.parametrize("name", VIEWS)
def test_every_kind(name: str) -> None:
    story = records(STORY)
    assert {record.kind for record in story} == kinds("meeting").keys()
    steps = list(walk(VIEWS[name], story, MeetingState(), "meeting"))
    assert len(steps) == len(story)


@pytest.mark.parametrize("name", VIEWS)
def test_what_the_feed_sends(name: str) -> None:
    """The feed's messages lead from each snapshot to the next; a view that comes late gets the same."""
    feed = Feed(1, 1, 1)
    seen = feed.seen_by(VIEWS[name])
    wire = sent(seen.state)
    for record in records(STORY):
        feed._coming[record.seq] = Entry(b"", b"", record)
        feed.catch_up()
        told = msgspec.json.decode(seen.encoded[-1], type=RecordShown)
        wire = merge(wire, told.patch)
        assert wire == msgspec.json.decode(seen.snapshot(Mine()).message["text"])["state"], record
        assert told.seq == record.seq == wire["seq"]
        assert told.kind in (record.kind, "masked")
    check_wire(wire)
    late = feed.seen_by(VIEWS[name])
    again = Feed(1, 1, 1)
    for record in records(STORY):
        again._coming[record.seq] = Entry(b"", b"", record)
    again.catch_up()
    fresh = again.seen_by(VIEWS[name])
    assert fresh.state == late.state == seen.state
    assert fresh.encoded == seen.encoded
