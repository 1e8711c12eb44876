"""A ballot is sent a hundred times under its key, to two servers: it counts once, and each answer is the first."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

from storage import embedded
from storage.ledger import check_chain
from tests.bureau import Person
from tests.faults.pair import pair, twice
from tests.faults.report import Figure
from tests.faults.voting import CHOICES, Voting, open_a_vote, owner_of

EACH, TOGETHER = 100, 20


async def repeat(folder: Path, seed: int, times: int, step: Callable[[], None]) -> list[Figure]:
    """Send so many duplicates, of ballots of all voters at once."""
    async with embedded.running(folder / "data") as database, owner_of(database.url("yijue_owner")) as owner:
        voting = await open_a_vote(database)
        each = -(-times // (EACH * len(voting.voters)))
        async with pair(database.url("yijue_app")) as bases, asyncio.TaskGroup() as repeating:
            for voter in voting.voters:
                chance = random.Random(seed + voter.id)
                repeating.create_task(_repeat(voting, voter, bases, chance, each, step))
        voting.room.owner = owner
        check_chain(await voting.room.entries())
        ballots = each * len(voting.voters)
        assert await owner.fetchval("SELECT count(*) FROM ballots") == ballots
        await voting.room.bureau.close()
    return [
        Figure("duplicates", "sent, each answered as the first", f"{ballots * EACH:,}"),
        Figure("duplicates", "ballots counted, each once", f"{ballots:,}"),
    ]


async def _repeat(
    voting: Voting, voter: Person, bases: tuple[str, str], chance: random.Random, ballots: int, step: Callable[[], None]
) -> None:
    devices = twice(voter, bases)
    try:
        for _ in range(ballots):
            key, ballot = voting.ballot(voter, chance.choice(CHOICES))
            receipts = set()
            for _ in range(EACH // TOGETHER):
                answers = await asyncio.gather(
                    *(devices[number % 2].post(f"{voting.vote}/ballots", ballot, key) for number in range(TOGETHER))
                )
                assert all(answer.is_success for answer in answers), [answer.text for answer in answers]
                receipts |= {answer.content for answer in answers}
                for _ in answers:
                    step()
            assert len(receipts) == 1
    finally:
        for device in devices:
            await device.client.aclose()
