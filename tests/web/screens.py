"""`make screens`: a picture of every page in each moment of a meeting, into docs/screens. Collected by name alone."""

from io import BytesIO
from pathlib import Path

import asyncpg
import pytest
from PIL import Image

from identity.sessions import hash_password
from tests.bureau import MEMBERS, Bureau
from tests.test_one_meeting import Room
from tests.web.clicking import Playing
from tests.web.conftest import DESK, PROJECTOR, TABLET, Open, Screen
from tests.web.places import AT_MOMENTS, Places
from tests.web.test_phone import PHONE

BROWSER = "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
FOLDER = Path(__file__).parents[2] / "docs" / "screens"
SIZES = {"hall": PROJECTOR, "desk": DESK, "observer": DESK, "chair": DESK}


@pytest.fixture(scope="session", autouse=True)
def folder() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()


async def take(name: str, screen: Screen) -> None:
    await screen.page.evaluate("window.scrollTo(0, 0)")
    await screen.page.mouse.move(0, 0)  # so that no element is hovered over
    await screen.page.wait_for_timeout(500)
    taken = Image.open(BytesIO(await screen.page.screenshot(animations="disabled")))
    taken.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


@AT_MOMENTS
async def test_every_page(room: Room, screens: Open, places: Places, count: int) -> None:
    await room.owner.execute("UPDATE people SET password_hash = $1", await hash_password("an office's own"))
    await room.owner.execute("UPDATE sessions SET used_at = now(), browser = $1", BROWSER)
    for key, (_, post, _) in MEMBERS.items():
        await room.owner.execute("UPDATE people SET post = $1 WHERE id = $2", post, room.bureau.people[key].id)
    seen = await places(room)
    assert sum(1 + len(place.dialogs) for place in seen) == count
    for place in seen:
        if place.clicked:
            continue
        person = room.bureau.people[place.who] if place.who else None
        screen = await screens(person, size=SIZES.get(place.name.partition("-")[0], TABLET))
        await place.enter(screen)
        await take(place.name, screen)
        await screen.page.context.close()


@pytest.mark.moment("issued")
@pytest.mark.parametrize("page", ["register", "people"])
async def test_the_desk_on_a_phone(room: Room, screens: Open, page: str) -> None:
    path = f"/desk/bodies/{room.bureau.body}/{page}"
    screen = await screens(room.bureau.li, path, size=PHONE)
    await screen.page.locator("main tbody tr").first.wait_for()
    await take(f"desk-phone-{page}", screen)


async def test_what_one_sees_while_clicking(
    bureau: Bureau, screens: Open, owner: "asyncpg.Connection[asyncpg.Record]", tmp_path: Path
) -> None:
    await Playing(bureau, owner, screens, tmp_path, take).play()
