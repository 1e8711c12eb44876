"""The recorded responses and frames of each role's page, shown or not, hold no secret that it may not know.

Each person opens their own page, which also asks for data that they may not have.
"""

import asyncio

import pytest

from tests.test_one_meeting import Room
from tests.web.conftest import Open, Screen

PAGES = {
    "lin": "", "zheng": "", "xu": "", "tang": "", "zhou": "/chair", "zhao": "/observer", "hall": "/hall",
}  # fmt: skip
ELSEWHERE = {"jiang": "/desk/minutes", "wu": "/desk/minutes", "admin": "/desk/organization/people"}
WRITERS = ("lin", "zheng", "xu", "tang", "zhou", "zhao", "li", "wu")  # the rest keep no notes
FETCH = "(paths) => Promise.all(paths.map(async (path) => (await fetch(path)).arrayBuffer())).then(() => null)"


async def everybody(room: Room, screens: Open, desk: str) -> dict[str, Screen]:
    """Open each person's own page, all at once; the secretary's is this page of the meeting's desk."""
    meeting = f"/meetings/{room.meeting}"
    paths = {key: meeting + path for key, path in PAGES.items()} | {"li": f"/desk{meeting}/{desk}"} | ELSEWHERE
    opened = await asyncio.gather(*(screens(room.bureau.people[key], path) for key, path in paths.items()))
    return dict(zip(paths, opened, strict=True))


async def hear(screens: dict[str, Screen], word: str) -> set[str]:
    """The people whose pages these words have reached so far."""
    return {key for key, screen in screens.items() if await screen.heard(word)}


async def ask(screens: dict[str, Screen], *paths: str) -> None:
    """Forget the traffic so far and let every page ask for these paths, as its person could make it do."""
    for screen in screens.values():
        await screen.traffic()
        screen.received.clear()
    await asyncio.gather(*(screen.page.evaluate(FETCH, paths) for screen in screens.values()))


@pytest.mark.moment("noticed")
async def test_what_a_page_may_not_know_does_not_reach_it(room: Room, screens: Open) -> None:
    b = room.bureau
    for key in WRITERS:
        await b.people[key].do(f"{room.path}/items/{room.items[0]}/notes", {"text": f"{key}之备注"})
    opened = await everybody(room, screens, "room")
    await b.zhao.do(f"{room.path}/objections", {"text": "监督意见之正文"})
    await room.gather()

    # While a vote is open the observer alone has the choices.
    item = await room.discuss(0, b.lin)
    vote = (await b.zhou.do(f"{item}/votes"))["content"]["vote"]
    for key in ("he", "chen", "ma", "sun"):
        await b.people[key].do(f"{room.path}/votes/{vote}/ballots", {"choice": "abstain"})
    await opened["lin"].sees("应表决 8 人，已表决 4 人")
    await opened["zhao"].page.get_by_text("弃权").first.wait_for()
    await opened["hall"].sees("4")
    assert await hear(opened, '"choice":"abstain"') == {"zhao"}
    await ask(
        opened, room.path, f"{room.path}/ledger", f"{room.path}/votes/{vote}/ballot", f"{item}/readiness",
        f"{room.path}/recusals",
    )  # fmt: skip
    # The ledger has the choice inside the hashed text.
    assert await hear(opened, '"abstain"') | await hear(opened, '\\"abstain\\"') == {"zhao"}
    for screen in opened.values():
        screen.received.clear()
    for key in ("lin", "wu", "zheng", "zhou"):
        await b.people[key].do(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{room.path}/votes/{vote}/close", {})
    for key in ("lin", "li", "zhou", "hall", "tang"):  # the observer knew them already
        await opened[key].hears('"choice":"abstain"')
    await room.decide(item, "not_passed")

    # Members in the room have a personnel item's subject while it is open, a recused one never; the chair knows
    # beforehand whom kinship recuses, and from whom. Only members in the room have its papers, while it is open.
    sheet = "%%EOF\n规划科科长任职"
    paper = f"{room.path}/items/{room.items[2]}/papers/{await first_paper(room, 2)}"
    assert await hear(opened, "郑晓楠") <= {"li", "zhou"}
    await ask(opened, paper)
    assert await hear(opened, sheet) == set()
    item = await room.discuss(2, b.chen)
    await ask(opened, paper)
    assert await hear(opened, sheet) == {"lin", "zhou", "wu"}
    await asyncio.gather(*(opened[key].reload() for key in ("lin", "zheng", "xu", "tang", "hall")))
    assert "lin" in await hear(opened, "郑晓楠") <= {"li", "lin", "zhao", "zhou"}
    assert await hear(opened, "规划科科长任职的议案") <= {"li", "lin", "zhao", "zhou"}
    assert not await opened["zheng"].heard("就第3项作了汇报")
    await b.zhou.do(f"{item}/deferral", {"reason": "另议"})
    await ask(opened, paper)
    assert await hear(opened, sheet) == set()

    # Reasons of leave and private notes.
    assert await hear(opened, "外出学习") <= {"li", "zhao", "zhou"}
    readers = {key: opened[key] for key in ("lin", "tang", "zhao", "li")}
    page = f"/meetings/{room.meeting}/papers/{room.items[0]}/{await first_paper(room, 0)}"
    await asyncio.gather(*(screen.go(page) for screen in readers.values()))
    for key, screen in readers.items():
        await screen.hears(f"{key}之备注")
        assert await hear(readers, f"{key}之备注") == {key}
    await ask(
        opened, f"{room.path}/notes", f"{room.path}/notes?person={b.lin.id}", f"{room.path}/items/{room.items[0]}/notes"
    )
    for key in WRITERS:
        assert await hear(opened, f"{key}之备注") == {key}


async def first_paper(room: Room, item: int) -> int:
    paper: int = await room.owner.fetchval("SELECT id FROM papers WHERE item_id = $1", room.items[item])
    return paper


@pytest.mark.moment("noticed")
async def test_an_objection_reaches_desk_and_observer_alone(room: Room, screens: Open) -> None:
    b = room.bureau
    opened = await everybody(room, screens, "ledger")
    receipt = await b.zhao.do(f"{room.path}/objections", {"text": "监督意见之正文"})
    await asyncio.gather(*(screen.reload() for screen in opened.values()))
    assert receipt["seq"] > 1
    assert await hear(opened, "监督意见之正文") == {"zhao", "zhou", "li"}
