"""The alarm of a clock that went wrong stands over the pages of those whom it concerns."""

import asyncpg
import pytest
from playwright.async_api import expect

from tests.bureau import Bureau
from tests.web.conftest import Open


@pytest.mark.moment("in_session")
async def test_the_alarm_of_the_clock(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", screens: Open
) -> None:
    await owner.execute("INSERT INTO clock_jumps (noticed_at, seconds) SELECT yijue_now(), -34560000")
    admin, lin = await screens(bureau.admin), await screens(bureau.lin)
    await admin.go("/desk/organization")
    await expect(admin.page.locator(".alarm-bar")).to_contain_text("突然拨慢 400 天")
    await lin.go(f"/meetings/{bureau.meeting}")
    await expect(lin.page.locator(".alarm-bar")).to_have_count(0)
