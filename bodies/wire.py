"""Small types of what is sent: ids and texts, bounded so that bad input is refused at the edge."""

from typing import Annotated, TypeAlias

from msgspec import Meta

Id: TypeAlias = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Line: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Reason: TypeAlias = Annotated[str, Meta(max_length=2000)]
Text: TypeAlias = Annotated[str, Meta(max_length=20000)]
