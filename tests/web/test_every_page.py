"""Every page, in both languages: axe finds nothing serious, no page is cut off at any width or when enlarged, the
keyboard reaches all of it, and no message lacks its words."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Page, TimeoutError, expect

from tests.test_one_meeting import Room
from tests.web.conftest import AXE, Open, Screen
from tests.web.places import AT_MOMENTS, Place, Places, press

WIDTHS = (375, 820, 1920)
ENLARGED = 410  # CSS pixels that a tablet of 820 has left at 200 % zoom
CHOICES = ("#0072b2", "#b34700", "#595959")  # the fixed colours of choices, which always have shape and word too
RUN_AXE = """axe.run(document.querySelector('dialog[open]') ?? document,
  {resultTypes: ['violations'], rules: {'color-contrast-enhanced': {enabled: true}}})"""
WIDE = """Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll('dialog[open]')]
  .map((each) => each.getBoundingClientRect().right + each.scrollWidth - each.clientWidth),
  ...[...document.querySelectorAll('.desk-scroll')].filter(() => innerWidth < 768)
  .map((each) => each.getBoundingClientRect().left + each.scrollWidth))"""
REACHABLE = """() => {
  window.reached ?? document.addEventListener('focusin', (event) => window.reached.add(event.target.dataset.number))
  window.reached = new Set()
  for (const each of document.querySelectorAll('[data-number]')) delete each.dataset.number
  const within = document.querySelector('dialog[open]') ?? document
  const all = [...within.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  document.activeElement?.blur()
  return all.filter((each) => !each.matches(':disabled') && each.tabIndex >= 0 && each.type !== 'hidden'
      && each.checkVisibility({visibilityProperty: true}) && !each.closest('[inert]'))
    .map((each, number) => {
      each.dataset.number = number
      const group = each.type === 'radio' ? `radio ${each.name}` : ''
      return [String(number), group, `${each.tagName} ${each.textContent.trim().slice(0, 30)} ${each.name ?? ''}`]
    })
}"""


async def findings(page: Page) -> list[str]:
    """The serious and critical findings of axe, and the pairs of colours below 7:1."""
    if not await page.evaluate("'axe' in window"):
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
    """The widths at which the page, or the dialog on it, must be scrolled sideways."""
    found = []
    for width in (*WIDTHS, ENLARGED):
        await page.set_viewport_size({"width": width, "height": 1180})
        wide: int = await page.evaluate(WIDE)
        if wide > width:
            found.append(f"{wide} px at {width}")
    await page.set_viewport_size({"width": WIDTHS[1], "height": 1180})
    for size in ("200%", ""):  # the text size of the device
        await page.evaluate("(size) => { document.documentElement.style.fontSize = size }", size)
        if size and (wide := await page.evaluate(WIDE)) > WIDTHS[1]:
            found.append(f"{wide} px at {WIDTHS[1]} with text of {size}")
    await page.set_viewport_size({"width": 820, "height": 1180})
    return found


async def unreachable(page: Page) -> list[str]:
    """The elements of the page, or of the dialog on it, that Tab does not reach."""
    wanted: list[list[str]] = await page.evaluate(REACHABLE)
    reached: set[str] = set()
    for presses in (len(wanted), 10, 10, 10):  # the way may lead through the browser's own buttons
        for _ in range(presses):
            await page.keyboard.press("Tab")
        reached = set(await page.evaluate("[...window.reached]"))
        if len(reached) >= len(wanted):
            break
    groups = {group for number, group, _ in wanted if group and number in reached}  # arrow keys reach the others
    return [name for number, group, name in wanted if number not in reached and group not in groups]


async def unsaid(page: Page, lang: str) -> list[str]:
    """Message keys shown in place of words, counts of a roll that is not shown to this person, a number of h1 other
    than one, and a wrong language."""
    shown = await page.locator("body").inner_text()
    found = re.findall(r"\b(?:tablet|desk|chair|hall|observer|verify)(?:\.[a-z_]+){1,3}\b", shown)
    found += re.findall(r"应表决 0 人|0 of 0|undefined|NaN", shown)
    if (headings := await page.locator("h1").count()) != 1:
        found.append(f"{headings} h1")
    if (told := await page.evaluate("document.documentElement.lang")) != {"zh": "zh-CN", "en": "en"}[lang]:
        found.append(f"lang={told}")
    return found


async def faults(page: Page, lang: str) -> list[str]:
    """All faults of the page as it is now. Axe runs in Chinese alone, since English has the same elements with other
    words."""
    return [
        *(await findings(page) if lang == "zh" else ()), *await cut_off(page), *await unsaid(page, lang),
        *(f"not by keyboard: {each}" for each in await unreachable(page)),
    ]  # fmt: skip


async def look_at(screen: Screen, place: Place, lang: str) -> list[str]:
    page = screen.page
    try:
        await place.enter(screen, lang)
    except TimeoutError:
        return [f"{place.name} ({lang}): it never has what it asked for:\n{await page.locator('body').inner_text()}"]
    found = await faults(page, lang)
    for dialog in place.dialogs:
        try:
            await press(screen, dialog, lang)
            await page.get_by_role("dialog").wait_for(timeout=5_000)
        except (AssertionError, TimeoutError) as error:
            found.append(f"{dialog} opens nothing: {error}")
            continue
        found += [f"{dialog}: {each}" for each in await faults(page, lang)]
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    return [f"{place.name} ({lang}): {each}" for each in found]


@pytest.mark.parametrize("lang", ["zh", "en"])
@AT_MOMENTS
async def test_every_page_in_every_moment(room: Room, screens: Open, lang: str, places: Places, count: int) -> None:
    few = asyncio.Semaphore(3)  # mostly they wait
    seen = await places(room)
    assert sum(1 + len(place.dialogs) for place in seen) == count
    found: list[str] = []

    async def look(who: str | None) -> None:
        """Look at all pages of one person, one after another on their device."""
        async with few:
            screen = await screens(room.bureau.people[who] if who else None, lang=lang)
            for place in seen:
                if place.who == who:
                    found.extend(await look_at(screen, place, lang))
            await screen.page.context.close()

    await asyncio.gather(*(look(who) for who in dict.fromkeys(place.who for place in seen)))
    assert not found, "\n".join(found)
