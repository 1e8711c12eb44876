"""What a decision other than the vote's leads to is said before the click, and is so afterwards (Measures 2(5))."""

import re

import pytest
from playwright.async_api import expect

from tests.test_one_meeting import Room
from tests.web.conftest import Open, Screen
from tests.web.test_odd_moments import confirm, kinds
from tests.web.test_tablet import cast


async def voted(room: Room, screens: Open, against: tuple[str, ...] = ("zheng",)) -> Screen:
    """The chair's page when the first item's vote has closed, its other decisions unfolded."""
    await room.vote(await room.discuss(0, room.bureau.lin), dict.fromkeys(against, "no"))
    chair = await screens(room.bureau.zhou, f"/meetings/{room.meeting}/chair", size=(1280, 800))
    await chair.page.locator("summary", has_text="宣布其他决定").click()
    return chair


async def choose(chair: Screen, way: str, leads: str, reason: str, name: str) -> None:
    """Choose a way, check that it says where it leads, give the reason and press its button."""
    line = chair.page.locator(".line", has=chair.page.get_by_role("radio", name=way))
    await expect(line).to_contain_text(leads)
    await line.get_by_role("radio").check()
    button = chair.page.get_by_role("button", name=name, exact=True)
    await expect(button).to_have_attribute("aria-disabled", "true")  # it takes a reason
    await chair.page.get_by_label("理由").fill(reason)
    await expect(button).to_have_attribute("aria-disabled", "false")
    await button.click()


@pytest.mark.moment("in_session")
async def test_discussed_again_returns_to_the_discussion(room: Room, screens: Open) -> None:
    chair = await voted(room, screens)
    await choose(
        chair, "再次讨论（本次会议）", "回到讨论，本轮表决留在记录中；讨论结束后可以重新表决",
        "有新情况", "再次讨论（本次会议）",
    )  # fmt: skip
    await expect(chair.page.get_by_role("dialog")).to_contain_text("回到讨论")
    await confirm(chair)
    await chair.press("结束讨论")
    await chair.press("开始表决")
    await chair.sees("人已表决")
    assert (await kinds(room))[-3:] == ["item.reopened", "discussion.closed", "vote.opened"]
    rounds = await room.owner.fetch("SELECT round, state FROM votes ORDER BY id")
    assert [(each["round"], each["state"]) for each in rounds] == [(1, "closed"), (2, "open")]
    lin = await screens(room.bureau.lin, f"/meetings/{room.meeting}")
    await cast(lin, "同意")
    await lin.sees("已计入")


@pytest.mark.moment("in_session")
async def test_discussed_again_later_ends_the_item_here(room: Room, screens: Open) -> None:
    chair = await voted(room, screens)
    await choose(
        chair, "再次讨论（以后会议）", "本次会议不再审议；再次讨论须重新列入议程、另行通知",
        "论证不足", "宣布决定：再次讨论",
    )  # fmt: skip
    await confirm(chair)
    await expect(chair.page.get_by_role("button", name="提请审议第2项")).to_be_visible()
    agenda = chair.page.get_by_role("region", name="议程", exact=True)
    await expect(agenda.get_by_role("listitem").first).to_contain_text("再次讨论")
    await expect(agenda.get_by_role("listitem").first).to_contain_text("论证不足")


@pytest.mark.moment("in_session")
async def test_amended_asks_for_the_whole_text_which_is_what_was_decided(room: Room, screens: Open) -> None:
    b, chair = room.bureau, await voted(room, screens)
    radio = chair.page.get_by_role("radio", name="修改", exact=True)
    await radio.check()
    text = chair.page.get_by_label("修改后的议案全文")
    await expect(text).to_have_value(
        re.compile("提请审议：2026年度部门预算执行调整方案")
    )  # the sealed motion, to amend
    await text.fill("")
    await chair.sees("请填写修改后的议案全文。")
    await text.fill("调减百分之十后执行。")
    await choose(
        chair, "修改", "议案按修改后的内容通过；修改后的全文在下面填写，作为会议决定写入纪要",
        "按讨论意见", "宣布决定：修改",
    )  # fmt: skip
    await expect(chair.page.get_by_role("dialog")).to_contain_text("调减百分之十后执行。")
    await confirm(chair)
    await expect(chair.page.get_by_role("button", name="提请审议第2项")).to_be_visible()
    for left in room.items[1:]:
        await b.zhou.do(f"{room.path}/items/{left}/deferral", {"reason": "另议"})
    await b.zhou.do(f"{room.path}/adjournment")
    await b.li.do(f"{room.path}/minutes")
    desk = await screens(b.li, f"/desk/meetings/{room.meeting}/minutes", size=(1280, 800))
    await expect(desk.page.get_by_label("决定内容").first).to_have_attribute("placeholder", "调减百分之十后执行。")


@pytest.mark.moment("in_session")
async def test_amended_after_a_failed_vote_passes_nothing(room: Room, screens: Open) -> None:
    chair = await voted(room, screens, ("zheng", "wu", "sun", "ma"))
    await expect(chair.page.get_by_role("radio", name="通过", exact=True)).to_be_disabled()
    await expect(chair.page.get_by_text("议案按修改后的内容通过")).to_have_count(0)
    await chair.page.get_by_role("radio", name="修改", exact=True).check()
    await chair.page.get_by_label("修改后的议案全文").fill("调减百分之十后执行。")
    leads = "议案未获通过，写明应如何修改；修改后的议案须重新列入议程、另行通知，再行表决"
    await choose(chair, "修改", leads, "按讨论意见", "宣布决定：修改")
    await confirm(chair)
    await expect(chair.page.get_by_role("button", name="提请审议第2项")).to_be_visible()
    # Only a way back onto an agenda is left: the minutes have no task of it.
    lin = await screens(room.bureau.lin, f"/meetings/{room.meeting}")
    first = lin.page.get_by_role("region", name="议程和材料").get_by_role("listitem").first
    await expect(first).to_contain_text("修改")


@pytest.mark.moment("in_session")
async def test_shelved_is_not_carried_out_and_not_taken_up_here_again(room: Room, screens: Open) -> None:
    chair = await voted(room, screens)
    await choose(
        chair, "搁置", "本议题搁置，不作实施；以后需要审议的，须重新列入议程、另行通知",
        "条件尚不具备", "宣布决定：搁置",
    )  # fmt: skip
    await confirm(chair)
    await expect(chair.page.get_by_role("button", name="提请审议第2项")).to_be_visible()
    lin = await screens(room.bureau.lin, f"/meetings/{room.meeting}")
    first = lin.page.get_by_role("region", name="议程和材料").get_by_role("listitem").first
    await expect(first).to_contain_text("搁置")
    assert "item.reopened" not in await kinds(room)


MOTION = "提请审议：2026年度部门预算执行调整方案的议案。"


@pytest.mark.moment("noticed")
async def test_a_member_has_the_motion_in_sight_from_the_agenda_to_the_decision(room: Room, screens: Open) -> None:
    b = room.bureau
    lin = await screens(b.lin, f"/meetings/{room.meeting}", size=(375, 667))
    first = lin.page.get_by_role("region", name="议程和材料").get_by_role("listitem").first
    await expect(first).to_contain_text(MOTION)  # before the meeting
    await room.gather()
    now = lin.page.locator("section.now")
    item = await room.discuss(0, b.lin)
    await expect(now).to_contain_text(MOTION)  # while it is discussed, above all else
    await expect(now.get_by_text(MOTION)).to_be_in_viewport()
    vote = (await b.zhou.do(f"{item}/votes"))["content"]["vote"]
    await expect(lin.page.get_by_role("region", name="表决").get_by_text(MOTION)).to_be_in_viewport()
    for member in sorted(b.members, key=lambda each: each.key == "zhou"):
        if member.key != "xu":
            await member.do(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{room.path}/votes/{vote}/close", {})
    await room.decide(item, "passed")
    await expect(first).to_contain_text("通过")
    await expect(first).to_contain_text(MOTION)  # afterwards


@pytest.mark.moment("noticed")
async def test_an_opinion_is_written_beside_the_motion_changed_and_not_lost(room: Room, screens: Open) -> None:
    b = room.bureau
    await b.li.do(f"{room.path}/leaves", {"person": b.xu.id, "reason": "外出学习"})
    xu = await screens(b.xu, f"/meetings/{room.meeting}", size=(375, 667))
    page, dialog = xu.page, xu.page.get_by_role("dialog")
    await xu.go("/")
    await xu.follow("进入会议")
    await page.get_by_role("button", name="提交书面意见").first.click()
    await expect(dialog.get_by_text(MOTION)).to_be_in_viewport()
    await dialog.get_by_role("radio", name="反对").check()
    await dialog.get_by_label("说明").fill("调整幅度偏大。")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await page.get_by_role("button", name="提交书面意见").first.click()
    await expect(dialog.get_by_label("说明")).to_have_value("调整幅度偏大。")
    await expect(dialog.get_by_role("radio", name="反对")).to_be_checked()

    await page.go_back()  # and another page in between
    await page.get_by_role("link", name="进入会议").click()
    await page.get_by_role("button", name="提交书面意见").first.click()
    await expect(dialog.get_by_label("说明")).to_have_value("调整幅度偏大。")
    await dialog.get_by_role("button", name="提交").click()
    await xu.sees("您的书面意见：反对")
    await xu.sees("调整幅度偏大。")  # what was submitted is seen

    await page.get_by_role("button", name="查看和修改书面意见").click()
    await expect(dialog.get_by_label("说明")).to_have_value("调整幅度偏大。")
    await dialog.get_by_role("radio", name="同意").check()
    await dialog.get_by_label("说明").fill("同意分两步安排。")
    await dialog.get_by_role("button", name="提交").click()
    await xu.sees("您的书面意见：同意")
    await expect(page.get_by_text("调整幅度偏大。")).to_have_count(0)
