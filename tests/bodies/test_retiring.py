"""Roles that end on a day: the retirement is on record, N is right by date, and what was held before stays."""

from typing import TypeAlias

import asyncpg

from tests.bureau import Bureau
from tests.storage.attacks import Attacker
from tests.test_one_meeting import MEETING, Room, at

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def members(b: Bureau) -> dict[str, str | None]:
    people = (await b.li.get(f"/api/bodies/{b.body}")).json()["people"]
    return {each["name"]: each["ends"].get("member") for each in people if "member" in each["roles"]}


async def test_n_is_right_by_date(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    retirements = f"/api/bodies/{b.body}/retirements"
    await room.prepare()  # in the days before
    retired = {"person": b.xu.id, "role": "member", "ends_on": MEETING[:10]}
    assert await b.li.refused(retirements, retired) == "access.role"
    assert await b.admin.refused(retirements, {**retired, "person": b.tang.id}) == "unknown"
    await b.admin.do(retirements, retired)
    assert (await members(b))["许文博"] == MEETING[:10]  # a member still
    assert len(await members(b)) == 9
    history = (await b.zhao.get(f"/api/bodies/{b.body}/history")).json()["records"]
    assert history[-1]["zh"] == "许文博自2026年1月13日起不再担任“成员”"

    await at(owner, MEETING)
    assert len(await members(b)) == 8
    assert (await b.xu.get(room.path)).json()["rule"] == "unknown"  # no role is left to him
    code = (await b.hall.get(f"{room.path}/hall-code")).json()["code"]
    for key in ("zhou", "lin", "he", "chen", "ma", "sun"):
        await b.people[key].do(f"{room.path}/check-in", {"code": code})
    called = await b.zhou.do(f"{room.path}/call")
    assert called["content"]["n"] == 8
    assert b.xu.id not in called["content"]["formal_members"]


async def test_a_seat_and_the_headship_pass_on(bureau: Bureau, owner: Owner) -> None:
    """The head retires with their membership; another becomes head, and takes the seat that is left."""
    b, body = bureau, f"/api/bodies/{bureau.body}"
    await at(owner, MEETING)
    head = {"person": b.lin.id, "role": "head"}
    await b.admin.do(f"{body}/retirements", {"person": b.zhou.id, "role": "member", "ends_on": "2026-02-01"})
    assert await b.admin.refused(f"{body}/roles", head) == "input.invalid"  # not before
    await at(owner, "2026-02-01T09:00:00+08:00")
    await owner.execute("UPDATE sessions SET expires_at = yijue_now() + '1 day'")
    await b.admin.do(f"{body}/roles", head)
    await b.admin.do(f"{body}/seats", {"person": b.lin.id, "seat": 1})
    people = (await b.li.get(body)).json()["people"]
    assert [(each["name"], each["roles"]) for each in people if each["seat"] == 1] == [("林静", ["head", "member"])]
    # Back again: the role has no end, the person a seat.
    await b.admin.do(f"{body}/roles", {"person": b.zhou.id, "role": "member"})
    (back,) = (each for each in (await b.li.get(body)).json()["people"] if each["id"] == b.zhou.id)
    assert (back["roles"], back["ends"]) == (["member"], {})
    assert back["seat"]


async def test_a_retirement_is_taken_back(bureau: Bureau, owner: Owner) -> None:
    b, body = bureau, f"/api/bodies/{bureau.body}"
    await at(owner, MEETING)
    await b.admin.do(f"{body}/retirements", {"person": b.xu.id, "role": "member", "ends_on": "2026-02-01"})
    granted = await b.admin.do(f"{body}/roles", {"person": b.xu.id, "role": "member"})
    assert granted["content"]["seat"] == 9  # the seat is theirs still
    assert (await members(b))["许文博"] is None
    assert await b.admin.refused(f"{body}/roles", {"person": b.xu.id, "role": "member"}) == "input.invalid"


async def test_postgresql_keeps_its_record(bureau: Bureau, app_role: Owner) -> None:
    b = bureau
    await Attacker(app_role, b.admin).assert_refused(
        {f"UPDATE grants SET ends_on = '2020-01-01' WHERE person_id = {b.lin.id}": "recorded"}
    )
