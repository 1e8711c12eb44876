"""Print docs/records.md: every kind of record, from the classes in the packages' folders `kinds/`."""

import inspect
import sys
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from acts.content import Content
from acts.packages import FLOORS, content_classes

HEAD = """\
# Records

`make records` writes this page from the classes in the packages' folders `kinds/`; a test holds it fresh.

The book of a subject is the sequence of these records. A record is `{"actor", "at", "body", "content", "kind",
"organization", "salt", "seq", "subject", "subject_id", "version"}`; people, items and votes are named by id, times are
ISO 8601 UTC. The class of its kind folds it (`apply`), shows it to each view (`see`) and says it as a sentence
(`tell`). A field followed by `?` has a default; `null` is kept where it is named. The form is the version of what is
stored.

A view that is not named sees that there is a record, and nothing of it. *Less* is a part of the record, or not always
all of it. One who is recused from the item of a record sees nothing of it, or what is named there.
"""

FOOT = """
## States of an item

`listed` → `open` (presented) → `voting` → `voted` → `decided`; a void vote leads back to `open`; `put_off`,
`withdrawn` and `deferred` end it. One item at a time is `open`, `voting` or `voted`.
"""

Parts = dict[str, type[msgspec.Struct]]


def page() -> str:
    """Returns the whole page."""
    parts: Parts = {}
    said = [HEAD]
    families: dict[str, list[type[Content]]] = {}
    for each in content_classes():
        families.setdefault(each.__module__, []).append(each)
    for package in FLOORS:
        modules = [module for module in families if module.startswith(f"{package}.kinds.")]
        if modules:
            said.append(f"\n## {package}\n")
        for module in modules:
            said.append(f"\n### {module.rpartition('.')[2]}\n\n{_prose(import_module(module))}\n")
            said += [_kind(each, parts) for each in families[module]]
    lines: dict[str, str] = {}
    while left := parts.keys() - lines.keys():  # a part has parts of its own
        lines |= {name: f"- **{name}**: {_prose(parts[name])} {_fields(parts[name], parts)}\n" for name in sorted(left)}
    said += ["\n## Parts\n\nWhat the fields above hold.\n\n", *(lines[name] for name in sorted(lines)), FOOT]
    return "".join(said)


def _kind(kind: type[Content], parts: Parts) -> str:
    form = f" (form {kind.form})"
    return (
        f"\n**`{kind.kind}`** in the book of {_SUBJECTS.get(kind.subject, f'a {kind.subject}')}{form}."
        f" {_prose(kind)}  \n{_fields(kind, parts)}  \n{_seen(kind)}\n"
    )


_SUBJECTS = {"*": "any subject", "organization": "an organization", "access": "an organization's access"}


def _prose(documented: Any) -> str:
    return " ".join((inspect.getdoc(documented) or "").split())


def _fields(struct: type[msgspec.Struct], parts: Parts) -> str:
    found = [
        f"`{each.name}{'' if each.required else '?'}: {_type(each.type, parts)}`"
        for each in msgspec.structs.fields(struct)
    ]
    return ", ".join(found) or "Nothing besides."


def _type(of: Any, parts: Parts) -> str:
    origin, inside = get_origin(of), get_args(of)
    if origin is Literal:
        return " | ".join(f'"{each}"' for each in inside)
    if origin in (Union, UnionType):
        return " | ".join(_type(each, parts) for each in inside)
    if origin in (tuple, list):
        return f"[{_type(inside[0], parts)}]"
    if origin is dict:
        return f"{{{_type(inside[0], parts)}: {_type(inside[1], parts)}}}"
    if of is NoneType:
        return "null"
    if isinstance(of, type) and issubclass(of, msgspec.Struct):
        parts[of.__name__] = of
    return str(of.__name__)


def _seen(kind: type[Content]) -> str:
    if kind.subject == "*":
        return "Seen: as each view says."
    said = [f"Seen by {_names(kind, kind.views)}"]
    if kind.part:
        said.append(f"less by {_names(kind, kind.part)}")
    if hasattr(kind, "see_recused") and "item" in kind.__struct_fields__ and not getattr(kind, "drafting", False):
        partly = kind.see_recused.__qualname__ != "MeetingContent.see_recused"
        said.append(f"recused: {'less' if partly else 'nothing'}")
    return "; ".join(said) + "."


def _names(kind: type[Content], views: frozenset[str]) -> str:
    every = frozenset[str]().union(
        *(each.views | each.part for each in content_classes() if each.subject == kind.subject)
    )
    return "every view" if views == every else ", ".join(sorted(views)) or "no view whole"


if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())
