"""Settings: from the environment alone, read once at start."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from storage.embedded import default_folder

if TYPE_CHECKING:
    from documents.fonts import Role

_FONTS = ("body", "title", "hei", "kai")


class Settings(Struct, frozen=True):
    """The operator's choices. `database_url` None means the embedded server in `data`; `proxies` are the addresses and
    networks of those whose X-Forwarded-* headers count."""

    database_url: str | None
    owner_url: str | None
    data: Path
    fonts: dict[Role, str]
    origins: tuple[str, ...]
    proxies: tuple[str, ...]


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (text or "").split(",") if each.strip())


def from_environment() -> Settings:
    """Read YIJUE_DATABASE_URL, YIJUE_DATABASE_OWNER_URL, YIJUE_DATA, YIJUE_FONT_<ROLE>, YIJUE_ORIGINS,
    YIJUE_TRUSTED_PROXIES."""
    get = os.environ.get
    return Settings(
        database_url=get("YIJUE_DATABASE_URL"),
        owner_url=get("YIJUE_DATABASE_OWNER_URL"),
        data=Path(get("YIJUE_DATA") or default_folder()),
        fonts={cast("Role", role): path for role in _FONTS if (path := get(f"YIJUE_FONT_{role.upper()}"))},
        origins=_listed(get("YIJUE_ORIGINS")),
        proxies=_listed(get("YIJUE_TRUSTED_PROXIES")),
    )
