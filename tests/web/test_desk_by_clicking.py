"""The desk by clicking, with two people at once or an impatient one: no act is done twice, no typed text is lost
without a word, and nobody approves a version that they have not read."""

import asyncio
from typing import Any

import asyncpg
from playwright.async_api import Route, expect

from identity.sessions import hash_password
from tests.bureau import Person, client_of, open_session
from tests.minutes.test_pending import Waiting
from tests.test_one_meeting import NOTICE, Room, at
from tests.web.conftest import DESK, Open, Wifi


async def two_items(room: Room) -> list[int]:
    """A meeting in preparation with two items on its agenda."""
    await room.plan()
    b, ids = room.bureau, []
    for title in ("预算调整", "公路立项"):
        item = dict[str, object](title=title, category="funds", in_charge=b.lin.id, subjects=[], motion="同意。")
        ids.append((await b.li.do(f"{room.path}/items", item))["content"]["item"]["id"])
    return ids


async def test_agenda(room: Room, screens: Open) -> None:
    first, _ = await two_items(room)
    desk = await screens(room.bureau.li, f"/desk/meetings/{room.meeting}/agenda", size=DESK)
    page, dialog = desk.page, desk.page.get_by_role("dialog")

    # A second form leaves the first open; a change of the same item by another person is announced.
    await page.get_by_role("button", name="编辑", exact=True).first.click()
    await page.get_by_role("button", name="编辑", exact=True).first.click()
    titles = page.get_by_label("议题名称")
    await expect(titles).to_have_count(2)
    await titles.first.fill("预算调整方案（送审稿）")
    other: dict[str, object] = {
        "title": "预算调整（局办改）",
        "category": "funds",
        "in_charge": None,
        "subjects": [],
        "motion": "",
    }
    await room.bureau.li.do(f"{room.path}/items/{first}", other)
    await desk.sees("其他人刚修改了此议题")
    await expect(titles.first).to_have_value("预算调整方案（送审稿）")

    # Another tab and signing out each ask first.
    for way_out in (
        page.get_by_role("link", name="通知", exact=True),
        page.get_by_role("button", name="退出登录"),
    ):
        await way_out.click()
        await dialog.get_by_role("button", name="取消").click()
        await expect(titles.first).to_have_value("预算调整方案（送审稿）")
    await desk.press("放弃我的修改，载入新稿")
    await expect(titles.first).to_have_value("预算调整（局办改）")
    for _ in range(2):
        await page.get_by_role("button", name="取消", exact=True).first.click()

    # A double click puts only one item on the agenda.
    slow = asyncio.Event()

    async def hold(route: Route) -> None:
        await slow.wait()
        await route.continue_()

    await page.route("**/api/meetings/*", hold)
    await page.get_by_role("button", name="列入议题").press("Enter")
    await expect(titles).to_be_focused()
    await titles.fill("设备采购")
    await page.get_by_role("radio", name="大额资金").check()
    await page.get_by_role("button", name="保存").dblclick()
    await asyncio.sleep(0.5)
    slow.set()
    await expect(titles).to_have_count(0)
    await page.unroute("**/api/meetings/*")
    await expect(page.get_by_role("heading", name="设备采购")).to_have_count(1)


async def test_review(room: Room, screens: Open) -> None:
    b = room.bureau
    waiting = Waiting(b, room.owner)
    minutes = await waiting.hold()
    desk = await screens(b.li, f"/desk/meetings/{waiting.meeting}/minutes", size=DESK)
    office = await screens(b.jiang, "/", size=DESK)
    # What waits for them, and the list of all.
    await expect(office.page.get_by_role("main").get_by_role("link")).to_have_text(["审核会议纪要", "阅看并审核"])
    await office.follow("审核会议纪要")
    await office.page.get_by_role("link", name="党组会议").first.click()
    await office.sees("等待您（办公室主任）审核。")

    # A version saved after it was read must be read again before it is approved.
    await b.li.do(f"{minutes}/texts", {"leader": "市政府分管领导", "copies_to": ["局机关各科室"]})
    await office.press("审核通过")
    await office.page.get_by_role("dialog").get_by_role("button", name="确定").click()
    await office.sees("会议纪要已改为第3稿，请阅读后再办理。")
    copies = desk.page.get_by_label("抄送")
    await expect(copies).to_have_value("局机关各科室")
    await copies.fill("局机关各科室\n市审计局")
    await office.press("审核通过")
    await office.page.get_by_role("dialog").get_by_role("button", name="确定").click()
    await office.sees("等待分管负责人（吴海燕）审核。")

    # The text that the secretary typed meanwhile is still there, with a word that it is too late.
    await desk.sees("纪要已通过审核，以下修改尚未保存")
    await expect(copies).to_have_value("局机关各科室\n市审计局")
    await desk.press("放弃我的修改，载入新稿")
    await expect(copies).to_have_count(0)

    # The deputy who sends it back sees that it went, and the secretary sees why.
    deputy = await screens(b.wu, f"/desk/minutes/{waiting.meeting}/{minutes.rsplit('/', 1)[1]}", size=DESK)
    await deputy.press("退回修改")
    await deputy.page.get_by_role("dialog").get_by_label("理由").fill("依据不清")
    await deputy.page.get_by_role("dialog").get_by_role("button", name="确定").dblclick()
    await deputy.sees("已退回秘书修改")
    await desk.sees("吴海燕退回修改：依据不清")

    # The session ends while the secretary types; after signing in again they go on.
    await copies.fill("市财政局")
    await room.owner.execute("DELETE FROM sessions WHERE person_id = $1", b.li.id)
    await room.owner.execute(
        "UPDATE people SET password_hash = $2 WHERE id = $1", b.li.id, await hash_password("江州-2026-!")
    )
    # The feed may have led to the sign-in page already; otherwise saving does.
    save = (
        "[...document.querySelectorAll('button')].find((each) => each.textContent.includes('保存并重新送审'))?.click()"
    )
    await desk.page.evaluate(save)
    await desk.page.get_by_label("工号").fill("0011")
    await desk.page.get_by_label("密码").fill("江州-2026-!")
    await desk.press("登录")
    await expect(copies).to_have_value("市财政局")
    await desk.press("保存并重新送审")
    await desk.sees("已保存")
    await expect(desk.page.get_by_text("您无权查看本次会议")).to_have_count(0)


async def founded(owner: "asyncpg.Connection[asyncpg.Record]", address: str) -> Person:
    """The administrator of a new organization that has nothing else."""
    organization = await owner.fetchval("INSERT INTO organizations (name) VALUES ('江州市水利局') RETURNING id")
    person = await owner.fetchval(
        "INSERT INTO people (organization_id, staff_number, name, administrator) VALUES ($1, '1', '王丽', true)"
        " RETURNING id",
        organization,
    )
    return Person("admin", person, client_of(None, *await open_session(owner, person), address))


async def test_first_hour(owner: "asyncpg.Connection[asyncpg.Record]", address: str, screens: Open) -> None:
    await at(owner, NOTICE)
    administrator = await founded(owner, address)
    desk = await screens(administrator, "/desk/organization/bodies", size=DESK)
    page, dialog = desk.page, desk.page.get_by_role("dialog")
    await desk.press("新建议事机构")
    await dialog.get_by_label("名称").fill("江州市水利局党组")
    await dialog.get_by_role("button", name="新建").dblclick()
    await expect(page.get_by_role("heading", name="江州市水利局党组")).to_have_count(1)

    # A role given to oneself opens its pages at once.
    await page.get_by_role("main").get_by_role("link", name="人员").last.click()
    await desk.press("加入人员")
    await dialog.get_by_label("人员").select_option(index=0)
    await dialog.get_by_label("角色").select_option("secretary")
    await dialog.get_by_role("button", name="授予角色").click()
    await page.get_by_role("navigation").get_by_role("link", name="亲属关系").wait_for()
    await page.get_by_role("link", name="会议", exact=True).wait_for()

    # The refusal of an unlawful charter appears in view.
    await desk.follow("议事决策规范")
    await page.get_by_label("到会人数比例", exact=True).fill("1/3")
    await page.get_by_role("button", name="保存").click()
    await dialog.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("不得低于 1/2，请管理员修改")).to_be_in_viewport()
    await page.get_by_label("到会人数比例", exact=True).fill("1/2")

    # The question about leaving the year is asked once, and No keeps the year.
    await desk.go("/desk/organization/calendar")
    asked: list[str] = []

    async def no(dialog: Any) -> None:
        asked.append(dialog.message)
        await (dialog.dismiss() if len(asked) == 1 else dialog.accept())

    page.on("dialog", no)
    year = page.get_by_role("main").get_by_label("年度")
    shown = await year.input_value()
    await page.get_by_role("button", name="3月3日，").click()
    await year.select_option(index=0)
    await asyncio.sleep(0.3)
    assert len(asked) == 1
    await expect(year).to_have_value(shown)
    await administrator.client.aclose()


async def test_server_away(room: Room, screens: Open, wifi: Wifi) -> None:
    await two_items(room)
    desk = await screens(room.bureau.li, f"/desk/meetings/{room.meeting}/notice", size=DESK, address=wifi.address)
    page = desk.page
    starts = page.get_by_label("会议时间")
    await starts.fill("2026-01-14T10:00")
    await wifi.lose()
    await desk.press("改为此时间")
    await desk.sees("连不上服务器，请检查网络后重试")
    await expect(starts).to_have_value("2026-01-14T10:00")
    await desk.page.get_by_role("button", name="English").click()
    await expect(page.get_by_label("Time")).to_have_value("2026-01-14T10:00")
    await desk.page.get_by_role("button", name="中文").click()
    await wifi.start()
    await expect(page.get_by_text("以下是此前读到的内容")).to_have_count(0, timeout=20_000)
    await desk.press("改为此时间")
    await expect(page.get_by_role("button", name="改为此时间")).to_have_count(0)
    await desk.sees("2026年1月14日（星期三）10:00")


async def test_a_date_as_offices_write_it(room: Room, screens: Open) -> None:
    await room.plan()
    desk = await screens(room.bureau.li, f"/desk/meetings/{room.meeting}/notice", size=DESK)
    starts = desk.page.get_by_label("会议时间")
    written = desk.page.locator(".date .shown")
    await expect(written).to_have_text("2026年1月13日 09:00")
    await expect(written).to_be_visible()
    # The browser's own field is visible while it has the focus or holds only a part of the time.
    await starts.focus()
    await expect(written).to_be_hidden()
    await desk.page.keyboard.press("Backspace")
    await starts.blur()
    await expect(written).to_be_hidden()
    await starts.fill("2026-01-14T10:00")
    await starts.blur()
    await expect(written).to_have_text("2026年1月14日 10:00")
    await expect(written).to_be_visible()


async def test_notice_from_two_desks(room: Room, screens: Open) -> None:
    b = room.bureau
    await room.plan()
    item = dict[str, object](title="科长任职", category="personnel", subjects=[b.kin["candidate"]], motion="同意。")
    await b.li.do(f"{room.path}/items", {**item, "in_charge": b.chen.id})
    await b.approve_agenda(room.path)
    desk = await screens(b.li, f"/desk/meetings/{room.meeting}/notice", size=DESK)
    other = await screens(b.li, f"/desk/meetings/{room.meeting}/notice", size=DESK)

    # The notice does not wait for personnel papers; a warning that none can be added comes before it seals the agenda.
    await desk.press("发出会议通知")
    await desk.sees("“科长任职”的材料尚未确认齐全。发出后不能再补")
    await desk.page.get_by_role("dialog").get_by_role("button", name="发出并封存议程").dblclick()

    # A person recorded at another desk is no longer chosen here.
    for screen in (desk, other):
        for name in ("周启明", "林静") if screen is other else ("周启明",):
            await screen.page.get_by_role("checkbox", name=name).check()
    await desk.press("登记送达（1 人）")
    await desk.sees("还有 8 位成员未登记送达")
    await other.press("登记送达（1 人）")
    await desk.sees("还有 7 位成员未登记送达")
