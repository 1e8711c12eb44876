"""Values of minutes on their way: what the secretary may write, and the row."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from acts.wire import Id, Line, MaybeLine, Text

Stage = Literal["draft", "office_reviewed", "deputy_reviewed", "signed", "issued", "voided"]


class TaskText(Struct, frozen=True, forbid_unknown_fields=True):
    """A task: who carries out what by when, and who supervises it (Rules 6(7))."""

    who: Line
    what: Text = ""
    due: date | None = None
    supervisor: MaybeLine = ""


class ItemTexts(Struct, frozen=True, forbid_unknown_fields=True):
    """The secretary's texts on one item: the discussion in place of the notes taken in the meeting, the words of the
    decision, its basis, its tasks, or that none is due (`no_task`); for a confidential item the title in brief."""

    item: Id
    discussion: Text = ""
    decision: Text = ""
    basis: Text = ""
    brief: MaybeLine = ""
    tasks: Annotated[list[TaskText], Meta(max_length=50)] = []
    no_task: bool = False


class Texts(Struct, frozen=True, forbid_unknown_fields=True):
    """All that the secretary may write; figures, names and choices come from the records alone. `leader` is the leader
    above (市分管领导), to whom the minutes are reported; copies go to all members without saying (Rules 6(7))."""

    items: Annotated[list[ItemTexts], Meta(max_length=200)] = []
    leader: MaybeLine = ""
    copies_to: Annotated[list[Line], Meta(max_length=100)] = []
    copies: Annotated[int, Meta(ge=0, le=9999)] = 0


class MinutesRow(Struct, frozen=True):
    """A row of minutes without its files; year, number, time and composer are None until issue, the hash until the
    PDF is drawn."""

    id: int
    meeting_id: int
    body_id: int
    state: Stage
    texts: Texts
    version: int
    drafted_by: int
    series: str
    year: int | None
    number: int | None
    issued_at: datetime | None
    composer: int | None
    sha256: bytes | None
    replaces_id: int | None
    void_reason: str


class Pending(Struct, frozen=True):
    """Minutes on their way: `title` and `starts_at` are the meeting's, `chair` is the person who holds its chair; the
    minutes have been at `state` since `since`."""

    id: int
    meeting: int
    title: str
    starts_at: datetime
    chair: int
    state: Stage
    version: int
    since: datetime


class Letterhead(Struct, frozen=True):
    """The letterhead of a body's minutes: the organization's name and the body's kind (党组)."""

    organization: str
    kind: str


class PublicIssue(Struct, frozen=True):
    """Issued minutes as anybody may know them: `number` as printed, `sha256` of the PDF in hex; `replaced_by` is the
    number of the issue that corrects it, empty where there is none."""

    organization: str
    series: str
    number: str
    issued_at: datetime
    sha256: str
    voided: bool
    replaced_by: str


class VoidCopy(Struct, frozen=True):
    """A void issue of which somebody receipted a copy: its number and that of the issue that replaces it, as printed,
    the latter empty where there is none yet; `reason` is why it is void."""

    minutes: int
    meeting: int
    number: str
    reason: str
    replaced_by: str
