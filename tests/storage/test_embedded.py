"""The embedded server: no start removes data, signals a stranger, or leaves a server behind."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from storage import cluster, embedded
from storage.cluster import Places
from storage.errors import (
    ClusterMissingError,
    ClusterVersionError,
    EmbeddedServerEndedError,
    EmbeddedServerError,
    PasswordsMissingError,
    PasswordsWrongError,
    UpgradeRefusedError,
)
from storage.integrity import check_indexes

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data folder with a cluster that has a row in it; each test takes a copy."""
    with tempfile.TemporaryDirectory(prefix="yijue-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        asyncio.run(_mark(Path(folder) / "made"))
        yield Path(folder) / "made"


@pytest.fixture
def data(made: Path, request: pytest.FixtureRequest) -> Path:
    return copy_of(made, made.parent / request.node.name)


def copy_of(folder: Path, to: Path) -> Path:
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)
    return to


async def _mark(folder: Path) -> None:
    async with embedded.running(folder) as server:
        await _ask(server, "CREATE TABLE marks AS SELECT 42 AS mark")


async def _ask(server: embedded.Server, sql: str) -> object:
    connection = await asyncpg.connect(server.url("yijue_admin"))
    try:
        return await (connection.execute if ";" in sql else connection.fetchval)(sql)
    finally:
        await connection.close()


async def _mark_of(folder: Path) -> object:
    async with embedded.running(folder) as server:
        return await _ask(server, "SELECT mark FROM marks")


async def test_lost_passwords_lose_no_data(data: Path) -> None:
    places = Places(data)
    places.passwords.unlink()
    for _ in range(2):
        with pytest.raises(PasswordsMissingError, match="renew-passwords"):
            await _mark_of(data)
    places.passwords.write_text('{"yijue_admin": "x"}')
    with pytest.raises(PasswordsMissingError):
        await _mark_of(data)
    embedded.renew_passwords(data)
    assert places.passwords.stat().st_mode & 0o077 == 0
    assert await _mark_of(data) == 42


async def test_another_clusters_passwords_are_told_at_once(data: Path) -> None:
    passwords = cluster.read_passwords(Places(data))
    Places(data).passwords.write_text(str({role: "x" + word for role, word in passwords.items()}).replace("'", '"'))
    async with asyncio.timeout(30):
        with pytest.raises(PasswordsWrongError, match="does not belong"):
            await _mark_of(data)


async def test_a_cluster_that_is_gone_is_not_made_anew(data: Path) -> None:
    places = Places(data)
    places.cluster.rename(data / "elsewhere")
    with pytest.raises(ClusterMissingError, match="restore"):
        await _mark_of(data)
    assert not places.cluster.exists()
    (data / "elsewhere").rename(places.unfinished)  # a first start that was cut off before its last step
    assert await _mark_of(data) == 42


async def test_a_first_start_that_was_cut_off_begins_again(data: Path) -> None:
    places = Places(data)
    shutil.rmtree(places.cluster)
    places.passwords.unlink()
    (places.unfinished / "base").mkdir(parents=True)
    await _mark(data)
    assert await _mark_of(data) == 42


async def test_a_newer_cluster_or_none_is_not_upgraded(data: Path) -> None:
    (data / "cluster" / "PG_VERSION").write_text("99\n")
    for said in ("newer than this program's", "no cluster"):
        with pytest.raises(UpgradeRefusedError, match=said):
            async with embedded.upgrading(data, None):
                pass
        shutil.rmtree(data / "cluster", ignore_errors=True)


async def test_another_major_version_is_refused(data: Path) -> None:
    (data / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(ClusterVersionError, match="yijue upgrade-database"):
        await _mark_of(data)


async def test_a_copy_of_a_running_folder_leaves_the_original_alone(data: Path) -> None:
    async with embedded.running(data) as server:
        copy = copy_of(data, data.with_name("copied"))
        assert Places(copy).pid.exists()
        assert list((copy / "socket").iterdir())
        async with embedded.running(copy) as second:
            assert second.pid != server.pid
            assert server.process.poll() is None
        assert await _ask(server, "SELECT mark FROM marks") == 42


async def test_a_process_number_that_is_a_strangers_by_now(data: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:  # noqa: ASYNC220
        Places(data).pid.write_text(f"{stranger.pid}\n{data / 'cluster'}\n1\n5432\n/tmp\n\n  1 1\n")
        assert await _mark_of(data) == 42
        assert stranger.poll() is None
        stranger.communicate(b"\n")


async def test_a_server_left_by_a_killed_program_is_ended(data: Path) -> None:
    places, account = Places(data), cluster.own_account()
    with tempfile.TemporaryDirectory(prefix="yijue-") as socket:
        if account:
            os.chown(socket, account.pw_uid, account.pw_gid)
        left = embedded.Launched(places, socket, cluster.find_binaries(data, account), account)
        await left.ready()
        assert await _mark_of(data) == 42
        assert left.process.wait(30) == 0, "not a fast shutdown"


async def test_it_is_started_again_where_it_dies(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "RESTARTS", 2)
    monkeypatch.setattr(embedded, "_WAITS", (0.0,))
    async with embedded.running(data) as server:
        with pytest.raises(EmbeddedServerEndedError, match="again and again"):
            await _kill_three_times(server)


async def _kill_three_times(server: embedded.Launched) -> None:
    async with asyncio.timeout(120), embedded.kept_running(server):
        for _ in range(2):
            first = server.pid
            os.kill(first, signal.SIGKILL)
            while server.pid == first or not await _answers(server):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        os.kill(server.pid, signal.SIGKILL)
        await asyncio.Event().wait()


@pytest.mark.parametrize("comes_up", [True, False])
async def test_it_is_tried_again_after_longer_and_longer_waits(tmp_path: Path, comes_up: bool) -> None:
    """Five times, whether it ends again at once or does not come up."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    class Dying:
        places, pid, launched = Places(tmp_path), 0, 0
        process = SimpleNamespace(poll=lambda: 1, returncode=1)

        def launch(self) -> None:
            self.launched += 1

        async def ready(self) -> None:
            if not comes_up:
                raise EmbeddedServerError("it ended with status 1", self.places.log)

    server: Any = Dying()
    await embedded._keep(server, sleep)
    assert waits == [0.0, 0.5, 2.0, 5.0, 15.0]
    assert server.launched == 5


@pytest.mark.skipif(os.geteuid() != 0, reason="root alone runs it under another account")
async def test_it_has_an_account_of_its_own(data: Path) -> None:
    account = pwd.getpwnam("yijue")
    assert [each.pw_name for each in pwd.getpwall() if each.pw_uid == account.pw_uid] == ["yijue"]
    assert [each.pw_name for each in pwd.getpwall() if each.pw_gid == account.pw_gid] == ["yijue"]
    assert account.pw_shell.endswith("/nologin")
    async with embedded.running(data) as server:
        for pid in cluster.working_in(data / "cluster"):
            status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
            assert set(status["Uid"].split()) == {str(account.pw_uid)}
            assert set(status["Gid"].split()) == {str(account.pw_gid)}
            assert status["Groups"].split() in ([], [str(account.pw_gid)])
        for path in (data, data / "cluster", data / "cluster" / "base", data / "log", Path(server.socket)):
            assert path.stat().st_uid == account.pw_uid


async def _answers(server: embedded.Server) -> bool:
    try:
        return await _ask(server, "SELECT mark FROM marks") == 42
    except (OSError, asyncpg.PostgresError):
        return False


_ROOT_THEN_ACCOUNT = """
import asyncio, os, sys
from pathlib import Path
from storage import cluster, embedded

folder, account = Path(sys.argv[1]), cluster.own_account()

async def use():
    async with embedded.running(folder) as server:
        print(server.socket, flush=True)
        if os.geteuid():
            await asyncio.to_thread(sys.stdin.readline)

asyncio.run(use())
embedded.renew_passwords(folder)
os.setgroups([])
os.setgid(account.pw_gid)
os.setuid(account.pw_uid)
asyncio.run(use())
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files and let an account open them")
async def test_what_root_makes_is_the_services_and_root_commands_beside_it(made: Path) -> None:
    """`yijue found` by root, then the service as the account, then `yijue doctor` by root beside it."""
    folder = made.parent / "by-root"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _ROOT_THEN_ACCOUNT, str(folder), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    async with asyncio.timeout(60):
        sockets = [(await process.stdout.readline()).decode().strip() for _ in range(2)]
        assert sockets == [str(folder / "socket")] * 2, "not where root sees it, whatever /tmp the service has"
        account = cluster.own_account()
        assert account is not None
        assert {path.stat().st_uid for path in folder.rglob("*")} == {account.pw_uid}
        beside = embedded.attached(folder)
        assert beside is not None
        assert await _ask(beside, "SELECT 42") == 42
        process.stdin.write(b"\n")
        assert await process.wait() == 0
    assert not (folder / "socket").exists()


async def test_a_folder_whose_name_is_too_long_for_a_socket(data: Path) -> None:
    for name in ("长" * 40, 'a "name", of two'):
        data = data.rename(data.with_name(name))
        async with embedded.running(data) as server:
            assert not Path(server.socket).is_relative_to(data)
            assert await _ask(server, "SELECT mark FROM marks") == 42
        assert not Path(server.socket).exists()
    data = data.rename(data.with_name('a "name" of one'))
    async with embedded.running(data) as server:
        assert server.socket == str(data / "socket")
        assert await _ask(server, "SELECT mark FROM marks") == 42


async def test_an_index_that_was_cut_short(data: Path) -> None:
    async with embedded.running(data) as server:
        await _ask(
            server,
            "CREATE SCHEMA IF NOT EXISTS yijue; CREATE TABLE yijue.numbers AS"
            " SELECT n, 0 AS zero FROM generate_series(1, 20000) n; CREATE INDEX numbers_by_n ON yijue.numbers (n);"
            " CREATE INDEX numbers_by_zero ON yijue.numbers (zero) WHERE n > 5",
        )
        assert await _indexes(server) == []
        connection = await asyncpg.connect(server.url("yijue_admin"))
        path = Path(await connection.fetchval("SELECT pg_relation_filepath('yijue.numbers_by_n')"))
        await connection.close()
    index = data / "cluster" / path
    os.truncate(index, index.stat().st_size // 2 // 8192 * 8192)
    async with embedded.running(data) as server:
        assert await _indexes(server) == ["yijue.numbers_by_n"]


async def _indexes(server: embedded.Server) -> list[str]:
    connection = await asyncpg.connect(server.url("yijue_admin"))
    try:
        return [fault.where for fault in await check_indexes(connection, lambda _, __: None)]
    finally:
        await connection.close()


async def test_its_log_is_one_file_a_day_for_a_week(data: Path) -> None:
    async with embedded.running(data) as server:
        said = {name: await _ask(server, f"SHOW {name}") for name in (
            "logging_collector", "log_filename", "log_truncate_on_rotation", "log_rotation_age"
        )}  # fmt: skip
        assert list(said.values()) == ["on", "postgresql-%a.log", "on", "1d"]
    assert [path.name for path in (data / "log").glob("postgresql-*.log")]
