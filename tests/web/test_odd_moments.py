"""Odd moments of a meeting: people leave, come late or press twice, and the server is lost.

Acts over HTTP lead to each moment; the acts under test are clicked.
"""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.test_one_meeting import Room
from tests.web.conftest import DESK, Open, Screen, Wifi
from tests.web.test_tablet import cast, open_vote


async def twice(screen: Screen, name: str | re.Pattern[str]) -> None:
    """Click where the button is, and again at once, so that the second click counts as a double click's."""
    button = screen.page.get_by_role("button", name=name).first
    await button.scroll_into_view_if_needed()
    box = await button.bounding_box()
    assert box is not None
    await screen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for count in (1, 2):
        await screen.page.mouse.down(click_count=count)
        await screen.page.mouse.up(click_count=count)
        await screen.page.wait_for_timeout(250)  # within a double click, and enough for the page to move on


async def confirm(screen: Screen, reason: str = "", whom: int = 0) -> None:
    """Fill in the dialog that is open and confirm it."""
    dialog = screen.page.get_by_role("dialog")
    if whom:
        await dialog.locator("select").select_option(str(whom))
    if reason:
        await dialog.locator("textarea").fill(reason)
    await dialog.locator("button[type=submit]").click()
    await expect(dialog).to_have_count(0)


def now(screen: Screen) -> Locator:
    return screen.page.locator("main")


async def kinds(room: Room) -> list[str]:
    return [each.record.kind for each in await room.entries()]


async def hall_code(room: Room) -> str:
    """The code a minute later, since the present one may have served somebody already."""
    await room.owner.execute("SELECT set_clock(yijue_now() + '1 min')")
    code: str = (await room.bureau.hall.get(f"{room.path}/hall-code")).json()["code"]
    return code


@pytest.mark.moment("in_session")
async def test_a_personnel_paper_leaves_the_glass(room: Room, screens: Open) -> None:
    """A personnel paper closes when its reader leaves or the item closes, not before; any paper closes on a recusal."""
    b = room.bureau
    item = await room.discuss(2, b.chen)
    paper = (await b.ma.get(room.path)).json()["items"][2]["papers"][0]["id"]
    path = f"/meetings/{room.meeting}/papers/{room.items[2]}/{paper}"
    readers = {key: await screens(b.people[key], path) for key in ("ma", "lin", "sun")}
    sheets = {key: screen.page.locator("canvas") for key, screen in readers.items()}
    for sheet in sheets.values():
        await expect(sheet.first).to_be_visible()
    await b.lin.do(f"{room.path}/departures", {"person": b.lin.id})
    await readers["lin"].sees("人事")
    await expect(sheets["lin"]).to_have_count(0)
    await b.li.do(f"{room.path}/arrivals", {"person": b.lin.id})
    await expect(sheets["lin"].first).to_be_visible()
    await b.zhou.do(f"{item}/votes")
    await expect(sheets["sun"].first).to_be_visible()
    vote = await room.owner.fetchval("SELECT id FROM votes")
    for key in ("lin", "he", "chen", "ma", "sun", "wu", "zhou"):
        await b.people[key].do(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{room.path}/votes/{vote}/close", {})
    await expect(sheets["sun"].first).to_be_visible()
    await room.decide(item, "passed")
    await expect(sheets["sun"]).to_have_count(0)

    item = await room.discuss(0, b.lin)
    paper = (await b.ma.get(room.path)).json()["items"][0]["papers"][0]["id"]
    await readers["ma"].go(f"/meetings/{room.meeting}/papers/{room.items[0]}/{paper}")
    await expect(sheets["ma"].first).to_be_visible()
    await b.zhou.do(f"{item}/recusals", {"person": b.ma.id, "reason": "利害关系"})
    await readers["ma"].sees("应当回避")
    await expect(sheets["ma"]).to_have_count(0)


@pytest.mark.moment("in_session")
async def test_who_leaves_and_who_comes_after_all(room: Room, screens: Open) -> None:
    b = room.bureau
    await b.lin.do(f"{room.path}/departures", {"person": b.lin.id})
    vote, _ = await open_vote(room, 2)
    code = await hall_code(room)
    # 林静 checks in by the hall's picture, and stays gone after leaving, though its code is still valid.
    lin = await screens(b.lin, f"/meetings/{room.meeting}?code={code}")
    await lin.press("离开会场")
    await confirm(lin)
    await lin.sees("您已离场")
    await lin.page.wait_for_timeout(500)
    assert (await kinds(room))[-2:] == ["presence.arrived", "presence.left"]

    ma = await screens(b.ma, f"/meetings/{room.meeting}")
    await ma.page.locator("summary").click()  # beside the open ballot all else is folded
    await ma.press("离开会场")
    await confirm(ma)
    await ma.sees("返回会场签到后，本轮表决结束前仍可投票")
    await expect(ma.page.get_by_role("group", name="请选择")).to_have_count(0)
    await ma.page.get_by_label("第1位数字").fill(code)
    await cast(ma, "缓议")
    await ma.sees("已计入")

    xu = await screens(b.xu, f"/meetings/{room.meeting}")
    await xu.page.get_by_label("第1位数字").fill(code)
    await xu.sees("您不参加本项表决")
    await xu.sees("所提书面意见失效")
    assert await b.xu.refused(f"{vote}/ballots", {"choice": "yes"}) == "vote.absent"


@pytest.mark.moment("in_session")
async def test_the_chair_who_leaves_and_comes_back(room: Room, screens: Open) -> None:
    b = room.bureau
    code = await hall_code(room)
    await open_vote(room)
    chair = f"/meetings/{room.meeting}/chair"
    zhou, lin = await screens(b.zhou, chair), await screens(b.lin, chair)
    desk = await screens(b.li, f"/desk/meetings/{room.meeting}/room", size=DESK)
    await zhou.page.locator("summary", has_text="其他事项").click()  # folded during a vote
    await zhou.press("离开会场")
    await confirm(zhou)
    await desk.page.get_by_label("受委托主持").select_option(str(b.lin.id))
    await desk.page.get_by_label("理由").fill("因急事离场")
    await desk.press("登记委托")
    # The chair who opened the vote is the last in it; the acting chair votes among the others.
    await cast(lin, "同意")
    await lin.sees("已计入")
    await b.lin.do(f"{room.path}/departures", {"person": b.lin.id})
    await expect(desk.page.get_by_label("理由")).to_have_value("")

    await zhou.sees("您不在会场，签到后方可收回主持")
    await zhou.page.get_by_label("第1位数字").fill(code)
    await zhou.sees("请等候其他成员表决")
    await zhou.press("收回主持")
    await confirm(zhou, "已返回")
    await zhou.press("不再等候，先行表决")
    await confirm(zhou)
    await cast(zhou, "同意")
    await zhou.sees("已计入")


@pytest.mark.moment("in_session")
async def test_what_is_refused_after_the_chair_voted_and_a_round_that_is_void(room: Room, screens: Open) -> None:
    b = room.bureau
    code = await hall_code(room)
    path, _ = await open_vote(room)
    lin, he = [await screens(each, f"/meetings/{room.meeting}") for each in (b.lin, b.he)]
    zhou = await screens(b.zhou, f"/meetings/{room.meeting}/chair")
    await cast(lin, "反对")
    await lin.sees("已计入")
    await lin.press("更改表决")
    await b.zhou.do(f"{path}/ballots", {"choice": "yes", "confirm_outstanding": True})
    await cast(lin, "同意")
    await lin.sees("更改未计入")
    await lin.sees("不得再更改投票")
    await expect(lin.page.get_by_role("button", name="更改表决")).to_have_count(0)
    await he.sees("不再等候并末位表态")
    assert await b.he.refused(f"{path}/ballots", {"choice": "yes"}) == "vote.chair_last"
    for key in ("chen", "ma", "sun", "wu"):
        await b.people[key].do(f"{room.path}/departures", {"person": b.people[key].id})
    await zhou.sees("此时结束表决，本轮表决无效")
    await zhou.press("不再等候，结束表决")
    await confirm(zhou)
    for screen in (lin, he, zhou):
        await screen.sees("本轮表决无效")

    for key in ("chen", "ma", "sun", "wu"):
        await b.people[key].do(f"{room.path}/check-in", {"code": code})
    await zhou.press("重新表决")
    await cast(he, "同意")
    await he.sees("已计入")
    await lin.press("已知悉")
    await expect(lin.page.get_by_role("button", name="已知悉")).to_have_count(0)
    await lin.page.reload()
    await expect(lin.page.get_by_role("group", name="请选择")).to_be_visible()
    await expect(now(lin)).not_to_contain_text("计入")
    await expect(now(lin)).to_contain_text("应表决 8 人，已表决 1 人")


@pytest.mark.moment("in_session")
async def test_a_double_click_is_one_act(room: Room, screens: Open) -> None:
    b = room.bureau
    chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair")
    desk = await screens(b.li, f"/desk/meetings/{room.meeting}/room", size=DESK)
    await twice(desk, "代为签到：许文博")
    await expect(desk.page.get_by_role("button", name="更多：许文博")).to_be_visible()
    await expect(desk.page.get_by_role("button", name="离场：许文博")).to_have_count(0)
    assert "presence.left" not in await kinds(room)
    item = f"{room.path}/items/{room.items[0]}"
    await twice(chair, "提请审议第1项")
    await b.li.do(f"{item}/speeches", {"person": b.lin.id, "summary": "作了汇报。"})
    await twice(desk, "何志远 赞成")
    assert (await kinds(room)).count("position.voiced") == 1
    await twice(chair, "结束讨论")
    assert (await kinds(room))[-1] == "discussion.closed"
    await twice(chair, "开始表决")
    vote = await room.owner.fetchval("SELECT id FROM votes WHERE state = 'open'")
    for member in b.members:
        if member.key != "zhou":
            await member.do(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})
    await cast(chair, "同意")
    await chair.sees("已计入")
    await twice(chair, "结束表决")
    assert (await kinds(room))[-1] == "vote.closed"
    await chair.press("宣布决定：通过")
    await twice(chair, "确定")
    assert (await kinds(room))[-1] == "decision.announced"


@pytest.mark.moment("in_session")
async def test_without_the_server_nothing_is_done_and_nothing_lost(room: Room, screens: Open, wifi: Wifi) -> None:
    b = room.bureau
    await b.li.do(f"{room.path}/items/{room.items[0]}/presentation", {"presenter": b.lin.id})
    chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair", address=wifi.address)
    await chair.page.get_by_role("button", name="结束讨论").wait_for()
    await wifi.lose()
    await chair.press("退出登录")
    await chair.sees("连不上服务器，请检查网络后重试")
    assert chair.page.url.endswith("/chair")
    await chair.press("缓议本项")
    dialog = chair.page.get_by_role("dialog")
    await dialog.get_by_label("原因").select_option(label="其他")
    await dialog.locator("textarea").fill("条件尚不具备")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog).to_contain_text("连不上服务器")
    await wifi.start()
    await confirm(chair)
    assert (await kinds(room))[-1] == "item.deferred"
    await expect(chair.page.get_by_role("button", name=re.compile("提请审议第2项"))).to_be_visible()


@pytest.mark.moment("in_session")
async def test_what_was_refused_of_one_item_is_not_said_of_the_next(room: Room, screens: Open) -> None:
    b = room.bureau
    xu = await screens(b.xu, f"/meetings/{room.meeting}")
    dialog = xu.page.get_by_role("dialog")
    await xu.page.get_by_role("button", name="查看和修改书面意见").nth(1).click()
    await dialog.get_by_label("弃权").check()
    item = await room.discuss(1, b.he)
    await b.zhou.do(f"{item}/votes")
    await dialog.get_by_role("button", name="提交").click()
    await expect(dialog).to_contain_text("正在表决")
    await dialog.get_by_role("button", name="取消").click()
    await xu.page.get_by_role("button", name="提交书面意见").last.click()
    await expect(dialog).to_contain_text("客运站设备采购")
    await expect(dialog).not_to_contain_text("正在表决")

    chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair")
    agenda = chair.page.get_by_role("region", name="议程", exact=True)
    await agenda.get_by_text("材料与处理").first.click()
    await agenda.get_by_role("link").first.click()
    await chair.page.locator("canvas").first.wait_for()
    await chair.page.get_by_role("link", name="返回").click()
    await chair.sees("结束表决")


@pytest.mark.moment("noticed")
async def test_who_is_on_leave_reads_so_in_every_state(room: Room, screens: Open) -> None:
    b = room.bureau
    xu = await screens(b.xu, f"/meetings/{room.meeting}")
    await xu.sees("请届时到会签到")
    leave = xu.page.get_by_role("status").filter(has_text="您已请假，不参加表决")
    await b.li.do(f"{room.path}/leaves", {"person": b.xu.id, "reason": "外出学习"})
    await xu.sees("召开，您已请假")
    await expect(leave).to_contain_text("书面意见不计入票数")
    await expect(leave).to_contain_text("《实施细则》第六条第（五）项")
    await expect(now(xu)).not_to_contain_text("请届时到会签到")
    await room.gather()
    await xu.sees("请稍候")
    await expect(leave).to_be_visible()
    await b.li.do(f"{room.path}/items/{room.items[0]}/presentation", {"presenter": b.lin.id})
    await xu.sees("正在讨论第1项")
    await expect(leave).to_be_visible()


@pytest.mark.moment("in_session")
async def test_who_has_no_ballot_reads_how_the_vote_stands(room: Room, screens: Open) -> None:
    """Attendees, those on leave and latecomers read the count; a recused member reads only that it is being voted."""
    b = room.bureau
    await b.sun.do(f"{room.path}/departures", {"person": b.sun.id})
    await b.zhou.do(f"{room.path}/items/{room.items[0]}/recusals", {"person": b.ma.id, "reason": "利害关系"})
    path, _ = await open_vote(room)
    xu, sun, tang, ma = [await screens(each, f"/meetings/{room.meeting}") for each in (b.xu, b.sun, b.tang, b.ma)]
    await b.he.do(f"{path}/ballots", {"choice": "yes"})
    for screen in (xu, sun, tang):
        await screen.sees("正在表决：应表决 6 人，已表决 1 人。")
    await ma.sees("本项正在表决，您已回避")
    await expect(now(ma)).not_to_contain_text("应表决")
