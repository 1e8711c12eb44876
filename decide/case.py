"""A decision case: one meeting written down as JSON, for `yijue decide`. Read with `read_case`.

Ids are text. An id that no member has is accepted where only members count, and has no effect, save that such an
`in_charge` counts as not there.
"""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct, structs

from acts.rulebook import Rulebook, default
from agenda.records import Choice
from bodies.charter import Charter
from bodies.kinds_of_body import Decides
from bodies.kinship import RelationType
from voting.decision import Announced

Name: TypeAlias = Annotated[str, Meta(min_length=1)]
Category: TypeAlias = Literal["major", "personnel", "project", "funds", "other"]
Presence: TypeAlias = Literal["present", "absent"]
Position: TypeAlias = Literal["yes", "no"]


class Policy(Struct, frozen=True, forbid_unknown_fields=True):
    """The body's own rules, as far as a case can show them, with the charter's defaults; and, as `decision`, what its
    kind says."""

    lead_working_days: Annotated[int, Meta(ge=1)] = 1
    quorum: str = "1/2"
    personnel_quorum: str = "2/3"
    quorum_strict: bool = False
    recused_in_base: bool = True
    recused_counts_present: bool = False
    close_margin: Annotated[int, Meta(ge=0)] = 1
    decision: Decides = "majority"

    def charter(self) -> Charter:
        return Charter(**{field: value for field, value in structs.asdict(self).items() if field != "decision"})


class Body(Struct, frozen=True, forbid_unknown_fields=True):
    """A body's formal members (应到会成员), its own rules, and its own rulebook, if it has one."""

    members: list[Name]
    policy: Policy = Policy()
    rulebook: Rulebook | None = None


class Calendar(Struct, frozen=True, forbid_unknown_fields=True):
    """Days off and weekend days worked, beside which Monday to Friday are working days."""

    holidays: list[date] = []
    workdays: list[date] = []


class Meeting(Struct, frozen=True, forbid_unknown_fields=True):
    """The meeting's start, and when the notice reached each person; times in ISO 8601 with offset."""

    at: str
    notices: dict[Name, str]

    def starts(self) -> datetime:
        """Returns when it starts. Raises ValueError where that is no time with an offset."""
        return _time(self.at)

    def reached_on(self, member: str) -> date:
        """Returns the day the notice reached them, in the meeting's offset. Raises ValueError or OverflowError else."""
        return _time(self.notices[member]).astimezone(self.starts().tzinfo).date()


class Relation(Struct, frozen=True, forbid_unknown_fields=True):
    """A relation of two people; for "parent", a is a parent of b."""

    type: RelationType
    a: Name
    b: Name


class Announcement(Struct, frozen=True, forbid_unknown_fields=True):
    """The decision as the chair announced it."""

    outcome: Announced
    reason: str | None = None


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """One item, as it was taken in the meeting."""

    id: Name
    category: Category
    in_charge: Name | None = None
    deputy_in_charge: Name | None = None
    subjects: list[Name] = []
    declared_recusals: list[Name] = []
    materials_complete: bool = True
    discussed: bool = True
    attendance: dict[Name, Presence] = {}
    positions: dict[Name, Position] = {}
    written: dict[Name, Choice] = {}
    ballots: dict[Name, str] = {}
    decision: Announcement | None = None

    @property
    def personnel(self) -> bool:
        return self.category == "personnel"


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of a case; `docs/decision-cases.md` says what each field means."""

    body: Body
    meeting: Meeting
    agenda: list[Name]
    items: list[Item]
    calendar: Calendar = Calendar()
    relations: list[Relation] = []
    attendance: dict[Name, Presence] = {}

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook by which the reasons are cited."""
        return self.body.rulebook or default()

    def present_for(self, item: Item) -> set[str]:
        """Returns the people there for `item`: the meeting's attendance, as the item's own changes it."""
        return {who for who, there in {**self.attendance, **item.attendance}.items() if there == "present"}

    def strangers(self) -> list[str]:
        """Returns the ids, sorted, that stand where only members have an effect and are no member's."""
        named = {*self.attendance, *self.meeting.notices}
        for item in self.items:
            named.update(item.attendance, item.positions, item.written, item.declared_recusals, item.ballots)
            named.update(who for who in (item.in_charge, item.deputy_in_charge) if who is not None)
        return sorted(named.difference(self.body.members))


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.utcoffset() is None:
        raise ValueError("a time needs its offset")
    return time
