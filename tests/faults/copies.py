"""Copies of the data, taken while members vote without a pause: by hand, file by file, and by `yijue backup`.

A backup, restored, has every ballot that was acknowledged before it began. A folder copied file by file may lack
anything: `yijue check` says so, or it does not open at all, or it is whole up to an earlier record as an older copy is.
"""

import asyncio
import random
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from pyrage.x25519 import Identity

from storage import backups, embedded
from storage.cluster import Places
from storage.ledger import check_chain
from tests.bureau import Person
from tests.faults.report import Figure
from tests.faults.voting import CHOICES, Told, Voting, open_a_vote, owner_of
from tests.server.commands import run
from tests.serving import served


async def copy_while_running(folder: Path, seed: int, times: int, step: Callable[[], None]) -> list[Figure]:
    """Copy the folder in the order of names, as `cp` does, and look at each copy."""
    chance, found = random.Random(seed), Counter[str]()
    async with _voted_on(folder, chance) as voting:
        for number in range(times):
            await asyncio.sleep(chance.random() * 2)
            before, copy = dict(voting.told), folder / f"copy-{number}"
            await _copy(folder / "data", copy, chance.random() * 4)
            status, said, err = await run("check", YIJUE_DATA=str(copy))
            assert "Traceback" not in err
            if status == 0:
                found[await _reaches(voting, copy, before)] += 1
            else:
                assert "✗" in said or err, "silent"
                found["damage named" if "✗" in said else "not opened"] += 1
            await asyncio.to_thread(subprocess.run, ["rm", "-rf", str(copy)], check=True)
            step()
    outcome = ", ".join(f"{count} {what}" for what, count in found.most_common())
    return [Figure("copies of the running folder", "looked at by `yijue check`", f"{times:,}: {outcome}")]


async def restore_backups(folder: Path, seed: int, times: int, step: Callable[[], None]) -> list[Figure]:
    """Back up in turn encrypted, as a dump and as the whole folder; restore each and look at it."""
    chance, private, held = random.Random(seed), Identity.generate(), 0
    kinds: list[tuple[str, ...]] = [("--recipient", str(private.to_public())), ("--dump",), ()]
    (folder / "key").write_text(str(private))
    async with _voted_on(folder, chance) as voting:
        for number in range(times):
            await asyncio.sleep(chance.random() * 2)
            before, place, into = dict(voting.told), folder / f"backups-{number}", folder / f"restored-{number}"
            status, _, err = await run("backup", str(place), *kinds[number % 3], YIJUE_DATA=str(folder / "data"))
            assert status == 0, err
            assert len(voting.told) > len(before), "nobody voted meanwhile"
            (made,) = backups.kept(place)
            identity = ("--identity", str(folder / "key"))
            status, said, err = await run("restore", str(made.folder), *identity, YIJUE_DATA=str(into))
            assert status == 0, said + err
            held += await _holds(voting, into, before)
            await asyncio.to_thread(subprocess.run, ["rm", "-rf", str(place), str(into)], check=True)
            step()
    return [
        Figure("backups", "taken at random moments, restored and whole", f"{times:,}"),
        Figure("backups", "ballots in them, all those acknowledged before among them", f"{held:,}"),
    ]


async def _copy(data: Path, to: Path, pause: float) -> None:
    """Copy in the order of names, as over a slow line: the tables, then, after a pause of so many seconds in which
    PostgreSQL writes a checkpoint, what comes after them. A file that goes away meanwhile is left out."""
    await _cp([data], to)
    await asyncio.sleep(pause)
    running = embedded.attached(data)
    assert running is not None
    async with owner_of(running.url("yijue_admin")) as admin:
        await admin.execute("CHECKPOINT")
    await _cp([each for each in Places(data).cluster.iterdir() if each.name != "base"], Places(to).cluster)


async def _cp(these: list[Path], to: Path) -> None:
    command = ["cp", "-a", *(str(each) for each in these), str(to)]
    await asyncio.to_thread(subprocess.run, command, check=False, capture_output=True)


@asynccontextmanager
async def _voted_on(folder: Path, chance: random.Random) -> AsyncIterator[Voting]:
    """A `yijue serve` on `folder`/data, at which all vote until the end of the block."""
    async with embedded.running(folder / "data") as database:
        voting = await open_a_vote(database)
    with served(folder, data=str(folder / "data")) as server:
        await voting.move_to(server.base)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as casting:
            for person in voting.voters:
                casting.create_task(_cast(voting, person, chance, stop))
            try:
                yield voting
            finally:
                stop.set()
        await voting.room.bureau.close()


async def _cast(voting: Voting, person: Person, chance: random.Random, stop: asyncio.Event) -> None:
    while not stop.is_set():
        key, ballot = voting.ballot(person, chance.choice(CHOICES))
        answer = await person.post(f"{voting.vote}/ballots", ballot, key)
        assert answer.is_success, answer.text
        voting.told[key] = (person, answer.json())
        await asyncio.sleep(0.2 + chance.random() / 5)


async def _reaches(voting: Voting, data: Path, before: Told) -> str:
    """Returns whether a copy that is whole in itself has all that was told before. One that ends earlier has nothing
    else up to there: pages and receipts that know more show it (docs/decisions/0034-records-that-are-lost.md)."""
    async with embedded.running(data) as server, owner_of(server.url("yijue_owner")) as owner:
        voting.room.owner = owner
        last = (await voting.room.entries())[-1].record.seq
    there = {key: told for key, told in before.items() if told[1]["seq"] <= last}
    await _holds(voting, data, there)
    return "whole" if there == before else "whole up to an earlier record, which pages show"


async def _holds(voting: Voting, data: Path, before: Told) -> int:
    """Returns how many ballots the folder has, those told `before` among them, each with its record."""
    async with embedded.running(data) as server, owner_of(server.url("yijue_owner")) as owner:
        voting.room.owner = owner
        entries = await voting.room.entries()
        check_chain(entries)
        kept = {each.record.seq: each for each in entries}
        for person, receipt in before.values():
            assert (kept[receipt["seq"]].hash.hex(), kept[receipt["seq"]].record.actor) == (receipt["hash"], person.id)
        rows = await owner.fetch("SELECT person_id, version, choice FROM ballots ORDER BY person_id, version")
        said = [each.record.content for each in entries if each.record.kind == "ballot.cast"]
        assert sorted((each["person"], each["version"], each["choice"]) for each in said) == [
            tuple(row) for row in rows
        ]
        return len(rows)
