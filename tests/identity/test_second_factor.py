"""A second factor: set up, demanded, asked for, spent, throttled, recovered from, and taken away on record."""

import asyncio
import hashlib
from typing import TypeAlias

import asyncpg
import pyotp
import pytest
from litestar import Litestar

from identity.sessions import hash_password
from tests.bureau import Bureau, Person
from tests.identity.test_own_password import entered
from tests.storage.attacks import NO_PRIVILEGE, Attacker, begin_as

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
PASSWORD = "x7k2-p9qm-4trw"
CODE = "/api/session/code"


@pytest.fixture(autouse=True)
async def passwords(bureau: Bureau, owner: Connection) -> None:
    await owner.execute("UPDATE people SET password_hash = $1", await hash_password(PASSWORD))


async def set_up(person: Person) -> tuple[pyotp.TOTP, list[str]]:
    """Set up a second factor for one who is signed in; give the authenticator and the recovery codes."""
    begun = await person.do("/api/session/second-factor")
    authenticator = pyotp.TOTP(begun["key"])
    assert begun["qr"].startswith("<svg")
    confirmed = await person.do("/api/session/second-factor/confirmation", {"factor_code": authenticator.now()})
    return authenticator, confirmed["codes"]


async def forget(owner: Connection) -> None:
    """As if half an hour had gone by since the last code and failure."""
    await owner.execute("UPDATE second_factors SET last_step = 0")
    await owner.execute("DELETE FROM sign_in_failures")


async def due(person: Person) -> list[str]:
    return list((await person.get("/api/session")).json()["due"])


async def test_sha_1_and_the_codes_are_those_of_the_rfc(owner: Connection) -> None:
    for text in (b"", b"abc", b"a" * 55, b"a" * 56, b"a" * 64, b"x" * 200):
        assert await owner.fetchval("SELECT sha1($1)", text) == hashlib.sha1(text).digest()
    secret = b"12345678901234567890"  # RFC 6238, appendix B, its last six digits
    for at, code in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert await owner.fetchval("SELECT totp($1, $2)", secret, at // 30) == code


async def test_it_is_asked_for_from_the_next_sign_in_on(app: Litestar, bureau: Bureau, owner: Connection) -> None:
    b = bureau
    authenticator, _ = await set_up(b.lin)
    assert await due(b.lin) == []
    await forget(owner)
    lin = await entered(app, b.lin, "0002", PASSWORD)
    assert await due(lin) == ["code"]
    for path in ("/api/organization", f"/api/bodies/{b.body}/meetings", "/api/sessions"):
        assert (await lin.get(path)).json()["rule"] == "access.due"
    change = {"old": PASSWORD, "new": "m3vv-8kqd-77rz"}
    assert await lin.refused("/api/session/password", change) == "access.due"
    assert (await lin.post(CODE, {"factor_code": "000000"})).json()["field"] == "factor_code"
    code = authenticator.now()
    assert (await lin.do(CODE, {"factor_code": f"{code[:3]} {code[3:]}"}))["due"] == []
    assert (await lin.get(f"/api/bodies/{b.body}/meetings")).is_success
    assert (await b.admin.get("/api/people")).json()[0].keys() >= {"second_factor"}


async def test_a_code_is_taken_once(app: Litestar, bureau: Bureau, owner: Connection) -> None:
    """Neither the one that set it up nor one that was taken at a sign-in serves again, at once or in a race."""
    authenticator, _ = await set_up(bureau.lin)
    await owner.execute("UPDATE second_factors SET last_step = last_step - 10")
    people = [await entered(app, bureau.lin, "0002", PASSWORD) for _ in range(3)]
    code = {"factor_code": authenticator.now()}
    answers = await asyncio.gather(*(each.post(CODE, code) for each in people))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422]


async def test_codes_are_not_guessed(app: Litestar, bureau: Bureau, owner: Connection) -> None:
    authenticator, _ = await set_up(bureau.lin)
    await forget(owner)
    lin = await entered(app, bureau.lin, "0002", PASSWORD)
    answers = await asyncio.gather(*(lin.post(CODE, {"factor_code": f"{at:06d}"}) for at in range(20)))
    assert [each.json()["rule"] for each in answers].count("input.invalid") == 5
    closed = await lin.post(CODE, {"factor_code": authenticator.now()})
    assert (closed.json()["rule"], int(closed.headers["retry-after"]) > 0) == ("access.rate", True)


async def test_a_recovery_code_serves_once(app: Litestar, bureau: Bureau, owner: Connection) -> None:
    _, codes = await set_up(bureau.lin)
    assert len(set(codes)) == 10
    for code, status in ((codes[3].upper(), 200), (codes[3], 422), (codes[4].replace("-", " "), 200)):
        lin = await entered(app, bureau.lin, "0002", PASSWORD)
        assert (await lin.post(CODE, {"factor_code": code})).status_code == status


async def test_the_organization_demands_it_of_those_who_run_and_watch(
    app: Litestar, bureau: Bureau, owner: Connection
) -> None:
    b = bureau
    demand = "/api/organization/second-factor"
    assert await b.li.refused(demand, {"demanded": True}) == "access.role"
    await b.admin.do(demand, {"demanded": True})
    numbers = {row["name"]: row["staff_number"] for row in await owner.fetch("SELECT name, staff_number FROM people")}
    people = {"系统管理员": b.admin, "周启明": b.zhou, "李晓": b.li, "赵肃": b.zhao, "林静": b.lin, "唐宁": b.tang}
    asked = {name: await due(await entered(app, each, numbers[name], PASSWORD)) for name, each in people.items()}
    assert asked == {name: [] if name in ("林静", "唐宁") else ["enrol"] for name in people}
    li = await entered(app, b.li, numbers["李晓"], PASSWORD)
    assert (await li.get("/api/bodies")).json()["rule"] == "access.due"
    await set_up(li)
    assert await due(li) == []
    assert (await li.get("/api/bodies")).is_success


async def test_the_administrator_takes_it_away_on_record(app: Litestar, bureau: Bureau) -> None:
    b, path = bureau, f"/api/people/{bureau.lin.id}/second-factor/reset"
    await set_up(b.lin)
    assert await b.lin.refused("/api/session/second-factor") == "state.wrong"  # not replaced by its owner
    assert await b.li.refused(path) == "access.role"
    assert (await b.admin.do(path))["kind"] == "second_factor.reset"
    assert await b.admin.refused(path) == "state.wrong"
    assert (await b.lin.get("/api/session")).json() is None
    lin = await entered(app, b.lin, "0002", PASSWORD)
    assert await due(lin) == []
    await set_up(lin)


async def test_the_program_s_role_reads_no_secret_and_passes_no_code(
    app: Litestar, bureau: Bureau, owner: Connection, app_role: Connection
) -> None:
    authenticator, _ = await set_up(bureau.lin)
    await forget(owner)
    lin = await entered(app, bureau.lin, "0002", PASSWORD)
    with pytest.raises(asyncpg.CheckViolationError, match="no session has this secret"):
        await app_role.execute(begin_as(lin))
    await app_role.execute("ROLLBACK")
    attacker = Attacker(app_role, bureau.lin)
    await attacker.assert_refused(
        {
            "SELECT secret FROM second_factors": NO_PRIVILEGE,
            "SELECT totp('x', 1)": NO_PRIVILEGE,
            f"SELECT code_right({bureau.lin.id}, '000000')": NO_PRIVILEGE,
            "SELECT second_factor_begin()": "second_factor_set",
            f"SELECT second_factor_reset({bureau.lin.id})": "administrator_proved",
            "SELECT demand_second_factor(false)": "security_proved",
        }
    )
    # The answer comes in a later transaction than the guess, which was counted before.
    await app_role.execute("BEGIN")
    ticket = await app_role.fetchval("SELECT ticket FROM code_start($1)", lin.secret)
    await app_role.execute("SELECT sign_in_guess($1, $2)", ticket, authenticator.now())
    assert await app_role.fetchval("SELECT code_finish($1, $2)", ticket, lin.secret) is False
    await app_role.execute("ROLLBACK")
