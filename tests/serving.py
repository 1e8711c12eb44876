"""The application behind a real socket: in a thread of this process, or as a `yijue serve` of its own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from acts.database import connected
from acts.limits import Limit, Limits
from realtime.hub import Hub
from server.app import create_app
from server.serving import listen, serving


def unmeasured() -> Limits:
    """Limits too high to be reached, for tests that act faster than people."""
    limits = Limits()
    limits.commands = limits.hall_codes = limits.verifications = limits.sign_ins = Limit(10**9, 1)
    return limits


@contextmanager
def served_in_a_thread(app_url: str) -> Iterator[str]:
    """The application on the database of `app_url`, on an event loop and a pool of its own; yields its URL."""
    listening = listen("127.0.0.1", 0)
    ready, end = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        hub = Hub()
        async with (
            connected(app_url, hub.announce) as database,
            serving(create_app(database, hub, unmeasured()), listening),
        ):
            ready.set()
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(30), "the server did not start"
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(30)
        loop.close()
        listening.close()


class Served:
    """A `yijue serve` in a process of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", base: str, log: Path, ready_after: float) -> None:
        self.process, self.base, self.log, self.ready_after = process, base, log, ready_after

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    def kill(self) -> None:
        """Kill it by SIGKILL, as when memory runs out: it finishes and closes nothing."""
        self.process.kill()
        self.process.wait()

    @property
    def memory(self) -> int:
        """The most memory that it has held so far, in KiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])


def start(folder: Path, port: int = 0, **settings: str) -> tuple["subprocess.Popen[bytes]", str, Path]:
    """Start `yijue serve` with these YIJUE_ settings; return its process, its URL and its log."""
    if not port:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YIJUE_")}
    environment["FONTCONFIG_FILE"] = str(Path(__file__).with_name("no_fonts.conf"))
    environment |= {f"YIJUE_{name.upper()}": value for name, value in settings.items()}
    log = folder / f"serve-{port}.log"
    command = [sys.executable, "-c", "from server.cli import main; main()", "serve", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    return process, f"http://127.0.0.1:{port}", log


@contextmanager
def served(folder: Path, port: int = 0, **settings: str) -> Iterator[Served]:
    """Start `yijue serve` with these YIJUE_ settings, wait until it answers, and stop it at the end if it runs."""
    begun = time.monotonic()
    process, base, log = start(folder, port, **settings)
    try:
        while not _answers(base):
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() - begun < 60, log.read_text("utf-8")
            time.sleep(0.02)
        yield Served(process, base, log, time.monotonic() - begun)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/api/health", timeout=5).is_success
    except httpx.HTTPError:
        return False
