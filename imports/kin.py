"""A body's record of kinship as it will be while an import is planned: the kin known, and those to come. Pure.

It treats names as `bodies.relatives` will: a member is taken to be the one kin of their name on record.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from bodies.kinship import RelationType
from bodies.records import Kin, Relation

How = Literal["known", "bound", "new"]


class KinRef(Struct, frozen=True):
    """Somebody by name, and by staff number where they are one of the organization's people."""

    name: str
    staff_number: str | None = None


class Register:
    """Kin by name and by staff number; each is an int of this register's own."""

    def __init__(
        self,
        kin: Iterable[Kin],
        relations: Iterable[Relation],
        names: Mapping[int, str],
        numbers: Mapping[int, str],
    ) -> None:
        self._named: dict[str, list[int]] = {}
        self._of_person: dict[str, int] = {}
        self._bound: set[int] = set()
        self._count = 0
        ids = {}
        for each in kin:
            # A person's new name is their kin's too.
            name = each.name if each.person is None else names[each.person]
            ids[each.id] = self._add(name, None if each.person is None else numbers[each.person])
        self._relations = {self._key(each.type, ids[each.a], ids[each.b]) for each in relations}

    def namesakes(self, name: str) -> int:
        """Returns how many of this name are known."""
        return len(self._named.get(name, ()))

    def know(self, ref: KinRef) -> tuple[int, How]:
        """Returns the kin meant: known already, bound to the person now, or new. A bare name is that of one at most."""
        named = self._named.get(ref.name, [])
        if ref.staff_number is None:
            return (named[0], "known") if named else (self._add(ref.name, None), "new")
        if (known := self._of_person.get(ref.staff_number)) is not None:
            return known, "known"
        unbound = [each for each in named if each not in self._bound]
        if len(unbound) == 1:
            self._bind(unbound[0], ref.staff_number)
            return unbound[0], "bound"
        return self._add(ref.name, ref.staff_number), "new"

    def related(self, type_: RelationType, a: int, b: int) -> bool:
        """Whether `a` and `b` are so related; for "parent", a is a parent of b."""
        return self._key(type_, a, b) in self._relations

    def relate(self, type_: RelationType, a: int, b: int) -> None:
        """Add that relation."""
        self._relations.add(self._key(type_, a, b))

    def _add(self, name: str, number: str | None) -> int:
        self._count += 1
        self._named.setdefault(name, []).append(self._count)
        if number is not None:
            self._bind(self._count, number)
        return self._count

    def _bind(self, kin: int, number: str) -> None:
        self._bound.add(kin)
        self._of_person[number] = kin

    @staticmethod
    def _key(type_: RelationType, a: int, b: int) -> tuple[RelationType, int, int]:
        return (type_, a, b) if type_ == "parent" else (type_, min(a, b), max(a, b))
