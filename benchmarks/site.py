"""The program as `yijue serve` runs it, in a process of its own, on a database made for tests."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from msgspec import Struct

from benchmarks.http import Connection, request
from storage.embedded import Server
from storage.migrate import migrate

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
PATIENCE = 60.0  # seconds in which a server must be there


class Site(Struct, frozen=True):
    """A served database: the server's port, the owner's connection, where PostgreSQL listens."""

    server: Server
    name: str
    owner: Owner
    port: int

    def url(self, role: str = "yijue_app") -> str:
        return self.server.url(role, self.name)


def command(*words: str) -> list[str]:
    """Returns the command line of this checkout, whatever is installed."""
    return [sys.executable, "-c", "from server.cli import main; main()", *words]


def free_port() -> int:
    """Find a port of the loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def answering(port: int) -> Connection:
    """Connect as soon as the server listens there. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await Connection.open(port)
            except OSError:
                await asyncio.sleep(0.005)


async def ready(port: int) -> None:
    """Wait until /api/health answers. Raises RuntimeError if it answers a fault."""
    connection = await answering(port)
    status, body = await connection.ask(request("GET", "/api/health"))
    connection.close()
    if status != 200:
        raise RuntimeError(f"not healthy: {body.decode()}")


@asynccontextmanager
async def serving(port: int, environment: dict[str, str]) -> AsyncIterator[None]:
    """Run `yijue serve` with these settings, ended with SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        *command("serve", "--port", str(port)),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def open_site(server: Server, name: str) -> AsyncIterator[Site]:
    """Make a new database of this name on the embedded server, migrated, without the program."""
    admin = await asyncpg.connect(server.url("yijue_admin", "postgres"))
    await admin.execute(f"CREATE DATABASE {name} OWNER yijue_owner")
    await admin.close()
    owner = await asyncpg.connect(server.url("yijue_owner", name), server_settings={"search_path": "yijue"})
    await migrate(owner, "test")
    # Ids lie far apart, so that each number in pgbench's script stands for one thing.
    for million, table in enumerate(("people", "bodies", "books", "meetings", "items", "votes"), start=1):
        await owner.execute(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {million}000000")
    try:
        yield Site(server, name, owner, free_port())
    finally:
        await owner.close()


@asynccontextmanager
async def open_to_all(site: Site) -> AsyncIterator[Site]:
    """Serve this site with the program."""
    async with serving(site.port, {"YIJUE_DATABASE_URL": site.url()}):
        await ready(site.port)
        yield site
