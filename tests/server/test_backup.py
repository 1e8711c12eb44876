"""`yijue backup` and `restore`: whole or not at all, never over data, the last good one always kept."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog.testing
from msgspec.structs import replace
from pyrage.x25519 import Identity

from server.backing_up import back_up
from server.connecting import SignIns
from server.doctor import look_at_backups
from server.restoring import Restored, restore
from server.schedule import backed_up, due, late
from server.settings import Backups, SettingError, Settings, from_environment
from storage import backups, cluster, embedded
from storage.backups import CLUSTER, DUMP, PAGE, SUMS, Kept
from storage.errors import BackupDamagedError, BackupFailedError, BackupRunningError, RestoringRefusedError
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.faults.voting import Owner, open_a_vote, owner_of
from tests.server.commands import COMMAND, ROOT, environment, heard, run
from tests.server.test_checking import no_bar
from tests.serving import served

SETTINGS = Settings(None, None, Path("/nonexistent/yijue"), {}, (), ())


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="yijue-test-", ignore_cleanup_errors=True) as there:
        Path(there).chmod(0o755)
        yield Path(there)


def nothing(_: int, __: int) -> None: ...


async def dumped(urls: Urls, folder: Path, *recipients: str) -> Kept:
    return await back_up(SignIns(urls.app, urls.owner), SETTINGS.data, folder, recipients, nothing)


async def restored(urls: Urls, folder: Path, identity: Path | None = None) -> Restored:
    settings = replace(SETTINGS, database_url=urls.app, owner_url=urls.owner)
    return await restore(settings, folder, identity, no_bar)


async def ledger_of(url: str) -> list[tuple[Any, ...]]:
    async with owner_of(url) as owner:
        return [tuple(row) for row in await owner.fetch("SELECT * FROM ledger ORDER BY book_id, seq")]


@pytest.mark.moment("issued")
async def test_a_dump_goes_into_another_database_as_it_was(
    bureau: Bureau, owner: Owner, urls: Urls, bare: Urls, folder: Path
) -> None:
    private = Identity.generate()
    (folder / "key").write_text(f"# created: today\n{private}\n")
    made = await dumped(urls, folder, str(private.to_public()))
    assert {path.name for path in made.folder.iterdir()} == {f"{DUMP}.age", PAGE, "README.txt", SUMS}
    assert not any(path.stat().st_mode & 0o077 for path in made.folder.glob("*.age"))
    said = (made.folder / "README.txt").read_text("utf-8")
    head = await owner.fetchrow("SELECT subject_id, seq, hash FROM books WHERE subject_type = 'meeting'")
    assert head is not None
    assert f"会议 meeting {head['subject_id']}: {head['seq']} {head['hash'].hex()}" in said
    assert "江州市交通运输局" in said
    assert "yijue restore" in said

    with pytest.raises(RestoringRefusedError, match="--identity"):
        await restored(bare, made.folder)
    (folder / "another").write_text(str(Identity.generate()))
    with pytest.raises(RestoringRefusedError, match="does not open"):
        await restored(bare, made.folder, folder / "another")
    result = await restored(bare, made.folder, folder / "key")
    assert result.whole, result
    assert await ledger_of(bare.owner) == await ledger_of(urls.owner)
    with pytest.raises(RestoringRefusedError, match="never restored over data"):
        await restored(bare, made.folder, folder / "key")


async def test_a_database_that_lacks_what_the_page_says(bureau: Bureau, urls: Urls, bare: Urls, folder: Path) -> None:
    await bureau.li.do(f"/api/bodies/{bureau.body}/meetings",
                       {"title": "会", "starts_at": "2030-01-13T09:00:00+08:00", "place": "三楼"})  # fmt: skip
    made = await dumped(urls, folder)
    page = replace(made.page, heads=[replace(each, hash="00" * 32) for each in made.page.heads])
    (made.folder / PAGE).write_bytes(backups.encoded(page))
    with pytest.raises(BackupDamagedError, match=PAGE):
        await restored(bare, made.folder)
    backups.write_sums(made.folder)
    result = await restored(bare, made.folder)
    assert not result.whole
    assert [each.subject for each in result.missing] == [each.subject for each in page.heads if each.seq]


async def test_the_last_good_one_is_kept(urls: Urls, folder: Path) -> None:
    made = [await dumped(urls, folder) for _ in range(4)]
    assert [each.folder for each in backups.kept(folder)] == [each.folder for each in made]
    assert backups.remove_old(folder, 3) == [made[0].folder]
    # The newest is damaged: nothing is removed for its sake.
    dump = made[3].folder / DUMP
    kept = dump.read_bytes()
    dump.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with pytest.raises(BackupDamagedError, match=DUMP):
        backups.remove_old(folder, 1)
    assert len(backups.kept(folder)) == 3
    dump.write_bytes(kept)
    assert backups.remove_old(folder, 0) == [made[1].folder, made[2].folder]
    assert [path.name for path in folder.iterdir() if path.is_dir()] == [made[3].folder.name]


async def test_one_that_fails_leaves_nothing(urls: Urls, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await dumped(urls, folder)
    (folder / "yijue-left.part").mkdir()  # by a program that was killed
    with pytest.raises(BackupFailedError, match="age1"):
        await dumped(urls, folder, "age1wrong")
    monkeypatch.setattr(backups, "write_sums", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await dumped(urls, folder)
    monkeypatch.undo()
    assert [path.name for path in folder.iterdir() if path.is_dir()] == [made.folder.name]
    with backups.writing(folder, "now"), pytest.raises(BackupRunningError):
        await dumped(urls, folder)


DAMAGES: list[tuple[Callable[[Path], object], str]] = [
    (lambda path: (path / SUMS).unlink(), "not written to its end"),
    (lambda path: (path / DUMP).unlink(), "is missing"),
    (lambda path: os.truncate(path / DUMP, 1000), "not as it was written"),
    (lambda path: (path / PAGE).write_text("{}"), "cannot be read"),
]


@pytest.mark.parametrize("number", range(len(DAMAGES)))
async def test_a_damaged_one_is_refused(urls: Urls, bare: Urls, folder: Path, number: int) -> None:
    made = await dumped(urls, folder)
    damage, said = DAMAGES[number]
    damage(made.folder)
    with pytest.raises(BackupDamagedError, match=said):
        await restored(bare, made.folder)


def test_when_one_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    def on(text: str) -> datetime:
        return datetime.fromisoformat(f"{text}+08:00")

    assert due("03:00", None, on("2026-01-01T12:00"))
    assert not due("03:00", on("2026-01-01T03:01"), on("2026-01-02T02:59"))
    assert due("03:00", on("2026-01-01T03:01"), on("2026-01-02T03:00"))
    assert due("03:00", on("2026-01-01T02:59"), on("2026-01-01T12:00")), "one that was missed"
    assert not due("6h", on("2026-01-01T03:01"), on("2026-01-01T09:00"))
    assert due("6h", on("2026-01-01T03:01"), on("2026-01-01T09:01"))
    assert not late("03:00", on("2026-01-01T03:00"), on("2026-01-03T03:00"))
    assert late("6h", on("2026-01-01T03:00"), on("2026-01-01T15:01"))
    for name, wrong in [("AT", "25:00"), ("AT", "0h"), ("AT", "daily"), ("KEEP", "0"), ("KEEP", "-1")]:
        monkeypatch.setenv(f"YIJUE_BACKUP_{name}", wrong)
        with pytest.raises(SettingError, match=f"YIJUE_BACKUP_{name}"):
            from_environment()
        monkeypatch.delenv(f"YIJUE_BACKUP_{name}")


async def test_never_over_data(folder: Path, urls: Urls) -> None:
    made = await dumped(urls, folder / "backups")
    data = folder / "data"
    data.mkdir()
    (data / "anything").write_text("x")
    with pytest.raises(RestoringRefusedError, match="not empty"):
        await restore(replace(SETTINGS, data=data), made.folder, None, no_bar)
    assert [path.name for path in data.iterdir()] == ["anything"]


@pytest.mark.long
async def test_a_cluster_that_is_cut_or_changed(folder: Path, tmp_path: Path) -> None:
    """A copy of the cluster whose files are not those of PostgreSQL's list; nothing is left where it was to go."""
    data, settings = folder / "data", replace(SETTINGS, data=folder / "restored")
    with served(tmp_path, data=str(data)):
        status, _, err = await run("backup", str(folder / "backups"), YIJUE_DATA=str(data))
        assert status == 0, err
    (made,) = backups.kept(folder / "backups")
    whole = (made.folder / CLUSTER).read_bytes()
    (made.folder / CLUSTER).write_bytes(whole[: len(whole) // 2])
    backups.write_sums(made.folder)
    with pytest.raises(BackupDamagedError):
        await restore(settings, made.folder, None, no_bar)
    assert list(settings.data.iterdir()) == []
    (made.folder / CLUSTER).write_bytes(whole)
    backups.write_sums(made.folder)
    with pytest.raises(RestoringRefusedError, match="copy of the embedded server"):
        await restore(replace(settings, database_url="postgresql://x@/y"), made.folder, None, no_bar)
    assert (await restore(settings, made.folder, None, no_bar)).whole


async def test_repeat_takes_the_first_and_ends_in_order(urls: Urls, folder: Path) -> None:
    """As the service `backup` of compose.yaml: the folder is an argument, and no setting."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "backup", str(folder / "backups"), "--repeat", "--keep", "3",
        env=environment(YIJUE_DATABASE_URL=urls.app, YIJUE_DATABASE_OWNER_URL=urls.owner),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(60):
        said = await heard(process.stdout, "backed_up")
        assert "backup_failed" not in said, said
        (made,) = backups.kept(folder / "backups")
        backups.verify(made.folder, nothing)
        process.terminate()
        assert await process.wait() == 0


async def test_serve_leaves_a_folder_to_the_one_who_fills_it(
    urls: Urls, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In compose.yaml the serving program only reads the folder, whether it knows the owner's sign-in or not."""
    read_only = os.statvfs_result((*os.statvfs("/")[:8], os.ST_RDONLY, 255))
    settings = replace(SETTINGS, backups=Backups(folder))
    for sign_ins in (SignIns(urls.app, None), SignIns(urls.app, urls.owner)):
        if sign_ins.owner:
            monkeypatch.setattr(os, "statvfs", lambda _: read_only)
        for warned in (True, False):
            with structlog.testing.capture_logs() as said:
                async with backed_up(settings, sign_ins):
                    await asyncio.sleep(0)
            assert [each["event"] for each in said] == ["not_backing_up"] * warned
            if warned:
                made = await dumped(urls, folder)
        assert [each.folder for each in backups.kept(folder)] == [made.folder]
        shutil.rmtree(made.folder)


_AS_ACCOUNT = """
import os, sys
from pathlib import Path
from storage import backups, cluster, embedded

folder, account = Path(sys.argv[1]), cluster.own_account()
os.setgroups([])
os.setgid(account.pw_gid)
os.setuid(account.pw_uid)
assert backups.last_good(folder).folder.name == sys.argv[2]
assert [path.name for path in backups.remove_old(folder, 1)] == [sys.argv[3]]
with backups.writing(folder, "now"):
    pass
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write where an account goes on")
async def test_what_root_backs_up_is_the_services(urls: Urls, folder: Path) -> None:
    account = cluster.own_account()
    assert account is not None
    os.chown(folder, account.pw_uid, account.pw_gid)
    first, last = [await dumped(urls, folder / "made") for _ in range(2)]
    another = folder / "made" / "yijue-0"
    another.mkdir(mode=0o700)
    command = [sys.executable, "-c", _AS_ACCOUNT, str(folder / "made"), last.folder.name, first.folder.name]
    process = await asyncio.create_subprocess_exec(*command, env=environment(), stderr=asyncio.subprocess.PIPE)
    _, err = await process.communicate()
    assert process.returncode == 0, err.decode()


def test_a_folder_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    found = look_at_backups(replace(SETTINGS, backups=Backups(folder)), datetime.now(UTC), "production")
    assert "may not read" in found.mend


@pytest.mark.long
async def test_the_database_steps_aside_for_a_dump(folder: Path) -> None:
    """As docs/operation.md restores under compose: deploy/empty.sql, the roles, `restore`, the key by a pipe."""
    private = Identity.generate()
    async with embedded.running(folder / "data") as server:
        await open_a_vote(server)
        before = await ledger_of(server.url("yijue_owner"))
        sign_ins = SignIns(server.url("yijue_app"), server.url("yijue_owner"))
        made = await back_up(sign_ins, folder / "data", folder, (str(private.to_public()),), nothing)
        psql = cluster.find_binaries(folder / "data", cluster.own_account()) / "psql"
        sql = b"".join((ROOT / name).read_bytes() for name in ("deploy/empty.sql", "storage/roles.sql"))
        status, said = await piped([str(psql), server.url("yijue_admin", "postgres")], sql)
        assert status == 0, said
        command = [*COMMAND, "restore", str(made.folder), "--identity", "/dev/stdin"]
        assert sign_ins.owner is not None
        named = environment(YIJUE_DATABASE_URL=sign_ins.app, YIJUE_DATABASE_OWNER_URL=sign_ins.owner)
        status, said = await piped(command, str(private).encode(), named)
        assert status == 0, said
        assert await ledger_of(sign_ins.owner) == before
        async with owner_of(server.url("yijue_admin", "postgres")) as admin:
            names = await admin.fetch("SELECT datname FROM pg_database WHERE datname ~ '^yijue_[0-9]{8}_[0-9]{6}$'")
        assert await ledger_of(server.url("yijue_owner", names[0][0])) == before


async def piped(command: list[str], words: bytes, env: dict[str, str] | None = None) -> tuple[int | None, str]:
    process = await asyncio.create_subprocess_exec(
        *command, env=env,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate(words)
    return process.returncode, said.decode()


@pytest.mark.long
async def test_serve_backs_up_by_the_clock(folder: Path, tmp_path: Path) -> None:
    kept = folder / "backups"
    with served(tmp_path, data=str(folder / "data"), backups=str(kept), backup_at="6h") as server:
        async with asyncio.timeout(60):
            while not backups.kept(kept):  # noqa: ASYNC110 -- the first is due at once
                await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        assert len(backups.kept(kept)) == 1
        assert "backed_up" in server.log.read_text("utf-8")
        _, said, _ = await run("doctor", YIJUE_DATA=str(folder / "data"), YIJUE_BACKUPS=str(kept))
        assert "备份 · Backup" in said
        assert str(backups.kept(kept)[0].folder.name) in said
