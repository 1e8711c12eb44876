"""Sessions: listed and ended by their owner, ended by the administrator, by hours, for want of use, and purged."""

import asyncio
from typing import TypeAlias

import asyncpg
import pytest
from litestar import Litestar

from acts.database import Database
from identity.sessions import hash_password
from realtime.store import still_signed_in
from tests.bureau import Bureau, Person, client_of, open_session
from tests.identity.test_own_password import entered
from tests.storage.attacks import WENT_THROUGH, Attacker, begin_as
from tests.test_one_meeting import Room

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
PASSWORD = "x7k2-p9qm-4trw"
AGENT = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


async def signed_in(person: Person) -> bool:
    return (await person.get("/api/session")).json() is not None


@pytest.fixture
async def two(app: Litestar, bureau: Bureau, owner: Connection) -> list[Person]:
    """林静 signed in with her password on two devices."""
    await owner.execute("DELETE FROM sessions WHERE person_id = $1", bureau.lin.id)
    hashed = await hash_password(PASSWORD)
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, hashed)
    return [await entered(app, bureau.lin, "0002", PASSWORD, AGENT) for _ in range(2)]


async def test_its_owner_sees_and_ends_them(two: list[Person], bureau: Bureau, owner: Connection) -> None:
    here, there = two
    listed = (await here.get("/api/sessions")).json()
    assert [(each["browser"], each["here"]) for each in listed] == [(AGENT, True), (AGENT, False)]
    assert all(each["since"] and each["used"] for each in listed)
    other = await owner.fetchval("SELECT id FROM sessions WHERE person_id = $1", bureau.he.id)
    assert (await here.client.delete(f"/api/sessions/{other}")).json() == {"ended": 0}  # another person's
    assert (await here.client.delete(f"/api/sessions/{listed[1]['session']}")).json() == {"ended": 1}
    assert [await signed_in(each) for each in (here, there, bureau.he)] == [True, False, True]


async def test_signing_out_everywhere_else_forgets_the_other_devices(two: list[Person], owner: Connection) -> None:
    here, there = two
    assert await owner.fetchval("SELECT count(*) FROM devices") == 2
    assert (await here.client.delete("/api/sessions")).json() == {"ended": 1}
    assert [await signed_in(each) for each in two] == [True, False]
    assert await owner.fetchval("SELECT count(*) FROM devices") == 1
    assert (await here.client.delete("/api/sessions")).json() == {"ended": 0}
    del there


async def test_the_administrator_ends_them_on_record(two: list[Person], bureau: Bureau, owner: Connection) -> None:
    path = f"/api/people/{bureau.lin.id}/sign-out"
    assert await bureau.li.refused(path) == "access.role"
    assert (await bureau.admin.do(path))["kind"] == "person.signed_out"
    assert [await signed_in(each) for each in two] == [False, False]
    assert await owner.fetchval("SELECT count(*) FROM devices") == 0
    (line,) = [
        each["zh"] for each in (await bureau.admin.get("/api/organization/history")).json()["records"]
        if each["kind"] == "person.signed_out"
    ]  # fmt: skip
    assert line.startswith("结束")


@pytest.mark.moment("in_session")
async def test_a_member_of_a_meeting_that_sits_is_not_signed_out(bureau: Bureau) -> None:
    for person, rule in ((bureau.lin, "state.wrong"), (bureau.jiang, "")):
        answer = await bureau.admin.post(f"/api/people/{person.id}/sign-out")
        assert (answer.json().get("rule") or "") == rule
        assert await signed_in(person) == bool(rule)


async def test_an_hour_without_use_ends_it(bureau: Bureau, owner: Connection, app_role: Connection) -> None:
    lin, he = bureau.lin, bureau.he
    await owner.execute("UPDATE sessions SET used_at = now() - interval '59 minutes' WHERE person_id = $1", lin.id)
    await owner.execute("UPDATE sessions SET used_at = now() - interval '61 minutes' WHERE person_id = $1", he.id)
    with pytest.raises(asyncpg.CheckViolationError, match="no session has this secret"):
        await app_role.execute(begin_as(he))
    await app_role.execute("ROLLBACK")
    assert await Attacker(app_role, lin).attack("SELECT 1") == WENT_THROUGH
    assert [await signed_in(each) for each in (lin, he)] == [True, False]
    used = await owner.fetchval("SELECT now() - used_at FROM sessions WHERE person_id = $1", lin.id)
    assert used.total_seconds() < 30, "use is noted"


async def test_a_live_feed_is_use(bureau: Bureau, owner: Connection, database: Database) -> None:
    await owner.execute("UPDATE sessions SET used_at = now() - interval '50 minutes'")
    async with database.connection() as connection:
        assert bureau.lin.secret in await still_signed_in(connection, [bureau.lin.secret])
    used = await owner.fetchval("SELECT now() - used_at FROM sessions WHERE person_id = $1", bureau.lin.id)
    assert used.total_seconds() < 30


@pytest.mark.moment("in_session")
async def test_who_is_in_the_room_is_not_signed_out_before_the_meeting_ends(
    bureau: Bureau, owner: Connection, app_role: Connection
) -> None:
    """Neither for want of use nor by hours, members and all others who checked in; 许文博, who is on leave, is."""
    room = Room(bureau, owner)
    here = [bureau.lin, bureau.li, bureau.zhao, bureau.tang]  # a member, secretary, observer, attendee
    await owner.execute(
        "UPDATE sessions SET used_at = now() - interval '5 hours', expires_at = yijue_now() - interval '2 hours'"
        " WHERE person_id = ANY ($1)", [each.id for each in (*here, bureau.xu)],
    )  # fmt: skip
    assert await Attacker(app_role, bureau.lin).attack("SELECT 1") == WENT_THROUGH
    assert [await signed_in(each) for each in (*here, bureau.xu)] == [True, True, True, True, False]
    await bureau.lin.do(f"{room.path}/departures", {"person": bureau.lin.id})
    assert not await signed_in(bureau.lin)


async def test_what_has_expired_is_purged_by_a_job(
    two: list[Person], app: Litestar, bureau: Bureau, owner: Connection, database: Database
) -> None:
    jobs = "SELECT count(*) FROM jobs WHERE kind = 'sign_in.purge' AND done_at IS NULL"
    assert await owner.fetchval(jobs) == 1, "one, however many sign in"
    client = client_of(app, *await open_session(owner, bureau.xu.id))
    await owner.execute("UPDATE sessions SET used_at = now() - interval '25 hours' WHERE person_id = $1", bureau.he.id)
    await owner.execute("INSERT INTO sign_in_failures VALUES ('1', '9', 'strangers', now() - interval '1 second')")
    await owner.execute("INSERT INTO sign_in_failures VALUES ('1', '9', 'address x', now() + interval '1 minute')")
    await owner.execute("UPDATE devices SET last_at = now() - interval '401 days'")
    await owner.execute("UPDATE jobs SET due_at = yijue_now()")
    database.work.set()
    async with asyncio.timeout(20):
        while await owner.fetchval(jobs):  # noqa: ASYNC110 -- a worker does it meanwhile
            await asyncio.sleep(0.05)
    assert await owner.fetchval("SELECT count(*) FROM sessions WHERE person_id = $1", bureau.he.id) == 0
    assert await owner.fetchval("SELECT count(*) FROM sessions WHERE person_id = $1", bureau.lin.id) == 2
    assert await owner.fetchval("SELECT array_agg(tried_by) FROM sign_in_failures") == ["address x"]
    assert await owner.fetchval("SELECT count(*) FROM devices") == 0
    await client.aclose()


async def test_the_sign_in_page_says_why(two: list[Person], bureau: Bureau, owner: Connection) -> None:
    here, there = two
    mine = f"/api/people/{bureau.lin.id}"

    async def why(person: Person) -> str | None:
        ended: str | None = (await person.get("/api/sign-in")).json()["ended"]
        return ended

    async def anew(change: str = "ended = NULL") -> None:
        await owner.execute(f"UPDATE sessions SET {change} WHERE person_id = $1", bureau.lin.id)

    assert await why(there) is None
    await here.client.delete("/api/sessions")
    assert [await why(each) for each in two] == [None, "elsewhere"]
    await anew()
    await bureau.admin.do(f"{mine}/sign-out")
    assert await why(there) == "administrator"
    await anew()
    await here.do("/api/session/password", {"old": PASSWORD, "new": "right horse battery"})
    assert [await why(each) for each in two] == [None, "password"]
    await bureau.admin.do(f"{mine}/password", {"password": "wrong horse battery"})
    assert [await why(each) for each in two] == ["reset", "password"]
    await anew()
    await anew("used_at = now() - interval '2 hours'")
    assert await why(there) == "idle"
    await anew("expires_at = yijue_now() - interval '1 second'")
    assert await why(there) == "expired"
    await owner.execute("UPDATE people SET active = false WHERE id = $1", bureau.lin.id)
    assert await why(there) == "closed"
    assert await why(bureau.he) is None
