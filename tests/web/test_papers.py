"""Papers as they come from a scanner: long, heavy, and packed in any way."""

import asyncio
import io

import pytest
from PIL import Image
from playwright.async_api import Locator, expect
from reportlab.pdfgen.canvas import Canvas

from tests.test_one_meeting import Room
from tests.web.conftest import Open, Screen

LONG = 40


def drawn(pages: int) -> bytes:
    """A PDF of so many A4 pages, each with its number."""
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=(595, 842))
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 300)
        canvas.drawString(60, 400, str(number))
        canvas.showPage()
    canvas.save()
    return kept.getvalue()


async def read(room: Room, screens: Open, paper: bytes) -> tuple[Screen, Locator]:
    """Open that paper on 林静's tablet; return the screen and its sheets."""
    room.paper = paper
    await room.prepare()
    number = (await room.bureau.lin.get(room.path)).json()["items"][0]["papers"][0]["id"]
    lin = await screens(room.bureau.lin, f"/meetings/{room.meeting}/papers/{room.items[0]}/{number}")
    return lin, lin.page.get_by_role("main").get_by_role("img")


@pytest.mark.long
async def test_of_a_long_paper_only_what_is_near_is_drawn(room: Room, screens: Open) -> None:
    lin, sheets = await read(room, screens, drawn(LONG))
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
    # After a zoom the same sheet is in view, and soon as sharp as the screen.
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


def scan(packed: bytes, size: tuple[int, int]) -> bytes:
    """A PDF of one page that is one picture, packed as JPEG 2000."""
    width, height = size
    shown = f"q {width} 0 0 {height} 0 0 cm /I Do Q".encode()
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>" % size,
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/JPXDecode"
        b"/Length %d>>"
        b"stream\n%s\nendstream" % (*size, len(packed), packed),
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
    ]
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


async def test_a_scan_packed_as_jpeg_2000_is_drawn(room: Room, screens: Open) -> None:
    """The scan is drawn although the policy forbids WebAssembly, which PDF.js would use for it."""
    packed = io.BytesIO()
    Image.new("RGB", (160, 120), (20, 90, 160)).save(packed, "JPEG2000", no_jp2=False)
    _, sheets = await read(room, screens, scan(packed.getvalue(), (160, 120)))
    canvas = sheets.first.locator("canvas")
    await expect(canvas).to_be_visible()
    middle = "canvas => [...canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data]"
    red, green, blue, _ = await canvas.evaluate(middle)
    assert (round(red / 50), round(green / 50), round(blue / 50)) == (0, 2, 3), "the page is blank"
