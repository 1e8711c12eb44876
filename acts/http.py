"""Parameters that routes share: the database, the caller, a command's key; small wire types are in `wire.py`."""

from typing import Annotated, TypeAlias
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import HeaderParameter, PathParameter, QueryParameter

from acts.acting import Caller
from acts.database import Database
from acts.limits import Limits
from acts.scanner import Scanner
from acts.wire import MOST_ID, DueReason, DueText, Id, Line, MaybeLine, Reason, Text

__all__ = [
    "After", "Db", "DueReason", "DueText", "Id", "Key", "Line", "MaybeLine", "Measured", "PathId", "PathYear",
    "Reason", "Scans", "Text", "Who",
]  # fmt: skip

PathId: TypeAlias = Annotated[int, PathParameter(ge=1, le=MOST_ID)]
PathYear: TypeAlias = Annotated[int, PathParameter(ge=2000, le=9999)]

After: TypeAlias = Annotated[int, QueryParameter(name="after", required=False, ge=0, le=MOST_ID)]

Db: TypeAlias = NamedDependency[Database]
Who: TypeAlias = NamedDependency[Caller]
Scans: TypeAlias = NamedDependency[Scanner | None]
Measured: TypeAlias = NamedDependency[Limits]
Key: TypeAlias = Annotated[
    UUID | None,
    HeaderParameter(
        name="Idempotency-Key",
        required=False,
        description="A UUID of the client's own: a command repeated with it is answered as the first time.",
    ),
]
