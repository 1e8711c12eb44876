"""The connection of a request: once a session is proved on it, it is no stranger's (`server/connections.py`)."""

from collections.abc import Mapping
from typing import Any

KEY = "yijue.connection"
"""The place of its connection in a request's state; a server that counts no connections gives none."""


def signed_in(scope: Mapping[str, Any]) -> None:
    """Say that a request on this connection has proved a session."""
    connection = scope.get("state", {}).get(KEY)
    if connection is not None:
        connection.signed_in()
