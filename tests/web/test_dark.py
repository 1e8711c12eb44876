"""Where the device is dark, axe finds no pair of colours below 7:1 either, and nothing else serious."""

import pytest

from tests.test_one_meeting import Room
from tests.web.conftest import DESK, PROJECTOR, TABLET, Open
from tests.web.places import during
from tests.web.test_every_page import findings

DARK = """getComputedStyle(document.documentElement).getPropertyValue('--ground').trim()"""


@pytest.mark.moment("voted")
async def test_pages_in_the_dark(room: Room, screens: Open) -> None:
    await during(room)  # an open vote
    b, meeting = room.bureau, f"/meetings/{room.meeting}"
    found: list[str] = []
    for who, path, size in (
        (None, "/sign-in", TABLET), (b.lin, meeting, TABLET), (b.he, meeting, TABLET), (b.zheng, meeting, TABLET),
        (b.zhou, f"{meeting}/chair", DESK), (b.zhao, f"{meeting}/observer", DESK),
        (b.hall, f"{meeting}/hall", PROJECTOR), (b.li, f"/desk{meeting}/agenda", DESK),
        (b.li, f"/desk{meeting}/room", DESK), (b.li, f"/desk/bodies/{b.body}/people", DESK),
        (b.admin, "/desk/organization/people", DESK),
    ):  # fmt: skip
        screen = await screens(who, size=size)
        await screen.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        await screen.go(path)
        assert await screen.page.evaluate(DARK) == "#11161c"
        found += [f"{path}: {each}" for each in await findings(screen.page)]
        await screen.page.context.close()
    assert not found, "\n".join(found)
