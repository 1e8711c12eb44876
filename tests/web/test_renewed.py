"""A page that stays open while the server is renewed: what it asks for later is there no longer under its old name."""

from playwright.async_api import Browser, Route

from tests.test_one_meeting import Room


async def test_a_page_that_lacks_a_part_starts_anew(room: Room, browser: Browser, address: str) -> None:
    await room.plan()
    context = await browser.new_context(service_workers="block", locale="zh-CN")
    token = room.bureau.li.client.cookies["yijue_session"]
    await context.add_cookies([{"name": "yijue_session", "value": token, "url": address}])
    page = await context.new_page()
    started_anew: list[bool] = []

    async def gone(route: Route) -> None:
        await (route.continue_() if started_anew else route.fulfill(status=404))

    await page.goto(f"{address}/desk")
    await page.get_by_role("link", name="党组会议").wait_for()
    await page.route("**/MeetingPage-*.js", gone)
    page.on("load", lambda _: started_anew.append(True))
    await page.wait_for_timeout(5_000)
    await page.get_by_role("link", name="党组会议").click()
    await page.get_by_role("heading", name="党组会议", level=1).wait_for()
    assert started_anew
    await context.close()
