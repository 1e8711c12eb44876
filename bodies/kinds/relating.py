"""The record of kinship that recusal is judged by (Personnel 18, 23): the secretary keeps it."""

from typing import ClassVar

from msgspec.structs import replace

from acts.content import Stamp, Words
from bodies.records import Kin, Relation
from bodies.state import BodyState, BodyTeller, OfBody, RelationOnRecord
from identity.state import AdminViewName

_TYPES: dict[str, Words] = {
    "parent": ("父母子女", "parent and child"),
    "spouse": ("夫妻", "spouses"),
    "sibling": ("兄弟姐妹", "siblings"),
}


class OfKinship(OfBody, frozen=True):
    """A kind about kinship, which only the observer's view sees."""

    views: ClassVar[frozenset[AdminViewName]] = frozenset({"observer"})


class KinAdded(OfKinship, frozen=True):
    """Somebody whom items may name is on record."""

    kind: ClassVar = "kin.added"

    kin: Kin

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        return replace(state, kin={**state.kin, self.kin.id: self.kin.name})

    def tell(self, teller: BodyTeller) -> Words:
        return f"亲属登记中新增{self.kin.name}", f"{self.kin.name} is in the record of kinship"


class KinshipRecorded(OfKinship, frozen=True):
    """A relation is on record, with the two whom it joins."""

    kind: ClassVar = "kinship.recorded"

    relation: Relation
    kin: tuple[Kin, ...]

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        relation = RelationOnRecord(self.relation.type, self.relation.a, self.relation.b)
        return replace(
            state,
            kin=state.kin | {kin.id: kin.name for kin in self.kin},
            relations={**state.relations, self.relation.id: relation},
        )

    def tell(self, teller: BodyTeller) -> Words:
        chinese, english = _pair(teller, self.relation)
        return f"登记亲属关系：{chinese}", f"Kinship recorded: {english}"


class KinshipRemoved(OfKinship, frozen=True):
    """A relation is off the record."""

    kind: ClassVar = "kinship.removed"

    relation: Relation

    def apply(self, state: BodyState, stamp: Stamp) -> BodyState:
        relations = {id_: each for id_, each in state.relations.items() if id_ != self.relation.id}
        return replace(state, relations=relations)

    def tell(self, teller: BodyTeller) -> Words:
        chinese, english = _pair(teller, self.relation)
        return f"删除亲属关系：{chinese}", f"Kinship removed: {english}"


def _pair(teller: BodyTeller, relation: Relation) -> Words:
    a, b = (teller.state.kin.get(each, f"#{each}") for each in (relation.a, relation.b))
    type_, type_en = _TYPES[relation.type]
    return f"{a}、{b}（{type_}）", f"{a} and {b} ({type_en})"
