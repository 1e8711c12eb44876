"""Every page prints as a document: words from the first sheet on, nothing to press, nothing over anything; and no page
leaves errors on the console."""

import asyncio
import re
from pathlib import Path

import pdfplumber

from tests.test_one_meeting import Room
from tests.web.conftest import Open, Screen
from tests.web.places import AT_MOMENTS, Place, Places

LOOSE = """[...document.querySelectorAll('body *')]
  .filter((each) => each.checkVisibility({visibilityProperty: true}) && each.getBoundingClientRect().height > 0)
  .filter((each) => ['sticky', 'fixed'].includes(getComputedStyle(each).position)
    || each.matches('button, .button:not(li > a)'))
  .map((each) => `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 20)}`)"""
# Playwright writes that it keeps the service worker away.
EXPECTED = re.compile("blocked by Playwright")


def blanks(pdf: Path) -> list[str]:
    """The sheets that are blank, or less than half full although the text goes on."""
    with pdfplumber.open(pdf) as printed:
        feet = [
            max((each["bottom"] for each in (*page.chars, *page.images) if each.get("text") != " "), default=0)
            / page.height
            for page in printed.pages
        ]
    found = [f"sheet {number} is full to {foot:.0%}" for number, foot in enumerate(feet[:-1], 1) if foot < 0.5]
    return found if feet[-1] else [*found, "its last sheet is blank"]


async def faults(screen: Screen, place: Place, folder: Path) -> list[str]:
    await place.enter(screen)
    page = screen.page
    await page.emulate_media(media="print")
    found = [f"{each} stands in the print" for each in await page.evaluate(LOOSE)]
    await page.emulate_media(media="null")  # as it prints by itself
    pdf = folder / f"{place.name}.pdf"
    await page.pdf(path=pdf, prefer_css_page_size=True, print_background=False)
    found += await asyncio.to_thread(blanks, pdf)
    found += [f"on the console: {each}" for each in screen.noise if not EXPECTED.search(each)]
    screen.noise.clear()
    return [f"{place.name}: {each}" for each in found]


@AT_MOMENTS
async def test_every_page_prints(room: Room, screens: Open, places: Places, count: int, tmp_path: Path) -> None:
    seen = await places(room)
    assert count >= len(seen)
    found: list[str] = []
    for who in dict.fromkeys(place.who for place in seen):
        screen = await screens(room.bureau.people[who] if who else None)
        for place in seen:
            if place.who == who:
                found += await faults(screen, place, tmp_path)
        await screen.page.context.close()
    assert not found, "\n".join(found)
