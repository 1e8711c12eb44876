"""A password given by another is changed before anything else; one's own is changed by its owner; weak ones are
refused with the reason."""

from typing import TypeAlias

import asyncpg
import httpx
import pytest
import websockets
from litestar import Litestar

from identity.sessions import hash_password
from identity.weakness import weakness
from tests.bureau import Bureau, Person
from tests.conftest import Urls
from tests.serving import served_in_a_thread
from tests.storage.attacks import NO_PRIVILEGE, Attacker

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
GIVEN, OWN = "x7k2-p9qm-4trw", "雨伞 钢琴 七条河 苔藓"


async def entered(app: Litestar, person: Person, number: str, password: str, agent: str = "") -> Person:
    """The person, signed in with number and password on a new device, whose browser names itself so."""
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    client = httpx.AsyncClient(transport=transport, base_url="http://test", headers={"User-Agent": agent})
    answer = await client.post("/api/session", json={"staff_number": number, "password": password})
    assert answer.is_success, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return Person(person.key, person.id, client)


async def test_a_given_password_opens_its_own_change_alone(app: Litestar, bureau: Bureau, owner: Connection) -> None:
    b = bureau
    await b.admin.do(f"/api/people/{b.lin.id}/password", {"password": GIVEN})
    listed = {each["id"]: each["password_given"] for each in (await b.admin.get("/api/people")).json()}
    assert listed[b.lin.id]
    lin = await entered(app, b.lin, "0002", GIVEN)
    session = (await lin.get("/api/session")).json()
    assert (session["due"], session["roles"]) == (["password"], {})
    for path in ("/api/organization", "/api/bodies", f"/api/bodies/{b.body}/meetings", f"/api/bodies/{b.body}/kinship"):
        refused = await lin.get(path)
        assert (refused.status_code, refused.json()["rule"]) == (403, "access.due")
    assert await lin.refused(f"/api/bodies/{b.body}/kin", {"name": "甲"}) == "access.due"

    change = {"old": GIVEN, "new": OWN}
    assert (await lin.post("/api/session/password", {**change, "new": GIVEN})).json()["field"] == "new"
    assert (await lin.post("/api/session/password", {**change, "old": "wrong"})).json()["field"] == "old"
    await lin.do("/api/session/password", change)
    assert (await lin.get("/api/session")).json()["due"] == []
    assert (await lin.get(f"/api/bodies/{b.body}/meetings")).is_success
    again = await entered(app, b.lin, "0002", OWN)
    assert (await again.get("/api/session")).json()["due"] == []
    assert not await owner.fetchval("SELECT password_given FROM people WHERE id = $1", b.lin.id)


async def test_an_administrator_s_given_password_gives_no_rights(
    app: Litestar, bureau: Bureau, app_role: Connection, urls: Urls
) -> None:
    """Neither over HTTP, nor in SQL, nor on the live feed does a session act whose password is another's."""
    b = bureau
    await b.admin.do(f"/api/people/{b.zhou.id}", {"administrator": True})
    await b.admin.do(f"/api/people/{b.zhou.id}/password", {"password": GIVEN})
    zhou = await entered(app, b.zhou, "0001", GIVEN)
    attacker = Attacker(app_role, zhou)
    assert await attacker.attack("SELECT set_password_of(1, 'x')") == "security_proved"
    assert await attacker.attack(f"INSERT INTO kin (body_id, name) VALUES ({b.body}, '甲')") == NO_PRIVILEGE
    with served_in_a_thread(urls.app) as base, pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(
            f"{base.replace('http', 'ws')}/api/meetings/1/live", origin=websockets.Origin(base),
            additional_headers={"Cookie": f"yijue_session={zhou.client.cookies['yijue_session']}"},
        )  # fmt: skip
    assert refused.value.response.status_code == 403


async def test_changing_it_ends_the_other_sessions_and_makes_their_devices_strangers(
    app: Litestar, bureau: Bureau, owner: Connection
) -> None:
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, await hash_password(GIVEN))
    here, there = [await entered(app, bureau.lin, "0002", GIVEN) for _ in range(2)]
    await here.do("/api/session/password", {"old": GIVEN, "new": OWN})
    assert (await here.get("/api/session")).json()["person"] == bureau.lin.id
    assert [(await each.get("/api/session")).json() for each in (there, bureau.lin)] == [None, None]
    assert await owner.fetchval("SELECT count(*) FROM devices WHERE person_id = $1", bureau.lin.id) == 1


async def test_an_administrator_who_sets_their_own_has_chosen_it(bureau: Bureau, owner: Connection) -> None:
    await bureau.admin.do(f"/api/people/{bureau.admin.id}/password", {"password": OWN})
    assert not await owner.fetchval("SELECT password_given FROM people WHERE id = $1", bureau.admin.id)


async def test_weak_ones_are_refused_whoever_sets_them(app: Litestar, bureau: Bureau, owner: Connection) -> None:
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, await hash_password(GIVEN))
    lin = await entered(app, bureau.lin, "0002", GIVEN)
    answer = await lin.post("/api/session/password", {"old": GIVEN, "new": "linjing2026"})
    assert (answer.status_code, answer.json()["field"]) == (422, "new")
    assert "姓名（或其拼音）" in answer.json()["detail"]
    path = f"/api/people/{bureau.lin.id}/password"
    assert (await bureau.admin.post(path, {"password": "12345678"})).json()["field"] == "password"
    person = {"staff_number": "88", "name": "钱塘", "post": "", "password": "qiantang88"}
    assert (await bureau.admin.post("/api/people", person)).json()["field"] == "password"


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("12345678", "常见"), ("qwertyuiop", "常见"), ("P@ssw0rd1", "常见"), ("ujmnhy76", "相邻"),
        ("周启明0001", "姓名"), ("zhouqiming", "姓名"), ("zhouqiming2026", "姓名"), ("qiming1976", "姓名"),
        ("江州市交通运输局1", "姓名"), ("aaaaaaaaaaaa", "重复"), ("19760312", "日期"), ("甲乙丙丁戊己庚", "太短"),
    ],
)  # fmt: skip
def test_a_weak_password_is_told_why(password: str, why: str) -> None:
    refused = weakness(password, "周启明", ("0001", "江州市交通运输局"), "new")
    assert refused is not None
    assert why in refused.detail, refused.detail


@pytest.mark.parametrize(
    "password", [GIVEN, OWN, "correct horse battery", "雨伞钢琴七条河苔藓", "v" * 3 + "Kq!72mzP" * 24]
)
def test_no_rule_of_composition(password: str) -> None:
    assert weakness(password, "周启明", ("0001", "江州市交通运输局"), "new") is None
