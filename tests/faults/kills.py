"""The server, or the PostgreSQL beneath it, is killed in the middle of a vote, again and again; the vote goes on.

After each kill every acknowledged ballot is there once, a ballot in doubt is there by its key or is taken now, and the
chain of the meeting's book is whole.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx

from storage import cluster, embedded
from storage.embedded import Launched
from tests.faults.report import Figure, spread
from tests.faults.voting import Voting, close, hold, open_a_vote, owner_of
from tests.serving import served, start

MOST_BALLOTS = 25  # that are acknowledged before a kill
BACK_WITHIN = 60.0  # seconds


async def kill_the_server(folder: Path, seed: int, times: int, step: Callable[[], None]) -> list[Figure]:
    """Kill `yijue serve` at random moments: one time in five while it starts, else while all vote."""
    chance, back = random.Random(seed), list[float]()
    async with embedded.running(folder / "data") as database, owner_of(database.url("yijue_owner")) as owner:
        voting, url = await open_a_vote(database), database.url("yijue_app")
        for _ in range(times):
            if chance.random() < 0.2:
                process, _, _ = start(folder, database_url=url)
                await asyncio.sleep(chance.random() * 1.5)
                process.kill()
                process.wait()
            else:
                with served(folder, database_url=url) as server:
                    back.append(server.ready_after)
                    await voting.move_to(server.base)
                    await hold(voting, owner)
                    await voting.cast_until(chance.randint(1, MOST_BALLOTS), server.kill)
            step()
        with served(folder, database_url=url) as server:
            await voting.move_to(server.base)
            await hold(voting, owner)
            await close(voting, owner)
        await voting.room.bureau.close()
    return _figures("the server is killed", times, voting, back)


async def kill_postgresql(folder: Path, seed: int, times: int, step: Callable[[], None]) -> list[Figure]:
    """Kill PostgreSQL at random moments of the vote: its first process, which is started again here, or one of the
    others, after which it starts itself again. The server stays, and goes on by itself."""
    chance, back = random.Random(seed), list[float]()
    async with embedded.running(folder / "data") as database:
        voting = await open_a_vote(database)
        with served(folder, database_url=database.url("yijue_app")) as server:
            await voting.move_to(server.base)
            for _ in range(times):
                await voting.cast_until(chance.randint(1, MOST_BALLOTS), partial(_kill, database, chance))
                begun = time.monotonic()
                if database.process.poll() is not None:
                    cluster.end_orphans(database.places)
                    database.launch()
                await database.ready()
                await _answers(server.base)
                back.append(time.monotonic() - begun)
                async with owner_of(database.url("yijue_owner")) as owner:
                    await hold(voting, owner)
                step()
            assert server.process.poll() is None
            assert "Traceback" not in server.log.read_text("utf-8")
            async with owner_of(database.url("yijue_owner")) as owner:
                await close(voting, owner)
        await voting.room.bureau.close()
    return _figures("PostgreSQL is killed", times, voting, back)


def _kill(database: Launched, chance: random.Random) -> None:
    others = [pid for pid in cluster.working_in(database.places.cluster) if pid != database.pid]
    if chance.random() < 0.5:
        os.kill(chance.choice(others), signal.SIGKILL)
    else:
        os.kill(database.pid, signal.SIGKILL)
        database.process.wait()


async def _answers(base: str) -> None:
    """Wait until the server has a connection to its database again."""
    async with asyncio.timeout(BACK_WITHIN), httpx.AsyncClient(base_url=base, timeout=30) as client:
        while not (await client.get("/api/health")).is_success:  # noqa: ASYNC110 -- it says so to those who ask
            await asyncio.sleep(0.05)


def _figures(scenario: str, times: int, voting: Voting, back: list[float]) -> list[Figure]:
    return [
        Figure(scenario, "kills", f"{times:,}"),
        Figure(scenario, "acknowledged ballots, of which none was lost or doubled", f"{len(voting.told):,}"),
        Figure(scenario, "answers again after", spread(back)),
    ]
