"""A virus scanner on a socket: a small one that speaks INSTREAM, and the real clamd with one signature of ours."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

# The test file of EICAR, in two halves, so that no scanner takes this source for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """Answers INSTREAM as clamd does. It can be told to hang, or to refuse as too large."""

    def __init__(self, path: Path) -> None:
        self.path, self.asked, self.hangs, self.error = path, 0, asyncio.Event(), ""
        self.hangs.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            command = await reader.readuntil(b"\0")
            if command == b"zVERSION\0":
                writer.write(b"ClamAV 1.4.6/27000/Tue Dec  1 00:00:00 2026\0")
                return
            assert command == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(await reader.readexactly(4), "big"):
                content += await reader.readexactly(size)
            self.asked += 1
            await self.hangs.wait()
            found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
            writer.write(b"stream: " + (self.error.encode() or found) + b"\0")
        finally:
            writer.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with await asyncio.start_unix_server(self.serve, self.path):
            yield


@asynccontextmanager
async def real_clamd(folder: Path) -> AsyncIterator[Path]:
    """The clamd of this machine, with EICAR as its only signature; yields its socket."""
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    assert program is not None
    (folder / "eicar.ndb").write_text(f"Yijue.Test:0:*:{EICAR.hex()}\n")
    socket, settings = folder / "clamd.sock", folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {folder}\nLocalSocket {socket}\nForeground yes\nStreamMaxLength 60M\nMaxFileSize 60M\n"
    )
    process = await asyncio.create_subprocess_exec(
        program, "--config-file", str(settings), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(60):
            while not socket.exists():  # noqa: ASYNC110 -- another program makes it
                await asyncio.sleep(0.05)
        yield socket
    finally:
        process.terminate()
        await process.wait()
