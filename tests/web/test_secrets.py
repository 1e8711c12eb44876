"""What reaches each role's page, shown or not: recorded responses and frames, searched for what they may not know."""

from tests.test_one_meeting import Room
from tests.web.conftest import Open, Screen

PAGES = {
    "lin": "", "zheng": "", "xu": "", "tang": "", "zhou": "/chair", "zhao": "/observer", "hall": "/hall",
}  # fmt: skip


async def hear(screens: dict[str, Screen], word: str) -> set[str]:
    """Whom these words reached so far."""
    return {key for key, screen in screens.items() if await screen.heard(word)}


async def test_what_a_page_may_not_know_does_not_reach_it(room: Room, screens: Open) -> None:
    b = room.bureau
    await room.prepare()
    meeting = f"/meetings/{room.meeting}"
    opened = {key: await screens(b.people[key], meeting + path) for key, path in PAGES.items()}
    opened["li"] = await screens(b.li, f"/desk{meeting}/room")
    await b.lin.do(f"{room.path}/items/{room.items[0]}/notes", {"text": "林静之备注"})
    await b.zhao.do(f"{room.path}/objections", {"text": "监督意见之正文"})
    await room.gather()

    # A vote that is open: the choices are the observer's.
    item = await room.discuss(0, b.lin)
    vote = (await b.zhou.do(f"{item}/votes"))["content"]["vote"]
    for key in ("he", "chen", "ma", "sun"):
        await b.people[key].do(f"{room.path}/votes/{vote}/ballots", {"choice": "abstain"})
    await opened["lin"].sees("已有 4/8 人表决")
    await opened["zhao"].page.get_by_text("弃权").first.wait_for()
    await opened["hall"].sees("4")
    assert await hear(opened, '"choice":"abstain"') == {"zhao"}
    for screen in opened.values():
        screen.received.clear()
    for key in ("lin", "wu", "zheng", "zhou"):
        await b.people[key].do(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{room.path}/votes/{vote}/close", {})
    for key in ("lin", "zhao", "li", "zhou", "hall", "tang"):
        await opened[key].hears('"choice":"abstain"')
    await room.decide(item, "not_passed")

    # A personnel item: whom it is about, for members in the room while it is open; never for whom it recuses. The
    # chair is told beforehand whom kinship recuses, and from whom.
    assert await hear(opened, "郑晓楠") <= {"li", "zhou"}
    item = await room.discuss(2, b.chen)
    await opened["lin"].page.reload()
    await opened["lin"].settled()
    assert await opened["lin"].heard("郑晓楠")
    for key in ("zheng", "xu", "tang", "hall"):
        await opened[key].page.reload()
        await opened[key].settled()
    assert await hear(opened, "规划科科长任职的议案") <= {"li", "lin", "zhao", "zhou"}
    assert not await opened["zheng"].heard("就第3项作了汇报")

    # What is one's own, or the supervisor's.
    await opened["lin"].go(f"{meeting}/papers/{room.items[0]}/{await first_paper(room)}")
    await opened["lin"].page.get_by_text("林静之备注").wait_for()
    assert await hear(opened, "林静之备注") == {"lin"}
    assert await hear(opened, "外出学习") <= {"li", "zhao", "zhou"}


async def first_paper(room: Room) -> int:
    papers = (await room.bureau.lin.get(room.path)).json()["items"][0]["papers"]
    paper: int = papers[0]["id"]
    return paper


async def test_an_objection_reaches_desk_and_observer_alone(room: Room, screens: Open) -> None:
    b = room.bureau
    await room.prepare()
    meeting = f"/meetings/{room.meeting}"
    opened = {key: await screens(b.people[key], meeting + path) for key, path in PAGES.items()}
    opened["li"] = await screens(b.li, f"/desk{meeting}/ledger")
    receipt = await b.zhao.do(f"{room.path}/objections", {"text": "监督意见之正文"})
    for screen in opened.values():
        await screen.page.reload()
        await screen.settled()
    assert receipt["seq"] > 1
    assert await hear(opened, "监督意见之正文") == {"zhao", "zhou", "li"}
