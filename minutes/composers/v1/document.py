"""A finished minutes document: all that is drawn. Frozen with v1.

The values here are complete: `blocks` takes a `Minutes` and nothing else. Figures and choices stand as they were
recorded; only their wording is made, in `sentences`. Rules 6(7) says what minutes
must contain, Working 22 how a meeting is numbered.
"""

from datetime import date, datetime, timedelta, timezone
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

# Asia/Shanghai has stood at this one offset since 1991; a fixed one needs no time zone files.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

Choice = Literal["yes", "no", "abstain", "defer", "not_voted"]
Mark = Literal["yes", "no", "abstain", "defer", "not_voted", "recused", "absent", "on_leave"]
Outcome = Literal["passed", "not_passed", "amended", "shelved", "reconsidered"]
Category = Literal["major", "personnel", "project", "funds", "other"]
Ending = Literal["decided", "put_off", "deferred", "withdrawn", "reported"]
Means = Literal["in_person", "phone", "electronic"]

Form = Literal["device", "oral", "hands"]
FORMS: dict[str, str] = {"device": "记名表决", "oral": "口头表决", "hands": "举手表决"}

MARKS: dict[str, str] = {
    "yes": "同意",
    "no": "反对",
    "abstain": "弃权",
    "defer": "缓议",
    "not_voted": "未表决",
    "recused": "回避",
    "absent": "缺席",
    "on_leave": "请假",
}
OUTCOMES: dict[str, str] = {
    "passed": "通过",
    "not_passed": "未获通过",
    "amended": "修改",
    "shelved": "搁置",
    "reconsidered": "再次讨论",
}
ENDINGS: dict[str, str] = {
    "decided": "已作决定",
    "put_off": "暂缓表决",
    "deferred": "缓议",
    "withdrawn": "撤下议题",
    "reported": "已报告",
}


class Person(Struct, frozen=True):
    """Somebody named in the minutes; `post` may be empty. `note` says when they came late or left."""

    name: str
    post: str = ""
    note: str = ""


class Delivery(Struct, frozen=True):
    """The delivery of the notice to one member, when and how; `acknowledged` is when they confirmed it, or None."""

    name: str
    when: datetime
    how: Means = "electronic"
    acknowledged: datetime | None = None


class NoticeChange(Struct, frozen=True):
    """A change of the start or the place after the notice, told to everyone again."""

    when: datetime
    started: datetime
    starts: datetime
    before: str
    place: str
    reason: str


class Notice(Struct, frozen=True):
    """The notice of the meeting: when given, how many working days ahead at least, to whom (Rules 6(3)).

    The papers went with it, but for those of personnel items, which are handed out in the meeting: `papers` says
    whether all of them went, some, or none."""

    given: datetime
    lead_days: int
    deliveries: tuple[Delivery, ...] = ()
    papers: Literal["all", "some", "none"] = "all"
    changes: tuple[NoticeChange, ...] = ()


class Speech(Struct, frozen=True):
    """A speech in sum; the speaker may be empty."""

    speaker: str
    text: str


class Position(Struct, frozen=True):
    """A position voiced before the vote; not a ballot."""

    name: str
    choice: Literal["yes", "no", "defer"]


class Written(Struct, frozen=True):
    """An absent member's written opinion: read out, printed, never counted (Rules 6(5)).

    `void` is set when its author was present after all; `read` is whether it was read out."""

    name: str
    choice: Choice
    text: str = ""
    void: bool = False
    read: bool = True


class Recusal(Struct, frozen=True):
    """A recusal from an item: the member's name, the reason, the clause."""

    name: str
    reason: str
    clause: str = ""


class Row(Struct, frozen=True):
    """One formal member in one round: the ballot, or why there is none."""

    name: str
    mark: Mark


class Tally(Struct, frozen=True):
    """Ballots of one round, counted; `not_voted` had a vote and cast none."""

    yes: int = 0
    no: int = 0
    abstain: int = 0
    defer: int = 0
    not_voted: int = 0


class Round(Struct, frozen=True):
    """One round of votes by name. `base` and `needed` are of the majority (Rules 6(6)); `present` and
    `quorum` of the quorum as the vote opened, `closing` the number counted as present when it closed, or None
    (Rules 5); `attended` those in attendance as it opened, the recused among them in `stepped_out`. A void round keeps
    its ballots and says why in `void`. The rows are all formal members. `form` is how it was voted; 口头 and 举手
    ballots were taken down by the recorder."""

    number: int
    rows: tuple[Row, ...]
    tally: Tally
    base: int
    needed: int
    present: int
    quorum: int
    passed: bool
    void: str = ""
    note: str = ""
    closing: int | None = None
    attended: int = 0
    stepped_out: int = 0
    form: Form = "device"


class Decision(Struct, frozen=True):
    """The decision announced on an item; `by` is the head where the head decides, else empty. `failed` says that the
    vote failed where the majority decides, so that no decision makes the motion take effect (Rules 6(6))."""

    outcome: Outcome
    text: str
    basis: str = ""
    reason: str = ""
    by: str = ""
    failed: bool = False


class Task(Struct, frozen=True):
    """A task: who carries out what by when, and who supervises it."""

    what: str
    who: str
    due: date | None = None
    supervisor: str = ""


class Item(Struct, frozen=True):
    """One item of the sealed agenda, in the order taken.

    `ending` is what became of it: `decided` has a `decision`; `put_off` (discussed, no vote yet), `deferred` and
    `withdrawn` have a `reason` and a `clause`; `reported` needs neither. `chair` is the person entrusted with the chair
    for it, empty if the person presiding held it; `committee` says which decision of the 党组 it carries out, or that
    it is to be brought there. Of an item `in_brief` (personnel, or `confidential`) the title and the decision alone are
    here; a confidential item's title is in brief too. `no_task` says that none is due.
    """

    title: str
    category: Category
    ending: Ending
    chair: str = ""
    presenter: str = ""
    in_charge: str = ""
    committee: str = ""
    discussion: tuple[Speech, ...] = ()
    positions: tuple[Position, ...] = ()
    written: tuple[Written, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    rounds: tuple[Round, ...] = ()
    decision: Decision | None = None
    reason: str = ""
    clause: str = ""
    tasks: tuple[Task, ...] = ()
    no_task: bool = False
    confidential: bool = False
    in_brief: bool = False


class Attempt(Struct, frozen=True):
    """An attempt that was refused: an ad hoc motion, the opening of a vote. `detail` and `clause` are the refusal's
    own."""

    kind: Literal["motion", "taking", "opening", "other"]
    title: str
    who: str
    detail: str
    clause: str = ""
    when: datetime | None = None


class Objection(Struct, frozen=True):
    """An objection of discipline inspection (监督意见) on an item (`title`), or on the meeting where that is empty.
    On a confidential item it is in brief: without its `text`."""

    who: Person
    title: str
    text: str
    when: datetime


class Closing(Struct, frozen=True):
    """The closing block, 版记: the recipients of copies, the printer, the date, the number of copies (0: not said)."""

    copies_to: tuple[str, ...]
    printer: str
    printed: date
    copies: int = 0


class Minutes(Struct, frozen=True):
    """Minutes as issued. `organ` and `series` make the red heading; `year` and `number` are the annual
    number; `session_year`, `session` and `meeting` name the meeting. Times carry the zone they are
    printed in. `formal` is N, the number of formal members. `head` is seq and hash (hex) of the last record that they
    were made of: where the file lies, it tells of records that are lost."""

    organ: str
    series: str
    year: int
    number: int
    meeting: str
    session_year: int
    session: int
    started: datetime
    place: str
    chair: Person
    formal: int
    present: tuple[Person, ...]
    items: tuple[Item, ...]
    closing: Closing
    ended: datetime | None = None
    on_leave: tuple[Person, ...] = ()
    absent: tuple[Person, ...] = ()
    attendees: tuple[Person, ...] = ()
    observers: tuple[Person, ...] = ()
    recorders: tuple[Person, ...] = ()
    notice: Notice | None = None
    attempts: tuple[Attempt, ...] = ()
    objections: tuple[Objection, ...] = ()
    replaces: str = ""
    replaced_reason: str = ""
    head: str | UnsetType = UNSET
