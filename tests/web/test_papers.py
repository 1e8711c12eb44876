"""Papers as they come from a scanner."""

import asyncio
import io

import pytest
from playwright.async_api import Locator, expect
from reportlab.pdfgen.canvas import Canvas

from tests.test_one_meeting import Room
from tests.web.conftest import Open, Screen

LONG = 40


def drawn(pages: int) -> bytes:
    """So many pages, A4, each with its number."""
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=(595, 842))
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 300)
        canvas.drawString(60, 400, str(number))
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


async def read(room: Room, screens: Open, monkeypatch: pytest.MonkeyPatch, paper: bytes) -> tuple[Screen, Locator]:
    """林静's tablet with that paper; its sheets."""
    monkeypatch.setattr("tests.test_one_meeting.PDF", paper)
    await room.prepare()
    number = (await room.bureau.lin.get(room.path)).json()["items"][0]["papers"][0]["id"]
    lin = await screens(room.bureau.lin, f"/meetings/{room.meeting}/papers/{room.items[0]}/{number}")
    return lin, lin.page.get_by_role("main").get_by_role("img")


async def test_of_a_long_paper_only_what_is_near_is_drawn(
    room: Room, screens: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin, sheets = await read(room, screens, monkeypatch, drawn(LONG))
    canvases = lin.page.locator("canvas")
    height = "document.documentElement.scrollHeight"
    await expect(sheets).to_have_count(LONG)
    await expect(sheets.first.locator("canvas")).to_be_visible()
    await expect(sheets.last).to_have_text(f"第 {LONG}/{LONG} 页")
    before = await lin.page.evaluate(height)
    await sheets.last.scroll_into_view_if_needed()
    await expect(sheets.last.locator("canvas")).to_be_visible()
    await expect(sheets.first.locator("canvas")).to_have_count(0)
    assert await lin.page.evaluate(height) == before
    assert await canvases.count() < 8

    middle = sheets.nth(LONG // 2)
    await middle.evaluate("each => each.scrollIntoView()")
    await expect(middle.locator("canvas")).to_be_visible()
    # Zoomed, the same sheet is before the reader, and soon as sharp as the screen.
    size = "canvas => [canvas.clientWidth, Math.abs(canvas.width - canvas.clientWidth) < 2]"
    for button, zoom in (("放大", 1.25), ("放大", 1.5), ("适合宽度", 1)):
        await lin.page.get_by_role("button", name=button).click()
        await expect(middle).to_be_in_viewport()
        for _ in range(100):
            wide, sharp = await middle.locator("canvas").evaluate(size)
            if wide > 700 * zoom and sharp:
                break
            await asyncio.sleep(0.1)
        else:
            raise AssertionError(f"{button}: the sheet is {wide} px wide, and not drawn at it")
        assert await canvases.count() < 8
