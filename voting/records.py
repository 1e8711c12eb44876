"""Values of voting: a vote as it stands, who is where."""

from datetime import datetime

from msgspec import Struct

from agenda.records import Choice, Result, VoteState


class Vote(Struct, frozen=True):
    """A round of voting on an item. `roll` holds those who may vote, `chair_id` who held the chair (None: nobody
    votes last), both frozen when it opened."""

    id: int
    item_id: int
    round: int
    roll: list[int]
    chair_id: int | None
    state: VoteState
    opened_at: datetime
    result: Result | None


class Standing(Struct, frozen=True):
    """A member's ballot that counts: the latest version."""

    person: int
    choice: Choice
    version: int


class Opinion(Struct, frozen=True):
    """A written opinion; void once its author is present, read once it was read out."""

    item: int
    person: int
    choice: Choice
    read: bool
    void: bool
