"""The questions that anybody may ask about issued minutes, with answers that say no more."""

from typing import Any

import httpx
from litestar import Litestar

from acts.limits import Limit, Limits
from bodies.charter import Charter
from tests.bureau import Bureau, issue
from tests.server.guarded import World
from tests.storage.attacks import Connection, begin

SERIES = Charter().minutes_series
NUMBER: dict[str, Any] = {"organization": "江州市交通运输局", "series": SERIES, "year": 2026, "number": 1}


def passer_by(app: Litestar) -> httpx.AsyncClient:
    """Somebody who has not signed in."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")  # type: ignore[arg-type]


async def test_a_number_and_its_file_and_nothing_else(
    app: Litestar, bureau: Bureau, world: World, owner: Connection
) -> None:
    sha256 = world.ids["sha256"]
    async with passer_by(app) as client:
        answer = await client.get(f"/api/verification/{sha256}")
        told: dict[str, Any] = answer.json()
        # All three questions are answered, each apart, by whether it holds and no more.
        answers = told.pop("answers")
        assert [(each["asked"], each["said"]) for each in answers] == [
            ("issued", "yes"), ("follows", "yes"), ("page", "yes"),
        ]  # fmt: skip
        assert told == {
            "organization": "江州市交通运输局", "series": SERIES, "number": "〔2026〕1号",
            "issued_at": told["issued_at"], "sha256": sha256, "voided": False, "replaced_by": "",
        }  # fmt: skip
        assert (await client.get("/api/verification", params=NUMBER)).json() == [told]
        for other in ({"number": 2}, {"year": 2025}, {"series": "纪要"}, {"organization": "江州市"}):
            assert (await client.get("/api/verification", params={**NUMBER, **other})).json() == []
        assert (await client.get(f"/api/verification/{'0' * 64}")).json()["rule"] == "unknown"
        for wrong in ("x", sha256.upper(), sha256[:-1], sha256 + "0"):
            assert (await client.get(f"/api/verification/{wrong}")).json()["rule"] == "input.invalid"

        # The minutes are void, then corrected by a later number.
        path = f"/api/meetings/{world.ids['meeting_id']}/minutes"
        await bureau.zhou.do(f"{path}/{world.ids['minutes_id']}/void", {"reason": "文字有误"})
        assert (await client.get(f"/api/verification/{sha256}")).json() == {**told, "voided": True, "answers": answers}
        drafted = (await bureau.li.do(path))["content"]["minutes"]
        assert (await client.get("/api/verification", params={**NUMBER, "number": 2})).json() == []  # no draft found
        await bureau.approve(f"{path}/{drafted}")
        await issue(bureau.li, f"{path}/{drafted}")
        corrected = (await client.get(f"/api/verification/{sha256}")).json()
        assert corrected == {**told, "voided": True, "replaced_by": "〔2026〕2号", "answers": answers}
        (second,) = (await client.get("/api/verification", params={**NUMBER, "number": 2})).json()
        assert (second["voided"], second["replaced_by"]) == (False, "")
    assert await owner.fetchval("SELECT count(*) FROM minutes") == 2


async def test_nobody_walks_through_the_numbers(app: Litestar, bureau: Bureau, limits: Limits) -> None:
    limits.verifications = Limit(3, 60)
    async with passer_by(app) as client:
        answers = [await client.get("/api/verification", params=NUMBER) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["rule"] == "access.rate"
    assert int(answers[-1].headers["retry-after"]) == answers[-1].json()["seconds"]


async def test_the_function_alone_sees_past_row_security(world: World, app_role: Connection) -> None:
    sha256 = bytes.fromhex(world.ids["sha256"])
    await app_role.execute(begin(None))
    assert await app_role.fetchval("SELECT count(*) FROM minutes") == 0
    (row,) = await app_role.fetch("SELECT * FROM issue_look($1, NULL, NULL, NULL, NULL)", sha256)
    assert set(row.keys()) == {
        "organization", "series", "year", "number", "issued_at", "sha256", "voided", "by_year", "by_number",
    }  # fmt: skip
    assert await app_role.fetch("SELECT * FROM issue_look(NULL, NULL, NULL, NULL, NULL)") == []
    await app_role.execute("ROLLBACK")
