"""Merge patches: the examples of RFC 7396, and any two states."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from acts.patch import diff, merge, plain

# The examples of RFC 7396, appendix A, whose target or patch is an object.
EXAMPLES = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "result"), EXAMPLES)
def test_the_examples_of_the_rfc(target: Any, patch: Any, result: Any) -> None:
    assert merge(target, patch) == result


class Leaf(Struct, frozen=True):
    name: str
    seat: int | None = None
    roles: tuple[str, ...] = ()


class Tree(Struct, frozen=True):
    title: str = ""
    acting: int | None = None
    leaf: Leaf | None = None
    leaves: dict[int, Leaf] = {}
    open: bool = False


leaves = st.builds(Leaf, st.text(max_size=2), st.none() | st.integers(0, 3), st.just(()) | st.just(("a", "b")))
trees = st.builds(
    Tree,
    st.text(max_size=2),
    st.none() | st.integers(0, 3),
    st.none() | leaves,
    st.dictionaries(st.integers(1, 4), leaves, max_size=4),
    st.booleans(),
)


def nulls(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and any(nulls(each) for each in value.values()))


@given(trees, trees)
def test_a_patch_leads_from_any_state_to_any_other(before: Tree, after: Tree) -> None:
    assert merge(plain(before), diff(before, after)) == plain(after)
    assert not nulls(plain(after))
    assert (diff(before, after) == {}) == (before == after)
