"""Kinship between people, as far as recusal asks (Personnel 18, 23).

Related are, read from either side: spouses (夫妻); lineal blood at any distance (直系血亲); collateral
blood within three generations (三代以内旁系血亲), that is, a common ancestor one or two steps up from
each; and near affinity (近姻亲): the spouse's parents, the spouse's siblings and their spouses, a
child's spouse and that spouse's parents, the spouse of a collateral within three generations.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, Literal, TypeAlias

from msgspec import Struct

from acts.ids import Id

RelationType: TypeAlias = Literal["parent", "spouse", "sibling"]
_NOBODY: frozenset[int] = frozenset()


class Kinship(Struct, frozen=True):
    """A way in which two people are related: its kind, and the words for it in both languages."""

    kind: Literal["self", "spouse", "lineal", "collateral", "affinity"]
    zh: str
    en: str


SELF = Kinship("self", "本人", "the same person")
SPOUSE = Kinship("spouse", "夫妻关系", "spouses")
LINEAL = Kinship("lineal", "直系血亲关系", "lineal blood")
COLLATERAL = Kinship("collateral", "三代以内旁系血亲关系", "collateral blood within three generations")
AFFINITY = Kinship("affinity", "近姻亲关系", "near affinity")


class Relations(Generic[Id]):
    """The relations known, each `(type, a, b)`; for "parent", a is a parent of b.

    "sibling" stands for one parent of both who has no other place here: siblings of siblings are not
    siblings by themselves. Cycles in the data are harmless, and a relation with oneself says nothing.
    Building costs one step a relation; ancestors are gathered when first asked for.
    """

    def __init__(self, relations: Iterable[tuple[RelationType, Id, Id]] = ()) -> None:
        self._nodes: dict[Id, int] = {}
        self._count = 0
        self._parents: defaultdict[int, set[int]] = defaultdict(set)
        self._children: defaultdict[int, set[int]] = defaultdict(set)
        self._spouses: defaultdict[int, set[int]] = defaultdict(set)
        self._ancestors: dict[int, set[int]] = {}
        self._grandparents: dict[int, set[int]] = {}
        for kind, a, b in relations:
            if a != b:
                self._add(kind, self._node(a), self._node(b))

    def related(self, a: Id, b: Id) -> Kinship | None:
        """The nearest kinship of `a` and `b`; None if they are not related."""
        if a == b:
            return SELF
        x, y = self._nodes.get(a), self._nodes.get(b)
        if x is None or y is None:
            return None
        if y in self._spouses.get(x, _NOBODY):
            return SPOUSE
        if y in self._all_above(x) or x in self._all_above(y):
            return LINEAL
        if self._collateral(x, y):
            return COLLATERAL
        return AFFINITY if self._affinity(x, y) or self._affinity(y, x) else None

    def _node(self, person: Id) -> int:
        if person not in self._nodes:
            self._nodes[person] = self._new()
        return self._nodes[person]

    def _new(self) -> int:
        self._count += 1
        return self._count

    def _add(self, kind: RelationType, a: int, b: int) -> None:
        if kind == "spouse":
            self._spouses[a].add(b)
            self._spouses[b].add(a)
        elif kind == "parent":
            self._parents[b].add(a)
            self._children[a].add(b)
        else:
            unnamed = self._new()
            for child in (a, b):
                self._parents[child].add(unnamed)

    def _above(self, x: int) -> set[int] | frozenset[int]:
        return self._parents.get(x, _NOBODY)

    def _all_above(self, x: int) -> set[int]:
        known = self._ancestors.get(x)
        if known is None:
            known = set()
            ahead = list(self._above(x))
            while ahead:
                one = ahead.pop()
                if one not in known:
                    known.add(one)
                    ahead.extend(self._above(one))
            self._ancestors[x] = known
        return known

    def _two_above(self, x: int, not_through: int) -> set[int]:
        # The way up must not pass through the other person: a parent shares the grandparents with the
        # child, yet is no collateral, or a step-parent would count as a collateral's spouse.
        parents = self._above(x)
        if not_through in parents:
            return {g for p in parents if p != not_through for g in self._above(p)}
        if x not in self._grandparents:
            self._grandparents[x] = {g for p in parents for g in self._above(p)}
        return self._grandparents[x]

    def _siblings(self, x: int, y: int) -> bool:
        return x != y and not self._above(x).isdisjoint(self._above(y))

    def _collateral(self, x: int, y: int) -> bool:
        if x == y:
            return False
        if self._siblings(x, y):
            return True
        two_x, two_y = self._two_above(x, y), self._two_above(y, x)
        return not (two_y.isdisjoint(self._above(x)) and two_x.isdisjoint(self._above(y)) and two_x.isdisjoint(two_y))

    def _affinity(self, x: int, y: int) -> bool:
        for spouse in self._spouses.get(x, _NOBODY):
            if y in self._above(spouse) or self._collateral(spouse, y):
                return True
            if any(self._siblings(spouse, other) for other in self._spouses.get(y, _NOBODY)):
                return True
        # The parents of a married couple (亲家).
        return any(
            y in self._above(spouse)
            for child in self._children.get(x, _NOBODY)
            for spouse in self._spouses.get(child, _NOBODY)
        )
