"""A page that stays open while the server is renewed: files that it asks for later have another name by then."""

import re
from collections.abc import Iterator
from gzip import compress

import pytest
from playwright.async_api import Browser, expect

from server import pages as served
from tests.test_one_meeting import Room


@pytest.fixture
def pages() -> Iterator[dict[str, served.Page]]:
    """The pages as the server sends them; changes hold in this test alone."""
    handed_out = served.read_pages()
    before = dict(handed_out)
    yield handed_out
    handed_out.clear()
    handed_out.update(before)


def renew(pages: dict[str, served.Page]) -> None:
    """Make the next build of the pages: every script has another name, in all files that refer to it too."""
    scripts = [name.rpartition("/")[2].removesuffix(".js") for name in pages if re.match(r"/assets/.*\.js$", name)]
    old = re.compile("(" + "|".join(map(re.escape, scripts)) + r")(?=\.js)")
    for name, page in list(pages.items()):
        del pages[name]
        content = page.content
        if name.endswith((".js", ".html")):
            content = old.sub(r"\1-next", content.decode()).encode()
            content = content.replace(b'url:"index.html",revision:"', b'url:"index.html",revision:"next')
        packed = compress(content) if page.packed is not None else None
        pages[old.sub(r"\1-next", name)] = served.Page(page.media_type, content, packed, page.cache)


@pytest.mark.parametrize("workers", ["allow", "block"])
async def test_a_page_that_lacks_a_part_starts_anew(
    room: Room, browser: Browser, address: str, pages: dict[str, served.Page], workers: str
) -> None:
    await room.plan()
    context = await browser.new_context(service_workers="allow" if workers == "allow" else "block", locale="zh-CN")
    token = room.bureau.li.client.cookies["yijue_session"]
    await context.add_cookies([{"name": "yijue_session", "value": token, "url": address}])
    page = await context.new_page()
    started: list[object] = []
    await page.goto(f"{address}/desk")
    await page.get_by_role("link", name="党组会议").wait_for()
    if workers == "allow":
        await page.evaluate("navigator.serviceWorker.ready")
        await page.reload()
        await page.wait_for_function("navigator.serviceWorker.controller !== null")
        await page.get_by_role("link", name="党组会议").wait_for()
    renew(pages)
    page.on("load", lambda _: started.append("anew"))
    await page.wait_for_timeout(5_000)
    await page.get_by_role("link", name="党组会议").click()
    await expect(page.get_by_role("heading", name="党组会议", level=1)).to_be_visible(timeout=10_000)
    assert len(started) == 1
    await context.close()
