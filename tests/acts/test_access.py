"""The access table: every operation is used by a route or an act, and every route is in the table."""

import re
from pathlib import Path

import pytest
from litestar import Litestar, get

from acts.access import ROLES, check_access
from acts.packages import FLOORS, operations
from acts.refusal import Allowed
from server.app import UnguardedRouteError, check_guarded


def test_a_route_without_an_entry_does_not_start() -> None:
    @get("/api/secret", sync_to_thread=False)
    def secret() -> None: ...

    with pytest.raises(UnguardedRouteError, match="/api/secret"):
        check_guarded(Litestar(route_handlers=[secret], openapi_config=None))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", operations())
def test_every_cell(role: str, operation: str) -> None:
    allowed = operations()[operation]
    expected = bool(allowed & {"anyone", "signed_in", role})
    assert isinstance(check_access(operation, {role}), Allowed) == expected


def test_the_observer_never_acts_on_a_vote() -> None:
    acting = [o for o in operations() if re.match(r"(vote|ballot|decision|item)\.", o) and o != "vote.weigh"]
    assert acting
    assert not [o for o in acting if "observer" in operations()[o]]


def test_every_operation_that_code_names_is_in_the_table() -> None:
    root = Path(__file__).parents[2]
    named = {
        word
        for package in FLOORS
        for path in (root / package).rglob("*.py")
        for word in re.findall(r'"operation": "([a-z_.]+)"', path.read_text("utf-8"))
    }
    assert named
    assert named <= set(operations())
