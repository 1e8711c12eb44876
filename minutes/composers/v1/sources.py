"""The sources of minutes beside the records: stored with them at issue, never read anew. Frozen with v1.

People, posts and the charter stand in the records themselves; the letterhead, the clauses as worded and the
secretary's texts do not.
"""

from datetime import date, datetime

from msgspec import Struct


class TaskText(Struct, frozen=True):
    """A task: who carries out what by when, and who supervises it."""

    who: str
    what: str = ""
    due: date | None = None
    supervisor: str = ""


class ItemTexts(Struct, frozen=True):
    """The secretary's texts on one item; `no_task` says that none is due."""

    item: int
    discussion: str = ""
    decision: str = ""
    basis: str = ""
    brief: str = ""
    tasks: list[TaskText] = []
    no_task: bool = False


class Texts(Struct, frozen=True):
    """All that the secretary wrote; `leader` is the leader above, to whom the minutes are reported (Rules 6(7))."""

    items: list[ItemTexts] = []
    leader: str = ""
    copies_to: list[str] = []
    copies: int = 0


class Sources(Struct, frozen=True):
    """`kind` is the body's (党组), `decides` who decides in such a body (majority or head); `minutes` the minutes' id;
    `number` 0 for a draft; `at` the time of issue, or of the look at a draft. `clauses` maps a rule's id to its clause
    as it was worded then, `titles` a text's short title to its full one; `head` says that the minutes name the last
    record that they were made of."""

    organization: str
    kind: str
    decides: str
    minutes: int
    series: str
    year: int
    number: int
    at: datetime
    texts: Texts
    clauses: dict[str, str]
    titles: dict[str, str] = {}
    head: bool = False
