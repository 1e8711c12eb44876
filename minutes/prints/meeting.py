"""The values of a meeting that several prints share, and how they are worded."""

from collections.abc import Container, Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from acts.dates import BUREAU_TIME
from acts.folding import after, content_of
from agenda.labels import CHOICES, local
from agenda.state import ItemOnAgenda, MeetingState, PersonState, PresenceNote, VoteRound
from documents.blocks import Paragraph
from storage.ledger import Entry, Record

_WEEKDAYS = "一二三四五六日"
GROUPS = (
    ("出席", ()),
    ("列席", ("attendee",)),
    ("纪检监察组", ("observer",)),
    ("会务", ("secretary",)),
)
"""Groups of a meeting's people and the roles of each; the first group is that of the formal members."""


class Letter(Struct, frozen=True):
    """The names on a print: the body's, and that of its kind of meeting."""

    body: str
    meeting: str


def day_text(at: datetime) -> str:
    """Returns 2026年1月13日（星期二）9:00."""
    there = at.astimezone(BUREAU_TIME)
    return f"{local(at, 'zh').split()[0]}（星期{_WEEKDAYS[there.weekday()]}）{clock(at)}"


def date_text(at: datetime) -> str:
    """Returns 2026年1月13日."""
    return local(at, "zh").split()[0]


def clock(at: datetime) -> str:
    """Returns 9:05, in the bureau's time."""
    there = at.astimezone(BUREAU_TIME)
    return f"{there.hour}:{there.minute:02d}"


def session_text(state: MeetingState, letter: Letter) -> str:
    """Returns 2026年第1次党组会议 (Working 22); before the call to order the meeting's title."""
    return f"{state.year}年第{state.ordinal}次{letter.meeting}" if state.ordinal else state.title


def name_of(state: MeetingState, person: int | None) -> str:
    """Returns the name, "" for nobody."""
    known = state.people.get(person or 0)
    return known.name if known else ""


def formal(state: MeetingState) -> list[PersonState]:
    """Returns the formal members by rank: those of the call to order, before it those of the notice."""
    members = state.formal_members or [each.id for each in state.people.values() if each.seat is not None]
    return sorted((state.people[person] for person in members), key=lambda each: (each.seat or 0, each.id))


def grouped(state: MeetingState) -> Iterator[tuple[str, list[PersonState]]]:
    """Yields the groups of the meeting's people that have anybody, each person in the first that fits."""
    members = formal(state)
    left = {each.id: each for each in state.people.values() if each not in members}
    yield GROUPS[0][0], members
    for name, roles in GROUPS[1:]:
        there = [left.pop(each.id) for each in [*left.values()] if set(roles) & set(each.roles)]
        if there:
            yield name, there


def names_of(label: str, names: Sequence[str], indent: float = 0) -> Paragraph:
    """Returns 出席：and the names running on, those of later lines under the first; no name is broken."""
    hang = indent + len(label) + 1
    return Paragraph([("hei", f"{label}："), ("body", "、".join(names))], indent=indent, hang=hang, whole="、")


def states_of(records: Sequence[Record]) -> Iterator[tuple[Record, MeetingState]]:
    """Yields each record with the meeting as it stood after it."""
    state = MeetingState()
    for record in records:
        state = after(state, content_of(record), record)
        yield record, state


def movements(records: Sequence[Record]) -> dict[int, list[PresenceNote]]:
    """Returns, by person, the notes of presence that stand, in order.

    A correction that brings back an earlier note takes away those that came after it.
    """
    notes: dict[int, list[PresenceNote]] = {}
    before: dict[int, PresenceNote] = {}
    for _, state in states_of(records):
        for person in before.keys() | state.presence.keys():
            note = state.presence.get(person)
            if note == before.get(person):
                continue
            kept = notes.setdefault(person, [])
            while (note is None and kept) or (note is not None and kept and kept[-1].seq >= note.seq):
                kept.pop()
            if note is not None:
                kept.append(note)
        before = state.presence
    return notes


def title_of(item: ItemOnAgenda) -> str:
    """Returns the item's title in one line."""
    return " ".join(item.title.split("\n"))


def excused_at(records: Sequence[Record]) -> dict[int, frozenset[int]]:
    """Returns, by vote, the people who were on leave as it opened."""
    return {
        record.content["vote"]: frozenset(person for person, note in state.presence.items() if note.state == "on_leave")
        for record, state in states_of(records)
        if record.kind == "vote.opened"
    }


def ballot_text(vote: VoteRound, person: int, excused: Container[int]) -> str:
    """Returns the word for a formal member's standing ballot, or for why there is none; `excused` were on leave."""
    if person in vote.recused:
        return "回避"
    if person not in vote.roll:
        return "请假" if person in excused else "缺席"
    ballot = vote.ballots.get(person)
    return CHOICES[(ballot and ballot.choice) or "not_voted"][0]


def until_adjourned(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Returns the records of a meeting up to its adjournment, and the later ones that put one of them right; all while
    it is not adjourned."""
    over = next((at for at, each in enumerate(entries, 1) if each.record.kind == "meeting.adjourned"), len(entries))
    return [*entries[:over], *(each for each in entries[over:] if each.record.kind.endswith(".corrected"))]
