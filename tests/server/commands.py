"""Commands as an operator runs them, in a process and an environment of their own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

COMMAND = (sys.executable, "-c", "from server.cli import main; main()")
ROOT = Path(__file__).parents[2]


def environment(**settings: str) -> dict[str, str]:
    """This process's environment, with these settings of yijue in place of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YIJUE_")}
    no_fonts = str(ROOT / "tests" / "no_fonts.conf")  # what the machine has installed changes no test
    return {**kept, "PYTHONPATH": str(ROOT), "FONTCONFIG_FILE": no_fonts, **settings}


async def run(*arguments: str, **settings: str) -> tuple[int, str, str]:
    """Run the command; return exit status, standard output and standard error."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, *arguments, env=environment(**settings),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def heard(stream: asyncio.StreamReader, word: str) -> str:
    """Read lines up to one that has this word; return them."""
    said = ""
    while word not in said:
        line = (await stream.readline()).decode()
        assert line, f"it ended: {said}"
        said += line
    return said


@asynccontextmanager
async def served(**settings: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of `yijue serve` on a free port; the server is stopped, in order, at the end."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "serve", "--port", "0", env=environment(**settings),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        async with asyncio.timeout(60):
            line = (await heard(process.stderr, "ready")).splitlines()[-1]
        address = line[line.index("http://") :].split()[0].strip("\x1b[0m")
        async with httpx.AsyncClient(base_url=address) as client:
            yield client
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 20)
