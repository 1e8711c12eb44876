"""The readers of a body's minutes, and the answers about them: never more than the paper for its reader.

Issued minutes are the body's: its members read them, those who joined later too, and so do the observer and those who
work on them. An attendee (列席) reads those of which a copy was sent to them. A draft is for those who work on it.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from acts.access import check_access
from acts.acting import existing
from acts.refusal import Allowed, Refused, RefusedError, require
from agenda.acting import Look
from identity.store import read_person
from minutes import store
from minutes.composers.v1.document import Minutes
from minutes.records import MinutesRow
from minutes.turns import SentBack, Step, Turn, sent_back, steps_of, whose_turn

ISSUED = ("issued", "voided")


async def readable(look: Look, minutes_id: int) -> MinutesRow:
    """Returns the minutes where the caller may read them. Raises RefusedError."""
    row: MinutesRow = existing(await store.minutes(look.connection, look.meeting.id, minutes_id))
    if row.state not in ISSUED:
        require(check_access("minutes.draft_read", look.roles))
        return row
    reads_all = isinstance(check_access("register.read", look.roles), Allowed)
    if not (reads_all or await store.has_copy(look.connection, row.id, look.person)):
        raise RefusedError(
            Refused(
                "access.role",
                "会议纪要未分发给您，不能查阅。如有需要，请联系秘书。",
                "No copy of these minutes was sent to you; the secretary can send one.",
            )
        )
    return row


async def names_in(look: Look, people: Iterable[int]) -> dict[int, str]:
    """Returns the names of people who worked on minutes, also of those who left the body or came after the meeting."""
    situation, names = await look.situation(), {}
    for person in people:
        names[person] = situation.name(person)
        if names[person] == str(person) and (somebody := await read_person(look.connection, person)):
            names[person] = somebody.name
    return names


async def progress(look: Look, minutes_id: int) -> tuple[Turn, SentBack | None, list[Step]]:
    """Returns whose turn the minutes are, why they came back, and the steps that they took."""
    minutes, kind = look.state.minutes[minutes_id], look.meeting.kind
    people = (await look.situation()).outside.people.values()
    back = () if minutes.sent_back_by is None else (minutes.sent_back_by,)
    names = await names_in(look, {*back, *(step.by for step in minutes.steps.values())})
    return (
        whose_turn(kind, minutes, people, look.person, look.roles),
        sent_back(minutes, names.__getitem__),
        steps_of(kind, minutes, names.__getitem__),
    )


def works_on(look: Look) -> bool:
    """Whether the caller drafts, reviews, signs or issues the minutes."""
    return isinstance(check_access("minutes.draft_read", look.roles), Allowed)


def as_on_paper(document: Minutes) -> Minutes:
    """Returns the document less what its paper does not print: to whom the notice came."""
    notice = document.notice and replace(
        document.notice, deliveries=tuple(replace(each, name="") for each in document.notice.deliveries)
    )
    return replace(document, notice=notice)
