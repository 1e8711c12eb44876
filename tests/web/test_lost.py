"""The alarm that an older copy of the database was put back stands over every page, and goes once it is explained."""

import asyncpg
import pytest
from playwright.async_api import expect

from tests.bureau import Bureau
from tests.web.conftest import Open


@pytest.mark.moment("in_session")
async def test_the_alarm_stands_over_every_page(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", screens: Open
) -> None:
    lin, li, hall = await screens(bureau.lin), await screens(bureau.li), await screens(bureau.hall)
    await lin.go(f"/meetings/{bureau.meeting}")
    await expect(lin.page.locator(".alarm-bar")).to_have_count(0)
    await owner.execute(
        "INSERT INTO lost_records SELECT 'meeting', id, $1, body_id, 999, sha256(''), 'page' FROM meetings",
        bureau.organization,
    )  # fmt: skip
    alarm = "操作留痕少于已经发出的记录"
    await expect(lin.page.locator(".alarm-bar")).to_contain_text(alarm, timeout=15_000)  # by the feed
    for screen, path in (
        (li, f"/desk/meetings/{bureau.meeting}"),
        (li, "/"),
        (hall, f"/meetings/{bureau.meeting}/hall"),
    ):
        await screen.go(path)
        await expect(screen.page.locator(".alarm-bar")).to_contain_text(alarm)
    await owner.execute("UPDATE lost_records SET explained_at = now()")
    await expect(lin.page.locator(".alarm-bar")).to_have_count(0, timeout=15_000)
