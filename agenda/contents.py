"""Items, papers and people as records hold them, and the hash that seals an agenda. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from agenda.kinds.noticing import ItemNoticed
from agenda.kinds.planning import ItemSaid, PaperSaid
from agenda.records import Item, Paper, Subject
from agenda.state import PersonState
from bodies.records import BodyPerson


def item_said(item: Item, names: Mapping[int, str]) -> ItemSaid:
    """Returns an item as `item.added` holds it; `names` are those of its subjects, by kin id."""
    return ItemSaid(
        id=item.id,
        position=item.position,
        title=item.title,
        motion=item.motion,
        category=item.category,
        in_charge=item.in_charge_id,
        deputy_in_charge=item.deputy_in_charge_id,
        subjects=tuple(subjects_of(item, names)),
        confidential=item.confidential,
        attendees=tuple(item.attendees),
        materials_complete=item.materials_complete,
        carried=item.carried,
        to_committee=item.to_committee,
    )


def subjects_of(item: Item, names: Mapping[int, str]) -> list[Subject]:
    """Returns the people whom the item is about, with their names."""
    return [Subject(kin, names[kin]) for kin in item.subjects]


def paper_said(paper: Paper) -> PaperSaid:
    """Returns a paper as `paper.added` and `notice.given` hold it."""
    return PaperSaid(paper.id, paper.name, paper.media_type, paper.size, paper.sha256)


def people_said(people: Iterable[BodyPerson]) -> tuple[PersonState, ...]:
    """Returns the meeting's people as records hold them, in the order given."""
    return tuple(
        PersonState(person.id, person.name, person.post, person.seat, person.in_charge, tuple(person.roles))
        for person in people
    )


def agenda_said(
    items: Iterable[Item], papers: Mapping[int, Sequence[Paper]], names: Mapping[int, str]
) -> list[ItemNoticed]:
    """Returns the items of a notice, each with its papers."""
    return [
        ItemNoticed(
            **msgspec.structs.asdict(item_said(item, names)),
            papers=tuple(paper_said(paper) for paper in papers.get(item.id, ())),
            deputy_on_record=item.deputy_on_record_id,
        )
        for item in items
    ]


def agenda_hash(items: Sequence[ItemNoticed]) -> bytes:
    """Returns the SHA-256 of the items as JSON with sorted keys; anyone can recompute it from `notice.given`."""
    return hashlib.sha256(msgspec.json.encode(items, order="sorted")).digest()
