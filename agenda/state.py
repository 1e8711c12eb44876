"""A meeting as it stands; screens show it and papers are drawn from it.

The kinds in `agenda/kinds`, `voting/kinds` and `minutes/kinds` fold a meeting's records into it. Things of
which there are several are keyed by an id, so that a merge patch (RFC 7396) can say every change. A field that can be
None has that as its default: on the wire it is left out.
"""

from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from acts.folding import BookState
from acts.rulebook import Rulebook
from agenda.records import (
    Administered,
    AgendaStage,
    Category,
    Choice,
    ItemState,
    MeetingStage,
    Method,
    PaperStage,
    Position,
    PresenceState,
    Result,
    VoteForm,
    VoteState,
)
from bodies.charter import Charter

Outcome = Literal["passed", "not_passed", "amended", "shelved", "reconsidered"]
MinutesStage = Literal["draft", "office_reviewed", "deputy_reviewed", "signed", "issued", "voided"]


class Quorum(Struct, frozen=True):
    """The number present, the number needed, the base it is taken of, and whether it is met."""

    present: int
    needed: int
    base: int
    met: bool


class Positions(Struct, frozen=True):
    """The numbers for and against, voiced and written, and whether they are close. An advisory: the chair chooses
    to vote or to put off."""

    yes: int
    no: int
    close: bool


class Tally(Struct, frozen=True):
    """The ballots by choice, over those who may vote; they add up to the roll."""

    yes: int
    no: int
    abstain: int
    defer: int
    not_voted: int


class PersonState(Struct, frozen=True):
    """A person who belongs to the meeting, as the notice found them; `name` tells them from a namesake there, `seat` is
    None for those without one."""

    id: int
    name: str
    post: str = ""
    seat: int | None = None
    in_charge: str = ""
    roles: tuple[str, ...] = ()


class PaperState(Struct, frozen=True):
    """A paper's name and fingerprint (hex); `size` in bytes, `state` and `found` as in `agenda.records.Paper`."""

    id: int
    name: str
    media_type: str
    size: int
    sha256: str
    state: PaperStage = "kept"
    found: str = ""


class SubjectState(Struct, frozen=True):
    """A candidate of a personnel item, by kin id."""

    name: str


class Delivery(Struct, frozen=True):
    """The notice's delivery to one person; `late` as record `seq` says."""

    method: Method
    at: datetime
    by: int | None = None
    acknowledged_at: datetime | None = None
    late: bool = False
    seq: int = 0


class NoticeChange(Struct, frozen=True):
    """A change of place or to a later start, after the notice; `by` is None where the view may not know. It is told to
    everyone again: `deliveries` by person."""

    at: datetime
    starts_before: datetime
    starts_at: datetime
    place_before: str
    place: str
    reason: str
    by: int | None = None
    deliveries: dict[int, Delivery] = {}


class NoticeState(Struct, frozen=True):
    """A notice; `withdrawn_at` is None while it stands. Deliveries by person, changes of it by their id."""

    id: int
    at: datetime
    agenda_hash: str
    by: int | None = None
    deliveries: dict[int, Delivery] = {}
    changes: dict[int, NoticeChange] = {}
    withdrawn_at: datetime | None = None
    reason: str = ""

    @property
    def change(self) -> int:
        """The id of the latest change, 0 for none."""
        return max(self.changes, default=0)

    def round(self, change: int) -> dict[int, Delivery]:
        """The deliveries of a change, or (0) of the notice itself."""
        return self.changes[change].deliveries if change else self.deliveries

    def reached(self, person: int) -> bool:
        """Whether the person was told of all that stands: of the latest change, or of the notice after it."""
        if not self.change or person not in self.deliveries:
            return person in self.deliveries
        latest = self.changes[self.change]
        return person in latest.deliveries or self.deliveries[person].at >= latest.at


class PresenceNote(Struct, frozen=True):
    """Where somebody is since `at`; a person without a note is absent (缺席). `method` is how presence was
    proved, `reason` why leave was granted; `seq` is the record's, entered `by`."""

    state: PresenceState
    at: datetime
    method: str = ""
    reason: str = ""
    seq: int = 0
    by: int | None = None


class Speech(Struct, frozen=True):
    """A speech: the person, and what was said in short; entered `by`, and put right by the record `corrected` (0: as it
    was entered)."""

    person: int
    summary: str
    by: int | None = None
    corrected: int = 0


class Voiced(Struct, frozen=True):
    """The record of a position: its seq, who entered it, and whether it put an earlier one right."""

    seq: int
    by: int | None = None
    corrected: bool = False


class OpinionState(Struct, frozen=True):
    """A written opinion, never counted; choice and text are None where the viewer may not see them yet. `arrival` is
    the record by which its author came and it became void, 0 where that was for another cause."""

    choice: Choice | None = None
    text: str | None = None
    read: bool = False
    void: bool = False
    arrival: int = 0


class RecusalState(Struct, frozen=True):
    """The rule and reason by which somebody leaves for an item, as record `seq` says; the reason is empty where the
    viewer may not see it."""

    rule: str
    reason: str
    seq: int = 0


class BallotState(Struct, frozen=True):
    """A member's standing ballot: `choice` is None while the viewer may only know that it was cast, `version`
    0 where the view does not show how often it was replaced; `at` and `seq` are its record's, where the view
    knows whose ballot that record keeps; `key` names the ballot to one that replaces it. `objected` is the record by
    which its member objects to what was taken down, 0 for none."""

    choice: Choice | None = None
    version: int = 0
    at: datetime | None = None
    seq: int = 0
    key: UUID | None = None
    objected: int = 0


class VoteRound(Struct, frozen=True):
    """One round of voting on an item. `cast` is how many on the roll have voted, `ballots` those known by name;
    `chair` held the chair as it opened, and votes last in it whoever holds the chair since. By `form` ballots are cast
    on devices, or taken down by the recorder (口头, 举手).

    `quorum` is as the vote opened, `closing_quorum` as it closed; `close` weighs the positions (an advisory).
    A void round has a tally and no result; `rule` says what made it void. `reopened` is why the item was discussed
    again after it.
    """

    id: int
    round: int
    opened_at: datetime
    form: VoteForm = "device"
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
    reopened: str = ""


class Decision(Struct, frozen=True):
    """The decision that the chair announced, with the reason where the rules want one; `text` is the amended motion,
    empty where nothing was amended or the view may not see it."""

    outcome: Outcome
    reason: str
    at: datetime
    text: str = ""


class CommitteeNote(Struct, frozen=True):
    """The words about an item that rests on a decision of the 党组 (see `agenda.carrying`); `item` is the one in which
    that was decided, 0 while none is named."""

    zh: str
    en: str
    item: int = 0


class ItemOnAgenda(Struct, frozen=True):
    """An item and its proceedings; `position` counts from 1. `acting` held the chair for it in place of the
    presiding member, `recorder` keeps its record in place of a secretary who is recused. `deputy_on_record` is the B角
    of the member in charge as the notice found it, where the item names no deputy. `attendees` were named for it in the
    notice, `called_in` by the chair since. `reason` is why it left the meeting, `clause` the one that was cited for it.
    Speeches are keyed by their record's seq; `voiced` has the record of each position."""

    id: int
    position: int
    title: str
    motion: str
    category: Category
    in_charge: int | None = None
    deputy_in_charge: int | None = None
    deputy_on_record: int | None = None
    subjects: dict[int, SubjectState] = {}
    confidential: bool = False
    attendees: tuple[int, ...] = ()
    called_in: tuple[int, ...] = ()
    materials_complete: bool = False
    committee: CommitteeNote | None = None
    papers: dict[int, PaperState] = {}
    state: ItemState = "listed"
    acting: int | None = None
    recorder: int | None = None
    presenter: int | None = None
    discussed: bool = False
    reason: str = ""
    clause: str = ""
    speeches: dict[int, Speech] = {}
    positions: dict[int, Position] = {}
    voiced: dict[int, Voiced] = {}
    opinions: dict[int, OpinionState] = {}
    recusals: dict[int, RecusalState] = {}
    votes: dict[int, VoteRound] = {}
    decision: Decision | None = None

    @property
    def personnel(self) -> bool:
        return self.category == "personnel"

    @property
    def deputy(self) -> int | None:
        """The deputy of the member in charge."""
        return self.deputy_on_record if self.deputy_in_charge is None else self.deputy_in_charge

    @property
    def reserved(self) -> bool:
        """Whether the minutes have its decision alone (人事议题；内容从简): closed to attendees not named for it."""
        return self.personnel or self.confidential

    @property
    def vote(self) -> VoteRound | None:
        """The latest round."""
        return self.votes[max(self.votes)] if self.votes else None


class ObjectionState(Struct, frozen=True):
    """An objection of the observer `by`, on an item or (None) on the meeting."""

    at: datetime
    text: str
    by: int | None = None
    item: int | None = None


class RequestState(Struct, frozen=True):
    """A request of `by` to administer the meeting's people while it sits: see `agenda.kinds.administering`."""

    what: Administered
    name: str
    detail: str
    at: datetime
    person: int | None = None
    by: int | None = None
    reason: str = ""
    state: Literal["asked", "allowed", "refused", "done"] = "asked"


class AdministrationState(Struct, frozen=True):
    """A change of the meeting's people since its notice."""

    what: Administered
    at: datetime
    person: int | None = None


class StepTaken(Struct, frozen=True):
    """The person by whom minutes came to a stage, and when."""

    by: int
    at: datetime


class MinutesState(Struct, frozen=True):
    """Minutes on their way; `number` is set from issue on, `sha256` (hex) once the PDF is drawn. `drafters` had a hand
    in the draft, `steps` has the one who took each stage, and when. `sent_back` is why they were sent back, as far as
    the view may know, `sent_back_by` by whom, `sent_back_version` which version, until they are reviewed again;
    `missing` is what this version lacks to be complete, each as "position of the item.part".
    `copies` says for each recipient whether the copy was receipted."""

    id: int
    state: MinutesStage = "draft"
    version: int = 1
    missing: tuple[str, ...] = ()
    drafters: tuple[int, ...] = ()
    steps: dict[str, StepTaken] = {}
    series: str = ""
    year: int | None = None
    number: int | None = None
    sha256: str = ""
    replaces: int | None = None
    sent_back: str = ""
    sent_back_by: int | None = None
    sent_back_version: int = 0
    reason: str = ""
    copies: dict[str, bool] = {}


class SignedProceedings(Struct, frozen=True):
    """The proceedings as somebody signed them: the records up to `upto`, of which the last has this hash (hex)."""

    person: int
    at: datetime
    upto: int
    hash: str


class Approval(Struct, frozen=True):
    """How far the head's approval of a draft agenda has come (Rules 6(1)). `version` is the seq of the submission, `by`
    and `reason` are of the head's last answer; a change of the agenda opens it again."""

    stage: AgendaStage = "open"
    version: int = 0
    by: int | None = None
    reason: str = ""


class MeetingState(BookState, frozen=True):
    """A meeting after its record `seq`. `charter` and `rulebook` are those that the
    notice froze, None without one;
    N is `formal_members`' number, taken at the call to order, as are `year` and `ordinal`. `acting` holds the chair
    while the presiding member has handed it over. `cancelled` is why it was cancelled, as far as the view may know.
    `invited` are the attendees (列席) whom the last notice found.
    `present_needed` is how many members must be present, from the notice on, for an item that is not personnel and has
    no recusals. Speeches, objections and `administration` are keyed by their record's seq, requests to administer by
    their id."""

    state: MeetingStage = "draft"
    cancelled: str = ""
    title: str = ""
    starts_at: datetime | None = None
    place: str = ""
    presiding: int = 0
    acting: int | None = None
    secretary: int = 0
    approval: Approval = Approval()
    charter: Charter | None = None
    rulebook: Rulebook | None = None
    people: dict[int, PersonState] = {}
    invited: tuple[int, ...] = ()
    notices: dict[int, NoticeState] = {}
    items: dict[int, ItemOnAgenda] = {}
    presence: dict[int, PresenceNote] = {}
    present_needed: int | None = None
    n: int | None = None
    formal_members: tuple[int, ...] = ()
    year: int | None = None
    ordinal: int | None = None
    called_at: datetime | None = None
    adjourned_at: datetime | None = None
    objections: dict[int, ObjectionState] = {}
    requests: dict[int, RequestState] = {}
    administration: dict[int, AdministrationState] = {}
    minutes: dict[int, MinutesState] = {}
    proceedings: dict[Literal["recorder", "chair"], SignedProceedings] = {}

    @property
    def chair(self) -> int:
        """The person who holds the chair now."""
        return self.acting or self.presiding

    @property
    def notice(self) -> NoticeState | None:
        """The notice that stands."""
        return next((notice for notice in self.notices.values() if notice.withdrawn_at is None), None)

    @property
    def agenda(self) -> list[ItemOnAgenda]:
        """The items in their order."""
        return sorted(self.items.values(), key=lambda item: item.position)

    @property
    def current(self) -> ItemOnAgenda | None:
        """The item before the meeting."""
        return next((item for item in self.items.values() if item.state in ("open", "voting", "voted")), None)

    def is_present(self, person: int) -> bool:
        """Whether the person is in the room."""
        note = self.presence.get(person)
        return note is not None and note.state == "present"

    def reopened(self) -> Self:
        """Returns the state with the draft to be submitted to the head, for the first time or anew."""
        return replace(self, approval=replace(self.approval, stage="open"))

    def on_item(self, item: int, **changes: Any) -> Self:
        """Returns the state with these fields of an item changed. Raises KeyError where the item is unknown."""
        return replace(self, items={**self.items, item: replace(self.items[item], **changes)})
