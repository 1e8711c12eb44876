"""A meeting whose records are not whole: every screen of it says so, in the server's words."""

import asyncpg
import pytest
from playwright.async_api import expect

from tests.bureau import Bureau
from tests.realtime.test_damaged import CUT, damage
from tests.web.conftest import Open

WORDS = "操作留痕不完整：最后的记录缺失或者已被改动"


@pytest.mark.moment("in_session")
async def test_every_screen_says_so(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", screens: Open) -> None:
    lin = await screens(bureau.lin, f"/meetings/{bureau.meeting}")
    await expect(lin.page.locator(".alarm-bar")).to_have_count(0)
    await damage(owner, CUT)
    await expect(lin.page.locator(".alarm-bar")).to_contain_text(WORDS)  # under the open screen
    await expect(lin.page.get_by_role("status").first).to_contain_text("操作留痕不完整，已停止")
    for person, path in ((bureau.zhou, "/chair"), (bureau.hall, "/hall"), (bureau.zhao, "/observer")):
        screen = await screens(person, f"/meetings/{bureau.meeting}{path}")  # on joining
        await expect(screen.page.locator(".alarm-bar")).to_contain_text(WORDS)
        await expect(screen.page.get_by_text("您无权查看")).to_have_count(0)
    await lin.go("/")
    await expect(lin.page.locator(".alarm-bar")).to_have_count(0)
