"""Unusual meetings: a body of one, a body of sixty, the turn of the year, names that few fonts hold."""

import asyncio
import io
from datetime import datetime, timedelta, timezone
from typing import Any, TypeAlias

import asyncpg
import httpx
import pypdf
import pytest
from litestar import Litestar
from msgspec import Struct

from acts.limits import Limit, Limits
from storage import store
from tests.bureau import Bureau, Person, client_of, complete, issue, open_session
from tests.test_one_meeting import PDF, Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
SHANGHAI = timezone(timedelta(hours=8))


async def at(owner: Owner, time: str) -> None:
    await store.set_clock(owner, datetime.fromisoformat(time))


class Assembly(Struct):
    """A body of any size: its members, the first of them chair and deputy, a secretary who heads the office, and the
    hall's screen."""

    owner: Owner
    body: int
    members: list[Person]
    secretary: Person
    hall: Person

    @property
    def chair(self) -> Person:
        return self.members[0]

    async def convene(self, starts_at: str, notice_at: str, title: str = "一项议题") -> tuple[str, int]:
        """Plan, give notice, check all in, call to order; return the meeting's path and its one item's id."""
        await at(self.owner, notice_at)
        plan = {"title": "会议", "starts_at": starts_at}
        planned = await self.secretary.do(f"/api/bodies/{self.body}/meetings", plan)
        path = f"/api/meetings/{planned['content']['meeting']}"
        added = await self.secretary.do(f"{path}/items", {"title": title, "category": "major"})
        item: int = added["content"]["item"]["id"]
        answer = await self.secretary.client.post(
            f"{path}/items/{item}/papers", files={"file": ("一.pdf", PDF, "application/pdf")}
        )
        assert answer.is_success, answer.text
        await self.secretary.do(f"{path}/items/{item}/materials", {"complete": True})
        submitted = await self.secretary.do(f"{path}/agenda/submission")
        await self.chair.do(f"{path}/agenda/approval", {"version": submitted["seq"]})
        await self.secretary.do(f"{path}/notice")
        people = [member.id for member in self.members]
        await self.secretary.do(f"{path}/deliveries", {"people": people, "method": "electronic"})
        for member in self.members:
            await member.do(f"{path}/acknowledgement")
        await store.set_clock(self.owner, datetime.fromisoformat(starts_at) - timedelta(minutes=30))
        code = (await self.hall.get(f"{path}/hall-code")).json()["code"]
        for member in self.members:
            await member.do(f"{path}/check-in", {"code": code})
        await self.chair.do(f"{path}/call")
        return path, item

    async def vote(self, path: str, item: int, choices: list[str]) -> dict[str, Any]:
        """Present, discuss, vote, and decide as voted; return the content of the closing."""
        on = f"{path}/items/{item}"
        await self.secretary.do(f"{on}/presentation", {"presenter": self.chair.id})
        await self.secretary.do(f"{on}/speeches", {"person": self.chair.id, "summary": "作了汇报。"})
        await self.secretary.do(f"{on}/discussion-close")
        opened = await self.chair.do(f"{on}/votes")
        vote = f"{path}/votes/{opened['content']['vote']}"
        cast = list(zip(self.members, choices, strict=True))
        await asyncio.gather(*(member.do(f"{vote}/ballots", {"choice": choice}) for member, choice in cast[1:]))
        await self.chair.do(f"{vote}/ballots", {"choice": choices[0]})
        closed: dict[str, Any] = (await self.chair.do(f"{vote}/close", {}))["content"]
        await self.chair.do(f"{on}/decision", {"outcome": closed["result"]})
        return closed

    async def sign(self, path: str) -> str:
        """Adjourn, draft, review, sign; return the path of the minutes, which wait to be issued."""
        await self.chair.do(f"{path}/adjournment")
        drafted = await self.secretary.do(f"{path}/minutes")
        minutes = f"{path}/minutes/{drafted['content']['minutes']}"
        version = await complete(self.secretary, minutes)
        await self.chair.do(f"{minutes}/office-review", {"version": version})
        await self.chair.do(f"{minutes}/deputy-review", {"version": version})
        await self.chair.do(f"{minutes}/signature", {"version": version})
        return minutes

    async def signed(self, starts_at: str, notice_at: str) -> str:
        """Hold a meeting that withdraws its only item, and return the path of its signed minutes."""
        path, item = await self.convene(starts_at, notice_at)
        await self.chair.do(f"{path}/items/{item}/withdrawal", {"reason": "材料待补充"})
        return await self.sign(path)

    async def text_of(self, minutes: str) -> str:
        """The text of the PDF."""
        answer = await self.secretary.get(f"{minutes}/pdf")
        assert answer.content.startswith(b"%PDF"), answer.text
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)


async def assemble(app: Litestar, owner: Owner, size: int, name: str = "小组", charter: str = "{}") -> Assembly:
    organization = await owner.fetchval("INSERT INTO organizations (name) VALUES ($1) RETURNING id", f"{name}单位")
    body = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name, charter) VALUES ($1, $2, $3::text::jsonb) RETURNING id",
        organization, name, charter,
    )  # fmt: skip

    async def join(person_name: str, *roles: str) -> Person:
        person = await owner.fetchval(
            "INSERT INTO people (organization_id, staff_number, name) VALUES ($1, $2, $3) RETURNING id",
            organization, f"{name}{person_name}", person_name,
        )  # fmt: skip
        for role in roles:
            await owner.execute("INSERT INTO grants VALUES ($1, $2, $3)", body, person, role)
        return Person(person_name, person, client_of(app, *await open_session(owner, person)))

    members = [await join("成员一", "member", "head", "office_head", "deputy")]
    members += [await join(f"成员{number}", "member") for number in range(2, size + 1)]
    for seat, member in enumerate(members, start=1):
        await owner.execute("INSERT INTO seats VALUES ($1, $2, $3)", body, member.id, seat)
    return Assembly(owner, body, members, await join("秘书", "secretary"), await join("大屏", "hall"))


async def test_a_body_of_one(app: Litestar, owner: Owner) -> None:
    """N = 1: the chair alone is quorum and majority, and waits for no others."""
    one = await assemble(app, owner, 1)
    path, item = await one.convene("2026-01-13T09:00:00+08:00", "2026-01-08T10:00:00+08:00")
    closed = await one.vote(path, item, ["yes"])
    assert closed["tally"] == {"yes": 1, "no": 0, "abstain": 0, "defer": 0, "not_voted": 0}
    assert (closed["base"], closed["needed"], closed["result"]) == (1, 1, "passed")
    minutes = await one.sign(path)
    issued = await issue(one.secretary, minutes)
    assert (issued["year"], issued["number"]) == (2026, 1)
    assert "成员一" in await one.text_of(minutes)


async def test_a_body_of_sixty(app: Litestar, owner: Owner) -> None:
    """N = 60, all voting at once: 30 do not pass the item, since 31 are needed. The PDF names everybody
    as present, and again those who did not vote for it, by their choice."""
    sixty = await assemble(app, owner, 60)
    path, item = await sixty.convene("2026-01-13T09:00:00+08:00", "2026-01-08T10:00:00+08:00")
    closed = await sixty.vote(path, item, ["yes"] * 30 + ["no"] * 20 + ["abstain"] * 10)
    assert closed["tally"] == {"yes": 30, "no": 20, "abstain": 10, "defer": 0, "not_voted": 0}
    assert (closed["base"], closed["needed"], closed["result"]) == (60, 31, "not_passed")
    minutes = await sixty.sign(path)
    await issue(sixty.secretary, minutes)
    text = (await sixty.text_of(minutes)).replace("\n", "")
    names = [member.key for member in sixty.members]
    assert all(name in text for name in names)
    against, _, abstained = text.partition("反对：")[2].partition("。")[0].partition("；弃权：")
    assert sorted(against.split("、")) == sorted(names[30:50])
    assert sorted(abstained.split("、")) == sorted(names[50:])


@pytest.mark.parametrize(
    ("number_year", "old", "new"), [("meeting", (2025, 1), (2026, 1)), ("issue", (2026, 1), (2026, 2))]
)
async def test_the_turn_of_the_year(
    app: Litestar, owner: Owner, number_year: str, old: tuple[int, int], new: tuple[int, int]
) -> None:
    """A meeting of the year's last second gets minutes in the next year; then the new year has its first meeting."""
    one = await assemble(app, owner, 1, charter=f'{{"number_year": "{number_year}"}}')
    path, item = await one.convene("2025-12-31T23:59:59+08:00", "2025-12-26T10:00:00+08:00")
    called = (await one.chair.get(path)).json()
    assert (called["year"], called["ordinal"]) == (2025, 1)
    await at(owner, "2026-01-01T00:00:00+08:00")
    await one.vote(path, item, ["yes"])
    minutes = await one.sign(path)
    await at(owner, "2026-01-04T09:00:00+08:00")
    issued = await issue(one.secretary, minutes)
    assert (issued["year"], issued["number"]) == old
    assert "〔{}〕{}号".format(*old) in await one.text_of(minutes)

    later = await one.signed("2026-01-06T09:00:00+08:00", "2026-01-04T10:00:00+08:00")
    issued = await issue(one.secretary, later)
    assert (issued["year"], issued["number"]) == new
    assert (await one.chair.get(later.partition("/minutes")[0])).json()["ordinal"] == 1


async def test_many_issues_across_the_turn_of_the_year(app: Litestar, owner: Owner, limits: Limits) -> None:
    """Eight requests issue as many minutes while the year turns: each year counts 1, 2, 3 … without a gap."""
    limits.commands = Limit(10**6, 60)
    one = await assemble(app, owner, 1, charter='{"number_year": "issue"}')
    waiting = [await one.signed("2025-12-31T10:00:00+08:00", "2025-12-26T10:00:00+08:00") for _ in range(8)]
    await at(owner, "2025-12-31T23:59:59.000+08:00")

    async def issue(delay: float, minutes: str) -> tuple[datetime, dict[str, Any]]:
        await asyncio.sleep(delay)
        answer = await one.secretary.do(f"{minutes}/issue")
        return datetime.fromisoformat(answer["at"]), answer["content"]

    issued = await asyncio.gather(*(issue(index * 0.3, minutes) for index, minutes in enumerate(waiting)))
    years: dict[int, list[int]] = {2025: [], 2026: []}
    for _, content in issued:
        years[content["year"]].append(content["number"])
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in years.values()), years
    assert all(years.values()), f"the year did not turn between them: {years}"
    rows = await owner.fetch("SELECT year, number, issued_at FROM minutes")
    assert all(row["issued_at"].astimezone(SHANGHAI).year == row["year"] for row in rows)
    assert {(row["year"], row["number"]) for row in rows} == {(c["year"], c["number"]) for _, c in issued}


RARE = "𠮷䶮㐂𪚥龘"
EMOJI = "🗳️👍🏽"


async def test_rare_characters_go_through_to_the_paper(bureau: Bureau, owner: Owner) -> None:
    """Names, titles, motions, opinions, reasons and file names are read as written, up to the PDF."""
    b = bureau
    name = "𠮷䶮龘"
    await b.admin.do(f"/api/people/{b.lin.id}", {"name": name})
    room = Room(b, owner)
    await room.prepare()
    await b.li.do(f"{room.path}/notice/withdrawal", {"reason": f"改题 {RARE}{EMOJI}"})
    item = f"{room.path}/items/{room.items[0]}"
    title, motion = f"关于{RARE}的{EMOJI}方案", f"一、{RARE}\n二、{EMOJI}\t完"
    draft = {"title": title, "motion": motion, "category": "funds", "in_charge": b.lin.id}
    assert (await b.li.do(item, draft))["content"]["item"]["motion"] == motion
    file = {"file": (f"{RARE}{EMOJI}.pdf", PDF + b"rare", "application/pdf")}
    paper = (await b.li.client.post(f"{item}/papers", files=file)).json()["content"]["paper"]
    assert paper["name"] == f"{RARE}{EMOJI}.pdf"
    await b.approve_agenda(room.path)
    await b.li.do(f"{room.path}/notice")
    await b.li.do(f"{room.path}/deliveries", {"people": [each.id for each in b.members], "method": "electronic"})
    await room.gather()
    read = await b.lin.get(f"{item}/papers/{paper['id']}")
    assert read.status_code == httpx.codes.OK, read.text
    opinion = f"同意。{RARE}{EMOJI}"
    await b.xu.do(f"{item}/opinions", {"choice": "no", "text": opinion})
    await room.discuss(0, b.lin)
    await b.li.do(f"{item}/speeches", {"person": b.he.id, "summary": f"发言{RARE}{EMOJI}"})
    await room.vote(item, {})
    await room.decide(item, "passed")
    for each in room.items[1:]:
        await b.zhou.do(f"{room.path}/items/{each}/deferral", {"reason": f"缓议{RARE}"})
    await b.zhou.do(f"{room.path}/adjournment")
    minutes = f"{room.path}/minutes/{(await b.li.do(f'{room.path}/minutes'))['content']['minutes']}"
    task = {"who": f"科{RARE}", "what": f"办{EMOJI}", "due": "2026-03-31"}
    texts = {"items": [{"item": room.items[0], "decision": f"会议决定{RARE}", "tasks": [task]}], "copies_to": [RARE]}
    await b.li.do(f"{minutes}/texts", texts)
    await b.approve(minutes)
    await issue(b.li, minutes)
    sheet = (await b.lin.get(minutes)).json()["document"]
    assert sheet["items"][0]["title"] == title
    pdf = (await b.lin.get(f"{minutes}/pdf")).content
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")
    for word in (name, *RARE, "🗳", "👍"):
        assert word in text, f"{word} is not on the paper"
    register = await b.li.get(f"/api/bodies/{b.body}/register/2026")
    assert register.content.startswith(b"%PDF")
