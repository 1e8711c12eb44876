"""The pages in a real browser: the system's Chromium, the application on a real socket, the bureau's people signed in.

Each person's page has a context of its own, like a device of its own; all that reaches it is kept and can be searched.
A `Wifi` between a page and the server can be lost.
"""

import asyncio
import os
import shutil
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    TimeoutError,
    WebSocket,
    expect,
)

from acts.limits import Limits
from tests.bureau import Bureau, Person
from tests.on_a_socket import address, bureau
from tests.serving import unmeasured
from tests.test_one_meeting import Room

__all__ = ["address", "bureau"]  # fixtures

# Debian has the browser without windows as a program of its own, which does the same with less work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((found for found in map(shutil.which, BROWSERS) if found), None)
AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TABLET, DESK, PROJECTOR = (820, 1180), (1440, 900), (1920, 1080)
ELSEWHERE = "yijue.test"  # a name of the server that a browser does not trust like its own machine
# The page reports the answers to its own calls: the browser keeps no body that is read piece by piece, and none of a
# document that was left.
KEEP = """{
  const page = String(Math.random())
  keep(page, 'begun')
  const asked = window.fetch
  window.fetch = async (...given) => {
    const reply = await asked(...given)
    if (new URL(reply.url).pathname.startsWith('/api/')) {
      keep(page, 'asked')
      const copy = reply.clone().arrayBuffer()
      const text = (came) => btoa(Array.from(new Uint8Array(came), (byte) => String.fromCharCode(byte)).join(''))
      copy.then((came) => keep(page, 'came', text(came)), () => keep(page, 'lost'))
    }
    return reply
  }
}"""
PATIENCE = 45_000  # ms; the machine may have much else to do
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium: apt-get install chromium-headless-shell fonts-noto-cjk")
        pytest.skip("there is no Chromium: apt-get install chromium-headless-shell fonts-noto-cjk")
    quiet = [
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    arguments = ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1", *quiet]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture
def limits() -> Limits:
    return unmeasured()


@pytest.fixture
async def room(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> Room:
    """The demonstration meeting, at the moment for which the test is marked."""
    return Room(bureau, owner)


class Screen:
    """A page of its own device, and all that reached it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.received: list[bytes] = []
        self.errors: list[str] = []
        self.noise: list[str] = []  # on the console
        self._document, self._coming = "", 0
        page.on("websocket", self._opened)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if "Security Policy" in said.text else None)
        page.on("console", lambda said: self.noise.append(said.text) if said.type in ("error", "warning") else None)

    def keep(self, document: str, what: str, content: str | None = None) -> None:
        """Take a report of the page: a document has begun, an answer is coming, has come, or broke off."""
        if content is not None:
            self.received.append(b64decode(content))
        if what == "begun":
            self._document, self._coming = document, 0
        elif document == self._document:
            self._coming += 1 if what == "asked" else -1

    def _opened(self, socket: WebSocket) -> None:
        socket.on(
            "framereceived", lambda frame: self.received.append(frame.encode() if isinstance(frame, str) else frame)
        )

    async def traffic(self) -> list[bytes]:
        """All that reached the page so far, shown or not."""
        for _ in range(PATIENCE // 20):
            if not self._coming:
                break
            await asyncio.sleep(0.02)
        assert not self._coming, f"{self.page.url} receives without end"
        return self.received

    async def heard(self, word: str) -> bool:
        """Whether these words have reached the page so far, shown or not."""
        return any(word.encode() in text for text in await self.traffic())

    async def hears(self, word: str) -> None:
        """Wait until these words reach the page."""
        for _ in range(PATIENCE // 20):
            if await self.heard(word):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"“{word}” does not reach {self.page.url}")

    async def go(self, path: str) -> None:
        """Open a path and wait until it has something to show."""
        await self.traffic()
        await self.page.goto(self.address + path)
        await self.settled()

    async def reload(self) -> None:
        """Open the same page anew."""
        await self.traffic()
        await self.page.reload()
        await self.settled()

    async def settled(self) -> None:
        """Wait until the page and all that it asked for are there."""
        await self.page.locator("html[data-settled] main").first.wait_for()

    @asynccontextmanager
    async def expecting(self, what: str) -> AsyncIterator[None]:
        """If the page does not come to it, fail with the text that it shows instead."""
        try:
            yield
        except TimeoutError as error:
            shown = await self.page.locator("body").inner_text()
            raise AssertionError(f"{self.page.url} has no {what}, but:\n{shown}\n{self.errors}") from error

    async def press(self, name: str, **options: Any) -> None:
        """Press the one button of that name."""
        async with self.expecting(f"one button “{name}” to press"):
            await self.page.get_by_role("button", name=name, **options).click()

    async def follow(self, name: str) -> None:
        """Follow the one link of that name."""
        async with self.expecting(f"one link “{name}”"):
            await self.page.get_by_role("link", name=name, exact=True).click()

    async def sees(self, text: str) -> None:
        """Wait until that text is visible."""
        async with self.expecting(f"“{text}”"):
            await self.page.get_by_text(text).first.wait_for()


Open = Callable[..., Awaitable[Screen]]


@pytest.fixture
async def screens(browser: Browser, address: str) -> AsyncIterator[Open]:
    """Opens screens: `await screens(person, path)`; if `person` is None the screen is not signed in."""
    contexts: list[BrowserContext] = []
    opened: list[Screen] = []

    async def open_screen(
        person: Person | None,
        path: str | None = None,
        *,
        size: tuple[int, int] = TABLET,
        lang: str = "zh",
        address: str = address,
        installed: bool = False,
    ) -> Screen:
        context = await browser.new_context(
            # A service worker fetches the whole program anew for each device: where it is not tried it only costs time.
            service_workers="allow" if installed else "block",
            viewport={"width": size[0], "height": size[1]},
            locale="zh-CN",
            reduced_motion="reduce",  # a colour in transition is no colour of the page
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(
            f"localStorage.getItem('yijue.lang') || localStorage.setItem('yijue.lang', '{lang}')"
        )
        if person is not None:
            token = person.client.cookies["yijue_session"]
            await context.add_cookies([{"name": "yijue_session", "value": token, "url": address}])
        screen = Screen(await context.new_page(), address)
        await screen.page.expose_function("keep", screen.keep)
        await screen.page.add_init_script(KEEP)
        opened.append(screen)
        if path is not None:
            await screen.go(path)
        return screen

    yield open_screen
    for context in contexts:
        await context.close()
    assert [error for screen in opened for error in screen.errors] == [], "a page failed"


class Wifi:
    """The network between a device and the server: while it is lost, connections break and none succeeds."""

    def __init__(self, target: str) -> None:
        host, _, port = target.removeprefix("http://").rpartition(":")
        self._target = (host, int(port))
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen, after a loss at the same address again."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def lose(self) -> None:
        """Break off every connection and accept none."""
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            to_reader, to_writer = await asyncio.open_connection(*self._target)
            self._open |= {writer, to_writer}
            await asyncio.gather(self._pipe(reader, to_writer), self._pipe(to_reader, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            for each in {writer} | ({to_writer} if "to_writer" in locals() else set()):
                self._open.discard(each)
                each.close()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        with suppress(OSError):
            writer.write_eof()


@pytest.fixture
async def wifi(address: str) -> AsyncIterator[Wifi]:
    """A network for one device."""
    wifi = Wifi(address)
    await wifi.start()
    yield wifi
    with suppress(Exception):
        await wifi.lose()
