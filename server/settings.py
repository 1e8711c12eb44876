"""Settings: from the environment alone, read once at start."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from msgspec import Struct

from acts.room import MIB, RESERVE
from identity.provider import ProviderSettings
from server.proxies import malformed
from storage.embedded import default_folder
from storage.errors import YijueError

if TYPE_CHECKING:
    from documents.fonts import Role

WHEN = re.compile(r"([01]?\d|2[0-3]):[0-5]\d|[1-9]\d?h")
_FONTS = ("body", "title", "hei", "kai")


class SettingError(YijueError):
    """A setting cannot be read."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        self.name, self.value = name, value
        super().__init__(f"{name} is {value!r}, which is not {wanted}")


class Backups(Struct, frozen=True):
    """Where backups go (None: nowhere), when they are taken (see `schedule.py`), how many are kept, and the age keys
    that they are encrypted to."""

    folder: Path | None = None
    at: str = "03:00"
    keep: int = 14
    recipients: tuple[str, ...] = ()

    def choose(self, folder: Path | None, keep: int | None, recipients: tuple[str, ...]) -> Backups:
        """These settings, with what a command was given in place of its own."""
        return Backups(folder or self.folder, self.at, keep or self.keep, recipients or self.recipients)


class Settings(Struct, frozen=True):
    """The operator's choices. `database_url` None means the embedded server in `data`; `proxies` are the addresses and
    networks of those whose X-Forwarded-* headers count; `disk` is a folder on the database's disk, None where that is
    not known; `reserve` is the space in bytes that papers leave there; `scanner` is the virus scanner's socket, "" for
    none; `heads` is the file or address where heads are kept outside; `metrics_from` are the addresses and networks
    that may read the figures at /metrics, `metrics_token` the word by which anybody may; `provider` signs
    people in beside the password."""

    database_url: str | None
    owner_url: str | None
    data: Path
    fonts: dict[Role, str]
    origins: tuple[str, ...]
    proxies: tuple[str, ...]
    backups: Backups = Backups()
    disk: Path | None = None
    reserve: int = RESERVE
    metrics_from: tuple[str, ...] = ("127.0.0.0/8", "::1")
    metrics_token: str = ""
    scanner: str = ""
    heads: str | None = None
    provider: ProviderSettings | None = None


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(each.strip() for each in (text or "").split(",") if each.strip())


def _backups(get: Callable[[str], str | None]) -> Backups:
    keep = get("YIJUE_BACKUP_KEEP") or "14"
    if not keep.isdecimal() or int(keep) < 1:
        raise SettingError("YIJUE_BACKUP_KEEP", keep, "a number of backups, 1 or more")
    at = get("YIJUE_BACKUP_AT") or "03:00"
    if not WHEN.fullmatch(at):
        raise SettingError("YIJUE_BACKUP_AT", at, "a time of the day, such as 03:00, or a number of hours, such as 6h")
    folder = get("YIJUE_BACKUPS")
    return Backups(Path(folder) if folder else None, at, int(keep), _listed(get("YIJUE_BACKUP_RECIPIENTS")))


def _provider(get: Callable[[str], str | None]) -> ProviderSettings | None:
    issuer, client = get("YIJUE_OIDC_ISSUER") or "", get("YIJUE_OIDC_CLIENT_ID") or ""
    if not issuer:
        return None
    if urlsplit(issuer).scheme != "https" and urlsplit(issuer).hostname not in ("localhost", "127.0.0.1"):
        raise SettingError("YIJUE_OIDC_ISSUER", issuer, "an address with https")
    if not client:
        raise SettingError("YIJUE_OIDC_CLIENT_ID", client, "the name of a client at the provider")
    if get("YIJUE_DATABASE_URL") and not get("YIJUE_DATABASE_OWNER_URL"):
        raise SettingError("YIJUE_DATABASE_OWNER_URL", "", "the owner's sign-in, which signing in by a provider needs")
    return ProviderSettings(
        issuer,
        client,
        get("YIJUE_OIDC_CLIENT_SECRET") or "",
        get("YIJUE_OIDC_CLAIM") or "preferred_username",
        get("YIJUE_OIDC_ORGANIZATION") or None,
        get("YIJUE_OIDC_NAME") or "统一身份认证",
    )


def from_environment() -> Settings:
    """Read YIJUE_DATABASE_URL, YIJUE_DATABASE_OWNER_URL, YIJUE_DATA, YIJUE_FONT_<ROLE>, YIJUE_ORIGINS,
    YIJUE_TRUSTED_PROXIES, YIJUE_BACKUPS, YIJUE_BACKUP_AT, YIJUE_BACKUP_KEEP, YIJUE_BACKUP_RECIPIENTS,
    YIJUE_DATABASE_DISK, YIJUE_RESERVE (MiB), YIJUE_VIRUS_SCANNER, YIJUE_HEADS, YIJUE_METRICS_FROM, YIJUE_METRICS_TOKEN,
    YIJUE_OIDC_ISSUER, YIJUE_OIDC_CLIENT_ID, YIJUE_OIDC_CLIENT_SECRET, YIJUE_OIDC_CLAIM, YIJUE_OIDC_ORGANIZATION,
    YIJUE_OIDC_NAME. Raises SettingError."""
    get = os.environ.get
    data = Path(get("YIJUE_DATA") or default_folder())
    named = get("YIJUE_DATABASE_DISK")
    reserve = get("YIJUE_RESERVE") or str(RESERVE // MIB)
    allowed = _listed(get("YIJUE_METRICS_FROM")) or ("127.0.0.0/8", "::1")
    if wrong := malformed(allowed):
        raise SettingError("YIJUE_METRICS_FROM", ", ".join(wrong), "addresses or networks, such as 10.0.0.5")
    if not (reserve.isascii() and reserve.isdigit()):
        raise SettingError("YIJUE_RESERVE", reserve, "a number of MiB, such as 512")
    return Settings(
        database_url=get("YIJUE_DATABASE_URL"),
        owner_url=get("YIJUE_DATABASE_OWNER_URL"),
        data=data,
        fonts={cast("Role", role): path for role in _FONTS if (path := get(f"YIJUE_FONT_{role.upper()}"))},
        origins=_listed(get("YIJUE_ORIGINS")),
        proxies=_listed(get("YIJUE_TRUSTED_PROXIES")),
        backups=_backups(get),
        disk=Path(named) if named else None if get("YIJUE_DATABASE_URL") else data,
        reserve=int(reserve) * MIB,
        metrics_from=allowed,
        metrics_token=get("YIJUE_METRICS_TOKEN") or "",
        scanner=(get("YIJUE_VIRUS_SCANNER") or "").strip(),
        heads=get("YIJUE_HEADS"),
        provider=_provider(get),
    )
