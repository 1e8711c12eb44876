"""Ballots that wait at the same moment go together: one transaction, each with its own answer and its own session."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg
import pytest
from litestar import Litestar
from msgspec.structs import replace

from storage.ledger import check_chain
from tests.bureau import Bureau, Person, client_of
from tests.storage.attacks import NO_PRIVILEGE, Attacker, why
from tests.test_one_meeting import Room
from voting import together
from voting.casting import ballot_of

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Cast: TypeAlias = Callable[..., Awaitable[Any]]


@pytest.fixture
async def room(bureau: Bureau, owner: Connection) -> Room:
    room = Room(bureau, owner)
    await room.discuss(0, bureau.lin)
    await bureau.zhou.do(f"{room.path}/items/{room.items[0]}/votes")
    return room


@pytest.fixture
async def vote(room: Room) -> int:
    number: int = await room.owner.fetchval("SELECT id FROM votes WHERE state = 'open'")
    return number


@pytest.fixture
def cast(room: Room, vote: int) -> Cast:
    async def send(person: Person, key: UUID | None = None, **ballot: Any) -> Any:
        path = f"{room.path}/votes/{vote}/ballots"
        return await person.post(path, {"choice": "yes", **ballot}, key or uuid4())

    return send


pytestmark = pytest.mark.moment("in_session")


async def test_a_crowd_is_one_transaction(room: Room, vote: int, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who are there together are answered by two transactions at most; one who may not vote undoes no other's."""
    batches: list[int] = []
    answer = together.Ballots._answer

    async def counted(self: together.Ballots, meeting: int, batch: list[Any]) -> None:
        batches.append(len(batch))
        await answer(self, meeting, batch)

    monkeypatch.setattr(together.Ballots, "_answer", counted)
    b = room.bureau
    voters = [each for each in b.members if each.key not in ("xu", "zhou")]  # on leave; the chair votes last
    answers = await asyncio.gather(*(cast(each) for each in (*voters, b.xu, b.tang)))
    assert [each.status_code for each in answers] == [200] * 7 + [409, 403]
    assert len(batches) <= 2, batches
    assert [each.json()["content"]["person"] for each in answers[:7]] == [each.id for each in voters]
    seqs = [each.json()["seq"] for each in answers[:7]]
    assert sorted(seqs) == list(range(min(seqs), min(seqs) + 7))
    entries = await room.entries()
    check_chain(entries)
    kept = {each.record.seq: each for each in entries}
    assert all(kept[each.json()["seq"]].hash.hex() == each.json()["hash"] for each in answers[:7])
    assert entries[-1].record.kind == "rule.refused"
    assert await room.owner.fetchval("SELECT count(*) FROM ballots WHERE vote_id = $1", vote) == 7


async def test_the_same_command_twice_at_once_is_one_ballot(room: Room, cast: Cast) -> None:
    key, lin = uuid4(), room.bureau.lin
    first, again, other = await asyncio.gather(cast(lin, key), cast(lin, key), cast(room.bureau.he))
    assert (first.status_code, first.json()) == (200, again.json())
    assert other.status_code == 200
    assert await room.owner.fetchval("SELECT count(*) FROM ballots") == 2


async def test_who_repeats_one_command_holds_up_nobody(
    room: Room, cast: Cast, app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger repeats one command fifty times: the member behind them is in the first transaction or the second."""
    turns: list[set[str]] = []
    together_ = together.Ballots._together

    async def noted(self: together.Ballots, meeting: int, batch: list[Any]) -> None:
        await together_(self, meeting, batch)
        turns.append({each.caller.name for each in batch if each.caller})

    monkeypatch.setattr(together.Ballots, "_together", noted)
    stranger = Person("stranger", 0, client_of(app, "no session's", "x"))
    key = uuid4()
    answers = await asyncio.gather(*(cast(stranger, key) for _ in range(50)), cast(room.bureau.lin))
    assert [each.status_code for each in answers] == [401] * 50 + [200]
    assert "林静" in set[str]().union(*turns[:2])


async def test_of_two_devices_at_once_one_is_overtaken(room: Room, cast: Cast) -> None:
    lin = room.bureau.lin
    answers = await asyncio.gather(cast(lin, choice="yes"), cast(lin, choice="no"))
    assert sorted(each.status_code for each in answers) == [200, 409]
    assert next(each for each in answers if each.status_code == 409).json()["rule"] == "vote.stale"


async def test_what_postgresql_refuses_of_one_undoes_no_other(
    room: Room, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program's rules are got round for one: the database refuses that one, and keeps the others."""
    he = room.bureau.he

    def lawless(situation: Any, *said: Any, **more: Any) -> Any:
        ballot = ballot_of(situation, *said, **more)
        return replace(ballot, version=7) if situation.person == he.id else ballot

    monkeypatch.setattr(together, "ballot_of", lawless)
    answers = await asyncio.gather(*(cast(each) for each in (room.bureau.lin, he, room.bureau.chen)))
    assert [each.is_success for each in answers] == [True, False, True]
    assert await room.owner.fetchval("SELECT count(*) FROM ballots") == 2
    check_chain(await room.entries())


async def test_a_session_that_has_ended_is_told_so(room: Room, cast: Cast) -> None:
    gone, there = room.bureau.lin, room.bureau.he
    await room.owner.execute("UPDATE sessions SET ended = 'elsewhere' WHERE person_id = $1", gone.id)
    answers = await asyncio.gather(cast(gone), cast(there))
    assert [each.status_code for each in answers] == [401, 200]
    there.client.headers["X-CSRF-Token"] = "another's"
    assert (await cast(there, choice="no")).json()["rule"] == "access.csrf"


async def test_each_row_proves_its_own_session(room: Room, vote: int, app_role: Connection) -> None:
    b, m, item = room.bureau, room.meeting, room.items[0]

    async def forged(secret: bytes, **said: Any) -> str:
        ballot = {"item": item, "vote": vote, "choice": "yes", "version": 1, "key": str(uuid4()), **said}
        call = "SELECT * FROM cast_ballots($1, $2, $3, $4)"
        try:
            async with app_role.transaction():
                await app_role.fetch(call, m, [secret], [json.dumps(ballot)], [None])
        except asyncpg.PostgresError as error:
            return why(error)
        return "went through"

    other = await room.owner.fetchval("SELECT max(id) FROM votes") + 1
    assert await forged(b.lin.secret, person=b.he.id) == "recorded"
    assert await forged(b"no session's", person=b.he.id) == "session_proved"
    assert await forged(b.lin.secret, person=b.lin.id, vote=other) != "went through"
    assert await forged(b.lin.secret, person=b.lin.id, version=2) == "ballots_one_each"
    assert await forged(b.lin.secret, person=b.lin.id, replaces=str(uuid4())) == "ballots_not_stale"
    assert await forged(b.xu.secret, person=b.xu.id) == "ballots_on_roll"
    assert await forged(b.lin.secret, person=b.lin.id) == "went through"
    assert await Attacker(app_role, b.lin).attack("SELECT proofs_of('{}')") == NO_PRIVILEGE
