"""Every page, in both languages: no serious finding of axe, nothing cut off at any width or when enlarged, all of it
within the keyboard's reach, no message without its words."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, TimeoutError

from tests.test_one_meeting import Room
from tests.web.conftest import AXE, Open
from tests.web.places import MOMENTS, Place

WIDTHS = (375, 820, 1920)
ENLARGED = 410  # CSS pixels that a tablet of 820 has left at 200 % zoom
CHOICES = ("#0072b2", "#b34700", "#595959")  # the colours of choices are given, and never alone: shape and word
RUN_AXE = "axe.run(document, {resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: true}}})"
REACHABLE = """() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  return all.filter((each) => !each.matches(':disabled') && each.tabIndex >= 0 && each.type !== 'hidden'
      && each.checkVisibility({visibilityProperty: true}) && !each.closest('[inert]'))
    .map((each, number) => {
      each.dataset.number = number
      const group = each.type === 'radio' ? `radio ${each.name}` : ''
      return [String(number), group, `${each.tagName} ${each.textContent.trim().slice(0, 30)} ${each.name ?? ''}`]
    })
}"""


async def findings(page: Page) -> list[str]:
    """What axe finds serious or critical, and the pairs of colours below 7:1."""
    await page.evaluate(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = (await page.evaluate(RUN_AXE))["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
        if not (each["id"] == "color-contrast-enhanced" and any(given in node["failureSummary"] for given in CHOICES))
    ]


async def cut_off(page: Page) -> list[str]:
    """The widths at which the page is to be scrolled sideways."""
    found = []
    for width in (*WIDTHS, ENLARGED):
        await page.set_viewport_size({"width": width, "height": 1180})
        wide: int = await page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"{wide} px at {width}")
    await page.set_viewport_size({"width": 820, "height": 1180})
    return found


async def unreachable(page: Page) -> list[str]:
    """What Tab does not come to."""
    wanted: list[list[str]] = await page.evaluate(REACHABLE)
    reached: set[str] = set()
    await page.evaluate("document.activeElement?.blur()")
    for _ in range(len(wanted) + 10):
        await page.keyboard.press("Tab")
        if (number := await page.evaluate("document.activeElement?.dataset.number ?? ''")) != "":
            reached.add(number)
        if len(reached) == len(wanted):
            break
    groups = {group for number, group, _ in wanted if group and number in reached}  # arrows go on from there
    return [name for number, group, name in wanted if number not in reached and group not in groups]


async def unsaid(page: Page, lang: str) -> list[str]:
    """Keys in place of messages, and headings other than one."""
    shown = await page.locator("body").inner_text()
    found = re.findall(r"\b(?:tablet|desk|chair|hall|observer|verify)(?:\.[a-z_]+){1,3}\b", shown)
    if (headings := await page.locator("h1").count()) != 1:
        found.append(f"{headings} h1")
    if (told := await page.evaluate("document.documentElement.lang")) != {"zh": "zh-CN", "en": "en"}[lang]:
        found.append(f"lang={told}")
    return found


async def look_at(screens: Open, room: Room, place: Place, lang: str) -> list[str]:
    person = room.bureau.people[place.who] if place.who else None
    screen = await screens(person, lang=lang)
    page = screen.page
    try:
        await screen.go(place.path)
    except TimeoutError:
        return [f"{place.name} ({lang}): it never has what it asked for:\n{await page.locator('body').inner_text()}"]
    await page.wait_for_timeout(300)
    found = [*await findings(page), *await cut_off(page), *await unsaid(page, lang)]
    if lang == "zh":
        found += [f"not by keyboard: {each}" for each in await unreachable(page)]
    await page.context.close()
    return [f"{place.name} ({lang}): {each}" for each in found]


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_page_in_every_moment(room: Room, screens: Open, lang: str) -> None:
    found: list[str] = []
    seen = 0
    few = asyncio.Semaphore(4)  # mostly they wait

    async def look(place: Place) -> list[str]:
        async with few:
            return await look_at(screens, room, place, lang)

    for moment in MOMENTS:
        places = await moment(room)
        for told in await asyncio.gather(*map(look, places)):
            found += told
        seen += len(places)
    assert seen >= 35
    assert not found, "\n".join(found)
