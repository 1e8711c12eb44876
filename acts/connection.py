"""The connection of a request: once a session is proved on it, it is no stranger's (`server/connections.py`)."""

from collections.abc import Callable, Mapping
from typing import Any

KEY = "yijue.signed_in"
"""The place in a request's state of the function that says so; a server that counts no connections gives none."""


def signed_in(scope: Mapping[str, Any]) -> None:
    """Say that a request on this connection has proved a session."""
    say: Callable[[], None] | None = scope.get("state", {}).get(KEY)
    if say is not None:
        say()
