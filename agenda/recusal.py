"""Those who leave for an item (Personnel 18, 23): 讨论与会人员本人及亲属的任用时，本人应按有关规定回避. Pure.

The rule is for everyone of the meeting: member, attendee, secretary and observer.
"""

from collections.abc import Collection, Iterable
from typing import Generic, Literal

from msgspec import Struct

from acts.ids import Id, ordered
from bodies.kinship import Kinship, Relations


class Recusal(Struct, Generic[Id], frozen=True):
    """One person's recusal; for `recusal.related`, to whom they are related and how."""

    member: Id
    rule: Literal["recusal.related", "recusal.declared"]
    subject: Id | None = None
    kinship: Kinship | None = None


def cause_of(rule: str, personnel: bool) -> str:
    """Returns the id of the clause that a recusal by this rule rests on: off personnel items a declared one is by
    practice (惯例), for the personnel rules speak of 干部 alone (Personnel 18, 23)."""
    return "recusal.interest" if rule == "recusal.declared" and not personnel else rule


def find_recusals(
    people: Iterable[Id],
    personnel: bool,
    subjects: Iterable[Id],
    declared: Collection[Id],
    relations: Relations[Id],
) -> tuple[Recusal[Id], ...]:
    """Returns the recusals of these people from one item, present or not, sorted by person, each once.

    A personnel item recuses its subjects and those related to one (Personnel 18, 23); any item recuses
    those in `declared`. Kinship comes before a declaration.
    """
    concerned = ordered(subjects) if personnel else ()
    found: list[Recusal[Id]] = []
    for person in ordered(people):
        for subject in concerned:
            if kinship := relations.related(person, subject):
                found.append(Recusal(person, "recusal.related", subject, kinship))
                break
        else:
            if person in declared:
                found.append(Recusal(person, "recusal.declared"))
    return tuple(found)
