"""What every route takes: the database, who is asking, the key of a command, and small wire types."""

from typing import Annotated, TypeAlias
from uuid import UUID

from litestar.di import NamedDependency
from litestar.params import HeaderParameter
from msgspec import Meta

from bodies.acting import Caller
from storage.database import Database

Db: TypeAlias = NamedDependency[Database]
Who: TypeAlias = NamedDependency[Caller]
Key: TypeAlias = Annotated[
    UUID | None,
    HeaderParameter(
        name="Idempotency-Key",
        required=False,
        description="A UUID of the client's own: a command repeated with it is answered as the first time.",
    ),
]

Id: TypeAlias = Annotated[int, Meta(ge=1, lt=2**63)]
Line: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Reason: TypeAlias = Annotated[str, Meta(max_length=2000)]
Text: TypeAlias = Annotated[str, Meta(max_length=20000)]
