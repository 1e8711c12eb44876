"""A vote by the keyboard alone: opened, taken and closed without a pointer."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.test_one_meeting import Room
from tests.web.conftest import Open, Screen

FOCUSED = """(document.activeElement?.matches('button') ? document.activeElement.innerText : '')
  .replace(/[^\\p{Script=Han}]/gu, '')"""


async def press(screen: Screen, name: str, key: str = "Enter") -> None:
    """Come by Tab to the button of that name, and press it by this key."""
    for _ in range(120):
        await screen.page.keyboard.press("Tab")
        if await screen.page.evaluate(FOCUSED) == name:
            return await screen.page.keyboard.press(key)
    raise AssertionError(f"Tab does not come to “{name}”")


@pytest.mark.moment("in_session")
async def test_a_vote_by_keyboard_alone(room: Room, screens: Open, owner: Any) -> None:
    b = room.bureau
    await room.discuss(0, b.lin)
    lin = await screens(b.lin, f"/meetings/{room.meeting}")
    chair = await screens(b.zhou, f"/meetings/{room.meeting}/chair")
    await press(chair, "开始表决")
    await chair.sees("人已表决")
    vote = await owner.fetchval("SELECT id FROM votes")
    for key in ("he", "chen", "ma", "sun", "wu", "zheng"):
        await b.people[key].do(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})

    dialogs = lin.page.get_by_role("dialog")
    await press(lin, "反对", "Space")
    await expect(dialogs).to_contain_text("反对")
    await lin.page.keyboard.press("Escape")
    await expect(dialogs).to_have_count(0)
    assert await owner.fetchval("SELECT count(*) FROM ballots WHERE person_id = $1", b.lin.id) == 0
    await press(lin, "同意")
    await expect(dialogs).to_contain_text("同意")
    await press(lin, "确认提交", "Space")
    await lin.sees("已计入")

    await press(chair, "同意")
    await press(chair, "确认提交")
    await chair.sees("已计入")
    await press(chair, "结束表决", "Space")
    await lin.sees("表决通过")
    rows = await owner.fetch("SELECT person_id, choice FROM ballots WHERE person_id = ANY ($1)", [b.lin.id, b.zhou.id])
    assert {row["person_id"]: row["choice"] for row in rows} == {b.lin.id: "yes", b.zhou.id: "yes"}
