"""Sign-in where several organizations use one server: by link, by a typed code, remembered on the device."""

import asyncpg
from playwright.async_api import expect

from bodies.store import found_organization
from identity.sessions import hash_password
from tests.bureau import Bureau
from tests.web.conftest import DESK, Open, Screen
from tests.web.test_every_page import findings

OURS, PASSWORD = "江州市交通运输局", "a good password"


async def prepare(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """A password for 林静, and a second organization with her number."""
    hashed = await hash_password(PASSWORD)
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, hashed)
    await owner.execute("UPDATE organizations SET code = 'jtj'")
    await found_organization(owner, "江州市水利局", "0002", "沈河", await hash_password("another"), "slj")


async def enter(screen: Screen) -> None:
    await screen.page.get_by_label("工号").fill("０００２")
    await screen.page.get_by_label("密码").fill(PASSWORD)
    await screen.press("登录")


async def test_the_link_names_the_organization_and_the_device_remembers(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", screens: Open
) -> None:
    await prepare(bureau, owner)
    screen = await screens(None, "/sign-in/jtj")
    page = screen.page
    await expect(page.locator(".organization")).to_contain_text(OURS)
    await expect(page.get_by_label("单位")).to_have_count(0)
    await expect(page.locator(".forgotten")).to_contain_text("系统管理员")
    assert await findings(page) == []
    await enter(screen)
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.context.clear_cookies()
    await screen.go("/")
    await expect(page.locator(".organization")).to_contain_text(OURS)
    await enter(screen)
    await page.wait_for_url(lambda url: "/sign-in" not in url)


async def test_the_organization_is_typed_and_none_is_listed(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", screens: Open
) -> None:
    await prepare(bureau, owner)
    screen = await screens(None, "/sign-in")
    page = screen.page
    await expect(page.get_by_label("单位")).to_be_visible()
    assert await findings(page) == []
    await page.get_by_label("单位").fill("slj")
    await enter(screen)
    await screen.sees("单位、工号或密码不正确")
    await page.get_by_label("单位").fill("ＪＴＪ")
    await page.get_by_label("密码").fill(PASSWORD)
    await screen.press("登录")
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.context.clear_cookies()
    await screen.go("/sign-in/nowhere")
    await expect(page.locator(".organization")).to_contain_text("nowhere")
    await screen.press("换单位")
    await expect(page.get_by_label("单位")).to_have_value("")


async def test_the_administrator_hands_out_the_link(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", screens: Open
) -> None:
    admin = await screens(bureau.admin, "/desk/organization/sign-in", size=DESK)
    page = admin.page
    await expect(page.locator(".link")).to_contain_text("/sign-in/")
    await admin.press("更改代号")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("新代号").fill("JTJ 1")
    await dialog.get_by_role("button", name="保存").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await dialog.get_by_label("新代号").fill("JTJ1")
    await dialog.get_by_role("button", name="保存").click()
    await expect(page.locator(".link")).to_contain_text("/sign-in/jtj1")
    assert await findings(page) == []
    await admin.go("/desk/organization/people")
    await admin.press("新建多人")
    await dialog.get_by_role("textbox").fill("0901\t张建国\t办事员")
    await dialog.get_by_role("button", name="新建（1 人）").click()
    slip = page.locator(".slip")
    await expect(slip).to_contain_text("/sign-in/jtj1")
    await expect(slip).to_contain_text(OURS)
