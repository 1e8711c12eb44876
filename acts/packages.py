"""What a package brings, each in a module `package.py` of its own; no list repeats it."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    from acts.refusal import Refused, Rule

FLOORS = (
    "acts", "documents", "identity", "bodies", "imports", "agenda", "voting", "decide", "minutes", "realtime", "server",
)  # fmt: skip
"""The packages above `storage`, the lowest first: each imports those before it alone, and its SQL touches their tables
alone."""

T = TypeVar("T")


class Package(Struct, frozen=True):
    """What one package brings to the program.

    `routes` names the modules whose `routes` the server takes; the server alone loads them. `operations` maps an
    operation to the roles that may do it, `words` a constraint's name to the refusal it stands for, `fields` a field's
    name to its Chinese name, `jobs` a kind of job to the function that does it, as "module:name".
    """

    routes: tuple[str, ...] = ()
    operations: Mapping[str, frozenset[str]] = {}
    rules: "tuple[Rule, ...]" = ()
    words: "Mapping[str, Refused]" = {}
    fields: Mapping[str, str] = {}
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
    """Who may do what: operation → roles."""
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
