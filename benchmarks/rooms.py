"""Bodies, people and meetings to measure with.

People and their sessions go straight into the tables, as the owner (signing in takes its time by design);
what happens in a meeting goes over HTTP.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from acts.acting import Receipt
from benchmarks.http import Connection, request
from benchmarks.site import Site
from identity.sessions import digest
from storage import store

NOTICE, MEETING = "2026-01-08T10:00:00+08:00", "2026-01-13T09:00:00+08:00"


def token_of(person: int) -> str:
    """Returns the session token of a person; pgbench must come to the same."""
    return f"bench{person}"


class Person:
    """A person who is signed in, with a connection of their own."""

    def __init__(self, id: int, port: int) -> None:
        self.id, self.port = id, port
        self.headers = {"cookie": f"yijue_session={token_of(id)}", "x-csrf-token": "bench"}
        self._connection: Connection | None = None

    def post(self, path: str, body: bytes, key: UUID | None = None) -> bytes:
        """Returns a command of theirs, with a key of its own, as it goes over the wire."""
        return request("POST", path, body, {**self.headers, "idempotency-key": str(key or uuid4())})

    def ballots(self, path: str, many: int) -> list[bytes]:
        """Returns so many ballots of theirs, each of which replaces the one before."""
        keys = [None, *(uuid4() for _ in range(many))]
        bodies = [msgspec.json.encode({"choice": "yes", "replaces": before}) for before in keys[:-1]]
        return [self.post(path, body, key) for body, key in zip(bodies, keys[1:], strict=True)]

    async def connect(self) -> Connection:
        """Give their connection, a new one if the server has closed the last because it lay idle."""
        if self._connection is None or self._connection.closed:
            self._connection = await Connection.open(self.port)
        return self._connection

    async def ask(self, asked: bytes) -> tuple[int, bytes]:
        try:
            return await (await self.connect()).ask(asked)
        except ConnectionError:  # closed just now, because it lay idle; a command's key makes it safe to ask again
            return await (await self.connect()).ask(asked)

    async def receipt(self, path: str, body: bytes) -> Receipt:
        """Send a command, expect success, give the receipt."""
        status, answer = await self.ask(self.post(path, body))
        if status != 200:
            raise RuntimeError(f"POST {path}: {status} {answer.decode()}")
        return msgspec.json.decode(answer, type=Receipt)

    async def do(self, path: str, **content: Any) -> dict[str, Any]:
        """Send a command, expect success, give the receipt's content."""
        return (await self.receipt(path, msgspec.json.encode(content))).content

    @property
    def answered_at(self) -> float:
        """The time at which the last answer was there, by time.perf_counter."""
        assert self._connection is not None
        return self._connection.answered_at

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


class Body:
    """A body of so many formal members, the first of them its head, and a secretary."""

    def __init__(self, id: int, organization: int, members: list[Person], secretary: Person) -> None:
        self.id, self.organization, self.members, self.secretary = id, organization, members, secretary

    @property
    def chair(self) -> Person:
        return self.members[0]

    def close(self) -> None:
        for person in (*self.members, self.secretary):
            person.close()


_next_number = iter(range(1, 10**9))


async def add_people(site: Site, organization: int, count: int) -> list[int]:
    """Add so many people with a session each; give their ids, which follow one another."""
    first = next(_next_number)
    for _ in range(count - 1):
        next(_next_number)
    rows = await site.owner.fetch(
        "INSERT INTO people (organization_id, staff_number, name)"
        " SELECT $1, 'B' || n, '成员' || n FROM generate_series($2::bigint, $3::bigint) AS n ORDER BY n RETURNING id",
        organization, first, first + count - 1,
    )  # fmt: skip
    ids = [row["id"] for row in rows]
    await site.owner.executemany(
        "INSERT INTO sessions (secret_hash, person_id, csrf, expires_at) VALUES (sha256($1), $2, 'bench', 'infinity')",
        [(digest(token_of(id)), id) for id in ids],
    )
    return ids


async def add_body(site: Site, organization: int, members: int) -> Body:
    """Add a body whose chair need not vote last, so that everybody may vote at once, and again."""
    body = await site.owner.fetchval(
        "INSERT INTO bodies (organization_id, name, charter) VALUES ($1, $2, $3) RETURNING id",
        organization, str(uuid4()), '{"chair_last": false, "ballot_change": "until_close"}',
    )  # fmt: skip
    ids = await add_people(site, organization, members + 1)
    roles = [*((id, "member") for id in ids[:-1]), (ids[0], "head"), (ids[-1], "secretary")]
    await site.owner.executemany(
        "INSERT INTO grants (body_id, person_id, role) VALUES ($1, $2, $3)", [(body, *each) for each in roles]
    )
    await site.owner.executemany(
        "INSERT INTO seats (body_id, person_id, seat) VALUES ($1, $2, $3)",
        [(body, id, seat) for seat, id in enumerate(ids[:-1], start=1)],
    )
    people = [Person(id, site.port) for id in ids]
    return Body(body, organization, people[:-1], people[-1])


class Room:
    """A meeting of a body in session; `next_vote` opens one on its next item."""

    def __init__(self, body: Body, meeting: int) -> None:
        self.body, self.meeting = body, meeting
        self.path = f"/api/meetings/{meeting}"
        self.items: list[int] = []
        self.vote = 0
        self._item = 0

    @property
    def ballots(self) -> str:
        """The path to which ballots of the open vote go."""
        return f"{self.path}/votes/{self.vote}/ballots"

    async def next_vote(self) -> None:
        """Close the open vote, if there is one, and decide; present the next item and open its vote."""
        chair = self.body.chair
        if self.vote:
            closed = await chair.do(f"{self.path}/votes/{self.vote}/close", confirm_outstanding=True)
            await chair.do(f"{self.path}/items/{self._item}/decision", outcome=closed["result"])
        self._item = self.items.pop(0)
        item = f"{self.path}/items/{self._item}"
        await chair.do(f"{item}/presentation", presenter=chair.id)
        await chair.do(f"{item}/speeches", person=chair.id, summary="作了汇报。")
        await chair.do(f"{item}/discussion-close")
        self.vote = (await chair.do(f"{item}/votes"))["vote"]


async def plan(body: Body, items: int) -> Room:
    """Plan a meeting with so many items on its agenda, not yet sealed."""
    planned = await body.secretary.do(
        f"/api/bodies/{body.id}/meetings", title="党组会议", starts_at=MEETING, place="三楼会议室"
    )
    room = Room(body, planned["meeting"])
    for number in range(items):
        added = await body.secretary.do(
            f"{room.path}/items", title=f"议题{number + 1}", category="funds", in_charge=body.chair.id
        )
        room.items.append(added["item"]["id"])
    return room


async def assemble(room: Room) -> None:
    """Give notice, deliver it, record everybody's arrival."""
    secretary, members = room.body.secretary, [member.id for member in room.body.members]
    submitted = await secretary.receipt(f"{room.path}/agenda/submission", b"{}")
    await room.body.chair.do(f"{room.path}/agenda/approval", version=submitted.seq)
    await secretary.do(f"{room.path}/notice")
    await secretary.do(f"{room.path}/deliveries", people=members, method="electronic")
    for member in members:
        await secretary.do(f"{room.path}/arrivals", person=member)


async def gather(site: Site, sizes: Sequence[int], items: int) -> list[Room]:
    """Make a body of each size, each with a meeting of so many items in session."""
    organization = await site.owner.fetchval("INSERT INTO organizations (name) VALUES ($1) RETURNING id", str(uuid4()))
    bodies = [await add_body(site, organization, size) for size in sizes]
    await store.set_clock(site.owner, datetime.fromisoformat(NOTICE))
    rooms = await asyncio.gather(*(plan(body, items) for body in bodies))
    # Papers are not measured; without them no notice goes out. So row and record say that they are complete.
    await site.owner.execute(
        "WITH complete AS (UPDATE items SET materials_complete = true WHERE NOT materials_complete"
        " RETURNING id, meeting_id) SELECT ledger_append(k.id, m.secretary_id, 'materials.checked',"
        " json_build_object('item', c.id, 'complete', true)::text, NULL) FROM complete c JOIN meetings m"
        " ON m.id = c.meeting_id JOIN books k ON (k.subject_type, k.subject_id) = ('meeting', m.id)"
    )
    await asyncio.gather(*(assemble(room) for room in rooms))
    await store.set_clock(site.owner, datetime.fromisoformat(MEETING))
    await asyncio.gather(*(room.body.chair.do(f"{room.path}/call") for room in rooms))
    return rooms
