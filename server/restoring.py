"""`yijue restore`: a backup into an empty place, never over data; then everything is checked."""

import asyncio
import shutil
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from msgspec import Struct
from pyrage.x25519 import Identity

from server.backing_up import in_thread
from server.checking import Bar, Checked, check_all
from server.connecting import SignIns, apply_migrations, owner_connection, reach
from server.lost import compare_heads
from server.settings import Settings
from storage import backups, cluster, streams
from storage.backups import CLUSTER, DUMP, PASSWORDS, Head, Page
from storage.cluster import Places
from storage.errors import BackupDamagedError, EmbeddedServerError, OwnerUnknownError, RestoringRefusedError
from storage.integrity import Progress
from storage.migrate import known
from storage.store import has_schema, hash_at


class Restored(Struct, frozen=True):
    """What came of it: the backup's page, what was checked, the heads of the page that the database does not have, and
    in both languages what is lost by what the heads kept outside know."""

    page: Page
    checked: list[Checked]
    missing: list[Head]
    lost: list[tuple[str, str]] = []

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.missing and not any(each.faults for each in self.checked)


async def restore(settings: Settings, folder: Path, identity: Path | None, bar: Bar) -> Restored:
    """Restore the backup into the embedded server's folder, or, of a dump, into the database that is named.

    Raises RestoringRefusedError where there are data or where no key opens it, BackupDamagedError, BackupFailedError.
    """
    page = backups.read_page(folder)
    if page.schema > len(known()):
        raise RestoringRefusedError(f"the backup is of schema {page.schema}, this program knows {len(known())}: "
                                    "install the newer program")  # fmt: skip
    if settings.database_url is None:
        require_empty(settings.data)
    elif page.method == "cluster":
        raise RestoringRefusedError(
            "the backup is a copy of the embedded server: leave YIJUE_DATABASE_URL unset and name an empty folder in "
            "YIJUE_DATA, or take a backup with --dump"
        )
    identities = streams.identities_of(identity)
    with bar("核对备份") as progress:
        await asyncio.to_thread(backups.verify, folder, progress)
    try:
        if page.method == "cluster":
            with bar("恢复数据") as progress:
                await asyncio.to_thread(_put_back, settings.data, folder, page, identities, progress)
        async with AsyncExitStack() as stack:
            sign_ins = await stack.enter_async_context(_empty(settings) if page.method == "dump" else reach(settings))
            if sign_ins.owner is None:
                raise OwnerUnknownError("restoring")
            if page.method == "dump":
                with bar("恢复数据") as progress:
                    await _load(settings.data, sign_ins.owner, folder, identities, progress)
    except BaseException as error:
        said = error.log.read_text("utf-8")[-500:].strip() if isinstance(error, EmbeddedServerError) else ""
        if settings.database_url is None:
            _clear(settings.data)  # there were no data before
        if said:
            raise BackupDamagedError(folder, f"PostgreSQL does not start on it: {said}") from error
        raise
    return await _look(settings, page, bar)


def require_empty(data: Path) -> None:
    """Raise RestoringRefusedError where the folder holds anything."""
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise RestoringRefusedError(
            f"{data} is not empty, and a backup is never restored over data: name another folder in YIJUE_DATA"
        )


def _clear(data: Path) -> None:
    for each in data.iterdir() if data.exists() else ():
        shutil.rmtree(each) if each.is_dir() else each.unlink()


def _put_back(data: Path, folder: Path, page: Page, identities: list[Identity], progress: Progress) -> None:
    places, account = Places(data), cluster.own_account()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if page.postgresql.partition(".")[0] != cluster.VERSION:
        raise RestoringRefusedError(
            f"the backup is a cluster of PostgreSQL {page.postgresql}, this program brings {cluster.VERSION}: restore "
            "it with the program that made it, then run `yijue upgrade-database` with this one (docs/operation.md)"
        )
    whole = sum(path.stat().st_size for path in folder.iterdir())
    part = data / "cluster.restoring"
    part.mkdir(mode=0o700)
    try:
        with streams.opened(folder / CLUSTER, identities, lambda done: progress(done, whole)) as source:
            streams.unpack(source, part)
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamagedError(folder, f"{CLUSTER}: {error}") from error
    backups.verify_cluster(part)
    places.passwords.touch(mode=0o600)
    with streams.opened(folder / PASSWORDS, identities, lambda _: None) as source:
        places.passwords.write_bytes(source.read())
    cluster.own([data, *data.rglob("*")], account)
    backups.synced(data)
    part.rename(places.cluster)
    backups.sync_folder(data)


@asynccontextmanager
async def _empty(settings: Settings) -> AsyncIterator[SignIns]:
    async with reach(settings) as sign_ins:
        if sign_ins.owner is None:
            raise OwnerUnknownError("restoring")
        async with owner_connection(sign_ins.owner) as owner:
            if await has_schema(owner):
                raise RestoringRefusedError(
                    "the database holds data of yijue already, and a backup is never restored over data: make an "
                    "empty one"
                )
        yield sign_ins


async def _load(data: Path, owner: str, folder: Path, identities: list[Identity], progress: Progress) -> None:
    """Have pg_restore load the dump in one transaction."""
    binaries = await asyncio.to_thread(cluster.find_binaries, data, None)
    command = [str(binaries / "pg_restore"), "--exit-on-error", "--single-transaction", "--no-owner"]
    whole = sum(path.stat().st_size for path in folder.iterdir())
    with streams.program(command, owner, stdin=subprocess.PIPE) as process:

        def feed() -> None:
            assert process.stdin is not None
            with streams.opened(folder / DUMP, identities, lambda done: progress(done, whole)) as source:
                try:
                    with process.stdin:
                        shutil.copyfileobj(source, process.stdin)
                except BrokenPipeError:
                    pass  # it says itself why it ended

        await in_thread(feed, process)


async def _look(settings: Settings, page: Page, bar: Bar) -> Restored:
    async with reach(settings) as sign_ins:
        assert sign_ins.owner is not None
        await apply_migrations(sign_ins.owner)
        checked = await check_all(sign_ins, bar)
        async with owner_connection(sign_ins.owner) as owner:
            missing = [each for each in page.heads if await hash_at(owner, each.book, each.seq) != each.hash]
        lost = await compare_heads(sign_ins.owner, settings.heads)
    return Restored(page, checked, missing, lost)
