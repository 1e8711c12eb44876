"""The facts that a paper needs of a meeting: the values that `fold.facts_of` gives, and no others. Frozen with v1.

Ids are those of the records. Times are in UTC.
"""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from minutes.composers.v1.document import Category, Choice, Form, Means, Outcome


class Person(Struct, frozen=True):
    """Somebody of the meeting, named as on its day."""

    id: int
    name: str
    post: str
    roles: tuple[str, ...]


class Delivery(Struct, frozen=True):
    """The delivery of the notice to one person."""

    method: Means
    at: datetime
    acknowledged_at: datetime | None


class NoticeChange(Struct, frozen=True):
    """A change of start or place after the notice."""

    at: datetime
    starts_before: datetime
    starts_at: datetime
    place_before: str
    place: str
    reason: str


class Notice(Struct, frozen=True):
    """The notice that stood; deliveries by person, changes by id."""

    at: datetime
    deliveries: dict[int, Delivery]
    changes: dict[int, NoticeChange]


class Charter(Struct, frozen=True):
    """The part that papers use of the charter that the notice froze."""

    lead_working_days: int


class Speech(Struct, frozen=True):
    """A speech: the speaker, and a summary."""

    person: int
    summary: str


class Opinion(Struct, frozen=True):
    """A written opinion, never counted."""

    choice: Choice | None
    text: str | None
    read: bool
    void: bool


class Recusal(Struct, frozen=True):
    """A recusal from an item: the rule and the reason."""

    rule: str
    reason: str


class Ballot(Struct, frozen=True):
    """A member's standing ballot."""

    choice: Choice | None


class Quorum(Struct, frozen=True):
    """The number present, and the number needed."""

    present: int
    needed: int


class Tally(Struct, frozen=True):
    """The ballots of a round, counted."""

    yes: int
    no: int
    abstain: int
    defer: int
    not_voted: int


class Vote(Struct, frozen=True):
    """One round; `state` is open, closed or void, `reopened` why the item was discussed again after it."""

    id: int
    round: int
    opened_at: datetime
    form: Form
    state: str
    roll: tuple[int, ...]
    absent: tuple[int, ...]
    recused: tuple[int, ...]
    base: int | None
    needed: int | None
    ballots: dict[int, Ballot]
    tally: Tally | None
    result: str | None
    quorum: Quorum | None
    closing_quorum: Quorum | None
    reopened: str


class Decision(Struct, frozen=True):
    """The decision as the chair announced it; `text` is the motion as amended, else empty."""

    outcome: Outcome
    reason: str
    text: str


class CommitteeNote(Struct, frozen=True):
    """The words about an item that rests on a decision of the 党组."""

    zh: str


class Item(Struct, frozen=True):
    """An item of the sealed agenda and its proceedings."""

    id: int
    title: str
    motion: str
    category: Category
    in_charge: int | None
    confidential: bool
    committee: CommitteeNote | None
    state: str
    acting: int | None
    presenter: int | None
    reason: str
    clause: str
    speeches: tuple[Speech, ...]
    positions: dict[int, Literal["yes", "no", "defer"]]
    opinions: dict[int, Opinion]
    recusals: dict[int, Recusal]
    votes: tuple[Vote, ...]
    decision: Decision | None

    @property
    def vote(self) -> Vote | None:
        """The latest round."""
        return self.votes[-1] if self.votes else None


class RuleSaid(Struct, frozen=True):
    """The refusal of one rule, with its words, its clause as cited, and its facts."""

    rule: str
    detail: str
    clause: str
    facts: dict[str, Any]


class Refusal(Struct, frozen=True):
    """An operation that somebody tried and the rules forbade."""

    at: datetime
    actor: int | None
    operation: str
    refusals: tuple[RuleSaid, ...]
    item: int | None


class Objection(Struct, frozen=True):
    """An objection of the observer `by`, on an item or (None) on the meeting."""

    at: datetime
    by: int | None
    text: str
    item: int | None


class Minutes(Struct, frozen=True):
    """Minutes of this meeting; `reason` is why they were voided."""

    id: int
    state: str
    year: int | None
    number: int | None
    reason: str


class Facts(Struct, frozen=True):
    """A meeting after its last record. Items stand in the order of the agenda, formal members in that of the call."""

    place: str
    presiding: int
    secretary: int
    charter: Charter | None
    people: dict[int, Person]
    notice: Notice | None
    items: tuple[Item, ...]
    n: int | None
    formal_members: tuple[int, ...]
    year: int | None
    ordinal: int | None
    called_at: datetime | None
    adjourned_at: datetime | None
    refusals: tuple[Refusal, ...]
    objections: tuple[Objection, ...]
    minutes: tuple[Minutes, ...]
