"""Bodies of five, ten and sixty, some of them with long names: no text is cut off or runs over on the screens that
show every seat, the hall never needs scrolling, and its names are legible from the last row."""

import asyncio
import os
from collections.abc import AsyncIterator

import asyncpg
import pytest
from playwright.async_api import Page

from tests.bureau import Bureau, Person, client_of, open_session
from tests.test_one_meeting import MEETING, PDF, Room, at
from tests.web.conftest import DESK, PROJECTOR, TABLET, Open, Screen

LONG = ("阿卜杜热依木·买买提", "古丽娜孜尔·阿不都克里木", "欧阳文静", "诸葛明")
SURNAMES = (
    "王李张刘杨赵黄吴徐孙胡朱高林何郭罗梁宋郑谢韩唐冯于董萧程曹袁"
    "邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
)
GIVEN = ("伟", "建国", "敏", "晓红", "军", "志强")


def names(number: int) -> list[str]:
    return [*LONG, *(SURNAMES[at] + GIVEN[at % len(GIVEN)] for at in range(number))][:number]


RUNS_OVER = """() => [...document.querySelectorAll('main *')].filter((each) => {
  const says = [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
  if (!(says || each.matches('li')) || each.closest('.visually-hidden') || !each.checkVisibility()) return false
  const style = getComputedStyle(each)
  if (style.display === 'inline' || ['auto', 'scroll'].includes(style.overflowX)) return false
  return each.scrollWidth > each.clientWidth + 1 || (each.matches('li') && each.scrollHeight > each.clientHeight + 8)
}).map((each) => `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 30)}: `
  + `${each.scrollWidth}×${each.scrollHeight} in ${each.clientWidth}×${each.clientHeight}`)"""


async def body_of(number: int, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> list[Person]:
    """Give the bureau's body that many members: 周启明, 林静 and new ones; return them."""
    left = [person.id for person in bureau.members if person.key not in ("zhou", "lin")]
    await owner.execute("DELETE FROM seats WHERE person_id = ANY($1)", left)
    await owner.execute("DELETE FROM grants WHERE person_id = ANY($1)", left)
    members = [bureau.zhou, bureau.lin]
    for seat, name in enumerate(names(number - 2), start=10):
        person = await owner.fetchval(
            "INSERT INTO people (organization_id, staff_number, name) VALUES ($1, $2, $3) RETURNING id",
            bureau.organization, f"9{seat:03d}", name,
        )  # fmt: skip
        await owner.execute(
            "INSERT INTO grants (body_id, person_id, role) VALUES ($1, $2, 'member')", bureau.body, person
        )
        await owner.execute("INSERT INTO seats VALUES ($1, $2, $3, '委员', '')", bureau.body, person, seat)
        token, csrf = await open_session(owner, person)
        base = str(bureau.zhou.client.base_url)
        members.append(Person(f"m{seat}", person, client_of(None, token, csrf, base)))
    return members


class Seats:
    """A meeting of these members with one item; the last member is on leave."""

    def __init__(self, room: Room, members: list[Person]) -> None:
        self.room, self.members, self.b = room, members, room.bureau
        self.item = self.vote = ""

    async def convene(self) -> None:
        room, b = self.room, self.b
        await room.plan()
        item = {
            "title": "关于全市农村公路三年提升行动实施方案及年度投资计划安排的请示", "category": "funds",
            "in_charge": b.lin.id, "subjects": [], "motion": "同意该方案。",
        }  # fmt: skip
        number = (await b.li.do(f"{room.path}/items", item))["content"]["item"]["id"]
        self.item = f"{room.path}/items/{number}"
        files = {"file": ("方案.pdf", PDF, "application/pdf")}
        assert (await b.li.client.post(f"{self.item}/papers", files=files)).is_success
        await b.li.do(f"{self.item}/materials", {"complete": True})
        await b.approve_agenda(room.path)
        await b.li.do(f"{room.path}/notice")
        everyone = [member.id for member in self.members]
        await b.li.do(f"{room.path}/deliveries", {"people": everyone, "method": "electronic"})
        await at(room.owner, MEETING)

    async def gather(self) -> None:
        await self.b.li.do(f"{self.room.path}/leaves", {"person": self.members[-1].id, "reason": "外出学习"})
        code = (await self.b.hall.get(f"{self.room.path}/hall-code")).json()["code"]
        for member in self.members[:-1]:
            await member.do(f"{self.room.path}/check-in", {"code": code})

    async def open(self) -> None:
        await self.b.zhou.do(f"{self.room.path}/call")
        await self.b.li.do(f"{self.item}/presentation", {"presenter": self.b.lin.id})
        await self.b.li.do(f"{self.item}/speeches", {"person": self.b.lin.id, "summary": "作了汇报。"})
        await self.b.li.do(f"{self.item}/discussion-close")
        self.vote = f"{self.room.path}/votes/{(await self.b.zhou.do(f'{self.item}/votes'))['content']['vote']}"

    async def cast(self, members: list[Person]) -> None:
        for place, member in enumerate(members):
            choice = ("yes", "yes", "no", "yes", "abstain", "yes")[place % 6]
            await member.do(f"{self.vote}/ballots", {"choice": choice})


@pytest.fixture(params=[5, 10, pytest.param(60, marks=pytest.mark.long)])
async def seats(request: pytest.FixtureRequest, room: Room, bureau: Bureau) -> AsyncIterator[Seats]:
    members = await body_of(request.param, bureau, room.owner)
    yield Seats(room, members)
    for member in members[2:]:
        await member.client.aclose()


async def runs_over(screen: Screen, name: str, *, scrolls: bool) -> list[str]:
    """The elements that are cut off or run over their place, and the page if it must be scrolled against `scrolls`."""
    page = screen.page
    if folder := os.environ.get("PICTURES"):
        await page.screenshot(path=f"{folder}/{name}.png", animations="disabled", full_page=scrolls)
    found: list[str] = await page.evaluate(RUNS_OVER)
    size = page.viewport_size
    assert size is not None
    wide, high = await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    if wide > size["width"] or (high > size["height"] and not scrolls):
        found.append(f"the page is {wide}×{high}")
    return [f"{name}: {each}" for each in found]


async def smallest(page: Page) -> float:
    """The size of the smallest name on the hall's screen, in px."""
    size: float = await page.evaluate(
        "Math.min(...[...document.querySelectorAll('.name')].map((one) => parseFloat(getComputedStyle(one).fontSize)))"
    )
    return size


async def test_every_seat_is_seen(seats: Seats, screens: Open) -> None:
    b, number = seats.b, len(seats.members)
    await seats.convene()
    path = f"/meetings/{seats.room.meeting}"
    await seats.gather()
    opened = [
        (f"{name}-{number}-{lang}", await screens(person, path + page, size=size, lang=lang))
        for lang in ("zh", "en")
        for name, person, page, size in (
            ("hall", b.hall, "/hall", PROJECTOR), ("observer", b.zhao, "/observer", DESK),
            ("tablet", seats.members[2], "", TABLET), ("chair", b.zhou, "/chair", TABLET),
        )
    ]  # fmt: skip
    found: list[str] = []

    async def look(moment: str) -> None:
        nonlocal found
        await asyncio.sleep(0.4)  # time to draw the feed's messages
        for name, screen in opened:
            hall = name.startswith("hall")
            found += await runs_over(screen, f"{moment}-{name}", scrolls=not hall)
            if hall and moment != "voting":
                assert await smallest(screen.page) >= 22

    await look("before")
    await seats.open()
    await seats.cast(seats.members[2:-3])
    await look("voting")
    await seats.cast([seats.members[1]])
    await b.zhou.do(f"{seats.vote}/ballots", {"choice": "yes", "confirm_outstanding": True})
    await b.zhou.do(f"{seats.vote}/close", {"confirm_outstanding": True})
    await look("closed")
    outcome = {
        "outcome": "amended",
        "reason": "原则同意，第三部分投资计划按会议讨论意见修改后实施，并于一周内报送修改稿。",
        "text": "同意该方案，第三部分投资计划减少一成。",
    }
    await b.zhou.do(f"{seats.item}/decision", outcome)
    await look("decided")
    assert not found, "\n".join(found)
