"""The desk in a real browser: waiting minutes, from one reviewer to the next, and the order of the seats."""

import re

import pypdf
import pytest
from playwright.async_api import expect

from tests.bureau import issue
from tests.minutes.playing import held
from tests.minutes.test_pending import UnderLin, Waiting
from tests.test_one_meeting import Room
from tests.web.conftest import DESK, Open, Screen
from tests.web.test_every_page import cut_off, findings, unreachable


async def lines(screen: Screen) -> list[str]:
    """The minutes in the list, each in one line."""
    return [" ".join(text.split()) for text in await screen.page.locator("main a.card").all_inner_texts()]


async def counted(screen: Screen) -> str:
    return " ".join((await screen.page.get_by_role("link", name="纪要审核").inner_text()).split())


async def test_minutes_go_from_hand_to_hand(room: Room, screens: Open) -> None:
    b = room.bureau
    office = await screens(b.jiang, "/desk/minutes", size=DESK)
    await office.sees("没有等待审核、签发或印发的会议纪要。")
    first, second = Waiting(b, room.owner), UnderLin(b, room.owner)
    await first.hold()
    await b.jiang.do(f"{await second.hold(ordinal=2)}/office-review", {"version": 2})

    await office.go("/desk/minutes")
    assert await counted(office) == "纪要审核 1 （1 份待我办理）"
    meeting = "党组会议 江州市交通运输局党组 2026年1月13日（星期二）09:00"
    assert await lines(office) == [
        f"{meeting} 等待办公室主任（江一帆）审核。 待我办理 2026年1月13日起 第2稿",
        f"{meeting} 等待分管负责人（吴海燕）审核。 2026年1月13日起 第2稿",
    ]
    for lang in ("zh", "en"):
        looking = await screens(b.jiang, "/desk/minutes", lang=lang)
        assert [*await findings(looking.page), *await cut_off(looking.page), *await unreachable(looking.page)] == []

    home = await screens(b.jiang, "/")
    await home.sees("待您办理的会议纪要")
    assert await home.page.get_by_role("link", name="阅看并审核").count() == 1
    idle = await screens(b.wu, "/")
    await idle.page.get_by_role("link", name="阅看并审核").wait_for()
    assert await (await screens(b.lin, "/")).page.get_by_text("待您办理的会议纪要").count() == 0
    await office.page.locator("main a.card").first.press("Enter")
    await office.press("审核通过")
    await office.page.get_by_role("dialog").get_by_role("button", name="确定").click()
    await office.sees("等待分管负责人（吴海燕）审核。")
    await office.page.locator(".side .count").wait_for(state="detached")

    deputy = await screens(b.wu, "/desk/minutes", size=DESK)
    assert await counted(deputy) == "纪要审核 2 （2 份待我办理）"
    # The body's head sees all minutes on their way; another who presided, those of their meeting alone. The secretary's
    # link leads to the meeting, where they issue.
    head = await screens(b.zhou, "/desk/minutes", size=DESK)
    assert len(await lines(head)) == 2
    lin = await screens(b.lin, "/desk/minutes", size=DESK)
    assert len(await lines(lin)) == 1
    secretary = await screens(b.li, "/desk/minutes", size=DESK)
    assert len(await lines(secretary)) == 2
    await secretary.page.locator("main a.card").first.click()
    await secretary.page.wait_for_url("**/desk/meetings/*/minutes")


async def test_the_chair_finds_the_way_to_void_an_issue(room: Room, screens: Open) -> None:
    b, held = room.bureau, Waiting(room.bureau, room.owner)
    minutes = await held.hold()
    await b.approve(minutes)
    await issue(b.li, minutes)
    chair = await screens(b.zhou, f"/meetings/{held.meeting}/chair")
    await chair.page.get_by_role("link", name="更正或者作废会议纪要").click()
    await chair.page.wait_for_url("**/desk/meetings/*/minutes")
    await chair.page.get_by_role("button", name="作废", exact=True).wait_for()
    # Whoever had signed for a copy sees that it is void, until they take note of it.
    await b.li.do(f"{minutes}/copies", {"copies": [{"recipient": "林静", "person": b.lin.id}]})
    await b.lin.do(f"{minutes}/receipt")
    await b.zhou.do(f"{minutes}/void", {"reason": "日期有误"})
    for place in ("/", f"/meetings/{held.meeting}"):
        reader = await screens(b.lin, place)
        await reader.sees("您签收的会议纪要〔2026〕1号已作废，请勿再用。")
    await reader.press("知悉")
    await reader.page.get_by_text("已作废").wait_for(state="detached")


async def seated(screen: Screen) -> list[str]:
    """The first three members by seat."""
    rows = screen.page.locator("tbody tr")
    return ["".join((await rows.nth(each).locator("th").inner_text()).split()) for each in range(3)]


async def focused(screen: Screen) -> str:
    name: str = await screen.page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''")
    return name


async def test_seats_change_by_keyboard(room: Room, screens: Open) -> None:
    b = room.bureau
    desk = await screens(b.li, f"/desk/bodies/{b.body}/people", size=DESK)
    assert await seated(desk) == ["周启明", "林静", "何志远"]
    await desk.page.get_by_role("button", name="何志远上移一席").focus()
    for told, order in (
        ("何志远现为第2席", ["周启明", "何志远", "林静"]),
        ("何志远现为第1席", ["何志远", "周启明", "林静"]),
    ):
        await desk.page.keyboard.press("Enter")
        await desk.page.get_by_text(told).wait_for(state="attached")
        assert await seated(desk) == order
        assert await findings(desk.page) == []
    # At the top only moving down is left.
    assert await focused(desk) == "何志远下移一席"

    # In the form, too, two members can change seats; a wrong value is named at its field.
    await desk.page.get_by_role("row", name="林静").get_by_role("button", name="排名、分管和B角").click()
    await desk.page.get_by_role("spinbutton", name="排名").fill("1")
    await desk.sees("此排名现为何志远，保存后两人互换排名。")
    post = desk.page.get_by_role("textbox", name="机构内职务")
    await post.evaluate("field => field.removeAttribute('maxlength')")
    await post.fill("长" * 101)
    await desk.press("保存")
    await desk.sees("“职务”填写有误：最多 100 个字符。")
    await post.fill("副局长")
    await desk.press("保存")
    await desk.page.locator("dialog").wait_for(state="detached")
    await desk.page.locator('button[aria-label="林静上移一席"]:disabled').wait_for()
    assert await seated(desk) == ["林静", "周启明", "何志远"]


async def test_several_people_and_their_first_passwords(room: Room, screens: Open) -> None:
    admin = await screens(room.bureau.admin, "/desk/organization/people", size=DESK)
    page = admin.page
    dialog = page.get_by_role("dialog")
    await admin.press("新建多人")
    await dialog.get_by_role("textbox").fill("0901\t张 建国\t办事员\n0001\t王芳\n0903")
    await admin.sees("第3行缺少工号或姓名，请补全。")
    assert await dialog.get_by_role("button", name="新建（2 人）").is_disabled()
    await dialog.get_by_role("textbox").fill("0901\t张 建国\t办事员\n0001\t王芳")
    await dialog.get_by_role("button", name="新建（2 人）").click()
    await admin.sees("0001 王芳：")  # the number is somebody's; the line stays to be mended
    await expect(dialog.get_by_role("textbox")).to_have_value(re.compile("^0001\t王芳"))
    await dialog.get_by_role("textbox").fill("0902\t王芳")
    await dialog.get_by_role("button", name="新建（1 人）").click()
    slips = page.locator(".slip")
    await expect(slips).to_have_count(2)
    password = await slips.last.locator(".password").inner_text()
    async with page.expect_download() as coming:
        await admin.press("下载 PDF 打印")
    paper = pypdf.PdfReader(await (await coming.value).path())
    text = re.sub(r"\s", "", "".join(each.extract_text() for each in paper.pages))
    assert {"张建国", "王芳", "0902", password} <= {
        word for word in ("张建国", "王芳", "0902", password) if word in text
    }
    assert [*await findings(page), *await cut_off(page)] == []

    # A slip is lost with the page: leaving asks first. The password on it opens the account.
    await page.get_by_role("link", name="工作日历").click()
    await dialog.get_by_role("button", name="取消").click()
    await expect(slips).to_have_count(2)
    signed = await room.bureau.lin.client.post("/api/session", json={"staff_number": "0902", "password": password})
    assert signed.is_success, signed.text

    # Those who have no password yet can be given one, all at once.
    await admin.press("已打印，返回人员")
    await admin.press("生成并打印初始密码")
    await dialog.get_by_role("button", name=re.compile("^生成（")).click()
    await expect(slips).to_have_count(14)  # all but the administrator, who would be signed out


async def test_the_paper_stands_beside_the_form_and_follows_the_item_in_hand(room: Room, screens: Open) -> None:
    meeting = await held(room.bureau, room.owner)
    await room.bureau.li.do(f"{meeting.room.path}/minutes")
    place = f"/desk/meetings/{meeting.room.meeting}/minutes"
    wide = await screens(room.bureau.li, place, size=(1280, 800))
    paper = wide.page.locator(".sheets.framed")
    await paper.locator("canvas").first.wait_for()
    form = wide.page.locator("#minutes-item-1")
    left, right = await form.bounding_box(), await paper.bounding_box()
    assert left
    assert right
    assert left["x"] + left["width"] <= right["x"]
    # The decision has the sealed motion as its default, worded as the paper words it.
    decision = wide.page.get_by_label("决定内容").first
    assert await decision.input_value() == ""
    proposed = await decision.get_attribute("placeholder")
    assert proposed
    assert not proposed.startswith("提请")
    await wide.page.locator("#minutes-item-5 h3").click()
    for _ in range(40):
        if await paper.evaluate("each => each.scrollTop") > 300:
            break
        await wide.page.wait_for_timeout(100)
    assert await paper.evaluate("each => each.scrollTop") > 300
    async with wide.page.expect_download() as kept:
        await wide.page.get_by_role("link", name="下载 DOCX").click()
    assert (await kept.value).suggested_filename.endswith("（草稿）.docx")
    narrow = await screens(room.bureau.li, place, size=(768, 1024))
    await narrow.page.locator("#minutes-item-1").wait_for()
    assert await narrow.page.locator(".sheets.framed").count() == 0
    await narrow.press("预览 PDF")
    await expect(narrow.page.locator(".sheets.framed canvas").first).to_be_in_viewport()
    above, below = narrow.page.locator(".sheets.framed"), narrow.page.locator("#minutes-item-1")
    first, second = await above.bounding_box(), await below.bounding_box()
    assert first
    assert second
    assert first["y"] + first["height"] <= second["y"]


@pytest.mark.moment("adjourned")
async def test_the_draft_says_what_no_font_draws(room: Room, screens: Open) -> None:
    path = f"{room.path}/minutes/{(await room.bureau.li.do(f'{room.path}/minutes'))['content']['minutes']}"
    await room.bureau.li.do(f"{path}/texts", {"items": [{"item": room.items[0], "decision": "同意\ue000。"}]})
    desk = await screens(room.bureau.li, f"/desk/meetings/{room.meeting}/minutes", size=DESK)
    said = desk.page.get_by_role("status").filter(has_text="字体无法印出的字")
    await expect(said).to_have_count(1)
    await expect(said).to_contain_text("预算")  # the item
    await expect(said).to_contain_text("U+E000")
    await desk.page.get_by_label("决定内容").first.fill("同意。")
    await desk.press("保存")
    await expect(said).to_have_count(0)


@pytest.mark.moment("issued")
async def test_the_register_says_what_takes_the_place_of_a_void_issue(room: Room, screens: Open) -> None:
    b = room.bureau
    first = await room.owner.fetchval("SELECT id FROM minutes")
    await b.zhou.do(f"{room.path}/minutes/{first}/void", {"reason": "日期有误"})
    desk = await screens(b.li, f"/desk/bodies/{b.body}/register", size=DESK)
    states = desk.page.locator("tbody td.state")
    await expect(states).to_have_text(["已作废"])
    again = f"{room.path}/minutes/{(await b.li.do(f'{room.path}/minutes'))['content']['minutes']}"
    await b.approve(again)
    await issue(b.li, again)
    await desk.reload()
    await expect(states).to_have_text(["已作废，被〔2026〕2号替代", "有效"])
    await expect(desk.page.locator("tbody th")).to_have_text(["〔2026〕1号", "〔2026〕2号"])
