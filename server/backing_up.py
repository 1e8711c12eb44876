"""`yijue backup`: the whole database into a folder, while the server runs or not (docs/decisions, Backups)."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import asyncpg

from identity.store import organization_names
from server.backup_page import sheet
from server.connecting import SignIns, owner_connection
from storage import backups, cluster, streams
from storage.backups import Head, Kept, Page
from storage.errors import OwnerUnknownError
from storage.integrity import Progress
from storage.migrate import check, known
from storage.store import every_book, export_snapshot, keep_log, now, size

T = TypeVar("T")


async def back_up(
    sign_ins: SignIns, data: Path, folder: Path, recipients: tuple[str, ...], progress: Progress, *, dump: bool = False
) -> Kept:
    """Write a backup below `folder`: a copy of the embedded server's cluster with its passwords, or, of a named server
    and where `dump` asks for it, what pg_dump writes. It is encrypted where there are `recipients` (age keys).

    Raises OwnerUnknownError, BackupFailedError, BackupRunningError, OSError.
    """
    streams.recipients_of(recipients)
    if sign_ins.owner is None:
        raise OwnerUnknownError("backing up")
    binaries = await asyncio.to_thread(cluster.find_binaries, data, None)
    async with (
        owner_connection(sign_ins.owner) as owner,
        _page(owner, sign_ins, recipients, dump=dump) as (page, snapshot),
    ):
        name = page.at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        with backups.writing(folder, name) as part:
            if page.method == "cluster":
                assert sign_ins.superuser is not None
                await _copy_cluster(sign_ins.superuser, binaries, part, recipients, progress)
                with (data / backups.PASSWORDS).open("rb") as passwords:
                    streams.write(passwords, part / backups.PASSWORDS, recipients)
            else:
                command = [str(binaries / "pg_dump"), "--format=custom", "--schema=yijue", f"--snapshot={snapshot}"]
                await _pipe(
                    command, sign_ins.owner, part / backups.DUMP, recipients, _out_of(await size(owner), progress)
                )
            await asyncio.to_thread(_finish, part, page)
    return Kept(folder / f"{backups.PREFIX}{name}", page)


@asynccontextmanager
async def _page(
    owner: "asyncpg.Connection[asyncpg.Record]", sign_ins: SignIns, recipients: tuple[str, ...], *, dump: bool
) -> AsyncIterator[tuple[Page, str]]:
    """The page, and the name of the snapshot in which it was read, which lasts as long as the block."""
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        snapshot = await export_snapshot(owner)
        page = Page(
            at=await now(owner),
            method="dump" if dump or sign_ins.superuser is None else "cluster",
            program=version("yijue"),
            schema=len(known()) - len(await check(owner)),
            postgresql=owner.get_settings().server_version,
            organizations=await organization_names(owner),
            heads=[Head(*subject, seq, digest.hex()) for _, subject, seq, digest in await every_book(owner)],
            recipients=list(recipients),
        )
        yield page, snapshot


async def _copy_cluster(
    superuser: str, binaries: Path, part: Path, recipients: tuple[str, ...], progress: Progress
) -> None:
    """Copy the cluster with the log that makes it whole, which a slot keeps from being removed meanwhile."""
    connection = await asyncpg.connect(superuser)
    try:
        await keep_log(connection)
        command = [
            str(binaries / "pg_basebackup"), "--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast",
            "--manifest-checksums=SHA256",
        ]  # fmt: skip
        await _pipe(
            command,
            superuser,
            part / backups.CLUSTER,
            recipients,
            _out_of(await size(connection), progress),
            packed=False,
        )
    finally:
        await connection.close()


def _out_of(whole: int, progress: Progress) -> Callable[[int], None]:
    return lambda done: progress(min(done, whole), whole)  # a guess; the log comes on top


async def _pipe(
    command: list[str], url: str, to: Path, recipients: tuple[str, ...], count: Callable[[int], None], *,
    packed: bool = True,
) -> None:  # fmt: skip
    """Write what the program says into a file; a cancelled call ends the program, and so the writing."""
    with streams.program(command, url, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        source: streams.Reader = streams.Counting(process.stdout, count)
        if not packed:
            source = streams.Compressing(source)
        await in_thread(lambda: streams.write(source, to, recipients), process)


async def in_thread(work: Callable[[], T], process: "subprocess.Popen[bytes]") -> T:
    """Do the work in a thread. Where the call is cancelled, end the process that it waits for, and wait for its end."""
    task = asyncio.create_task(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        process.kill()
        await asyncio.wait([task])
        raise


def _finish(part: Path, page: Page) -> None:
    (part / backups.PAGE).write_bytes(backups.encoded(page))
    (part / "README.txt").write_text(sheet(page), "utf-8")
    backups.write_sums(part)


def age_of(folder: Path, at: datetime) -> float | None:
    """Seconds since the last whole backup below a folder was taken; None where there is none."""
    last = backups.last_good(folder)
    return None if last is None else (at - last.page.at).total_seconds()
