"""Every vote counted anew from its ballots, as they stand in the records. Pure; an auditor needs nothing else."""

from collections.abc import Iterable, Sequence

from msgspec import Struct, convert

from agenda.records import Result
from agenda.state import Tally
from bodies.charter import Charter
from storage.ledger import Record
from voting.tally import count_votes

_CLOSINGS = ("vote.closed", "vote.voided")


class Recount(Struct, frozen=True):
    """One round: `said` and `result` as its closing has them, `counted` and `follows` as its ballots give them.

    A void round has no result: both are None.
    """

    item: int
    vote: int
    said: Tally
    counted: Tally
    result: Result | None
    follows: Result | None

    @property
    def agrees(self) -> bool:
        return (self.said, self.result) == (self.counted, self.follows)


def recount(records: Sequence[Record]) -> list[Recount]:
    """Returns every closed round of a meeting, in order, counted from the last version of each ballot on its roll."""
    return [_recount(records, record) for record in records if record.kind in _CLOSINGS]


def _recount(records: Iterable[Record], closing: Record) -> Recount:
    charter, members = Charter(), 0
    ballots: dict[int, str] = {}
    roll: list[int] = []
    recused: list[int] = []
    for record in records:
        content = record.content
        if record.seq >= closing.seq:
            break
        if record.kind == "notice.given":
            charter = convert(content["charter"], Charter)
        elif record.kind == "meeting.called":
            members = content["n"]
        elif content.get("vote") != closing.content["vote"]:
            continue
        elif record.kind == "vote.opened":
            roll, recused = content["roll"], content["recused"]
        elif record.kind in ("ballot.cast", "ballot.taken") and content["person"] in roll:
            ballots[content["person"]] = content["choice"]
    count = count_votes(
        charter,
        members=members,
        recused=len(recused),
        voters=len(roll),
        choices=ballots.values(),  # type: ignore[arg-type] # count_votes refuses any that is no choice
    )
    void = closing.kind == "vote.voided"
    return Recount(
        item=closing.content["item"],
        vote=closing.content["vote"],
        said=convert(closing.content["tally"], Tally),
        counted=count.tally,
        result=None if void else closing.content["result"],
        follows=None if void else count.result,
    )
