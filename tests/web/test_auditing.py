"""The observer seeks who did what, by kind and person, and takes it along."""

import pytest
from playwright.async_api import expect

from tests.test_one_meeting import Room
from tests.web.conftest import DESK, Open


@pytest.mark.moment("noticed")
async def test_the_observer_seeks(room: Room, screens: Open) -> None:
    b = room.bureau
    await b.admin.do("/api/people", {"staff_number": "8002", "name": "沈审", "auditor": True})
    assert (await b.li.get(f"{room.path}/prints/notice")).is_success
    for each in range(3):
        await room.owner.execute("SELECT sign_in_missed($1, 'x', $2)", str(b.organization), f"203.0.113.{each}")
    screen = await screens(b.zhao, "/desk/organization/audit", size=DESK)
    page = screen.page
    await screen.sees("新增人员沈审（工号 8002），设为审计员")
    await screen.sees("打印或下载会议通知")
    await page.get_by_label("类别").select_option("登录")
    await expect(page.locator("tbody tr")).to_have_count(3)
    await page.get_by_label("人员").select_option("李晓")
    await screen.sees("没有符合条件的记录")
    await page.get_by_label("类别").select_option("打印和下载")
    await expect(page.locator("tbody tr")).to_have_count(1)
    async with page.expect_download() as kept:
        await page.get_by_role("link", name="导出 XLSX").click()
    assert (await kept.value).suggested_filename == "操作审计.xlsx"
