"""The messages of the socket, from the server alone: a snapshot first or what was missed, then records, heartbeats; to
some views also who is connected.

States are as `acts.patch.plain` gives them, changes are merge patches (RFC 7396) over them.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from acts.problems import RefusedRule
from agenda.records import Choice
from agenda.state import MeetingState, OpinionState, Positions, Quorum


class RecordShown(Struct, frozen=True, omit_defaults=True):
    """A record as one view shows it: its sentence in Chinese and English, and what it changes in the view's state.

    `kind` is `masked` where the view sees nothing of it; `actor` and `item` are left out where it does not see them.
    The views that read the ledger have `hash` (hex), which seals the record, and `text`, exactly what was hashed, left
    out where the view keeps something back.
    """

    seq: int
    at: datetime
    kind: str
    zh: str
    en: str
    patch: dict[str, Any]
    actor: int | None = None
    item: int | None = None
    hash: str | None = None
    text: str | None = None


class MyBallot(Struct, frozen=True):
    """A member's own standing ballot, with the record that keeps it: its time, seq and hash (hex). `key` names it to a
    ballot that replaces it. `taken` says that the recorder took it down, `objected` that its member objects to that."""

    choice: Choice
    version: int
    at: datetime
    seq: int
    hash: str
    key: UUID | None = None
    taken: bool = False
    objected: bool = False


class Weighed(Struct, frozen=True):
    """An item before its vote: its quorum, the advisory on close positions (Rules 6(5)), and the refusals that its vote
    would meet now."""

    quorum: Quorum
    positions: Positions
    refusals: list[RefusedRule] = []


class Required(Struct, frozen=True):
    """A recusal that the record of kinship requires, or, on another than a personnel item, `proposed`: the chair may
    declare it."""

    rule: str
    reason: str
    proposed: bool = False


class LostShown(Struct, frozen=True):
    """The alarm that records are lost, in both languages."""

    zh: str
    en: str


class ClockShown(Struct, frozen=True):
    """The alarm that the clock went wrong, in both languages."""

    zh: str
    en: str


class Mine(Struct, frozen=True):
    """The part that concerns one person alone, sent to all their screens: their ballots by vote, their written opinions
    by item, what they may do.

    `may` holds, for each operation of the person's roles and each target of it, the refusals that it would meet now
    (none: allowed). A target is an id, ids joined by "/" (item/person, item/outcome), or "" where there is but one.
    `lost` says in both languages of which books of the body later records are known outside, an older copy of the
    database having been put back. The desk and the observer have `weighed`, by item, for items listed, open or in a
    vote, and `required`, the recusals that kinship requires, by item and person.
    """

    ballots: dict[int, MyBallot] = {}
    opinions: dict[int, OpinionState] = {}
    may: dict[str, dict[str, list[RefusedRule]]] = {}
    weighed: dict[int, Weighed] = {}
    required: dict[int, dict[int, Required]] = {}
    lost: LostShown | None = None

    def lifted_at(self) -> Iterator[datetime]:
        """Yields the moments at which time alone lifts one of the refusals in `may`."""
        for targets in self.may.values():
            for refusals in targets.values():
                yield from (each.until for each in refusals if each.until is not None)


class Snapshot(Struct, frozen=True, tag_field="type", tag="snapshot"):
    """The meeting after record `seq`, as `view` shows it, and what concerns its reader alone; `clauses` are those that
    the rules rest on, by rule, in Chinese and English. `head` is the sealed head of the book: a page that tells it when
    it connects again shows the server which records were there."""

    view: str
    seq: int
    state: MeetingState
    mine: Mine
    clauses: dict[str, tuple[str, str]] = {}
    head: str = ""


class MineChanged(Struct, frozen=True, tag_field="type", tag="mine"):
    """A change of `Mine` after record `seq`: a merge patch, or, where `whole`, all of it in place of what was known."""

    seq: int
    patch: dict[str, Any]
    whole: bool = False


class Records(Struct, frozen=True, tag_field="type", tag="records"):
    """Records in order, as `view` shows them; they continue what was sent before, or what was asked for."""

    view: str
    records: list[RecordShown]
    head: str = ""


class Heartbeat(Struct, frozen=True, tag_field="type", tag="heartbeat"):
    """The latest seq and the database's time: a client that has not come so far has missed something."""

    seq: int
    now: datetime
    head: str = ""


class Connections(Struct, frozen=True, tag_field="type", tag="connections"):
    """The people with a live connection, by id; sent to the desk and the observer after the first message and whenever
    they change, once a second at most."""

    present: list[int]


Message = Snapshot | Records | MineChanged | Heartbeat | Connections
