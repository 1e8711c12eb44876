"""Recusal and administration on the screens: a recorder in a related secretary's place, a change that takes a yes."""

import pytest
from playwright.async_api import expect

from tests.test_one_meeting import Room
from tests.voting.test_recusal_of_all import PERSONNEL, relate
from tests.web.conftest import DESK, Open


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
