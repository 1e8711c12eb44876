"""One's own account: a password of one's own at the first sign-in, and later."""

import os
from pathlib import Path
from typing import TypeAlias

import asyncpg
import pyotp
import pytest
from playwright.async_api import expect

from identity.sessions import hash_password
from tests.bureau import Bureau
from tests.web.conftest import DESK, TABLET, Open, Screen

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
GIVEN, OWN = "x7k2-p9qm-4trw", "雨伞钢琴七条河苔藓"
PHONE = (390, 844)


async def picture(screen: Screen, name: str) -> None:
    """A picture of the page, where YIJUE_PICTURES names a folder."""
    if folder := os.environ.get("YIJUE_PICTURES"):
        await screen.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_the_first_sign_in_asks_for_a_password_of_one_s_own(
    bureau: Bureau, screens: Open, owner: Connection, size: tuple[int, int]
) -> None:
    await bureau.admin.do(f"/api/people/{bureau.lin.id}/password", {"password": GIVEN})
    screen = await screens(None, "/sign-in", size=size)
    page = screen.page
    await page.get_by_label("工号").fill("0002")
    await page.get_by_label("密码").fill(GIVEN)
    await screen.press("登录")
    await screen.sees("林静，请先设置自己的密码")
    await picture(screen, f"first-password-{size[0]}")
    await screen.go("/")  # nothing else is open
    await screen.sees("林静，请先设置自己的密码")
    await page.get_by_label("现在的密码").fill(GIVEN)
    for fresh, again, said in (
        ("linjing2026", "linjing2025", "两次输入的新密码不一致"),
        ("linjing2026", "linjing2026", "含有本人的姓名（或其拼音）、工号、单位名称"),
    ):
        await page.get_by_label("新密码", exact=True).fill(fresh)
        await page.get_by_label("再输入一次新密码").fill(again)
        if fresh == again:
            await screen.press("修改密码")
        await screen.sees(said)
    await picture(screen, f"first-password-weak-{size[0]}")
    await page.get_by_label("新密码", exact=True).fill(OWN)
    await page.get_by_label("再输入一次新密码").fill(OWN)
    await screen.press("修改密码")
    await page.wait_for_url(lambda url: "/account" not in url)
    await screen.sees("我的会议")


async def test_one_changes_it_later(bureau: Bureau, screens: Open, owner: Connection) -> None:
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, await hash_password(GIVEN))
    screen = await screens(bureau.lin, "/", size=TABLET)
    await screen.follow("林静")
    page = screen.page
    await page.get_by_label("原密码").fill("nothing like it")
    await page.get_by_label("明文显示").check()
    await page.get_by_label("新密码", exact=True).fill(OWN)
    await screen.press("修改密码")
    await screen.sees("原密码不正确")
    await page.get_by_label("原密码").fill(GIVEN)
    await screen.press("修改密码")
    await screen.sees("密码已修改")
    await picture(screen, "account")


async def test_one_sees_where_one_is_signed_in_and_ends_it(bureau: Bureau, screens: Open, owner: Connection) -> None:
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, await hash_password(GIVEN))
    await owner.execute("DELETE FROM sessions WHERE person_id = $1", bureau.lin.id)
    here, there = [await screens(None, "/sign-in", size=size) for size in (DESK, PHONE)]
    for screen in (here, there):
        await screen.page.get_by_label("工号").fill("0002")
        await screen.page.get_by_label("密码").fill(GIVEN)
        await screen.press("登录")
        await screen.sees("我的会议")
    await here.go("/account")
    await here.sees("登录中的设备")
    await picture(here, "sessions-1440")
    await here.page.get_by_role("button", name="结束登录", exact=False).first.click()
    await here.sees("已结束 1 处登录")
    await there.page.reload()
    await there.sees("您在其他设备上结束了这里的登录。 请重新登录")


async def test_a_second_factor_is_set_up_and_asked_for(bureau: Bureau, screens: Open, owner: Connection) -> None:
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.li.id, await hash_password(GIVEN))
    admin = await screens(bureau.admin, "/desk/organization/sign-in", size=DESK)
    await admin.press("要求使用")
    await admin.page.get_by_role("dialog").get_by_role("button", name="要求使用").click()
    await admin.sees("已要求使用动态验证码")
    await picture(admin, "factor-demanded")
    number = await owner.fetchval("SELECT staff_number FROM people WHERE id = $1", bureau.li.id)
    screen = await screens(None, "/sign-in", size=PHONE)
    page = screen.page

    async def enter() -> None:
        await page.get_by_label("工号").fill(number)
        await page.get_by_label("密码").fill(GIVEN)
        await screen.press("登录")

    await enter()
    await screen.sees("请先设置动态验证码")
    await screen.press("开始设置")
    await screen.sees("请用验证器扫描此二维码")
    await picture(screen, "factor-scan")
    key = (await page.locator(".key").inner_text()).replace(" ", "")
    await page.get_by_label("验证器显示的六位数字").fill(pyotp.TOTP(key).now())
    await screen.press("确认")
    await screen.sees("恢复码只显示这一次")
    codes = await page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    await picture(screen, "factor-codes")
    await screen.press("已保管好")
    await screen.sees("我的会议")
    await screen.press("退出登录")
    await enter()
    await screen.sees("请输入动态验证码")
    await picture(screen, "factor-code")
    await page.get_by_label("验证码", exact=True).fill("000000")
    await screen.press("完成登录")
    await screen.sees("验证码不正确或已用过")
    await page.get_by_label("验证码", exact=True).fill(codes[0])
    await screen.press("完成登录")
    await screen.sees("我的会议")
    await admin.go("/desk/organization/people")
    await admin.page.get_by_role("button", name="取消验证码 李晓").click()
    await picture(admin, "factor-reset")
    await admin.page.get_by_role("dialog").locator("button[type=submit]").click()
    await page.reload()
    await screen.sees("管理员结束了您的登录。")


async def test_the_sign_in_page_leads_to_the_provider_where_there_is_one(bureau: Bureau, screens: Open) -> None:
    del bureau
    screen = await screens(None, "/sign-in", size=PHONE)
    await screen.sees("忘记密码的")
    await expect(screen.page.locator(".by")).to_have_count(0)
    answer = {"status": 200, "content_type": "application/json", "body": '{"name": "统一身份认证"}'}
    await screen.page.route("**/api/sign-in/provider", lambda route: route.fulfill(**answer))
    await screen.page.reload()
    link = screen.page.get_by_role("link", name="用统一身份认证登录")
    await expect(link).to_have_attribute("href", "/api/sign-in/provider/begin")
    await picture(screen, "provider")


async def test_the_password_is_shown_on_demand(bureau: Bureau, screens: Open, owner: Connection) -> None:
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, await hash_password(GIVEN))
    screen = await screens(None, "/sign-in")
    password, show = screen.page.get_by_label("密码"), screen.page.get_by_role("checkbox", name="明文显示")
    await password.fill(GIVEN)
    await expect(password).to_have_attribute("type", "password")
    await show.check()
    await expect(password).to_have_attribute("type", "text")
    await expect(password).to_have_value(GIVEN)
    await show.uncheck()
    await expect(password).to_have_attribute("type", "password")
