"""The records of administration and access, read together, the latest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from acts.folding import BookState, content_of, stamp_of
from acts.packages import subjects
from acts.showing import tell
from bodies import store
from bodies.state import BodyState, PersonInBody
from identity import store as people_store
from identity.state import AccessState, OrganizationState, PersonOnRecord
from storage.ledger import Record

if TYPE_CHECKING:
    from storage.store import Connection

PAGE = 100
MOST = 50_000  # rows of an export
Group: TypeAlias = Literal["sign_in", "reading", "taking", "administration"]
GROUPS: Mapping[Group, tuple[str, ...]] = {
    "sign_in": ("access.signed_in", "access.failed", "access.signed_out"),
    "reading": ("access.paper_read",),
    "taking": ("access.file_taken",),
    "administration": (),  # all that are of no other group
}


class Asked(Struct, frozen=True):
    """A question: records of one group, by one person, from `since` to before `until`; None for any. `oldest` turns the
    order."""

    group: Group | None = None
    person: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    oldest: bool = False


class AuditRecord(Struct, frozen=True):
    """A record as the audit shows it: `book` names the body in whose book it stands, "" for the organization's."""

    id: str
    at: datetime
    group: Group
    kind: str
    actor: int | None
    by: str
    book: str
    zh: str
    en: str


class Whom(Struct, frozen=True):
    """A person by whom records can be sought."""

    id: int
    name: str


class AuditPage(Struct, frozen=True):
    """A page of records; `more` says that there are others after them. `people` are those of the organization."""

    records: list[AuditRecord]
    more: bool
    people: list[Whom]


async def read_audit(connection: Connection, asked: Asked, offset: int, limit: int = PAGE) -> AuditPage:
    """Returns the page that begins after `offset` records. Of bodies those alone that the transaction's person sees."""
    await people_store.flush_missed(connection)
    people = await people_store.people(connection)
    named = {body.id: body.name for body in await store.bodies(connection)}
    kin = await store.every_kin_name(connection)
    known = {
        each.id: PersonOnRecord(each.name, each.staff_number, each.post, each.administrator, each.active)
        for each in people
    }
    states: dict[str, BookState] = {
        "organization": OrganizationState(people=known),
        "access": AccessState(people=known),
        "body": BodyState(people={each.id: PersonInBody(each.name) for each in people}, kin=kin),
    }
    found = await store.audited(connection, asked_of(asked), offset, limit + 1)
    shown = [_shown(record, states, known, named) for record in found[:limit]]
    return AuditPage(shown, len(found) > limit, [Whom(each.id, each.name) for each in people])


def asked_of(asked: Asked) -> tuple[Any, ...]:
    """Returns the values of the query: kinds that count, kinds that do not, person, times, order."""
    kinds = GROUPS[asked.group] if asked.group else ()
    others = _of_groups() if asked.group == "administration" else ()
    return (list(kinds) or None, list(others), asked.person, asked.since, asked.until, asked.oldest)


def _of_groups() -> Sequence[str]:
    return [kind for kinds in GROUPS.values() for kind in kinds]


def group_of(kind: str) -> Group:
    """Returns the group to which a kind of record belongs."""
    return next((group for group, kinds in GROUPS.items() if kind in kinds), "administration")


def _shown(
    record: Record, states: Mapping[str, BookState], known: Mapping[int, PersonOnRecord], named: Mapping[int, str]
) -> AuditRecord:
    subject = record.subject
    assert subject in subjects()
    zh, en = tell(content_of(record), stamp_of(record), states[subject], subject)
    by = known[record.actor].name if record.actor is not None and record.actor in known else ""
    book = named.get(record.body, "") if record.body else ""
    key = f"{subject}-{record.subject_id}-{record.seq}"
    return AuditRecord(key, record.at, group_of(record.kind), record.kind, record.actor, by, book, zh, en)
