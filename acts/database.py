"""The database as acts use it: what PostgreSQL refuses is a refusal."""

from contextlib import AbstractAsyncContextManager

from acts.constraints import refused
from storage import database
from storage.database import Announce, Database


def connected(url: str, announce: Announce, size: int = 12) -> AbstractAsyncContextManager[Database]:
    """`storage.database.connected`, errors translated to `RefusedError` (see `acts.constraints.refused`)."""
    return database.connected(url, announce, refused, size)
