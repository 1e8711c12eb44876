"""What records say of items, papers and people, and the hash that seals an agenda. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from agenda.records import Item, Paper, Subject
from bodies.records import BodyPerson


def item_content(item: Item, subjects: Mapping[int, str]) -> dict[str, Any]:
    """An item as `item.added` and `notice.given` hold it; `subjects` gives the names of its kin."""
    return {
        "id": item.id,
        "position": item.position,
        "title": item.title,
        "motion": item.motion,
        "category": item.category,
        "in_charge": item.in_charge_id,
        "deputy_in_charge": item.deputy_in_charge_id,
        "subjects": [{"id": kin, "name": subjects[kin]} for kin in item.subjects],
        "confidential": item.confidential,
        "materials_complete": item.materials_complete,
    }


def subjects_of(item: Item, names: Mapping[int, str]) -> list[Subject]:
    """Whom the item is about, by name."""
    return [Subject(kin, names[kin]) for kin in item.subjects]


def paper_content(paper: Paper) -> dict[str, Any]:
    """A paper as `paper.added` and `notice.given` hold it."""
    return {
        "id": paper.id,
        "name": paper.name,
        "media_type": paper.media_type,
        "size": paper.size,
        "sha256": paper.sha256,
    }


def people_content(people: Iterable[BodyPerson]) -> list[dict[str, Any]]:
    """Who belongs to the meeting, by seat."""
    return [
        {
            "id": person.id,
            "name": person.name,
            "post": person.post,
            "seat": person.seat,
            "in_charge": person.in_charge,
            "roles": list(person.roles),
        }
        for person in people
    ]


def agenda_content(
    items: Iterable[Item], papers: Mapping[int, Sequence[Paper]], subjects: Mapping[int, str]
) -> list[dict[str, Any]]:
    """The items of a notice, each with its papers."""
    return [
        {**item_content(item, subjects), "papers": [paper_content(paper) for paper in papers.get(item.id, ())]}
        for item in items
    ]


def agenda_hash(items: Sequence[Mapping[str, Any]]) -> bytes:
    """SHA-256 of `agenda_content` as JSON with sorted keys: what `notice.given` seals, anyone can recompute."""
    return hashlib.sha256(msgspec.json.encode(items, order="sorted")).digest()
