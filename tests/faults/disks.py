"""The disk of the database is taken to its last byte while a meeting votes: acts are refused in words, and once there
is room all goes on."""

import asyncio
import random
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from storage import embedded
from tests.faults.report import Figure
from tests.faults.voting import CHOICES, hold, open_a_vote, owner_of
from tests.serving import served

REFUSALS = {(503, "disk.full"), (503, "unavailable")}
AT_ONCE = 100  # ballots, at most, until the disk is full
BACK_WITHIN = 40.0  # seconds


class CannotMountError(Exception):
    """The machine mounts no file system for this account."""


@contextmanager
def mounted(folder: Path) -> Iterator[None]:
    """Make the folder a disk of its own that holds little. Raises CannotMountError."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        raise CannotMountError
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, name: str) -> Path:
    """Fill the disk to its last byte with a file of this name; return its path."""
    path = disk / name
    with path.open("wb", buffering=0) as other:
        for block in (2**20, 4096, 1):
            try:
                while True:
                    other.write(bytes(block))
            except OSError:
                pass
    return path


async def fill_the_disk(folder: Path, seed: int, times: int, step: Callable[[], None]) -> list[Figure]:
    """Fill the disk after some ballots, vote on until it is full for PostgreSQL too, and make room again."""
    disk, chance, refused = folder / "disk", random.Random(seed), 0
    disk.mkdir()
    try:
        with mounted(disk):
            async with embedded.running(disk / "data") as database:
                voting = await open_a_vote(database)
                with served(folder, database_url=database.url("yijue_app")) as server:
                    await voting.move_to(server.base)
                    for _ in range(times):
                        await voting.cast_until(chance.randint(1, 25), lambda: None)
                        others = list[Path]()
                        for _ in range(AT_ONCE):
                            others.append(fill(disk, f"other{len(others)}"))  # what PostgreSQL frees is taken too
                            person = chance.choice(voting.voters)
                            key, ballot = voting.ballot(person, chance.choice(CHOICES))
                            answer = await person.post(f"{voting.vote}/ballots", ballot, key)
                            if answer.is_success:
                                voting.told[key] = (person, answer.json())
                                continue
                            assert (answer.status_code, answer.json()["rule"]) in REFUSALS, answer.text
                            voting.untold[key] = (person, ballot)
                            refused += 1
                            break
                        for other in others:
                            other.unlink()
                        await _ready(server.base)
                        async with owner_of(database.url("yijue_owner")) as owner:
                            await hold(voting, owner)
                        step()
                    assert "Traceback" not in server.log.read_text("utf-8")
                    await voting.room.bureau.close()
    except CannotMountError:
        return [Figure("the disk is full", "not asked: mounting a small disk takes root", "")]
    return [
        Figure("the disk is full", "times, and ballots refused in words", f"{times:,}, {refused:,}"),
        Figure("the disk is full", "acknowledged ballots, of which none was lost or doubled", f"{len(voting.told):,}"),
    ]


async def _ready(base: str) -> None:
    async with asyncio.timeout(BACK_WITHIN), httpx.AsyncClient(base_url=base, timeout=30) as client:
        while not (await client.get("/ready")).is_success:  # noqa: ASYNC110 -- it says so to those who ask
            await asyncio.sleep(0.2)
