"""Every page prints as a document: words from the first sheet on, nothing to press, nothing over anything; and no page
leaves errors on the console."""

import asyncio
import re
import subprocess
from pathlib import Path

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


async def faults(screen: Screen, place: Place, folder: Path) -> list[str]:
    await place.enter(screen)
    page = screen.page
    await page.emulate_media(media="print")
    found = [f"{each} stands in the print" for each in await page.evaluate(LOOSE)]
    await page.emulate_media(media="screen")
    pdf = folder / f"{place.name}.pdf"
    await page.pdf(path=pdf, prefer_css_page_size=True, print_background=False)
    first = await asyncio.to_thread(
        subprocess.run, ["pdftotext", "-l", "1", str(pdf), "-"], capture_output=True, text=True, check=True
    )
    if len("".join(first.stdout.split())) < 10:
        found.append("its first sheet is blank")
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
