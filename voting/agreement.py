"""A meeting's tables beside its records: both say the same, or one of them was changed or lost. Pure."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from acts.content import Words
from acts.folding import fold
from agenda.state import MeetingState, Tally
from storage.ledger import Record
from voting.recounting import recount


class VoteRow(Struct, frozen=True):
    """A vote as its table has it; the tally is None while it is open."""

    state: str
    tally: Tally | None
    result: str | None


class Tables(Struct, frozen=True):
    """What the tables say of a meeting: its state, the states of its items and of those in the room by id, its votes by
    id, and its ballots as (vote, person, version, choice)."""

    state: str
    items: dict[int, str]
    presence: dict[int, str]
    votes: dict[int, VoteRow]
    ballots: frozenset[tuple[int, int, int, str]]


def disagreements(records: Sequence[Record], tables: Tables) -> Iterator[Words]:
    """Yields what the tables say otherwise than the records, in both languages."""
    state = fold(records, MeetingState())
    if tables.state != state.state:
        yield "会议状态与操作留痕不符", "the meeting's state is not the one on record"
    if tables.items != {item.id: item.state for item in state.items.values()}:
        yield "议题或其状态与操作留痕不符", "the items or their states are not those on record"
    if tables.presence != {person: note.state for person, note in state.presence.items()}:
        yield "到会情况与操作留痕不符", "attendance is not as on record"
    votes = {vote.id: vote for item in state.items.values() for vote in item.votes.values()}
    if tables.votes != {each.id: VoteRow(each.state, each.tally, each.result) for each in votes.values()}:
        yield "表决或其结果与操作留痕不符", "votes or their results are not those on record"
    names = ("vote", "person", "version", "choice")
    cast = (record.content for record in records if record.kind in ("ballot.cast", "ballot.taken"))
    if tables.ballots != {tuple(content[name] for name in names) for content in cast}:
        yield "选票与操作留痕不符", "ballots are not those on record"
    if not all(each.agrees for each in recount(records)):
        yield "重新计票与所宣布的结果不符", "ballots counted anew do not come to what was announced"
