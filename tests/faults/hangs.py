"""PostgreSQL hangs, as on a disk that does not answer: nobody waits for long, and all goes on once it is back."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from storage import cluster, embedded
from storage.embedded import Launched
from tests.faults.report import Figure, spread
from tests.faults.voting import Voting, hold, open_a_vote, owner_of
from tests.serving import served

ANSWERED_WITHIN = 20.0  # seconds: the longest that a request may wait for a connection and an answer, and some more
QUESTIONS = 20


async def hang(folder: Path, seed: int, times: int, step: Callable[[], None]) -> list[Figure]:
    """Stop all processes of PostgreSQL for 1 to 15 seconds while all vote and others ask, and let them go on."""
    chance, waited, refused = random.Random(seed), list[float](), 0
    async with embedded.running(folder / "data") as database:
        voting = await open_a_vote(database)
        with served(folder, database_url=database.url("yijue_app")) as server:
            await voting.move_to(server.base)
            for _ in range(times):
                stopped = asyncio.Event()

                def stop(stopped: asyncio.Event = stopped) -> None:
                    _send(database, signal.SIGSTOP)
                    stopped.set()

                casting = asyncio.create_task(voting.cast_until(chance.randint(1, 25), stop))
                await stopped.wait()
                asking = [asyncio.create_task(_ask(voting)) for _ in range(QUESTIONS)]
                await asyncio.sleep(chance.uniform(1, 15))
                _send(database, signal.SIGCONT)
                await casting
                for took, answered in await asyncio.gather(*asking):
                    waited.append(took)
                    refused += not answered
                async with owner_of(database.url("yijue_owner")) as owner:
                    await hold(voting, owner)
                step()
            assert "Traceback" not in server.log.read_text("utf-8")
            await voting.room.bureau.close()
    assert max(waited) < ANSWERED_WITHIN
    return [
        Figure("PostgreSQL hangs", "times, 1 to 15 s each", f"{times:,}"),
        Figure("PostgreSQL hangs", "acknowledged ballots, of which none was lost or doubled", f"{len(voting.told):,}"),
        Figure("PostgreSQL hangs", "questions meanwhile, of which refused in words", f"{len(waited):,}, {refused:,}"),
        Figure("PostgreSQL hangs", "a question waits", spread(waited)),
    ]


def _send(database: Launched, number: int) -> None:
    for pid in cluster.working_in(database.places.cluster):
        os.kill(pid, number)


async def _ask(voting: Voting) -> tuple[float, bool]:
    """Returns how long the answer took, in seconds, and whether it is more than a refusal."""
    begun = time.monotonic()
    answer = await voting.room.bureau.li.get("/api/session")
    assert answer.is_success or answer.json()["rule"] == "unavailable", answer.text
    return time.monotonic() - begun, answer.is_success
