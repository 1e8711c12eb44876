"""Acts that exclude each other are sent to two servers at once: one is done, the other is refused, and all adds up.

One item is voted again and again because each vote is void (`quorum.lost`): every member not on leave must be present,
and one leaves while it is open and comes back after it. A round of races is one such vote: two openings, two
departures, seven ballots sent twice under one key, seven pairs of ballots that replace the same one, seven ballots
against the closing, two closings, two arrivals.
"""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from storage import embedded
from storage.ledger import check_chain
from tests.bureau import Person, found_bureau
from tests.faults.pair import pair, twice
from tests.faults.report import Figure
from tests.faults.voting import CHOICES, application_on
from tests.test_one_meeting import Room

MEETINGS = 4  # in which races go on at once
A_ROUND = 2 * 7 + 7 + 4  # races
Devices = dict[str, tuple[Person, Person]]


async def race(folder: Path, seed: int, times: int, step: Callable[[], None]) -> list[Figure]:
    """Run at least so many races, in MEETINGS at once; `step` is called for each."""
    rounds = -(-times // (A_ROUND * MEETINGS))
    seen = Counter[str]()
    async with embedded.running(folder / "data") as database, application_on(database) as (app, owner):
        rooms = [Room(await found_bureau(app, owner, prefix=f"第{number}"), owner) for number in range(MEETINGS)]
        await owner.execute(
            """UPDATE bodies SET charter =
                '{"chair_last": false, "ballot_change": "until_close", "quorum": "8/9"}'"""
        )
        for room in rooms:
            await room.prepare()
        for room in rooms:
            await room.gather()
        items = [await room.discuss(0, room.bureau.lin) for room in rooms]
        async with pair(database.url("yijue_app")) as bases, asyncio.TaskGroup() as races:
            for number, (room, item) in enumerate(zip(rooms, items, strict=True)):
                chance = random.Random(seed + number)
                races.create_task(_rounds(room, item, bases, chance, rounds, seen, step))
        for room in rooms:
            check_chain(await room.entries())
            await room.bureau.close()
        assert await owner.fetchval("SELECT count(*) FROM votes") == rounds * MEETINGS
        assert await owner.fetchval("SELECT count(*) FROM ballots") == seen["ballots"]
    assert seen["counted"], "all ballots came after their closing: no race"
    assert seen["too late"], "no ballot came after its closing: no race"
    return [
        Figure("two servers race", "races, of which each had one winner", f"{rounds * MEETINGS * A_ROUND:,}"),
        Figure(
            "two servers race",
            "ballots in time for the closing, and too late",
            f"{seen['counted']:,} and {seen['too late']:,}",
        ),
    ]


async def _rounds(
    room: Room, item: str, bases: tuple[str, str], chance: random.Random, rounds: int, seen: Counter[str],
    step: Callable[[], None],
) -> None:  # fmt: skip
    devices = {key: twice(person, bases) for key, person in room.bureau.people.items()}
    try:
        for _ in range(rounds):
            await _round(room, item, devices, chance, seen)
            for _ in range(A_ROUND):
                step()
    finally:
        for device in chain.from_iterable(devices.values()):
            await device.client.aclose()


async def _round(room: Room, item: str, devices: Devices, chance: random.Random, seen: Counter[str]) -> None:
    ma = {"person": room.bureau.ma.id}
    opened = await _one_of(devices["zhou"], f"{item}/votes", {}, "vote.item_by_item")
    vote = f"{room.path}/votes/{opened['content']['vote']}"
    await _one_of(devices["li"], f"{room.path}/departures", ma, "state.wrong")
    voters = [member.key for member in room.bureau.members if member.key not in ("xu", "ma")]
    firsts = await asyncio.gather(*(_same(devices[key], vote, chance.choice(CHOICES)) for key in voters))
    seconds = await asyncio.gather(
        *(_replacing(devices[key], vote, first, chance) for key, first in zip(voters, firsts, strict=True))
    )
    seen["ballots"] += 2 * len(voters)
    lasts = [
        _against_the_closing(chance.choice(devices[key]), vote, second, chance)
        for key, second in zip(voters, seconds, strict=True)
    ]
    closing = _closing(devices["zhou"], vote, chance.random() / 5)
    closed, *counted = await asyncio.gather(closing, *lasts)
    names = {devices[key][0].id: receipt for key, receipt in zip(voters, counted, strict=True)}
    before = {devices[key][0].id: receipt for key, receipt in zip(voters, seconds, strict=True)}
    final = {person: (receipt or before[person])["content"]["choice"] for person, receipt in names.items()}
    assert {each["person"]: each["choice"] for each in closed["content"]["choices"]} == final
    for choice in CHOICES:
        assert closed["content"]["tally"][choice] == list(final.values()).count(choice)
    in_time = sum(receipt is not None for receipt in counted)
    seen["counted"] += in_time
    seen["ballots"] += in_time
    seen["too late"] += len(voters) - in_time
    await _one_of(devices["li"], f"{room.path}/arrivals", ma, "state.wrong")


async def _one_of(devices: tuple[Person, Person], path: str, body: Any, refusal: str) -> Any:
    """Do the same at both servers at once; return the answer of the one that is done."""
    answers = await asyncio.gather(*(device.post(path, body) for device in devices))
    done = [answer for answer in answers if answer.is_success]
    assert len(done) == 1, [answer.text for answer in answers]
    refused = [answer.json()["rule"] for answer in answers if not answer.is_success]
    assert refused == [refusal], refused
    return done[0].json()


async def _same(devices: tuple[Person, Person], vote: str, choice: str) -> Any:
    """Send one ballot under one key to both: it counts once, and both have its receipt."""
    key = uuid.uuid4()
    first, second = await asyncio.gather(
        *(device.post(f"{vote}/ballots", {"choice": choice}, key) for device in devices)
    )
    assert (first.is_success, second.is_success) == (True, True), (first.text, second.text)
    assert first.json() == second.json()
    return first.json() | {"key": str(key)}


async def _replacing(devices: tuple[Person, Person], vote: str, first: Any, chance: random.Random) -> Any:
    """Replace the same ballot on two devices at once: one counts, the other is asked (`vote.stale`)."""
    keys = uuid.uuid4(), uuid.uuid4()
    answers = await asyncio.gather(
        *(
            device.post(f"{vote}/ballots", {"choice": chance.choice(CHOICES), "replaces": first["key"]}, key)
            for device, key in zip(devices, keys, strict=True)
        )
    )
    assert sorted(answer.is_success for answer in answers) == [False, True], [answer.text for answer in answers]
    (won,) = (number for number, answer in enumerate(answers) if answer.is_success)
    assert answers[1 - won].json()["rule"] == "vote.stale"
    return answers[won].json() | {"key": str(keys[won])}


async def _against_the_closing(device: Person, vote: str, second: Any, chance: random.Random) -> Any:
    """Replace it once more while the vote closes: return the receipt, None where that came too late."""
    await asyncio.sleep(chance.random() / 10)
    answer = await device.post(f"{vote}/ballots", {"choice": chance.choice(CHOICES), "replaces": second["key"]})
    if answer.is_success:
        return answer.json()
    assert answer.json()["rule"] == "state.wrong", answer.text
    return None


async def _closing(devices: tuple[Person, Person], vote: str, after: float) -> Any:
    await asyncio.sleep(after)
    return await _one_of(devices, f"{vote}/close", {"confirm_outstanding": True}, "state.wrong")
