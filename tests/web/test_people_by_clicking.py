"""Recusal and administration on the screens: a recorder in a related secretary's place, a change that takes a yes."""

import pytest
from playwright.async_api import expect

from tests.test_one_meeting import Room
from tests.voting.test_recusal_of_all import PERSONNEL, relate
from tests.web.conftest import DESK, Open
from tests.web.test_every_page import cut_off, findings


@pytest.mark.moment("in_session")
async def test_another_keeps_the_record_of_a_related_secretary(room: Room, screens: Open) -> None:
    b = room.bureau
    await relate(b, room.owner, "li", "tang")
    for item in room.items[:PERSONNEL]:
        await b.zhou.do(f"{room.path}/items/{item}/deferral", {"reason": "另议"})
    chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair", size=DESK)
    desk = await screens(b.li, f"/desk/meetings/{room.meeting}/room", size=DESK)
    recorder = await screens(b.wu, f"/meetings/{room.meeting}")
    await chair.page.get_by_label("代记录人").select_option(str(b.wu.id))
    await chair.page.get_by_role("button", name="指定").click()
    await expect(chair.page.get_by_text("本议题由吴海燕代为记录。")).to_be_visible()
    await chair.page.get_by_label("汇报人").select_option(str(b.chen.id))
    await chair.page.get_by_role("button", name="提请审议第3项").click()
    await expect(desk.page.get_by_text("您须回避本议题")).to_be_visible()
    await recorder.page.get_by_role("button", name="记发言").first.click()
    dialog = recorder.page.get_by_role("dialog")
    await dialog.locator("textarea").fill("汇报考察情况")
    await dialog.get_by_role("button", name="记录", exact=True).click()
    await expect(dialog).to_have_count(0)
    await expect(recorder.page.get_by_role("button", name="已发言 1 次")).to_be_visible()
    assert "汇报考察情况" not in b"".join(await desk.traffic()).decode(errors="replace")
    attendee = await screens(b.tang, f"/meetings/{room.meeting}")
    await expect(attendee.page.get_by_text("您须回避本议题").first).to_be_visible()


@pytest.mark.moment("in_session")
async def test_a_substitute_keeps_the_record_and_takes_ballots_down_on_a_tablet(room: Room, screens: Open) -> None:
    b = room.bureau
    await relate(b, room.owner, "li")
    for item in room.items[:PERSONNEL]:
        await b.zhou.do(f"{room.path}/items/{item}/deferral", {"reason": "另议"})
    path = f"{room.path}/items/{room.items[PERSONNEL]}"
    tablet = await screens(b.wu, f"/meetings/{room.meeting}")
    page, dialog = tablet.page, tablet.page.get_by_role("dialog")
    await b.zhou.do(f"{path}/recorder", {"person": b.wu.id})
    await b.zhou.do(f"{path}/presentation", {"presenter": b.chen.id})

    # The record: a speech, put right after a slip, and a position.
    row = page.locator(".roster li", has=page.locator(".who", has_text="陈卫国"))
    await row.get_by_role("button", name="记发言").click()
    await dialog.locator("textarea").fill("汇报考查情况")
    await dialog.get_by_role("button", name="记录", exact=True).click()
    await tablet.sees("：汇报考查情况")
    await tablet.press("更正陈卫国的发言登记")
    await expect(dialog.locator("textarea")).to_have_value("汇报考查情况")
    await dialog.locator("textarea").fill("汇报考察情况")
    await dialog.get_by_role("button", name="更正").click()
    await tablet.sees("：汇报考察情况")
    await page.get_by_role("group", name="林静的表态").get_by_role("button", name="赞成").click()
    await expect(page.get_by_role("button", name="更正林静的表态")).to_be_visible()
    await tablet.press("结束讨论")

    # The ballots by voice: each member checks their own, and one objects.
    chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair", size=DESK)
    await chair.page.get_by_role("radio", name="口头").check()
    await chair.press("开始表决")
    he = await screens(b.he, f"/meetings/{room.meeting}")
    await he.sees("由记录人逐人登记")
    for name in ("林静", "何志远", "陈卫国", "马腾", "孙雅琴", "吴海燕", "郑凯"):
        if await page.get_by_role("group", name=name, exact=True).count():
            await tablet.press(f"{name} 同意")
            await expect(page.get_by_role("button", name=f"{name} 同意")).to_have_attribute("aria-pressed", "true")
    await he.sees("记录人为您登记的表决意见：")
    await he.press("提出异议")
    await he.page.get_by_role("dialog").get_by_role("button", name="提出异议").click()
    await tablet.sees("本人有异议，请更正")
    await tablet.press("何志远 反对")
    await expect(he.page.locator(".taken")).to_contain_text("反对")
    await expect(page.get_by_text("本人有异议，请更正")).to_have_count(0)
    assert "反对" not in await (await screens(b.lin, f"/meetings/{room.meeting}")).page.locator(".taken").inner_text()
    await tablet.press("周启明 同意")
    await expect(chair.page.get_by_role("button", name="不再等候，结束表决")).to_have_count(0)
    await chair.press("结束表决")
    await chair.sees("宣布决定：通过")
    told = [each["zh"] for each in (await b.zhao.get(f"{room.path}/ledger")).json()["records"]]
    assert "何志远改投：反对（代记录人登记）" in told


@pytest.mark.moment("in_session")
async def test_a_password_is_set_with_the_chairs_yes(room: Room, screens: Open) -> None:
    b = room.bureau
    admin = await screens(b.admin, "/desk/organization/people", size=DESK)
    chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair", size=DESK)
    observer = await screens(b.zhao, f"/meetings/{room.meeting}/observer", size=DESK)
    await admin.page.get_by_role("button", name="设置密码 许文博").click()
    dialog = admin.page.get_by_role("dialog")
    await dialog.locator("input").first.fill("a-new-password")
    await dialog.locator("button[type=submit]").click()
    await dialog.get_by_label("请求主持人同意的理由").fill("忘记密码")
    await dialog.get_by_role("button", name="请求同意").click()
    await expect(dialog.get_by_text("已提出请求并记录在案")).to_be_visible()
    await expect(observer.page.get_by_text("重新设置许文博的密码").first).to_be_visible()
    await chair.page.get_by_role("button", name="允许", exact=True).click()
    await expect(chair.page.get_by_text("重新设置许文博的密码")).to_have_count(0)
    await dialog.locator("button[type=submit]").click()
    await expect(dialog).to_have_count(0)
    await expect(observer.page.get_by_text("会议人员变动：重新设置许文博的密码").first).to_be_visible()


async def test_roles_are_given_and_taken_in_a_grid(room: Room, screens: Open) -> None:
    """Several roles at once, by keys alone; what is refused stays marked with its reason."""
    b = room.bureau
    admin = await screens(b.admin, f"/desk/bodies/{b.body}/roles", size=DESK)
    page = admin.page
    grid = page.get_by_role("grid")
    assert [*await findings(page), *await cut_off(page)] == []
    await grid.get_by_label("周启明：成员", exact=True).focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "Space"):  # 林静: 秘书
        await page.keyboard.press(key)
    await expect(grid.get_by_label("林静：秘书")).to_be_checked()
    await grid.get_by_label("何志远：监督人员").check()
    await grid.get_by_label("唐宁：列席人员").uncheck()
    await grid.get_by_label("林静：主要负责人", exact=True).check()  # 周启明 is the head: refused
    await admin.press("保存（4 处变动）")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("撤销唐宁的“列席人员”")).to_be_visible()
    await dialog.get_by_role("button", name="保存").click()
    await expect(dialog.get_by_text("主要负责人只能有一位，现为周启明，请先撤销。")).to_be_visible()
    await dialog.get_by_role("button", name="取消").click()
    await expect(page.get_by_role("button", name="保存（1 处变动）")).to_be_visible()
    await admin.press("放弃变动")
    people = {each["name"]: each["roles"] for each in (await b.admin.get(f"/api/bodies/{b.body}")).json()["people"]}
    assert people["林静"] == ["member", "secretary"]
    assert people["何志远"] == ["member", "observer"]
    assert "唐宁" not in people


@pytest.mark.moment("in_session")
async def test_the_grid_says_whose_yes_a_change_takes(room: Room, screens: Open) -> None:
    b = room.bureau
    admin = await screens(b.admin, f"/desk/bodies/{b.body}/roles", size=DESK)
    page = admin.page
    row = page.get_by_role("row")
    await expect(row.filter(has_text="周启明")).to_contain_text("须监督人员同意")
    await expect(row.filter(has_text="何志远")).to_contain_text("须主持人同意")
    await page.get_by_label("何志远：秘书").check()
    await admin.press("保存（1 处变动）")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="保存").click()
    await dialog.get_by_label("请求主持人同意的理由").fill("秘书请假")
    await dialog.get_by_role("button", name="请求同意").click()
    await expect(dialog.get_by_text("已提出请求并记录在案")).to_be_visible()
