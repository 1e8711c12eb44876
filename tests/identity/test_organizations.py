"""Several organizations on one server: staff numbers of each, the sign-in of each, its code and link."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from litestar import Litestar

from bodies.store import found_organization
from identity.sessions import hash_password
from tests.bureau import Bureau, Person, client_of, open_session

OURS, THEIRS = "江州市交通运输局", "江州市水利局"
PASSWORD = "一枚好密码"


@pytest.fixture
async def device(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A device on which nobody has signed in."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:  # type: ignore[arg-type]
        yield client


async def found_another(app: Litestar, owner: Any) -> Person:
    """Found a second organization; its administrator has the number of the first one's 林静."""
    hashed = await hash_password("另一枚好密码")
    other = await found_organization(owner, THEIRS, "0002", "沈河", hashed, "slj")
    person = await owner.fetchval("SELECT id FROM people WHERE organization_id = $1", other)
    return Person("沈河", person, client_of(app, *await open_session(owner, person)))


async def sign_in(device: httpx.AsyncClient, number: str, password: str, organization: str | None = None) -> Any:
    """Sign in; return the name, or the whole refusal."""
    content = {"staff_number": number, "password": password, "organization": organization}
    answer = await device.post("/api/session", json=content)
    return answer.json()["name"] if answer.is_success else answer.json()


async def prepare(bureau: Bureau, owner: Any) -> None:
    await owner.execute("UPDATE organizations SET code = 'jtj'")
    hashed = await hash_password(PASSWORD)
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, hashed)


async def test_a_number_is_one_person_s_in_one_organization(
    app: Litestar, bureau: Bureau, owner: Any, device: httpx.AsyncClient
) -> None:
    """The same number signs in here and there; each is found by code or name, however a keyboard writes them."""
    await prepare(bureau, owner)
    assert await sign_in(device, "0002", PASSWORD) == "林静"  # one organization alone is not asked for
    await found_another(app, owner)
    for organization in ("jtj", "JTJ", "ｊｔｊ", OURS, "江州市 交通运输局\u200b"):
        assert await sign_in(device, "０００２", PASSWORD, organization) == "林静"
    assert await sign_in(device, "0002", "另一枚好密码", "slj") == "沈河"
    asked = await sign_in(device, "0002", PASSWORD)
    assert (asked["rule"], asked["field"]) == ("input.invalid", "organization")


async def test_sign_in_betrays_no_organization_and_no_number(
    app: Litestar, bureau: Bureau, owner: Any, device: httpx.AsyncClient
) -> None:
    """A number of another organization, an unknown number and an unknown organization are refused alike."""
    await prepare(bureau, owner)
    await found_another(app, owner)
    tried = [("slj", "0002"), ("slj", "0001"), ("nowhere", "0002"), ("jtj", "nobody")]
    refusals = [await sign_in(device, number, PASSWORD, organization) for organization, number in tried]
    assert {each["rule"] for each in refusals} == {"access.signed_out"}
    assert len({each["detail"] for each in refusals}) == 1


async def test_guessing_closes_a_number_of_one_organization(
    app: Litestar, bureau: Bureau, owner: Any, device: httpx.AsyncClient
) -> None:
    """The count is the organization's, by code and by name together, and an unknown one has its own."""
    await prepare(bureau, owner)
    await found_another(app, owner)
    for attempt in range(5):
        await sign_in(device, "0002", "wrong", ("slj", THEIRS)[attempt % 2])
        await sign_in(device, "0002", "wrong", "nowhere")
    for organization in ("slj", THEIRS, "nowhere"):
        assert (await sign_in(device, "0002", "另一枚好密码", organization))["rule"] == "access.rate"
    assert await sign_in(device, "0002", PASSWORD, "jtj") == "林静"


async def test_the_sign_in_page_names_the_one_that_is_called(
    app: Litestar, bureau: Bureau, owner: Any, device: httpx.AsyncClient
) -> None:
    """One organization alone is named unasked. Of several none is listed; an unknown one is echoed."""
    await prepare(bureau, owner)
    ours = {"organization": OURS, "administrators": ["系统管理员"], "ended": None}
    assert (await device.get("/api/sign-in")).json() == ours
    await found_another(app, owner)
    assert (await device.get("/api/sign-in")).json() == {"organization": "", "administrators": [], "ended": None}
    for called in ("jtj", "ＪＴＪ", OURS):
        assert (await device.get("/api/sign-in", params={"organization": called})).json() == ours
    unknown = await device.get("/api/sign-in", params={"organization": "江州市财政局"})
    assert (unknown.status_code, unknown.json()) == (
        200,
        {"organization": "江州市财政局", "administrators": [], "ended": None},
    )


async def test_another_s_number_is_free_here(app: Litestar, bureau: Bureau, owner: Any) -> None:
    other = await found_another(app, owner)
    await other.do("/api/people", {"staff_number": "8001", "name": "甲"})
    await bureau.admin.do("/api/people", {"staff_number": "8001", "name": "乙"})
    assert await bureau.admin.refused("/api/people", {"staff_number": "8001", "name": "丙"}) == "input.invalid"


async def test_the_administrator_changes_the_code_on_record(
    app: Litestar, bureau: Bureau, owner: Any, device: httpx.AsyncClient
) -> None:
    await prepare(bureau, owner)
    other = await found_another(app, owner)
    link = (await bureau.admin.get("/api/organization/sign-in")).json()
    assert (link["code"], link["link"], "<svg" in link["qr"]) == ("jtj", "http://test/sign-in/jtj", True)
    taken = await bureau.admin.post("/api/organization/code", {"organization_code": "SLJ"})
    assert (taken.status_code, taken.json()["field"]) == (422, "organization_code")
    assert "已有单位使用" in taken.json()["detail"]
    for wrong in ("a", "江州", "a b", "a-b", "x" * 21, "jtj"):
        answer = await bureau.admin.post("/api/organization/code", {"organization_code": wrong})
        assert (answer.status_code, answer.json()["field"]) == (422, "organization_code"), wrong
    assert await bureau.li.refused("/api/organization/code", {"organization_code": "jt2"}) == "access.role"
    changed = await bureau.admin.do("/api/organization/code", {"organization_code": "ＪＴ２"})
    assert changed["content"] == {"before": "jtj", "code": "jt2"}
    told = (await bureau.admin.get("/api/organization/history")).json()["records"][-1]
    assert told["zh"] == "单位代号由 jtj 改为 jt2，登录链接随之更改"
    assert (await sign_in(device, "0002", PASSWORD, "jtj"))["rule"] == "access.signed_out"
    assert await sign_in(device, "0002", PASSWORD, "jt2") == "林静"
    assert (await other.get("/api/organization/sign-in")).json()["code"] == "slj"
