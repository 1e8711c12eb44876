"""The answer of `yijue decide`, field by field as `docs/decision-cases.md` lays it down."""

from typing import Literal

from msgspec import Struct

from agenda.records import Result
from agenda.state import Quorum, Tally
from voting.written import Written


class NoticeOutcome(Struct, frozen=True):
    """Whether the notice is valid, the members it reached late, and those it never reached."""

    valid: bool
    late: list[str]
    missing: list[str]


class RejectedBallot(Struct, frozen=True):
    """A ballot that does not count, and the rule that rejects it."""

    member: str
    rule: str


class DecisionOutcome(Struct, frozen=True):
    """The decision announced, and the rule that forbids it, if one does."""

    outcome: Literal["passed", "not_passed", "amended", "shelved", "reconsidered"]
    accepted: bool
    rule: str | None


class ItemOutcome(Struct, frozen=True):
    """One item; where its vote did not open, `tally`, `result` and `decision` are None and `sensitive` is false."""

    id: str
    opened: bool
    refusals: list[str]
    recused: list[str]
    quorum: Quorum
    written: Written
    close: bool
    base: int
    needed: int
    tally: Tally | None
    result: Result | None
    sensitive: bool
    rejected_ballots: list[RejectedBallot]
    decision: DecisionOutcome | None


class Outcome(Struct, frozen=True):
    """The notice, and one outcome for each item, in order."""

    notice: NoticeOutcome
    items: list[ItemOutcome]
