"""What one needs now is in sight, and nothing beside it invites a tap."""

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.test_one_meeting import Room
from tests.web.conftest import Open, Screen
from tests.web.test_odd_moments import kinds
from tests.web.test_tablet import open_vote

OFFICE, TABLET, PHONE = (1280, 800), (768, 1024), (375, 667)
TAPS = """[...document.querySelectorAll('main :is(a, button, select, input, textarea, summary)')]
  .filter((each) => each.checkVisibility({visibilityProperty: true}))
  .filter((each) => !each.closest('details:not([open]) > :not(summary)'))
  .map((each) => each.textContent.replace(/\\s/g, ''))"""


async def in_sight(screen: Screen, *parts: Locator) -> None:
    """Check that these parts are wholly on the screen, all at once."""
    for part in parts:
        await expect(part).to_be_in_viewport(ratio=1)


@pytest.mark.moment("voted")
async def test_the_secretary_has_item_form_and_attendance_in_sight(room: Room, screens: Open) -> None:
    b = room.bureau
    item = f"{room.path}/items/{room.items[1]}"
    await b.li.do(f"{item}/presentation", {"presenter": b.he.id})
    for number in range(20):
        await b.li.do(f"{item}/speeches", {"person": b.he.id, "summary": f"第{number}次：前期论证充分，建议组织实施。"})
    desk = await screens(b.li, f"/desk/meetings/{room.meeting}/room", size=OFFICE)
    page = desk.page
    title = page.get_by_role("heading", name="绕城公路改造工程立项")
    here = page.get_by_text("成员到会 8 人，应到 9 人")
    record = page.get_by_role("button", name="记录发言")
    await in_sight(desk, title, page.get_by_label("发言要点"), record, here, page.get_by_text("郑　凯").first)
    await expect(page.locator("ol li").first).to_contain_text("第19次")  # the latest is beside the form
    await page.get_by_text("第0次").scroll_into_view_if_needed()
    await in_sight(desk, title, here)

    for size in (TABLET, PHONE):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await expect(page.get_by_role("button", name="更多：孙雅琴")).to_be_hidden()
        summary, form = await page.locator("summary", has=here).bounding_box(), await record.bounding_box()
        assert summary is not None
        assert form is not None
        assert summary["height"] < 80
        assert summary["y"] < form["y"]
        await in_sight(desk, title)
        await page.locator("summary", has=here).click()
        await expect(page.get_by_role("button", name="更多：孙雅琴")).to_be_visible()
        await page.locator("summary", has=here).click()


@pytest.mark.moment("in_session")
async def test_leaving_is_behind_a_menu_and_put_right_there(room: Room, screens: Open) -> None:
    desk = await screens(room.bureau.li, f"/desk/meetings/{room.meeting}/room", size=OFFICE)
    page = desk.page
    await expect(page.get_by_role("button", name="更多：孙雅琴")).to_be_visible()
    await expect(page.get_by_role("button", name="离场：孙雅琴")).to_have_count(0)
    await desk.press("更多：孙雅琴")
    await desk.press("离场：孙雅琴")
    await desk.sees("成员到会 7 人，应到 9 人")
    await expect(page.get_by_role("button", name="离场：林静")).to_have_count(0)
    await desk.press("更多：孙雅琴")
    await desk.press("更正孙雅琴的登记")
    await page.get_by_role("dialog").get_by_role("button", name="更正").click()
    await desk.sees("成员到会 8 人，应到 9 人")
    assert (await kinds(room))[-2:] == ["presence.left", "presence.corrected"]


@pytest.mark.moment("in_session")
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_chair_reads_who_has_yet_to_vote_and_nothing_that_is_not_due(
    room: Room, screens: Open, lang: str
) -> None:
    b, zh = room.bureau, lang == "zh"
    chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair", size=OFFICE, lang=lang)
    main = chair.page.locator("main")
    item = await room.discuss(0, b.lin)
    others = chair.page.get_by_role("region", name="其他事项" if zh else "What else")
    await expect(others).to_contain_text("现在不能办理的（1 项）" if zh else "Not possible now (1)")
    await expect(others.locator(".why").first).to_be_hidden()  # why it cannot be adjourned yet
    await others.locator("summary").click()
    await expect(others.locator(".why").first).to_contain_text(
        "“客运站设备采购”尚未审议完毕，请" if zh else "“客运站设备采购” not finished"
    )

    opened = await b.zhou.do(f"{item}/votes")
    vote = f"{room.path}/votes/{opened['content']['vote']}/ballots"
    for member in b.members:
        if member.key not in ("zhou", "sun", "xu"):
            await member.do(vote, {"choice": "yes"})
    await expect(main).to_contain_text(
        re.compile("周启明\\s*孙雅琴\\s*尚未表决" if zh else "周启明\\s*孙雅琴\\s*have yet to vote")
    )
    await expect(main).to_contain_text("周启明、孙雅琴尚未表决（2人）" if zh else "周启明, 孙雅琴 have yet to vote (2)")
    await expect(main).not_to_contain_text("尚有")
    for name in ("委托他人主持", "Hand the chair over", "离开会场", "Leave the room"):
        await expect(chair.page.get_by_role("button", name=name)).to_have_count(0)


@pytest.mark.moment("in_session")
async def test_beside_an_open_ballot_nothing_invites_a_tap(room: Room, screens: Open) -> None:
    b = room.bureau
    path, _ = await open_vote(room, 2)
    for size in (PHONE, TABLET, OFFICE):
        he = await screens(b.he, f"/meetings/{room.meeting}", size=size)
        choices = he.page.get_by_role("group", name="请选择").get_by_role("button")
        await expect(choices).to_have_count(4)
        await in_sight(he, *(choices.nth(each) for each in range(4)), he.page.locator(".motion").first)
        assert await he.page.evaluate(TAPS) == ["✓同意", "✗反对", "—弃权", "↻缓议", "议程、材料、到会情况和离场"]
    for member in b.members:
        if member.key not in ("zhou", "zheng", "xu"):
            await member.do(f"{path}/ballots", {"choice": "yes"})
    for size in (PHONE, TABLET, OFFICE):
        chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair", size=size)
        choices = chair.page.get_by_role("group", name="请选择").get_by_role("button")
        await expect(choices).to_have_count(4)
        await in_sight(chair, *(choices.nth(each) for each in range(4)))
        await expect(chair.page.get_by_text("其他事项")).to_be_visible()
        assert await chair.page.evaluate(TAPS) == [
            "✓同意", "✗反对", "—弃权", "↻缓议", "其他事项", "议程、材料和到会情况",
        ]  # fmt: skip


async def ends_attendance(screen: Screen) -> list[Any]:
    await screen.page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    names: list[str] = await screen.page.evaluate(TAPS)
    return [each for each in names if "离" in each]


@pytest.mark.moment("in_session")
async def test_no_button_of_a_recused_person_ends_their_attendance(room: Room, screens: Open) -> None:
    """Leaving for an item by recusal is no leaving of the meeting: it must not be recorded as one by a slip."""
    b = room.bureau
    await room.discuss(2, b.chen)  # 郑凯 is recused by kinship
    zheng = await screens(b.zheng, f"/meetings/{room.meeting}")
    await zheng.sees("您须回避本议题")
    assert await ends_attendance(zheng) == []
    lin = await screens(b.lin, f"/meetings/{room.meeting}")
    await lin.sees("正在讨论第3项")
    assert await ends_attendance(lin) == ["离开会场"]

    # A chair who is recused hands the chair over, and does not leave the meeting either.
    await b.zhou.do(f"{room.path}/items/{room.items[2]}/recusals", {"person": b.zhou.id, "reason": "利害关系"})
    chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair")
    await chair.sees("您对本议题应当回避，不得主持、处置本议题。请委托其他成员主持。")
    await expect(chair.page.get_by_role("button", name="登记临时动议")).to_be_visible()
    assert await ends_attendance(chair) == []
    assert "presence.left" not in await kinds(room)
