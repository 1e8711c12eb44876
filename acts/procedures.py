"""The steps of each procedure, as data; PostgreSQL keeps the same table (`procedures`). Pure.

A step leads a subject from one state to another; a record of a kind in `records` stands for it. `during` is the state
of the meeting where the step depends on it; "" is the state of a subject that is not there yet. A body follows the
procedure of its kind (`bodies.kinds_of_body`).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

Procedure = Literal["committee", "executive", "branch"]
Subject = Literal["meeting", "item", "vote", "minutes"]


class Step(Struct, frozen=True):
    """One step of a procedure."""

    subject: Subject
    during: str
    before: str
    after: str
    records: tuple[str, ...]


def _steps(*rows: tuple[Subject, str, str, str, str]) -> tuple[Step, ...]:
    return tuple(Step(*row[:4], tuple(row[4].split())) for row in rows)


_MEETING = _steps(
    ("meeting", "", "", "draft", "meeting.created"),
    (
        "meeting",
        "",
        "draft",
        "draft",
        "meeting.changed meeting.presiding agenda.submitted agenda.approved agenda.sent_back",
    ),
    ("meeting", "", "draft", "cancelled", "meeting.cancelled"),
    ("meeting", "", "draft", "noticed", "notice.given"),
    ("meeting", "", "noticed", "noticed", "meeting.presiding notice.changed"),
    ("meeting", "", "noticed", "draft", "notice.withdrawn"),
    ("meeting", "", "noticed", "in_session", "meeting.called"),
    ("meeting", "", "in_session", "in_session", "chair.handed"),
    ("meeting", "", "in_session", "adjourned", "meeting.adjourned"),
)
_ITEM = _steps(
    ("item", "draft", "withdrawn", "listed", "notice.given"),
    ("item", "draft", "deferred", "listed", "notice.given"),
    ("item", "noticed", "listed", "withdrawn", "item.withdrawn"),
    ("item", "noticed", "listed", "deferred", "item.deferred"),
    ("item", "in_session", "listed", "open", "item.presented"),
    ("item", "in_session", "listed", "withdrawn", "item.withdrawn"),
    ("item", "in_session", "listed", "deferred", "item.deferred"),
    ("item", "in_session", "open", "open", "discussion.closed"),
    ("item", "in_session", "open", "voting", "vote.opened"),
    ("item", "in_session", "open", "put_off", "item.put_off"),
    ("item", "in_session", "open", "withdrawn", "item.withdrawn"),
    ("item", "in_session", "open", "deferred", "item.deferred"),
    ("item", "in_session", "voting", "voted", "vote.closed"),
    ("item", "in_session", "voting", "open", "vote.voided"),
    ("item", "in_session", "voted", "open", "item.reopened"),
    ("item", "in_session", "voted", "decided", "decision.announced"),
)
_VOTE = _steps(
    ("vote", "in_session", "", "open", "vote.opened"),
    ("vote", "in_session", "open", "closed", "vote.closed"),
    ("vote", "in_session", "open", "void", "vote.voided"),
)
_REVIEWS = _steps(
    ("minutes", "adjourned", "draft", "office_reviewed", "minutes.reviewed"),
    ("minutes", "adjourned", "office_reviewed", "deputy_reviewed", "minutes.reviewed"),
    ("minutes", "adjourned", "office_reviewed", "draft", "minutes.sent_back"),
    ("minutes", "adjourned", "deputy_reviewed", "signed", "minutes.signed"),
    ("minutes", "adjourned", "deputy_reviewed", "draft", "minutes.sent_back"),
)
_NO_REVIEWS = _steps(("minutes", "adjourned", "draft", "signed", "minutes.signed"))  # 支部：起草、签发
_MINUTES = _steps(
    ("minutes", "adjourned", "", "draft", "minutes.drafted"),
    ("minutes", "adjourned", "draft", "draft", "minutes.edited minutes.sent_back"),
    ("minutes", "adjourned", "signed", "issued", "minutes.issued"),
    ("minutes", "adjourned", "signed", "draft", "minutes.sent_back"),
    ("minutes", "adjourned", "issued", "issued", "minutes.drawn minutes.distributed minutes.received"),
    ("minutes", "adjourned", "issued", "voided", "minutes.voided"),
    ("minutes", "adjourned", "voided", "voided", "minutes.drawn minutes.received minutes.void_seen"),
)
_ALL = _MEETING + _ITEM + _VOTE + _MINUTES

PROCEDURES: Mapping[Procedure, tuple[Step, ...]] = MappingProxyType(
    {"committee": _ALL + _REVIEWS, "executive": _ALL + _REVIEWS, "branch": _ALL + _NO_REVIEWS}
)


def starts(procedure: Procedure, subject: Subject, record: str, during: str = "") -> frozenset[str]:
    """The states of the subject from which a step starts that this kind of record stands for."""
    return frozenset(
        step.before
        for step in PROCEDURES[procedure]
        if (step.subject, step.during) == (subject, during) and record in step.records
    )
