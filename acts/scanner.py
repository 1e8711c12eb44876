"""Asking a virus scanner, by the INSTREAM command of ClamAV's clamd (clamd(8)).

The scanner is the operator's own program, on a socket of this machine or network. It answers `OK`, the name of what it
found, or an error. While it cannot be asked, that is logged once a minute, and for a moment nobody asks again.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from msgspec import Struct

from acts.jobs import LaterError
from storage.errors import YijueError

log = structlog.get_logger()

CONNECT, ANSWER = 3.0, 30.0  # seconds
AGAIN = 15.0  # seconds after a failure in which it is not asked
_LOGGED = 60.0
_CHUNK = 64 * 1024
_MOST_NAME = 80


class ScannerAddressError(YijueError):
    """The setting names no socket."""

    def __init__(self, address: str) -> None:
        super().__init__(f"YIJUE_VIRUS_SCANNER is unix:/path or host:port, not {address[:80]!r}")


class ScannerAwayError(LaterError):
    """The scanner cannot be asked now, or cannot answer; `str()` says why."""


def at_hand(scanner: "Scanner | None") -> "Scanner":
    """Returns the scanner. Raises ScannerAwayError where none is configured any more."""
    if scanner is None:
        raise ScannerAwayError("no scanner is configured (YIJUE_VIRUS_SCANNER), and a paper waits for one")
    return scanner


class Address(Struct, frozen=True):
    """The scanner's socket: a path, else host and port."""

    path: str = ""
    host: str = ""
    port: int = 0


def address_of(text: str) -> Address:
    """Returns what `unix:/run/clamav/clamd.ctl` or `127.0.0.1:3310` names. Raises ScannerAddressError."""
    if text.startswith("unix:/"):
        return Address(path=text.removeprefix("unix:"))
    host, _, port = text.removeprefix("tcp:").rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ScannerAddressError(text)
    return Address(host=host.strip("[]"), port=int(port))


class Scanner:
    """The scanner at an address."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._away_until = self._said_until = 0.0

    async def scan(self, content: bytes) -> str:
        """Returns the name of what is found in the content, "" for nothing. Raises ScannerAwayError."""
        if time.monotonic() < self._away_until:
            raise ScannerAwayError("the scanner did not answer a moment ago")
        try:
            said = await self._ask(b"zINSTREAM\0", content)
            if not said.startswith("stream: ") or not said.endswith((" FOUND", "OK")):
                raise ScannerAwayError(f"it answers {said[:_MOST_NAME]!r}")
        except ScannerAwayError as error:
            now = time.monotonic()
            self._away_until = now + AGAIN
            if now >= self._said_until:
                self._said_until = now + _LOGGED
                log.error("virus scanner", error=str(error), mend="papers wait for it; yijue doctor")
            raise
        name = said.removeprefix("stream: ").removesuffix(" FOUND")
        return "" if name == "OK" else "".join(each for each in name if each.isprintable())[:_MOST_NAME]

    async def version(self) -> str:
        """Returns what the scanner says of itself and its signatures. Raises ScannerAwayError."""
        return await self._ask(b"zVERSION\0")

    async def _ask(self, command: bytes, content: bytes | None = None) -> str:
        try:
            async with asyncio.timeout(ANSWER), self._connected() as (reader, writer):
                # Read meanwhile: it says why it takes no more, and ends the stream.
                answer = asyncio.create_task(reader.readuntil(b"\0"))
                writer.write(command)
                if content is not None:
                    with suppress(ConnectionError):
                        await _send(writer, content)
                said = await answer
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScannerAwayError("it ends the connection without an answer") from error
        except TimeoutError as error:
            raise ScannerAwayError(f"it did not answer within {ANSWER:g} s") from error
        except OSError as error:
            raise ScannerAwayError(f"it cannot be reached ({error.strerror or type(error).__name__})") from error
        return said.rstrip(b"\0\n").decode(errors="replace")

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        async with asyncio.timeout(CONNECT):
            reader, writer = (
                await asyncio.open_unix_connection(self._address.path)
                if self._address.path
                else await asyncio.open_connection(self._address.host, self._address.port)
            )
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _send(writer: asyncio.StreamWriter, content: bytes) -> None:
    """Send chunks, each after its length, and an empty one at the end."""
    for start in range(0, len(content), _CHUNK):
        chunk = content[start : start + _CHUNK]
        writer.write(len(chunk).to_bytes(4, "big") + chunk)
        await writer.drain()
    writer.write(bytes(4))
    await writer.drain()
