"""Attendance from the records: those who came, were on leave at a vote, came late or left early. Frozen with v1.

The state after the last record knows only where each person ended; the minutes say where they were before.
"""

from collections.abc import Iterable

from msgspec import Struct

from minutes.composers.v1.document import SHANGHAI
from minutes.composers.v1.fold import Record
from minutes.composers.v1.sentences import time_text


class Attendance(Struct, frozen=True):
    """`came` were in the room while the meeting sat; `excused` were on leave and did not come. `on_leave` holds, by
    vote, those on leave as it opened; `notes`, by person, when they came late or left: 9:40到会，10:30离会."""

    came: frozenset[int]
    excused: frozenset[int]
    on_leave: dict[int, frozenset[int]]
    notes: dict[int, str]


_WHERE = {"presence.arrived": "present", "presence.left": "left", "leave.granted": "on_leave"}


def attendance_of(records: Iterable[Record]) -> Attendance:
    """Work out attendance from a meeting's records; the meeting sits from its call to order to its adjournment."""
    where: dict[int, str] = {}
    came: set[int] = set()
    on_leave: dict[int, frozenset[int]] = {}
    notes: dict[int, list[str]] = {}
    sitting = False
    stored = list(records)
    mistaken = {record.content["corrects"] for record in stored if record.kind == "presence.corrected"}
    for record in stored:
        content = record.content
        if record.seq in mistaken:
            continue
        if record.kind in _WHERE:
            person = content["person"]
            if sitting and record.kind != "leave.granted":
                arrived = record.kind == "presence.arrived"
                word = "离会" if not arrived else "返会" if person in came else "到会"
                notes.setdefault(person, []).append(time_text(record.at.astimezone(SHANGHAI)) + word)
                if arrived:
                    came.add(person)
            where[person] = _WHERE[record.kind]
        elif record.kind == "meeting.called":
            sitting = True
            came.update(person for person, state in where.items() if state == "present")
        elif record.kind == "vote.opened":
            on_leave[content["vote"]] = frozenset(person for person, state in where.items() if state == "on_leave")
        elif record.kind == "meeting.adjourned":
            sitting = False
    excused = {person for person, state in where.items() if state == "on_leave"} - came
    return Attendance(
        frozenset(came), frozenset(excused), on_leave, {person: "，".join(said) for person, said in notes.items()}
    )
