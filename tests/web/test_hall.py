"""The hall's screen is read from ten metres: what the room is to know is large, and what is not so is not there."""

import pytest
from playwright.async_api import Locator, expect

from tests.test_one_meeting import Room
from tests.web.conftest import PROJECTOR, Open


async def lines(element: Locator) -> float:
    """In how many lines the text of an element stands."""
    found: float = await element.evaluate("(e) => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight)")
    return round(found)


@pytest.mark.moment("drafted")
async def test_a_meeting_not_held_waits_for_nobody(room: Room, screens: Open) -> None:
    hall = await screens(room.bureau.hall, f"/meetings/{room.meeting}/hall", size=PROJECTOR)
    await hall.sees("会议正在筹备，尚未发出通知。")
    await expect(hall.page.get_by_text("未到")).to_have_count(0)
    await room.bureau.li.do(f"{room.path}/cancellation", {"reason": "与下次会议合并"})
    said = hall.page.get_by_text("会议已取消，不再召开。")
    await expect(said).to_be_visible()
    assert float((await said.evaluate("(e) => getComputedStyle(e).fontSize")).removesuffix("px")) >= 80
    await expect(hall.page.get_by_text("未到")).to_have_count(0)
    await expect(hall.page.get_by_text("已签到")).to_have_count(0)


@pytest.mark.moment("noticed")
async def test_the_place_stands_in_one_line(room: Room, screens: Open) -> None:
    hall = await screens(room.bureau.hall, f"/meetings/{room.meeting}/hall", size=PROJECTOR)
    await hall.sees("请在平板电脑上输入签到码")
    assert await lines(hall.page.get_by_text("三楼会议室", exact=True)) == 1


@pytest.mark.moment("noticed")
async def test_beside_the_qr_stands_what_it_is_for(room: Room, screens: Open) -> None:
    for lang, name, words in (
        ("zh", "签到二维码", "已登录的手机、平板扫码即签到，只限本会场"),
        ("en", "QR code to check in", "Scan it, signed in on your phone or tablet: it checks you in"),
    ):
        hall = await screens(room.bureau.hall, f"/meetings/{room.meeting}/hall", size=PROJECTOR, lang=lang)
        figure = hall.page.locator("figure", has=hall.page.get_by_role("img", name=name))
        await expect(figure.locator("figcaption")).to_be_in_viewport()
        await expect(figure.locator("figcaption")).to_contain_text(words)


@pytest.mark.moment("in_session")
async def test_a_result_fills_the_screen(room: Room, screens: Open) -> None:
    b = room.bureau
    hall = await screens(b.hall, f"/meetings/{room.meeting}/hall", size=PROJECTOR)
    counts = hall.page.locator(".counts")
    item = await room.discuss(0, b.lin)
    await room.vote(item, dict.fromkeys(("zheng", "wu", "sun", "ma"), "no"))
    await hall.sees("表决未获通过")
    assert await lines(counts) == 1
    await b.zhou.do(f"{item}/decision", {"outcome": "not_passed"})
    await b.zhou.do(f"{room.path}/items/{room.items[1]}/deferral", {"reason": "另议"})
    item = await room.discuss(2, b.chen)
    await room.vote(item, {})
    await hall.sees("规划科科长任职")
    await expect(hall.page.get_by_role("heading")).to_have_text("表决通过")
    # Of a personnel item the hall has the counts alone: they take the place of the names.
    last = await hall.page.locator(".basis").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] > PROJECTOR[1] * 0.55
    await room.decide(item, "passed")
    await hall.sees("下一项")
    title, main = await hall.page.locator(".item").bounding_box(), await hall.page.locator("main").bounding_box()
    assert title is not None
    assert main is not None
    assert title["y"] >= main["y"]
