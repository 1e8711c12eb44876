"""The access table: every operation is used by a route or an act, and every route is in the table."""

import re
from pathlib import Path

import pytest
from litestar import Litestar, get

from bodies.access import OPERATIONS, ROLES, check_access
from server.app import UnguardedRouteError, check_guarded
from storage.refusal import Allowed


def test_a_route_without_an_entry_does_not_start() -> None:
    @get("/api/secret", sync_to_thread=False)
    def secret() -> None: ...

    with pytest.raises(UnguardedRouteError, match="/api/secret"):
        check_guarded(Litestar(route_handlers=[secret], openapi_config=None))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_cell(role: str, operation: str) -> None:
    allowed = OPERATIONS[operation]
    expected = bool(allowed & {"anyone", "signed_in", role})
    assert isinstance(check_access(operation, {role}), Allowed) == expected


def test_the_observer_never_acts_on_a_vote() -> None:
    acting = [o for o in OPERATIONS if re.match(r"(vote|ballot|decision|item)\.", o) and o != "vote.weigh"]
    assert acting
    assert not [o for o in acting if "observer" in OPERATIONS[o]]


def test_every_operation_that_code_names_is_in_the_table() -> None:
    root = Path(__file__).parents[2]
    named = {
        word
        for package in ("bodies", "agenda", "voting", "minutes", "realtime", "server")
        for path in (root / package).glob("*.py")
        for word in re.findall(r'"operation": "([a-z_.]+)"', path.read_text("utf-8"))
    }
    assert named
    assert named <= set(OPERATIONS)
