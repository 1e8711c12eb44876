"""The values of a meeting as it stands: what screens show and minutes are drawn from. `state.py` folds them."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from acts.refusal import Fact
from agenda.records import Category, ItemState, Method
from agenda.records import MeetingState as Stage
from bodies.charter import Charter
from voting.close_positions import Positions
from voting.quorum import Quorum
from voting.records import PresenceState, VoteState
from voting.roll import Choice
from voting.tally import Result, Tally

Outcome = Literal["passed", "not_passed", "amended", "shelved", "reconsidered"]
MinutesStage = Literal["draft", "office_reviewed", "deputy_reviewed", "signed", "issued", "voided"]


class PersonState(Struct, frozen=True):
    """Who belongs to the meeting, as the notice found them; `seat` is None for those without one."""

    id: int
    name: str
    post: str = ""
    seat: int | None = None
    in_charge: str = ""
    roles: tuple[str, ...] = ()


class PaperState(Struct, frozen=True):
    """A paper's name and fingerprint (hex); `size` in bytes."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str


class Subject(Struct, frozen=True):
    """A candidate of a personnel item; `id` is a kin id."""

    id: int
    name: str


class Delivery(Struct, frozen=True):
    """The notice reached one person."""

    method: Method
    at: datetime
    by: int | None
    acknowledged_at: datetime | None = None


class NoticeState(Struct, frozen=True):
    """A notice; `withdrawn_at` is None while it stands. Deliveries by person."""

    id: int
    at: datetime
    by: int | None
    agenda_hash: str
    deliveries: dict[int, Delivery] = {}
    withdrawn_at: datetime | None = None
    reason: str = ""


class PresenceNote(Struct, frozen=True):
    """Where somebody is since `at`; of whom there is no note is not there (缺席). `method` is how presence was
    proved, `reason` why leave was granted."""

    state: PresenceState
    at: datetime
    method: str = ""
    reason: str = ""


class Speech(Struct, frozen=True):
    """Who spoke, and what was said in short."""

    person: int
    summary: str


class OpinionState(Struct, frozen=True):
    """A written opinion, never counted; choice and text are None where the viewer may not see them yet."""

    choice: Choice | None
    text: str | None
    read: bool = False
    void: bool = False


class RecusalState(Struct, frozen=True):
    """Why somebody leaves for an item; the reason is empty where the viewer may not see it."""

    rule: str
    reason: str


class BallotState(Struct, frozen=True):
    """A member's standing ballot: `choice` is None while the viewer may only know that it was cast, `version`
    0 where the view does not tell how often it was replaced."""

    choice: Choice | None
    version: int


class VoteRound(Struct, frozen=True):
    """One round of voting on an item. `cast` is how many on the roll have voted, `ballots` those known by name;
    `chair` is who held the chair as it opened, and votes last in it whoever holds it since.

    `quorum` is as the vote opened, `closing_quorum` as it closed; `close` weighs the positions (an advisory).
    A void round has a tally and no result; `rule` says what made it void.
    """

    id: int
    round: int
    opened_at: datetime
    state: VoteState = "open"
    chair: int | None = None
    roll: tuple[int, ...] = ()
    absent: tuple[int, ...] = ()
    recused: tuple[int, ...] = ()
    quorum: Quorum | None = None
    base: int | None = None
    needed: int | None = None
    close: Positions | None = None
    cast: int = 0
    ballots: dict[int, BallotState] = {}
    closed_at: datetime | None = None
    tally: Tally | None = None
    result: Result | None = None
    sensitive: bool = False
    outstanding: tuple[int, ...] = ()
    closing_quorum: Quorum | None = None
    rule: str = ""


class Decision(Struct, frozen=True):
    """What the chair announced, with the reason where the rules want one."""

    outcome: Outcome
    reason: str
    at: datetime


class ItemOnAgenda(Struct, frozen=True):
    """An item and its proceedings; `position` counts from 1. `acting` is who held the chair for it in place of who
    presides. `reason` is why it left the meeting."""

    id: int
    position: int
    title: str
    motion: str
    category: Category
    in_charge: int | None = None
    deputy_in_charge: int | None = None
    subjects: tuple[Subject, ...] = ()
    confidential: bool = False
    materials_complete: bool = False
    papers: tuple[PaperState, ...] = ()
    state: ItemState = "listed"
    acting: int | None = None
    presenter: int | None = None
    discussed: bool = False
    reason: str = ""
    speeches: tuple[Speech, ...] = ()
    positions: dict[int, Literal["yes", "no"]] = {}
    opinions: dict[int, OpinionState] = {}
    recusals: dict[int, RecusalState] = {}
    votes: tuple[VoteRound, ...] = ()
    decision: Decision | None = None

    @property
    def vote(self) -> VoteRound | None:
        """The latest round."""
        return self.votes[-1] if self.votes else None


class RuleSaid(Struct, frozen=True):
    """What one rule said against it; less of it where the viewer may not know why."""

    rule: str
    detail: str
    detail_en: str
    facts: dict[str, Fact] = {}


class Refusal(Struct, frozen=True):
    """What somebody tried and the rules forbade, and the item it was about."""

    at: datetime
    actor: int | None
    operation: str
    refusals: tuple[RuleSaid, ...]
    item: int | None = None


class Objection(Struct, frozen=True):
    """What the observer `by` objects to, on an item or (None) on the meeting."""

    at: datetime
    by: int | None
    text: str
    item: int | None = None


class MinutesState(Struct, frozen=True):
    """Minutes on their way; number from issue on, hash (hex) once the PDF is drawn. Copies by recipient: whether
    receipted."""

    id: int
    state: MinutesStage = "draft"
    version: int = 1
    series: str = ""
    year: int | None = None
    number: int | None = None
    sha256: str = ""
    replaces: int | None = None
    reason: str = ""
    copies: dict[str, bool] = {}


class MeetingState(Struct, frozen=True):
    """A meeting after its record `seq`. `charter` is the one that the notice froze, None without a notice;
    N is `formal_members`' number, taken at the call to order, as are `year` and `ordinal`. `acting` holds the chair
    while who presides has handed it over."""

    seq: int = 0
    body: int = 0
    meeting: int = 0
    state: Stage = "draft"
    title: str = ""
    starts_at: datetime | None = None
    place: str = ""
    presiding: int = 0
    acting: int | None = None
    secretary: int = 0
    charter: Charter | None = None
    people: dict[int, PersonState] = {}
    notices: tuple[NoticeState, ...] = ()
    items: tuple[ItemOnAgenda, ...] = ()
    presence: dict[int, PresenceNote] = {}
    n: int | None = None
    formal_members: tuple[int, ...] = ()
    year: int | None = None
    ordinal: int | None = None
    called_at: datetime | None = None
    adjourned_at: datetime | None = None
    refusals: tuple[Refusal, ...] = ()
    objections: tuple[Objection, ...] = ()
    minutes: tuple[MinutesState, ...] = ()

    @property
    def chair(self) -> int:
        """Who holds the chair now."""
        return self.acting or self.presiding

    @property
    def notice(self) -> NoticeState | None:
        """The notice that stands."""
        return next((notice for notice in self.notices if notice.withdrawn_at is None), None)

    @property
    def current(self) -> ItemOnAgenda | None:
        """The item before the meeting."""
        return next((item for item in self.items if item.state in ("open", "voting", "voted")), None)

    def item(self, item_id: int) -> ItemOnAgenda:
        """The item of this id. Raises KeyError."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)
