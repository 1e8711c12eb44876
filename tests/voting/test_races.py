"""500 closings race with seven ballots and another closing each: the tally has the acknowledged ballots and no other.

A race is one open vote: its members send their ballots and its chair two closings at about the same moment, over
connections of their own, to two servers in processes of their own on one database. So no lock or event loop of one
process puts them in order: PostgreSQL alone does.

One item is voted a hundred times because each vote is void (`quorum.lost`): every member not on leave must be present,
and one leaves while it is open and comes back after it.
"""

import asyncio
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest

from storage.ledger import check_chain
from tests.bureau import TLS, Bureau, found_bureau
from tests.conftest import Urls
from tests.serving import served
from tests.test_one_meeting import Room

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
BODIES, RACES = 5, 100  # number of meetings at once, and of races in each


async def _race(room: Room, item: str, race: int) -> tuple[int, int]:
    """Race one vote to its closing; return the numbers of ballots accepted and refused."""
    bureau = room.bureau
    opened = await bureau.zhou.do(f"{item}/votes")
    await bureau.li.do(f"{room.path}/departures", {"person": bureau.ma.id})
    vote = f"{room.path}/votes/{opened['content']['vote']}"

    async def cast(person: Any) -> tuple[int, str | None]:
        await asyncio.sleep((person.id * 7 + race * 3) % 11 / 250)
        choice = ("yes", "no", "abstain")[(person.id + race) % 3]
        answer = await person.post(f"{vote}/ballots", {"choice": choice})
        if answer.is_success:
            return person.id, choice
        assert answer.json()["rule"] == "state.wrong", answer.text
        return person.id, None

    async def close(client: httpx.AsyncClient) -> dict[str, Any] | None:
        await asyncio.sleep(race % 9 / 250)
        answer = await client.post(f"{vote}/close", json={"confirm_outstanding": True})
        if answer.is_success:
            content: dict[str, Any] = answer.json()["content"]
            return content
        assert answer.json()["rule"] == "state.wrong", answer.text
        return None

    voters = [member for member in bureau.members if member.key not in ("xu", "ma")]
    first, second, *cast_ = await asyncio.gather(
        close(bureau.zhou.client), close(bureau.people["zhou elsewhere"].client), *(cast(person) for person in voters)
    )
    assert (first is None) != (second is None), "of two closings one closes"
    closed = first or second
    assert closed is not None
    accepted = {person: choice for person, choice in cast_ if choice}
    assert {each["person"]: each["choice"] for each in closed["choices"]} == accepted
    for choice in ("yes", "no", "abstain"):
        assert closed["tally"][choice] == list(accepted.values()).count(choice)
    assert closed["tally"]["not_voted"] == len(voters) + 1 - len(accepted)
    await bureau.li.do(f"{room.path}/arrivals", {"person": bureau.ma.id})
    return len(accepted), len(voters) - len(accepted)


async def _races(room: Room) -> tuple[int, int]:
    item = await room.discuss(0, room.bureau.lin)
    accepted = refused = 0
    for race in range(RACES):
        more, less = await _race(room, item, race)
        accepted, refused = accepted + more, refused + less
    return accepted, refused


@pytest.mark.long
async def test_every_acknowledged_ballot_is_in_the_tally_and_no_other(
    urls: Urls, owner: Connection, tmp_path: Path
) -> None:
    with served(tmp_path, database_url=urls.app) as one, served(tmp_path, database_url=urls.app) as other:
        rooms = []
        for number in range(BODIES):
            bureau = await found_bureau(None, owner, one.base, f"第{number}")
            rooms.append(Room(bureau, owner))
        await owner.execute('UPDATE bodies SET charter = \'{"chair_last": false, "quorum": "8/9"}\'')
        for room in rooms:
            await room.prepare()
        for room in rooms:
            await room.gather()
            _half_elsewhere(room.bureau, other.base)
        results = await asyncio.gather(*(_races(room) for room in rooms))
        accepted, refused = (sum(each) for each in zip(*results, strict=True))
        for room in rooms:
            check_chain(await room.entries())
            await room.bureau.close()
    assert await owner.fetchval("SELECT count(*) FROM votes") == BODIES * RACES
    assert await owner.fetchval("SELECT count(*) FROM ballots") == accepted
    assert accepted > BODIES * RACES, "nearly all ballots came too late: no race"
    assert refused > BODIES * RACES, "nearly all ballots came in time: no race"


def _half_elsewhere(bureau: Bureau, base: str) -> None:
    """Move every second member to the other server, and let the chair close at both."""
    elsewhere = bureau.people["zhou elsewhere"] = type(bureau.zhou)(
        "zhou elsewhere",
        bureau.zhou.id,
        httpx.AsyncClient(
            verify=TLS, base_url=base, cookies=bureau.zhou.client.cookies, headers=bureau.zhou.client.headers
        ),
    )
    assert elsewhere.id == bureau.zhou.id
    for member in bureau.members[1::2]:
        member.client.base_url = httpx.URL(base)
