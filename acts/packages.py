"""The parts that each package brings, named in its own module `package.py`; no list repeats them."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from acts.content import Content

if TYPE_CHECKING:
    from collections.abc import Callable

    from acts.chances import Chance
    from acts.content import Content
    from acts.folding import Subject
    from acts.refusal import Refused, Rule

FLOORS = (
    "acts", "documents", "identity", "bodies", "imports", "agenda", "voting", "decide", "minutes", "realtime", "server",
)  # fmt: skip
"""The packages above `storage`, the lowest first: each imports those before it alone, and its SQL touches their tables
alone."""

T = TypeVar("T")


class Package(Struct, frozen=True):
    """The parts that one package brings to the program.

    `tables` and `functions` name those of the schema that are the package's own (functions of triggers left out): its
    `store.py` touches them and those of floors below. `routes` names the modules whose `routes` the server takes; the
    server alone loads them. `operations` maps an operation to the roles that may do it, `words` a constraint's name to
    the refusal it stands for, `fields` a field's name to its Chinese name, `subjects` a type of subject to its
    `Subject`, `jobs` a kind of job to the function that does it, as "module:name". The kinds of record that a package
    writes are the classes in its folder `kinds/`.
    """

    tables: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    operations: Mapping[str, frozenset[str]] = {}
    rules: "tuple[Rule, ...]" = ()
    words: "Mapping[str, Refused]" = {}
    fields: Mapping[str, str] = {}
    subjects: "Mapping[str, Subject]" = {}
    jobs: Mapping[str, str] = {}


class RegisteredTwiceError(Exception):
    """Two packages bring the same name."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(f"brought by two packages: {', '.join(sorted(names))}")


@cache
def installed() -> tuple[Package, ...]:
    """Every package's `PACKAGE`, the lowest floor first."""
    return tuple(import_module(f"{name}.package").PACKAGE for name in FLOORS if find_spec(f"{name}.package"))


@cache
def operations() -> Mapping[str, frozenset[str]]:
    """The roles that may do each operation."""
    return _joined(package.operations for package in installed())


@cache
def rules() -> "Mapping[str, Rule]":
    """Every rule by its id."""
    return _joined({rule.id: rule for rule in package.rules} for package in installed())


@cache
def words() -> "Mapping[str, Refused]":
    """The refusal that a violated constraint stands for, by the constraint's name."""
    return _joined(package.words for package in installed())


@cache
def fields() -> Mapping[str, str]:
    """The Chinese name of each field that a command or a question has."""
    return _joined(package.fields for package in installed())


@cache
def subjects() -> "Mapping[str, Subject]":
    """Each type of thing that has books."""
    return _joined(package.subjects for package in installed())


@cache
def chances(subject: str) -> "tuple[Callable[[Any], Iterable[Chance]], ...]":
    """Functions from the packages' modules `chances.py` for such a subject: each takes its situation."""
    modules = [import_module(f"{name}.chances") for name in FLOORS if find_spec(f"{name}.chances") and name != "acts"]
    return tuple(module.CHANCES[subject] for module in modules if subject in module.CHANCES)


@cache
def content_classes() -> "tuple[type[Content], ...]":
    """The class of every kind and version of record, from the packages' folders `kinds/`."""
    return tuple(
        each
        for name in FLOORS
        if find_spec(f"{name}.kinds")
        for found in iter_modules(import_module(f"{name}.kinds").__path__, f"{name}.kinds.")
        for each in vars(import_module(found.name)).values()
        if isinstance(each, type)
        and issubclass(each, Content)
        and each.__module__ == found.name
        and "kind" in vars(each)
    )


@cache
def jobs() -> Mapping[str, str]:
    """The function that does each kind of job, as "module:name"; the worker alone loads it."""
    return _joined(package.jobs for package in installed())


def routes() -> list[Any]:
    """Every package's route handlers."""
    return [each for package in installed() for name in package.routes for each in import_module(name).routes]


def _joined(parts: Iterable[Mapping[str, T]]) -> Mapping[str, T]:
    whole: dict[str, T] = {}
    for part in parts:
        if twice := whole.keys() & part.keys():
            raise RegisteredTwiceError(set(twice))
        whole.update(part)
    return MappingProxyType(whole)
