"""Meetings planned, cancelled, moved and numbered at the desk by clicking, and what members see of it."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.agenda.test_carrying import BUDGET, DUE, office_of
from tests.test_one_meeting import Room, at
from tests.web.conftest import DESK, Open, Screen


@pytest.mark.moment("drafted")
async def test_a_draft_of_a_past_date_is_warned_of_and_cancelled(room: Room, screens: Open) -> None:
    b = room.bureau
    await at(room.owner, "2026-01-14T09:00:00+08:00")
    desk = await screens(b.li, "/desk", size=DESK)
    await desk.sees("拟定的开会日期已过，请改期；不再召开的，请取消会议。")
    await desk.page.goto(f"{desk.address}/desk/meetings/{room.meeting}/agenda")
    await desk.sees("拟定的开会日期2026年1月13日已过，会议未召开。")
    await desk.press("取消会议")
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_label("理由").fill("与下次会议合并")
    await dialog.get_by_role("button", name="取消会议").click()
    await desk.sees("会议已取消：与下次会议合并")
    await expect(desk.page.get_by_role("button", name="列入议题")).to_have_count(0)
    await desk.page.goto(f"{desk.address}/desk")
    await desk.sees("已取消")
    member = await screens(b.lin, f"/meetings/{room.meeting}")
    await member.sees("会议已取消，不再召开。")


@pytest.mark.moment("noticed")
async def test_a_body_that_begins_in_midyear_enters_its_numbers_once(room: Room, screens: Open) -> None:
    desk = await screens(room.bureau.li, f"/desk/bodies/{room.bureau.body}/charter", size=DESK)
    await desk.sees("下一次为2026年第1次")
    await desk.press("登记已有编号 会议")
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_label("启用前已开到第几次会议").fill("12")
    await desk.sees("下一次会议将为2026年第13次。")
    await dialog.get_by_role("button", name="登记已有编号").click()
    await desk.sees("下一次为2026年第13次")
    await desk.sees("启用前已编至 12")
    await expect(desk.page.get_by_role("button", name="登记已有编号 会议")).to_have_count(0)


@pytest.mark.moment("noticed")
async def test_the_desk_moves_a_noticed_meeting_and_a_member_acknowledges_it(room: Room, screens: Open) -> None:
    b = room.bureau
    desk = await screens(b.li, f"/desk/meetings/{room.meeting}/notice", size=DESK)
    await desk.press("变更时间或地点")
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_label("地点").fill("五楼会议室")
    await dialog.get_by_label("理由").fill("三楼会议室检修")
    await dialog.get_by_role("button", name="变更", exact=True).click()
    await desk.sees("会议有变更，还有 9 位成员未登记告知。")
    await expect(desk.page.get_by_role("note")).to_contain_text("地点：原定三楼会议室，改为五楼会议室")
    await desk.press("选中全部未送达成员（9）")
    await desk.press("登记送达（9 人）")
    await desk.sees("已全部送达，9 位成员未签收")

    member = await screens(b.lin, "/")
    await expect(member.page.get_by_role("note")).to_contain_text("原定三楼会议室，改为五楼会议室")
    await member.page.goto(f"{member.address}/meetings/{room.meeting}")
    await expect(member.page.get_by_role("note")).to_contain_text("变更理由：三楼会议室检修")
    await member.press("签收变更通知")
    await member.sees("您已于")
    await desk.sees("已全部送达，8 位成员未签收")


@pytest.mark.moment("issued")
async def test_a_new_meeting_goes_by_the_servers_calendar(room: Room, screens: Open) -> None:
    await at(room.owner, "2026-01-16T10:00:00+08:00")
    desk = await screens(room.bureau.li, "/desk", size=DESK)
    await desk.press("新建会议")
    await desk.sees("2026年1月19日")
    await desk.sees("下一次为2026年第2次")
    await expect(desk.page.get_by_role("dialog").get_by_label("地点")).to_have_value("三楼会议室")


@pytest.mark.moment("drafted")
async def test_rows_of_the_agenda_move_and_say_what_stands_against_them(room: Room, screens: Open) -> None:
    b = room.bureau
    await b.li.do(f"{room.path}/items/{room.items[1]}/materials", {"complete": False})
    desk = await screens(b.li, f"/desk/meetings/{room.meeting}/agenda", size=DESK)
    rows = desk.page.locator("[data-item]")
    await expect(rows.nth(1)).to_contain_text("材料未确认齐全")
    await expect(rows.nth(0)).not_to_contain_text("材料未确认齐全")
    boxes = [await rows.nth(index).bounding_box() for index in range(5)]
    assert all(box is not None and box["height"] < 130 for box in boxes), boxes
    await desk.press("“绕城公路改造工程立项”上移")
    await expect(rows.first).to_contain_text("绕城公路改造工程立项")
    await desk.press("“绕城公路改造工程立项”下移")
    await expect(rows.nth(1)).to_contain_text("绕城公路改造工程立项")


@pytest.mark.moment("drafted")
async def test_what_dooms_an_item_stands_on_its_row(room: Room, screens: Open) -> None:
    b, item = room.bureau, f"{room.path}/items/{room.items[2]}"
    desk = await screens(b.li, f"/desk/meetings/{room.meeting}/agenda", size=DESK)
    against = desk.page.locator(".conflicts")
    await expect(desk.page.locator("[data-item]")).to_have_count(5)
    row = desk.page.locator(f'[data-item="{room.items[2]}"]')
    kept = {"title": "规划科科长任职", "motion": "任职。", "category": "personnel"}
    # The cousin of the candidate is in charge: another presents the item.
    await b.li.do(item, {**kept, "in_charge": b.zheng.id, "subjects": [b.kin["candidate"]]})
    await desk.reload()
    await expect(row.locator(".conflicts li")).to_have_count(1)
    await expect(row.locator(".conflicts")).to_have_text(
        re.compile("^分管成员郑.*须到会但应当回避离场。请安排他人汇报。$")
    )
    await b.li.do(item, {**kept, "in_charge": b.chen.id, "subjects": [b.kin["candidate"], b.kin["uncle"]]})
    await desk.reload()
    await expect(row.locator(".conflicts")).to_contain_text("人事议题须一人一项，请拆分")
    # Three siblings of the candidate leave with the cousin, so that no quorum is left.
    await b.li.do(item, {**kept, "in_charge": b.chen.id, "subjects": [b.kin["candidate"]]})
    for key in ("wu", "sun", "ma"):
        await room.owner.execute(
            "INSERT INTO kinships (body_id, type, a, b) VALUES ($1, 'sibling', $2, $3)",
            b.body, b.kin[key], b.kin["candidate"],
        )  # fmt: skip
    await desk.reload()
    await expect(row.locator(".conflicts")).to_contain_text("届时不能审议")
    await expect(against).to_have_count(1)  # on no other row


@pytest.mark.moment("issued")
async def test_an_item_of_an_executive_meeting_names_the_decision_that_it_carries_out(
    room: Room, screens: Open
) -> None:
    b = room.bureau
    office = await office_of(b, room.owner, b.organization)
    address = office.path.removeprefix("/api")
    desk = await screens(b.li, f"/desk{address}/agenda", size=DESK)
    await desk.press("列入议题")
    form = desk.page.get_by_role("form", name="列入议题")
    await form.get_by_label("议题名称").fill("落实预算调整")
    await expect(form.get_by_label("所贯彻的党组决定")).to_have_count(0)
    await form.get_by_label("大额资金").check()
    await form.get_by_label("所贯彻的党组决定").select_option(
        "〔2026〕1号第1项：2026年度部门预算执行调整方案（江州市交通运输局党组）"
    )
    await form.get_by_role("button", name="保存").click()
    await desk.sees(BUDGET)
    await desk.press("编辑")
    await form_of(desk).get_by_label("所贯彻的党组决定").select_option("无（应提交党组研究）")
    await form_of(desk).get_by_role("button", name="保存").click()
    await desk.sees(DUE)
    await desk.page.goto(f"{desk.address}/desk{address}/notice")
    await desk.sees("请先提交党组；党组已有决定的，请在议题中写明所贯彻的决定。")


def form_of(desk: Screen) -> Locator:
    return desk.page.get_by_role("form", name="编辑")
