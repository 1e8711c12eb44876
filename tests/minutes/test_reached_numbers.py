"""The running numbers of a body that begins here in midyear go on from the one it had reached, entered once."""

from typing import TypeAlias

import asyncpg
import pytest

from acts.database import Database
from minutes.verifying import verify
from tests.bureau import Bureau, issue
from tests.minutes.test_pdf import font_set
from tests.storage.attacks import NO_PRIVILEGE, WENT_THROUGH, Attacker, Connection, record
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
def room(bureau: Bureau, owner: Owner) -> Room:
    return Room(bureau, owner)


def numbers(bureau: Bureau) -> str:
    return f"/api/bodies/{bureau.body}/numbers"


@pytest.mark.moment("noticed")
async def test_the_numbers_go_on_from_those_reached(room: Room, database: Database) -> None:
    b = room.bureau
    for person, of, reached in ((b.li, "meetings", 12), (b.admin, "minutes", 5)):
        await person.do(numbers(b), {"of": of, "year": 2026, "reached": reached})
        again = (await person.post(numbers(b), {"of": of, "year": 2026, "reached": 9})).json()
        assert (again["rule"], again["facts"]["reached"]) == ("minutes.number", reached)
    shown = (await b.li.get(numbers(b))).json()
    assert [(each["of"], each["reached"], each["latest"], each["next"]) for each in shown] == [
        ("meetings", 12, 0, 13), ("minutes", 5, 0, 6)
    ]  # fmt: skip
    await room.gather(ordinal=13)
    for item in room.items:
        await b.zhou.do(f"{room.path}/items/{item}/deferral", {"reason": "另议"})
    await b.zhou.do(f"{room.path}/adjournment")
    drafted = await b.li.do(f"{room.path}/minutes")
    minutes = f"{room.path}/minutes/{drafted['content']['minutes']}"
    await b.approve(minutes)
    issued = await issue(b.li, minutes)
    assert (issued["year"], issued["number"]) == (2026, 6)
    found = await verify(database, bytes.fromhex(issued["sha256"]), [font_set()])
    assert "2026 年度编号 6 至 6 号连续" in str(found)


@pytest.mark.moment("issued")
async def test_a_year_that_has_begun_takes_none(room: Room) -> None:
    b = room.bureau
    for of in ("meetings", "minutes"):
        said = (await b.li.post(numbers(b), {"of": of, "year": 2026, "reached": 3})).json()
        assert (said["rule"], said["facts"]["latest"]) == ("minutes.number", 1)
        await b.li.do(numbers(b), {"of": of, "year": 2027, "reached": 3})
    assert await b.lin.refused(numbers(b), {"of": "meetings", "year": 2028, "reached": 3}) == "access.role"
    assert await b.li.refused(numbers(b), {"of": "meetings", "year": 2028, "reached": 0}) == "input.invalid"


@pytest.mark.moment("issued")
async def test_postgresql_keeps_them(room: Room, app_role: Connection) -> None:
    b, li = room.bureau.body, room.bureau.li.id
    attacker = Attacker(app_role, room.bureau.li)
    series = await room.owner.fetchval("SELECT series FROM minutes_counters")

    def entering(of: str, year: int) -> str:
        said = record("body", b, li, "number.reached", series=of, year=year, reached=7)
        return f"{said}; INSERT INTO reached_numbers VALUES ({b}, '{of}', {year}, 7, {li})"

    await attacker.assert_refused(
        {
            entering("", 2026): "numbers_begun",
            entering(series, 2026): "numbers_begun",
            f"INSERT INTO reached_numbers VALUES ({b}, '', 2027, 7, {li})": "recorded",
            "UPDATE reached_numbers SET reached = 1": NO_PRIVILEGE,
            "DELETE FROM reached_numbers": NO_PRIVILEGE,
            f"{entering(series, 2027)}; INSERT INTO minutes_counters VALUES ({b}, '{series}', 2027, 1)":
                "minutes_counter",
            f"{entering(series, 2027)}; INSERT INTO minutes_counters VALUES ({b}, '{series}', 2027, 9)":
                "minutes_counter",
            f"{entering(series, 2027)}; INSERT INTO minutes_counters VALUES ({b}, '{series}', 2027, 8)":
                "minutes_number_used",
        }
    )  # fmt: skip
    assert await attacker.attack(entering("", 2027)) == WENT_THROUGH
