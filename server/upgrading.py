"""`yijue upgrade-database`: an embedded cluster of an older PostgreSQL into a new one, by dump and restore.

The old cluster is read alone and stays where it is, under its version and the time, until somebody removes it.
"""

import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from server.backing_up import in_thread
from server.checking import Bar, Checked, check_all
from server.connecting import SignIns, apply_migrations, owner_connection
from storage import cluster, embedded, streams
from storage.backups import Head
from storage.embedded import Launched
from storage.errors import UpgradeRefusedError
from storage.store import every_book, has_schema, hash_at, size


async def upgrade_database(data: Path, binaries: Path | None, bar: Bar) -> list[Checked]:
    """Fill a new cluster from the old one, check it, and put it in the old one's place; give what was checked.

    Raises UpgradeRefusedError where there is nothing to upgrade or the new cluster does not come out the same, and what
    `embedded.upgrading` and pg_dump and pg_restore raise; the old cluster is in its place then.
    """
    async with embedded.upgrading(data, binaries) as (old, new):
        async with owner_connection(old.url("yijue_owner")) as owner:
            if not await has_schema(owner):
                return []
            heads = [Head(*subject, seq, digest.hex()) for _, subject, seq, digest in await every_book(owner)]
            whole = await size(owner)
        with bar("转入新版本") as progress:
            await _pour(old, new, lambda done: progress(min(done, whole), whole))
        sign_ins = SignIns(*(new.url(role) for role in ("yijue_app", "yijue_owner", "yijue_admin")))
        await apply_migrations(new.url("yijue_owner"))
        checked = await check_all(sign_ins, bar)
        async with owner_connection(new.url("yijue_owner")) as owner:
            missing = [each for each in heads if await hash_at(owner, each.book, each.seq) != each.hash]
        if missing or any(each.faults for each in checked):
            faults = [fault.en for each in checked for fault in each.faults]
            faults += [f"{each.subject} {each.id} has another head" for each in missing]
            raise UpgradeRefusedError(f"the new cluster is not whole, and the old one stays: {'; '.join(faults[:5])}")
    return checked


async def _pour(old: Launched, new: Launched, count: streams.Count) -> None:
    programs = cluster.find_binaries(new.places.folder, None)
    dump = [str(programs / "pg_dump"), "--format=custom", "--compress=0", "--schema=yijue"]
    load = [str(programs / "pg_restore"), "--exit-on-error", "--single-transaction", "--no-owner"]
    with (
        streams.program(load, new.url("yijue_owner"), stdin=subprocess.PIPE) as loading,
        streams.program(dump, old.url("yijue_owner"), stdout=subprocess.PIPE) as dumping,
    ):

        def pour() -> None:
            assert dumping.stdout is not None
            assert loading.stdin is not None
            with suppress(BrokenPipeError), loading.stdin:  # it says itself why it ended
                shutil.copyfileobj(streams.Counting(dumping.stdout, count), loading.stdin)

        await in_thread(pour, dumping)
