"""Run the database tests on a named server: TCP on loopback, scram, roles made by the SQL that `compose.yaml` uses.

`python scripts/test_named.py [arguments of pytest]`; without arguments, every test that asks PostgreSQL.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from storage import cluster, embedded

ROOT = Path(__file__).resolve().parent.parent
ROLES = ("yijue_admin", "yijue_owner", "yijue_app")


def main() -> int:
    """Start, provide, test, stop; give pytest's exit status."""
    with tempfile.TemporaryDirectory(prefix="yijue-named-") as name:
        folder, account = Path(name), cluster.own_account()
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        binaries = cluster.find_binaries(folder, account)
        passwords = {role: secrets.token_hex(16) for role in ROLES}
        (folder / "password").write_text(passwords["yijue_admin"])
        (folder / "password").chmod(0o644)
        made = cluster.run(
            [str(binaries / "initdb"), f"--pgdata={folder / 'cluster'}", "--username=yijue_admin", "--encoding=UTF8",
             "--no-locale", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"],
            account,
        )  # fmt: skip
        if made.returncode:
            sys.exit(made.stdout + made.stderr)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(  # noqa: S603 -- our own binaries
                [str(binaries / "postgres"), "-D", str(folder / "cluster"), "-p", port,
                 "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                 "-c", "fsync=off", "-c", "full_page_writes=off"],
                stdout=log, stderr=log, cwd="/", start_new_session=True, **cluster.as_account(account),
            )  # fmt: skip
        try:
            provide(binaries / "psql", port, passwords, folder / "log")
            urls = {
                f"YIJUE_TEST_{role.removeprefix('yijue_').upper()}_URL":
                    f"postgresql://{role}:{passwords[role]}@127.0.0.1:{port}/yijue"
                for role in ROLES
            }  # fmt: skip
            command = [sys.executable, "-m", "pytest", *(sys.argv[1:] or ["-m", "database"])]
            return subprocess.run(command, cwd=ROOT, env={**os.environ, **urls}, check=False).returncode  # noqa: S603
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown
            server.wait()


def provide(psql: Path, port: str, passwords: dict[str, str], log: Path) -> None:
    """Wait for the server, then make the database and roles as the container's entrypoint does."""
    environment = {
        **os.environ, "PGHOST": "127.0.0.1", "PGPORT": port, "PGUSER": "yijue_admin",
        "PGPASSWORD": passwords["yijue_admin"], "YIJUE_OWNER_PASSWORD": passwords["yijue_owner"],
        "YIJUE_APP_PASSWORD": passwords["yijue_app"],
    }  # fmt: skip

    def ask(database: str, *arguments: str) -> bool:
        command = [str(psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, *arguments]
        return subprocess.run(command, env=environment, check=False, capture_output=True).returncode == 0  # noqa: S603

    deadline = time.monotonic() + embedded.READY_WITHIN
    while not ask("postgres", "-c", "SELECT 1"):
        if time.monotonic() > deadline:
            sys.exit(log.read_text())
        time.sleep(0.1)
    ask("postgres", "-c", "CREATE DATABASE yijue")
    for file in ("storage/roles.sql", "deploy/passwords.sql"):
        if not ask("yijue", "-f", str(ROOT / file)):
            sys.exit(f"{file} failed: {log.read_text()}")


if __name__ == "__main__":
    sys.exit(main())
