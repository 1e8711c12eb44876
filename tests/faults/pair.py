"""Two servers in processes of their own on one database, so that PostgreSQL alone puts their acts in order."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.bureau import TLS, Person
from tests.faults.voting import IDLE


@asynccontextmanager
async def pair(url: str) -> AsyncIterator[tuple[str, str]]:
    """Start both on the database at `url`; yield their URLs."""
    servers = [_start(url) for _ in range(2)]
    try:
        async with asyncio.timeout(60), httpx.AsyncClient(verify=TLS) as client:
            for _, base in servers:
                while not await _answers(client, base):  # noqa: ASYNC110 -- a process says its start to nobody
                    await asyncio.sleep(0.05)
        yield servers[0][1], servers[1][1]
    finally:
        for process, _ in servers:
            process.send_signal(signal.SIGTERM)
        for process, _ in servers:
            process.wait(30)


def twice(person: Person, bases: tuple[str, str]) -> tuple[Person, Person]:
    """Returns the person's two devices, one at each server."""
    first, second = (
        Person(
            person.key, person.id,
            httpx.AsyncClient(
                verify=TLS, base_url=base, cookies=person.client.cookies, headers=person.client.headers, timeout=60,
                limits=IDLE,
            ),
        )
        for base in bases
    )  # fmt: skip
    return first, second


def _start(url: str) -> tuple["subprocess.Popen[bytes]", str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.faults.unlimited", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "YIJUE_DATABASE_URL": url})
    return process, f"http://127.0.0.1:{port}"


async def _answers(client: httpx.AsyncClient, base: str) -> bool:
    try:
        return (await client.get(f"{base}/api/health")).is_success
    except httpx.HTTPError:
        return False
