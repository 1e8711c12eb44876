"""A meeting whose vote goes on while its servers fail, and what must hold of it after each failure."""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
import httpx
from litestar import Litestar
from msgspec import Struct

from acts.database import connected
from realtime.hub import Hub
from server.app import create_app
from server.connecting import apply_migrations
from storage.embedded import Server
from storage.ledger import check_chain
from tests.bureau import Person, found_bureau
from tests.serving import unmeasured
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Told: TypeAlias = dict[uuid.UUID, tuple[Person, dict[str, Any]]]  # by key: the voter, with the receipt or the ballot
CHOICES = ("yes", "no", "abstain")
# Given up before the server closes it after 5 s: a request on a connection that closes just then gets no answer.
IDLE = httpx.Limits(keepalive_expiry=2)


@asynccontextmanager
async def owner_of(url: str) -> AsyncIterator[Owner]:
    """Connect as the owner, who reads the tables themselves."""
    connection = await asyncpg.connect(url, server_settings={"search_path": "yijue"})
    yield connection
    await connection.close()


@asynccontextmanager
async def application_on(server: Server) -> AsyncIterator[tuple[Litestar, Owner]]:
    """Migrate the server's database; yield the application on it in this process, and the owner's connection."""
    await apply_migrations(server.url("yijue_owner"), "test")
    hub = Hub()
    async with (
        owner_of(server.url("yijue_owner")) as owner,
        connected(server.url("yijue_app"), hub.announce) as database,
    ):
        yield create_app(database, hub, unmeasured()), owner


class Voting(Struct):
    """A meeting with an open vote, and the ballots that were acknowledged (`told`) or are in doubt (`untold`)."""

    room: Room
    vote: str
    told: Told  # with the receipts
    untold: Told  # with the ballots
    last: dict[int, uuid.UUID]  # by voter: the key of their latest ballot

    @property
    def voters(self) -> list[Person]:
        return [member for member in self.room.bureau.members if member.key != "xu"]

    async def move_to(self, base: str) -> None:
        """Connect all people anew, to the server at `base`."""
        for person in self.room.bureau.people.values():
            await person.client.aclose()
            person.client = httpx.AsyncClient(
                base_url=base, cookies=person.client.cookies, headers=person.client.headers, timeout=30, limits=IDLE
            )

    def ballot(self, person: Person, choice: str) -> tuple[uuid.UUID, dict[str, Any]]:
        """The person's next ballot, which replaces their latest, and its key."""
        key, before = uuid.uuid4(), self.last.get(person.id)
        self.last[person.id] = key
        return key, {"choice": choice, "replaces": before and str(before)}

    async def send(self, person: Person, ballot: dict[str, Any], key: uuid.UUID) -> httpx.Response:
        """Send a ballot, later where the account has sent too many."""
        while True:
            answer = await person.post(f"{self.vote}/ballots", ballot, key)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return answer
            await asyncio.sleep(int(answer.headers["retry-after"]))

    async def cast(self, person: Person, stop: asyncio.Event) -> None:
        """Cast and replace ballots, each under a key of its own, up to 100, until `stop` or a failure."""
        for _ in range(100):
            key, ballot = self.ballot(person, random.choice(CHOICES))
            try:
                answer = await self.send(person, ballot, key)
            except httpx.HTTPError:
                self.untold[key] = (person, ballot)
                return
            if answer.is_success:
                self.told[key] = (person, answer.json())
            else:
                assert answer.json()["rule"] == "unavailable", answer.text
                self.untold[key] = (person, ballot)
                return
            if stop.is_set():
                return
            await asyncio.sleep(random.random() / 50)

    async def cast_until(self, ballots: int, fail: Callable[[], object]) -> None:
        """Let all cast at once; call `fail` when so many more ballots are acknowledged."""
        stop, wanted = asyncio.Event(), len(self.told) + ballots
        casting = [asyncio.create_task(self.cast(person, stop)) for person in self.voters]
        async with asyncio.timeout(60):
            while len(self.told) < wanted:  # noqa: ASYNC110 -- many add to it
                await asyncio.sleep(0.005)
        fail()
        stop.set()
        await asyncio.gather(*casting)


async def open_a_vote(server: Server) -> Voting:
    """Hold the meeting in the server's new database up to an open vote in which ballots may be replaced."""
    async with application_on(server) as (app, owner):
        bureau = await found_bureau(app, owner)
        await owner.execute("""UPDATE bodies SET charter = '{"chair_last": false, "ballot_change": "until_close"}'""")
        room = Room(bureau, owner)
        await room.prepare()
        await room.gather()
        opened = await bureau.zhou.do(f"{await room.discuss(0, bureau.lin)}/votes")
    return Voting(room, f"{room.path}/votes/{opened['content']['vote']}", {}, {}, {})


async def hold(voting: Voting, owner: Owner) -> None:
    """Check that all acknowledged ballots are there, none by half, and that keys get the same answers."""
    voting.room.owner = owner
    entries = await voting.room.entries()
    check_chain(entries)
    records = [entry.record.content for entry in entries if entry.record.kind == "ballot.cast"]
    rows = await owner.fetch("SELECT person_id, version, choice FROM ballots ORDER BY person_id, version")
    assert sorted((each["person"], each["version"], each["choice"]) for each in records) == [tuple(row) for row in rows]
    kept = {entry.record.seq: entry for entry in entries}
    for person, receipt in voting.told.values():
        entry = kept[receipt["seq"]]
        assert (entry.hash.hex(), entry.record.actor) == (receipt["hash"], person.id)
    # The last alone: all of them would be too many for their accounts.
    for key, (person, receipt) in list(voting.told.items())[-16:]:
        ballot = {name: receipt["content"][name] for name in ("choice", "replaces")}
        answer = await voting.send(person, ballot, key)
        assert answer.json() == receipt
    for key, (person, ballot) in voting.untold.items():
        first = await voting.send(person, ballot, key)
        assert first.json()["content"]["choice"] == ballot["choice"], first.text
        again = await voting.send(person, ballot, key)
        assert again.json() == first.json()
        voting.told[key] = (person, first.json())
    voting.untold.clear()


async def close(voting: Voting, owner: Owner) -> None:
    """Let all vote once more and close: the tally is theirs."""
    for number, person in enumerate(voting.voters):
        key, ballot = voting.ballot(person, CHOICES[number % 3])
        assert (await voting.send(person, ballot, key)).is_success
    closed = (await voting.room.bureau.zhou.do(f"{voting.vote}/close", {}))["content"]
    assert closed["tally"] == {"yes": 3, "no": 3, "abstain": 2, "defer": 0, "not_voted": 0}
    assert await owner.fetchval("SELECT count(*) FROM votes WHERE state = 'closed'") == 1
