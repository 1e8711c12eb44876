"""A body's rulebook on the desk: read with meanings, edited, brought as a file, previewed and saved."""

import json

from playwright.async_api import expect

from tests.test_one_meeting import Room
from tests.web.conftest import DESK, Open
from tests.web.test_every_page import cut_off, findings

FILE = {
    "titles": {"《议事规则》": "《局党组议事规则》"},
    "clauses": {"vote.form": {"zh": "《议事规则》第九条", "en": ""}},
}


async def test_the_administrator_edits_the_rulebook(room: Room, screens: Open) -> None:
    b = room.bureau
    admin = await screens(b.admin, f"/desk/bodies/{b.body}/rulebook", size=DESK)
    page, dialog = admin.page, admin.page.get_by_role("dialog")
    row = page.get_by_role("row")
    await expect(row.filter(has_text="暂缓：材料不齐")).to_contain_text("《实施细则》第六条第（二）项")
    await admin.press("编辑")
    assert [*await findings(page), *await cut_off(page)] == []
    await page.get_by_label("暂缓：材料不齐 条款", exact=True).fill("《议事规则》第十一条")
    await admin.press("查看变动并保存（1 处）")
    await dialog.get_by_role("button", name="保存").click()
    await expect(dialog).to_contain_text("“暂缓：材料不齐”引用的《议事规则》没有登记全称，请补上。")
    await dialog.get_by_role("button", name="取消").click()
    await admin.press("增加文件")
    await page.get_by_label("简称").last.fill("《议事规则》")
    await page.get_by_label("全称").last.fill("《局党组议事规则》")
    await admin.press("查看变动并保存（2 处）")
    await dialog.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("本机构自定，第 1 版。")).to_be_visible()
    await expect(row.filter(has_text="暂缓：材料不齐")).to_contain_text("《议事规则》第十一条")

    # A file takes the place of all of it, once its changes were looked at.
    choose = page.locator("input[type=file]")
    await choose.set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": b"[]"})
    await admin.sees("未读入")
    content = json.dumps(FILE).encode()
    await choose.set_input_files({"name": "x.json", "mimeType": "application/json", "buffer": content})
    await page.get_by_role("button", name="查看变动并保存").click()
    await expect(dialog).to_contain_text("（不再有）")
    await dialog.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("本机构自定，第 2 版。")).to_be_visible()
    await expect(row.filter(has_text="暂缓：材料不齐")).to_contain_text("惯例")
    member = await screens(b.li, f"/desk/bodies/{b.body}/rulebook", size=DESK)
    await expect(member.page.get_by_role("row").filter(has_text="表决方式")).to_contain_text("《议事规则》第九条")
    await expect(member.page.get_by_role("button", name="编辑")).to_have_count(0)
