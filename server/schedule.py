"""Backups by the clock: at an hour of each day, or every so many hours; not while a vote is open, if that can be."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from acts.dates import BUREAU_TIME
from server.backing_up import back_up
from server.connecting import SignIns, owner_connection
from server.settings import Settings
from storage import backups
from storage.errors import OwnerUnknownError
from storage.store import now
from voting.store import votes_are_open

log = structlog.get_logger()

LOOK = 30.0  # seconds between looks whether a backup is due
PATIENCE = timedelta(hours=2)  # a vote that is open longer holds no backup up
AGAIN = timedelta(hours=1)  # after one that failed


def due(at: str, last: datetime | None, time: datetime) -> bool:
    """Whether a backup is due by the setting: "03:00", each day at this time of the bureau's, or "6h", six hours after
    the last one. One that was missed is due at once; so is the first."""
    if last is None:
        return True
    if at.endswith("h"):
        return time - last >= timedelta(hours=int(at[:-1]))
    hour, _, minute = at.partition(":")
    latest = time.astimezone(BUREAU_TIME).replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if latest > time:
        latest -= timedelta(days=1)
    return last < latest


def late(at: str, last: datetime, time: datetime) -> bool:
    """Whether the last good backup is older than two of the setting's intervals."""
    return time - last > 2 * timedelta(hours=int(at[:-1]) if at.endswith("h") else 24)


@asynccontextmanager
async def backed_up(settings: Settings, sign_ins: SignIns) -> AsyncIterator[None]:
    """Keep backing up until the end of the block, where a folder is named, can be written to, and the owner's sign-in
    is known. In compose.yaml a service of its own does it: where backups are fresh, another takes them."""
    folder = settings.backups.folder
    if folder is None:
        yield
        return
    if why := _hindrance(folder, sign_ins):
        last = await asyncio.to_thread(backups.last_good, folder)
        if last is None or late(settings.backups.at, last.page.at, datetime.now(UTC)):
            log.warning("not_backing_up", why=why, mend="yijue backup --repeat")
        yield
        return
    task = asyncio.create_task(keep_backed_up(settings, sign_ins))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _hindrance(folder: Path, sign_ins: SignIns) -> str:
    if sign_ins.owner is None:
        return "no owner's sign-in (YIJUE_DATABASE_OWNER_URL)"
    if folder.exists() and os.statvfs(folder).f_flag & os.ST_RDONLY:
        return f"{folder} is read-only here"
    return ""


async def keep_backed_up(settings: Settings, sign_ins: SignIns, *, dump: bool = False) -> None:
    """Back up whenever it is due, for ever; a failure is logged and tried again an hour later. Raises
    OwnerUnknownError."""
    if sign_ins.owner is None:
        raise OwnerUnknownError("backing up")
    failed: datetime | None = None
    waiting: datetime | None = None
    while True:
        try:
            at = await _time(sign_ins)
            if _due(settings, at) and (failed is None or at - failed >= AGAIN):
                waiting = waiting or at
                if at - waiting >= PATIENCE or not await _voting(sign_ins):
                    failed, waiting = at, None  # until it has succeeded
                    await _back_up(settings, sign_ins, dump=dump)
                    failed = None
        except Exception as error:  # the database or the disk may be away for a while
            log.error("backup_failed", why=str(error), again="1 h")
        await asyncio.sleep(LOOK)


def _due(settings: Settings, at: datetime) -> bool:
    assert settings.backups.folder is not None
    last = backups.last_good(settings.backups.folder)
    return due(settings.backups.at, None if last is None else last.page.at, at)


async def _back_up(settings: Settings, sign_ins: SignIns, *, dump: bool) -> None:
    chosen = settings.backups
    assert chosen.folder is not None
    made = await back_up(sign_ins, settings.data, chosen.folder, chosen.recipients, lambda _, __: None, dump=dump)
    removed = await asyncio.to_thread(backups.remove_old, chosen.folder, chosen.keep)
    log.info("backed_up", folder=str(made.folder), removed=len(removed))


async def _time(sign_ins: SignIns) -> datetime:
    async with owner_connection(sign_ins.owner or "") as owner:
        return await now(owner)


async def _voting(sign_ins: SignIns) -> bool:
    async with owner_connection(sign_ins.owner or "") as owner:
        return await votes_are_open(owner)
