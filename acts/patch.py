"""States as JSON that holds no null, and the merge patches between them (RFC 7396). Pure.

A null in a patch takes a member away (RFC 7396, 2), so a state holds none: a field that is None is left out.
"""

from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

Json: TypeAlias = Any


def plain(value: Any) -> Json:
    """A state, or any value in it, as JSON holds it: objects, arrays, strings, numbers, booleans."""
    if isinstance(value, Struct | dict):
        return {name: plain(item) for name, item in _members(value).items()}
    return msgspec.to_builtins(value)


def diff(before: Any, after: Any) -> dict[str, Json]:
    """The merge patch that leads from one state to another of the same type; empty where they are equal."""
    return _changes(_members(before), _members(after))


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Json]:
    patch: dict[str, Json] = dict.fromkeys(before.keys() - after.keys())
    for name, value in after.items():
        old = before.get(name)
        if old is value:  # a value that a record leaves alone is the same object
            continue
        if isinstance(old, Struct | dict) and isinstance(value, Struct | dict) and type(old) is type(value):
            if changed := _changes(_members(old), _members(value)):
                patch[name] = changed
        elif old != value:
            patch[name] = plain(value)
    return patch


def _members(value: Any) -> dict[str, Any]:
    if isinstance(value, Struct):
        return {name: item for name in value.__struct_fields__ if (item := getattr(value, name)) is not None}
    return {str(key): item for key, item in value.items() if item is not None}


def merge(target: Json, patch: Json) -> Json:
    """The target with the patch applied to it (RFC 7396, 2); neither is changed."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged
