"""Many ballots race one closing, in two processes' worth of connections: what was acknowledged is in the tally."""

import asyncio
from typing import Any

import asyncpg

from tests.bureau import Bureau
from tests.test_one_meeting import Room

RACES = 60  # rounds of nine ballots against one closing: 480 ballots race


async def test_every_acknowledged_ballot_is_in_the_tally_and_no_other(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await owner.execute("UPDATE bodies SET charter = '{\"chair_last\": false}'")
    room = Room(bureau, owner)
    await room.prepare()
    await room.gather()
    item = await room.discuss(0, bureau.lin)
    voters = [member for member in bureau.members if member.key != "xu"]
    accepted_in_all = refused_in_all = 0
    for race in range(RACES):
        opened = await bureau.zhou.do(f"{item}/votes")
        vote = f"{room.path}/votes/{opened['content']['vote']}"

        async def cast(person: Any, vote: str = vote, race: int = race) -> tuple[int, str | None]:
            await asyncio.sleep((person.id * 7 + race * 3) % 11 / 1000)
            choice = ("yes", "no", "abstain")[(person.id + race) % 3]
            answer = await person.post(f"{vote}/ballots", {"choice": choice})
            if answer.is_success:
                return person.id, choice
            assert answer.json()["rule"] == "state.wrong", answer.text
            return person.id, None

        async def close(vote: str = vote, race: int = race) -> dict[str, Any]:
            await asyncio.sleep(race % 9 / 1000)
            answer = await bureau.zhou.post(f"{vote}/close", {"confirm_outstanding": True})
            content: dict[str, Any] = answer.json()["content"]
            return content

        closed, *cast_ = await asyncio.gather(close(), *(cast(person) for person in voters))
        accepted = {person: choice for person, choice in cast_ if choice}
        accepted_in_all += len(accepted)
        refused_in_all += len(cast_) - len(accepted)
        assert {each["person"]: each["choice"] for each in closed["choices"]} == accepted
        for choice in ("yes", "no", "abstain"):
            assert closed["tally"][choice] == list(accepted.values()).count(choice)
        # A closed vote is not taken again; the owner reopens the item to race anew.
        await owner.execute("ALTER TABLE votes DISABLE TRIGGER USER")
        await owner.execute("UPDATE votes SET state = 'void', result = NULL WHERE state = 'closed'")
        await owner.execute("ALTER TABLE votes ENABLE TRIGGER USER")
        await owner.execute("UPDATE proceedings SET state = 'open' WHERE item_id = $1", room.items[0])
    assert accepted_in_all > RACES
    assert refused_in_all > RACES


async def test_of_two_closings_one_closes(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    room = Room(bureau, owner)
    await room.prepare()
    await room.gather()
    item = await room.discuss(0, bureau.lin)
    opened = await bureau.zhou.do(f"{item}/votes")
    close = f"{room.path}/votes/{opened['content']['vote']}/close"
    answers = await asyncio.gather(*(bureau.zhou.post(close, {"confirm_outstanding": True}) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
