"""The desk on a phone: the top bar is one line, and each row of a table is a card whose cells say their headings."""

from typing import Any

import pytest
from playwright.async_api import Page

from tests.test_one_meeting import Room
from tests.web.conftest import Open

PHONE = (390, 844)
BAR = 60  # px: the round mark and the bar's own margin; a second line would add 40
CARDS = """() => [...document.querySelectorAll('main table')].map((table) => {
  const heads = [...table.querySelectorAll('thead th')].map((each) => each.textContent.trim())
  const row = table.tBodies[0].rows[0]
  const cells = [...row.cells].filter((cell) => cell.childNodes.length && cell.innerText.trim())
  return {
    columns: heads.length === row.cells.length,
    said: cells.map((cell) => [getComputedStyle(cell, '::before').content.replaceAll('"', ''), heads[cell.cellIndex]]),
    hidden: [...row.cells].filter((cell) => cell.textContent.trim() && !cell.checkVisibility()).length,
    tops: cells.map((cell) => Math.round(cell.getBoundingClientRect().top)),
    right: Math.max(...cells.map((cell) => cell.getBoundingClientRect().left + cell.scrollWidth)),
  }
})"""


async def faults(page: Page) -> list[str]:
    """What is not as on a card, by table; and a bar of more than a line."""
    bar = await page.locator("header.bar").bounding_box()
    assert bar is not None
    found = [] if bar["height"] <= BAR else [f"the bar is {bar['height']} px high"]
    tables: list[dict[str, Any]] = await page.evaluate(CARDS)
    assert tables
    for table in tables:
        found += [f"“{head}” is said as {said}" for said, head in table["said"] if said != head and said != "none"]
        if not any(said == head for said, head in table["said"]):
            found.append("no cell says its heading")
        if table["hidden"] or not table["columns"]:
            found.append(f"columns are hidden: {table}")
        if sorted(set(table["tops"])) != table["tops"]:
            found.append(f"cells stand beside each other: {table['tops']}")
        if table["right"] > PHONE[0]:
            found.append(f"a cell ends at {table['right']}")
    return found


@pytest.mark.moment("issued")
async def test_the_desk_on_a_phone(room: Room, screens: Open) -> None:
    b = room.bureau
    body, meeting = f"/desk/bodies/{b.body}", f"/desk/meetings/{room.meeting}"
    found: list[str] = []
    for who, paths in (
        (b.li, (f"{body}/people", f"{body}/register", f"{meeting}/notice", f"{meeting}/ledger")),
        (b.admin, ("/desk/organization/people",)),
    ):
        desk = await screens(who, paths[0], size=PHONE)
        for path in paths:
            await desk.go(path)
            async with desk.expecting("table"):
                await desk.page.locator("main table tbody tr").first.wait_for(timeout=10_000)
            found += [f"{path}: {each}" for each in await faults(desk.page)]
    assert not found, "\n".join(found)
