"""What goes over the socket, from the server alone: a snapshot first or what was missed, then records, heartbeats;
to some views also who is connected."""

from datetime import datetime

from msgspec import Struct

from storage.ledger import Record
from voting.state_records import MeetingState


class Snapshot(Struct, frozen=True, tag_field="type", tag="snapshot"):
    """The meeting after record `seq`, as `view` shows it."""

    view: str
    seq: int
    state: MeetingState


class Records(Struct, frozen=True, tag_field="type", tag="records"):
    """Records in order, as `view` shows them; they continue what was sent before, or what was asked for."""

    view: str
    records: list[Record]


class Heartbeat(Struct, frozen=True, tag_field="type", tag="heartbeat"):
    """The latest seq and the database's time: whoever has not come so far has missed something."""

    seq: int
    now: datetime


class Connections(Struct, frozen=True, tag_field="type", tag="connections"):
    """Who has a live connection, by person id; to the desk and the observer, after the first message and whenever it
    changes, once a second at most."""

    present: list[int]


Message = Snapshot | Records | Heartbeat | Connections
