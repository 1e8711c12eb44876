"""Acknowledged ballots a second, beside pgbench; with no records before them, and with ten years of them.

A ballot counts when its voter has the answer: the record is then committed, durable and in the chain.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from statistics import median

from benchmarks.pgbench import ballots_by_pgbench, script_for
from benchmarks.rooms import Room, gather
from benchmarks.site import Site
from benchmarks.table import Figure, between

ROUNDS = 5
CONNECTIONS = 12  # as many as the program's pool has
SIZES = (60, *[9] * 50)  # one meeting of sixty, and fifty of nine
BALLOT = b'{"choice":"yes"}'
WANTED = 0.25


async def cast_all(rooms: Sequence[Room], each: int) -> float:
    """Have every member of every room cast so many ballots, all at once; give how many a second were acknowledged."""
    voters = [(member, member.ballots(room.ballots, each)) for room in rooms for member in room.body.members]
    await asyncio.gather(*(member.connect() for member, _ in voters))

    async def cast(at: int) -> None:
        member, ballots = voters[at]
        for ballot in ballots:
            status, body = await member.ask(ballot)
            if status != 200:
                raise RuntimeError(body.decode())

    start = time.perf_counter()
    await asyncio.gather(*(cast(at) for at in range(len(voters))))
    return len(voters) * each / (time.perf_counter() - start)


async def next_votes(rooms: Sequence[Room]) -> None:
    """Open a fresh vote in each room, so that no round is slower for the ballots of the one before."""
    await asyncio.gather(*(room.next_vote() for room in rooms))


async def measure(none: Site, ten: Site, records: int, step: Callable[[], None]) -> list[Figure]:
    """Measure program and pgbench by turns on `none`, and the program on `ten`, which has so many records; call `step`
    after each round."""
    rooms, old = await gather(none, SIZES, 2 * ROUNDS + 2), await gather(ten, SIZES, ROUNDS + 1)
    parts = {"one meeting of 60": slice(0, 1), "50 meetings of 9": slice(1, None)}
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in parts}
    for round_ in range(ROUNDS + 1):
        for name, part in parts.items():
            each, by_pgbench = (6, 480) if part.stop else (3, 1800)
            await next_votes(rooms[part])
            ours = await cast_all(rooms[part], each)
            await next_votes(rooms[part])
            script = await script_for(none, rooms[part], CONNECTIONS)
            limit = await ballots_by_pgbench(none, script, by_pgbench, CONNECTIONS)
            await next_votes(old[part])
            later = await cast_all(old[part], each)
            if round_:  # the first fills caches and tables
                found[name].append((ours, limit, later))
        if not round_:  # as autovacuum would within a minute; until then plans are those of empty tables
            await none.owner.execute("ANALYZE")
            await ten.owner.execute("ANALYZE")
        step()
    for room in (*rooms, *old):
        room.body.close()
    return [*_beside_pgbench(found), *_beside_none(found, records)]


def _beside_pgbench(found: dict[str, list[tuple[float, float, float]]]) -> list[Figure]:
    figures = []
    for name, rounds in found.items():
        ratios = [ours / limit for ours, limit, _ in rounds]
        figures.append(
            Figure(
                f"ballots a second, {name}",
                f"{median(ours for ours, _, _ in rounds):.0f}",
                f"pgbench {median(limit for _, limit, _ in rounds):.0f}",
                f"{median(ratios):.2f}",
                f"≥ {WANTED}",
                median(ratios) >= WANTED,
                between(ratios),
            )
        )
    return figures


def _beside_none(found: dict[str, list[tuple[float, float, float]]], records: int) -> list[Figure]:
    figures = []
    for name, rounds in found.items():
        ratios = [later / ours for ours, _, later in rounds]
        figures.append(
            Figure(
                f"… with {records:,} records there, {name}",
                f"{median(later for _, _, later in rounds):.0f}",
                f"with none {median(ours for ours, _, _ in rounds):.0f}",
                f"{median(ratios):.2f}",
                "≈ 1",
                median(ratios) >= 0.9,
                between(ratios),
            )
        )
    return figures
