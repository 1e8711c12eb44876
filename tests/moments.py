"""Databases at named moments of the demonstration meeting: each is made once in a worker, through the acts of its
people over HTTP, and cloned for each test that begins there (`@pytest.mark.moment("in_session")`).
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

import asyncpg
from litestar import Litestar
from msgspec import Struct

from acts.database import Database, connected
from acts.heads import Outside
from acts.jobs import Worker
from acts.limits import Limits
from documents.fonts import FontSet, choose, load
from realtime.hub import Hub
from server.demonstration.bureau import ITEMS
from server.demonstration.meeting import draw_paper
from storage import store
from tests.bureau import Bureau, Person, client_of, found_bureau, issue
from tests.serving import unmeasured
from tests.test_one_meeting import NOTICE, Room

FOUNDED = "founded"
AppOn = Callable[[Database, Hub, Limits], Litestar]


async def _vote_on_the_first(room: Room) -> None:
    item = await room.discuss(0, room.bureau.lin)
    await room.vote(item, {"zheng": "no"})
    await room.decide(item, "passed")


async def _adjourn(room: Room) -> None:
    item = await room.discuss(2, room.bureau.chen)
    await room.vote(item, {"wu": "defer"})
    await room.decide(item, "passed")
    for left in (1, 3, 4):
        await room.bureau.zhou.do(f"{room.path}/items/{room.items[left]}/deferral", {"reason": "另议"})
    await room.bureau.zhou.do(f"{room.path}/adjournment")


async def _issue(room: Room) -> None:
    drafted = await room.bureau.li.do(f"{room.path}/minutes")
    minutes = f"{room.path}/minutes/{drafted['content']['minutes']}"
    await room.bureau.approve(minutes)
    await issue(room.bureau.li, minutes)


# Each moment with the step that leads to it from the one before.
LEADING: dict[str, Callable[[Room], Awaitable[None]]] = {
    "drafted": Room.draft,
    "noticed": Room.prepare,
    "in_session": Room.gather,
    "voted": _vote_on_the_first,
    "adjourned": _adjourn,
    "issued": _issue,
}


class Kept(Struct, frozen=True):
    """A moment's data beside its database: its time, the ids, and each person's id, session and CSRF token."""

    at: datetime | None
    people: dict[str, tuple[int, str, str]]
    body: int
    organization: int
    kin: dict[str, int]
    meeting: int = 0
    items: tuple[int, ...] = ()

    def bureau(self, app: Litestar | None, base: str = "http://test") -> Bureau:
        """The bureau on a clone of the moment's database, as `found_bureau` returns it."""
        people = {
            key: Person(key, id, client_of(app, token, csrf, base)) for key, (id, token, csrf) in self.people.items()
        }
        return Bureau(people, self.body, self.organization, dict(self.kin), self.meeting, self.items)


class Moments:
    """Makes databases of the server that `url` names by role and database, for the worker of this prefix."""

    def __init__(self, url: Callable[[str, str], str], prefix: str, app_on: AppOn) -> None:
        self._url, self._prefix, self._app_on = url, prefix, app_on
        self._kept: dict[str, Kept] = {}

    async def clone(self, moment: str | None, database: str) -> Kept | None:
        """Make this database as it was at the moment (None: without a bureau), with its clock set to that time."""
        kept = None if moment is None else await self._at(moment)
        await self._copy(moment or "template", database)
        if kept is not None and kept.at is not None:
            owner = await self._owner(database)
            await store.set_clock(owner, kept.at)
            await owner.close()
        return kept

    async def _at(self, moment: str) -> Kept:
        if moment not in self._kept:
            order = [FOUNDED, *LEADING]
            before = order[order.index(moment) - 1] if moment != FOUNDED else None
            earlier = await self.clone(before, self._prefix + moment)
            self._kept[moment] = await self._lead(moment, earlier)
        return self._kept[moment]

    async def _lead(self, moment: str, earlier: Kept | None) -> Kept:
        owner = await self._owner(self._prefix + moment)
        async with (
            connected(self._url("app", self._prefix + moment), lambda _: None) as database,
            Worker(database, {FontSet: lambda: load(choose()), Outside: lambda: Outside(None)}).running(),
        ):
            app = self._app_on(database, Hub(), unmeasured())
            bureau = await found_bureau(app, owner) if earlier is None else earlier.bureau(app)
            room = Room(bureau, owner)
            if moment != FOUNDED:
                room.paper = draw_paper(ITEMS[0], datetime.fromisoformat(NOTICE), load(choose()))
                await LEADING[moment](room)
            at = await owner.fetchval("SELECT yijue.yijue_now()") if room.meeting else None
            await bureau.close()
        await owner.close()
        people = {key: (each.id, *each.proof) for key, each in bureau.people.items()}
        return Kept(
            at, people, bureau.body, bureau.organization, bureau.kin, room.meeting, tuple(room.items)
        )  # fmt: skip

    async def _copy(self, of: str, database: str) -> None:
        admin = await asyncpg.connect(self._url("admin", "postgres"))
        await admin.execute(f"CREATE DATABASE {database} TEMPLATE {self._prefix}{of} STRATEGY file_copy")
        await admin.close()

    async def _owner(self, database: str) -> "asyncpg.Connection[asyncpg.Record]":
        return await asyncpg.connect(self._url("owner", database), server_settings={"search_path": "yijue"})
