import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bodies.kinship import Relations, RelationType

Relation = tuple[RelationType, str, str]

# The list of docs/decision-cases.md as words of steps: U to a parent, D to a child, S to a spouse.
LINEAL = {step * length for step in "UD" for length in range(1, 12)}
COLLATERAL = {"UD", "UUD", "UDD", "UUDD"}
AFFINITY = {"SU", "DS", "SUDS", "DSU"} | {f"S{c}" for c in COLLATERAL} | {f"{c}S" for c in COLLATERAL}
KINDS = [("spouse", {"S"}), ("lineal", LINEAL), ("collateral", COLLATERAL), ("affinity", AFFINITY)]
WORDS = {word for _, words in KINDS for word in words}
PREFIXES = {word[:length] for word in WORDS for length in range(len(word) + 1)}


def words_between(relations: list[Relation], a: str, b: str) -> set[str]:
    """Oracle: the steps of each path from a to b that meets no person twice and begins one of WORDS, as words."""
    steps: list[tuple[str, str, str]] = []
    for number, (kind, x, y) in enumerate(relations):
        if kind == "spouse":
            steps += [(x, "S", y), (y, "S", x)]
        elif kind == "parent":
            steps += [(x, "D", y), (y, "U", x)]
        else:
            steps += [(c, "U", f"#{number}") for c in (x, y)] + [(f"#{number}", "D", c) for c in (x, y)]

    def walk(here: str, met: frozenset[str], word: str) -> Iterator[str]:
        if here == b:
            yield word
            return
        for start, step, end in steps:
            if start == here and end not in met and word + step in PREFIXES:
                yield from walk(end, met | {end}, word + step)

    return set(walk(a, frozenset({a}), ""))


def kind_by_paths(relations: list[Relation], a: str, b: str) -> str | None:
    words = words_between(relations, a, b) & WORDS
    return next((kind for kind, known in KINDS if words & known), None)


@st.composite
def families(draw: st.DrawFn) -> tuple[list[Relation], list[str]]:
    """A few generations with couples, single parents, second marriages and sibling claims."""
    people = ["p0", "p1"]
    relations: list[Relation] = [("spouse", "p0", "p1")]
    couples: list[tuple[str, ...]] = [("p0", "p1")]
    for number in range(2, draw(st.integers(4, 13))):
        new = f"p{number}"
        how = draw(st.sampled_from(["child", "child", "child", "in-law", "in-law", "founder", "sibling"]))
        if how == "child":
            for parent in draw(st.sampled_from(couples)):
                relations.append(("parent", parent, new))
        elif how == "in-law":
            partner = draw(st.sampled_from(people))
            relations.append(("spouse", new, partner) if number % 2 else ("spouse", partner, new))
            couples.append((new, partner))
        elif how == "sibling":
            relations.append(("sibling", draw(st.sampled_from(people)), new))
        people.append(new)
        couples.append((new,))
    if draw(st.booleans()):
        # Two of the family marry, unless they are lineal relatives or siblings.
        a, b = draw(st.lists(st.sampled_from(people), min_size=2, max_size=2, unique=True))
        if not words_between(relations, a, b) & (LINEAL | {"UD"}):
            relations.append(("spouse", a, b))
    return draw(st.permutations(relations)), people


@given(families())
@settings(max_examples=300, deadline=None)
def test_kinship_is_what_walking_every_path_finds(family: tuple[list[Relation], list[str]]) -> None:
    relations, people = family
    graph = Relations(relations)
    for number, a in enumerate(people):
        for b in people[:number]:
            found = graph.related(a, b)
            assert (found and found.kind) == kind_by_paths(relations, a, b), (a, b, relations)
            assert graph.related(b, a) == found


def chain(*generations: str) -> list[Relation]:
    return [("parent", a, b) for a, b in pairwise(generations)]


FAMILY: list[Relation] = [
    *chain("great", "grandma", "mother", "me", "child", "grandchild"),
    *chain("great", "greatuncle", "second"),
    *chain("grandma", "uncle", "cousin", "cousinchild"),
    *chain("mother", "brother", "nephew"),
    ("spouse", "me", "wife"),
    ("spouse", "brother", "brotherwife"),
    ("spouse", "uncle", "aunt"),
    ("spouse", "cousin", "cousinhusband"),
    ("spouse", "nephew", "niecebylaw"),
    ("spouse", "mother", "stepfather"),
    ("parent", "stepfather", "stepbrother"),
    ("spouse", "child", "childspouse"),
    ("parent", "inlaw", "childspouse"),
    ("sibling", "childspouse", "childspousesister"),
    ("spouse", "grandchild", "grandchildspouse"),
    *chain("wifegreat", "wifegrandma", "wifemother", "wife"),
    *chain("wifegrandma", "wifeuncle", "wifecousin"),
    *chain("wifemother", "wifesister", "wifeniece"),
    ("spouse", "wifesister", "sisterhusband"),
    ("parent", "sisterhusbandmother", "sisterhusband"),
    ("parent", "aunt", "auntsfirst"),
]


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        ("wife", "spouse"),
        ("great", "lineal"),
        ("grandchild", "lineal"),
        ("brother", "collateral"),
        ("uncle", "collateral"),
        ("cousin", "collateral"),
        ("nephew", "collateral"),
        ("greatuncle", None),
        ("cousinchild", None),
        ("second", None),
        ("wifemother", "affinity"),
        ("wifesister", "affinity"),
        ("sisterhusband", "affinity"),
        ("wifeniece", "affinity"),
        ("wifeuncle", "affinity"),
        ("wifecousin", "affinity"),
        ("brotherwife", "affinity"),
        ("aunt", "affinity"),
        ("cousinhusband", "affinity"),
        ("niecebylaw", "affinity"),
        ("childspouse", "affinity"),
        ("inlaw", "affinity"),
        ("childspousesister", None),
        ("grandchildspouse", None),
        ("wifegrandma", None),
        ("wifegreat", None),
        ("stepfather", None),
        ("stepbrother", None),
        ("sisterhusbandmother", None),
        ("auntsfirst", None),
        ("nobody", None),
    ],
)
def test_each_relation_of_the_list_from_either_side(other: str, kind: str | None) -> None:
    graph = Relations(FAMILY)
    for pair in (("me", other), (other, "me")):
        found = graph.related(*pair)
        assert (found and found.kind) == kind


def test_siblings_of_siblings_are_none_by_themselves() -> None:
    graph = Relations([("sibling", "a", "b"), ("sibling", "b", "c")])
    assert graph.related("a", "b")
    assert graph.related("a", "c") is None


def test_two_wives_of_one_man_are_no_relatives() -> None:
    graph = Relations([("parent", "p", "x"), ("spouse", "x", "a"), ("spouse", "x", "b")])
    assert graph.related("a", "b") is None


def test_numbers_serve_as_ids() -> None:
    found = Relations([("parent", 1, 2)]).related(2, 1)
    assert found is not None
    assert (found.kind, found.zh) == ("lineal", "直系血亲关系")


def test_cycles_and_long_lines_end() -> None:
    around: list[Relation] = [("parent", f"n{i}", f"n{(i + 1) % 3000}") for i in range(3000)]
    around += [("spouse", "n0", "n1"), ("spouse", "n0", "n0"), ("parent", "n5", "n5")]
    graph = Relations(around)
    began = time.process_time()
    assert graph.related("n0", "n2000")
    assert graph.related("n7", "other") is None
    many = Relations([("sibling", "centre", f"s{i}") for i in range(2000)])
    assert many.related("s1", "s2") is None
    assert all(many.related("centre", f"s{i}") for i in range(2000))
    assert time.process_time() - began < 2
