"""`make screens`: a picture of every page in each moment of a meeting, into docs/screens. Collected by name alone."""

from pathlib import Path

from tests.test_one_meeting import Room
from tests.web.conftest import DESK, PROJECTOR, TABLET, Open
from tests.web.places import MOMENTS

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
SIZES = {"hall": PROJECTOR, "desk": DESK, "observer": DESK, "chair": DESK}


async def test_screens(room: Room, screens: Open) -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for moment in MOMENTS:
        for place in await moment(room):
            person = room.bureau.people[place.who] if place.who else None
            screen = await screens(person, place.path, size=SIZES.get(place.name.partition("-")[0], TABLET))
            await screen.page.wait_for_timeout(500)
            await screen.page.screenshot(path=FOLDER / f"{place.name}.png", animations="disabled")
            await screen.page.context.close()
