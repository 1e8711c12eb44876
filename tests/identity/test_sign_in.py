"""Signing in and out, the CSRF token, the limit on guessing."""

import asyncpg
import httpx
from litestar import Litestar

from acts.database import Database
from identity.sessions import hash_password
from tests.bureau import Bureau

FREE_FAILURES = 5  # in a row, as sign_in_start has it


async def _set_password(owner: "asyncpg.Connection[asyncpg.Record]", person: int, password: str) -> None:
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", person, await hash_password(password))


async def test_sign_in_and_out(
    app: Litestar, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", database: Database
) -> None:
    await _set_password(owner, bureau.lin.id, "一枚好密码")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:  # type: ignore[arg-type]
        answer = await client.post("/api/session", json={"staff_number": "0002", "password": "一枚好密码"})
        assert answer.status_code == 201, answer.text
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert "SameSite=strict" in answer.headers["set-cookie"]
        session = answer.json()
        assert session["name"] == "林静"
        assert session["roles"] == {str(bureau.body): ["member"]}
        assert (await client.get("/api/session")).json() == session
        refused = await client.delete("/api/session")
        assert refused.json()["rule"] == "access.csrf"
        assert (await client.delete("/api/session", headers={"X-CSRF-Token": session["csrf"]})).status_code == 204
        client.cookies.set("yijue_session", answer.cookies["yijue_session"])
        again = await client.get("/api/session")
        assert (again.status_code, again.json()) == (200, None)  # a page that asks is not refused


async def test_guessing_closes_the_number_known_or_not(
    app: Litestar, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    await _set_password(owner, bureau.lin.id, "right")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:  # type: ignore[arg-type]
        for number in ("0002", "nobody"):
            for _ in range(FREE_FAILURES):
                answer = await client.post("/api/session", json={"staff_number": number, "password": "wrong"})
                assert answer.json()["rule"] == "access.signed_out"
            closed = await client.post("/api/session", json={"staff_number": number, "password": "right"})
            assert closed.status_code == 429
            assert closed.json()["rule"] == "access.rate"


async def test_bad_input_names_the_field(bureau: Bureau) -> None:
    for number in (7, "", "1\x002", "1 2", "1" * 41):
        answer = await bureau.lin.client.post("/api/session", json={"staff_number": number, "password": "x"})
        assert answer.status_code == 422
        assert answer.json()["field"] == "staff_number"
