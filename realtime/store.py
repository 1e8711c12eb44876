"""The SQL of the live feed: who is still signed in, and with which roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.store import Connection


async def still_signed_in(
    connection: Connection, tokens: Iterable[bytes]
) -> dict[bytes, tuple[int, dict[int, frozenset[str]]]]:
    """Returns the open ones of these sessions, by their token's SHA-256: the person, and the roles by body."""
    asked = list(tokens)
    rows = await connection.fetch("SELECT n, person_id, body_ids, roles FROM authenticate($1)", asked)
    found = {}
    for row in rows:
        roles: dict[int, set[str]] = {}
        for body, role in zip(row["body_ids"] or (), row["roles"] or (), strict=True):
            roles.setdefault(body, set()).add(role)
        found[asked[row["n"] - 1]] = (row["person_id"], {body: frozenset(held) for body, held in roles.items()})
    return found
