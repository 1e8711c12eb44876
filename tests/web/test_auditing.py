"""The observer seeks who did what and takes it along; held apart, each administrator has their own buttons."""

import pytest
from litestar import Litestar
from playwright.async_api import expect

from tests.bureau import Person, client_of, open_session
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


async def test_duties_held_apart(room: Room, screens: Open, app: Litestar) -> None:
    b = room.bureau
    made = await b.admin.do("/api/people", {"staff_number": "9001", "name": "安全", "security": True})
    number = made["content"]["person"]["id"]
    guard = Person("guard", number, client_of(app, *await open_session(room.owner, number)))
    made = await b.admin.do("/api/people", {"staff_number": "9002", "name": "沈审", "auditor": True})
    number = made["content"]["person"]["id"]
    auditor = Person("auditor", number, client_of(app, *await open_session(room.owner, number)))
    await b.admin.do("/api/organization/duties", {"apart": True, "reason": "等级保护要求"})
    for person, theirs, others in (
        (guard, "设置密码 林静", ("新建人员", "停用 林静")),
        (b.admin, "新建人员", ("设置密码 林静", "取消验证码 林静")),
    ):
        screen = await screens(person, "/", size=DESK)
        await screen.page.get_by_role("link", name="进入管理").click()
        await expect(screen.page.get_by_role("button", name=theirs, exact=True)).to_be_visible()
        for name in others:
            await expect(screen.page.get_by_role("button", name=name, exact=True)).to_have_count(0)
        await screen.page.get_by_role("button", name="编辑 林静", exact=True).click()
        form = screen.page.get_by_role("dialog")
        named, duty = form.get_by_label("姓名"), form.get_by_label("审计员")
        if person is guard:
            await expect(named).to_be_disabled()
            await duty.check()
            await form.get_by_role("button", name="保存").click()
            await expect(form).to_have_count(0)
            await expect(screen.page.locator("tr", has_text="林").filter(has_text="审计员")).to_have_count(1)
        else:
            await expect(duty).to_be_disabled()
            await expect(named).to_be_enabled()
    screen = await screens(auditor, "/", size=DESK)
    await screen.page.get_by_role("link", name="操作审计").click()
    await screen.sees("新增人员沈审（工号 9002），设为审计员")
