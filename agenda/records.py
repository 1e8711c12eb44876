"""Values of the agenda: a meeting as it stands, and all that belongs to it."""

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from acts.rulebook import Rulebook
from bodies.charter import Charter
from bodies.records import Category

__all__ = [
    "AgendaStage", "Carried", "Category", "Choice", "Delivery", "Item", "ItemState", "Meeting", "MeetingStage",
    "Method", "Notice", "NoticeChanged", "Paper", "PaperStage", "Position", "PresenceState", "Result", "Subject",
    "VoteForm", "VoteState",
]  # fmt: skip

AgendaStage = Literal["open", "submitted", "approved", "returned"]
MeetingStage = Literal["draft", "noticed", "in_session", "adjourned", "cancelled"]
ItemState = Literal["listed", "open", "voting", "voted", "decided", "put_off", "withdrawn", "deferred"]
Method = Literal["in_person", "phone", "electronic"]
PaperStage: TypeAlias = Literal["checking", "kept", "infected"]
PresenceState = Literal["on_leave", "present", "left"]
Choice: TypeAlias = Literal["yes", "no", "abstain", "defer"]
Position: TypeAlias = Literal["yes", "no", "defer"]
VoteForm: TypeAlias = Literal["device", "oral", "hands"]
VoteState = Literal["open", "closed", "void"]
Result: TypeAlias = Literal["passed", "not_passed"]
Administered = Literal["password", "account", "role.granted", "role.revoked", "kinship.recorded", "kinship.removed"]


class Meeting(Struct, frozen=True):
    """A meeting's row. `charter` is the body's until notice, the one frozen by the notice after it; `rulebook` the
    body's own until notice, None after it (the notice's record has the frozen one) or where the body has none;
    `formal_members` is None until the call to order takes N; `acting_id` is the member
    entrusted with the chair, None while the presiding member holds it; `kind` is its body's."""

    id: int
    body_id: int
    title: str
    starts_at: datetime
    place: str
    state: MeetingStage
    presiding_id: int
    acting_id: int | None
    secretary_id: int
    agenda: AgendaStage
    charter: Charter
    hall_secret: str
    year: int | None
    ordinal: int | None
    formal_members: list[int] | None
    called_at: datetime | None
    adjourned_at: datetime | None
    kind: str
    rulebook: Rulebook | None = None

    @property
    def chair_id(self) -> int:
        """The person who holds the chair now."""
        return self.acting_id or self.presiding_id


class Carried(Struct, frozen=True):
    """The decision of a Party committee (党组 …) that an item carries out, as its issued minutes named it on the day
    the item was entered: the item `item`, the `position`-th of body `body`'s minutes 〔`year`〕`number`号. `title` says
    only what kind of item it was where that was personnel or in brief."""

    item: int
    body: str
    year: int
    number: int
    position: int
    title: str


class Item(Struct, frozen=True):
    """An item of an agenda, and how far its proceedings have come.

    `deputy_on_record_id` is the B角 of the member in charge as the latest notice found it, where the item names no
    deputy. `subjects` are kin ids (the candidates of a personnel item); `attendees` are the people named to attend for
    it (列席); `presenter_id` is None until it is presented; `discussed` says that the discussion was closed; `reason`
    is why the item left the meeting (put_off, withdrawn, deferred), else empty. `carried` and `to_committee`: see
    `agenda.carrying`."""

    id: int
    meeting_id: int
    body_id: int
    position: int
    title: str
    motion: str
    category: Category
    in_charge_id: int | None
    deputy_in_charge_id: int | None
    deputy_on_record_id: int | None
    subjects: list[int]
    confidential: bool
    attendees: list[int]
    materials_complete: bool
    carried: Carried | None
    to_committee: bool
    state: ItemState
    presenter_id: int | None
    discussed: bool
    reason: str

    @property
    def personnel(self) -> bool:
        return self.category == "personnel"


class Subject(Struct, frozen=True):
    """A person whom an item is about; `id` is a kin id."""

    id: int
    name: str


class Paper(Struct, frozen=True):
    """A paper without its content: `size` in bytes, `sha256` in hex; `state` says how far the virus scanner has come
    with it (kept: it is through, or none was asked), `found` the name of what it found, whose content is deleted."""

    id: int
    item_id: int
    name: str
    media_type: str
    size: int
    sha256: str
    state: PaperStage = "kept"
    found: str = ""


class Notice(Struct, frozen=True):
    """A notice as it was given; `agenda_hash` in hex. `withdrawn_at` is None while it stands."""

    id: int
    given_at: datetime
    given_by: int
    agenda_hash: str
    withdrawn_at: datetime | None
    reason: str


class NoticeChanged(Struct, frozen=True):
    """A change of a notice's place or to a later start, with the values before."""

    id: int
    at: datetime
    changed_by: int
    starts_before: datetime
    starts_at: datetime
    place_before: str
    place: str
    reason: str


class Delivery(Struct, frozen=True):
    """The delivery of a notice, or of its `change` (0: none), to one person: when, how, recorded by whom, acknowledged
    when (None: not yet)."""

    person: int
    change: int
    method: Method
    delivered_at: datetime
    recorded_by: int
    acknowledged_at: datetime | None
