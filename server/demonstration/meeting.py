"""Plays the demonstration meeting over HTTP and WebSocket, as its people; only the clock is set in the database itself,
which a demonstration database alone allows."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

import httpx
from msgspec import Struct
from websockets.asyncio.client import connect
from websockets.typing import Origin

from agenda.state import MeetingState
from documents.fonts import FontSet
from documents.layout import BLANK, heading_lines, paginate, paragraphs
from documents.pdf import draw
from identity.sessions import COOKIE
from realtime.records import RecordShown
from realtime.resuming import Resuming
from server.demonstration import bureau as facts
from server.demonstration.bureau import Item, Outcome, Somebody
from storage.errors import YijueError

Clock = Callable[[datetime], Awaitable[None]]


class Narrator(Protocol):
    """Reports the meeting while it is played."""

    def chapter(self, title: str) -> None: ...

    def record(self, record: RecordShown, state: MeetingState) -> None: ...

    def check(self, what: str, wanted: str, came: str) -> None: ...


class UnexpectedAnswerError(YijueError):
    """The server answered otherwise than the meeting needs; it cannot go on."""


class Person:
    """Somebody with a tablet: signed in, acting over HTTP."""

    def __init__(self, client: httpx.AsyncClient, session: dict[str, Any]) -> None:
        self.client, self.id = client, int(session["person"])
        self.seq = 0  # of the latest record that an act of theirs wrote

    async def ask(self, path: str) -> Any:
        """Ask with GET; give the decoded JSON, or the bytes of any other answer. Raises UnexpectedAnswerError."""
        answer = await self.client.get(path)
        if not answer.is_success:
            raise UnexpectedAnswerError(f"GET {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.headers["content-type"] == "application/json" else answer.content

    async def do(self, path: str, content: Any = None, files: Any = None) -> dict[str, Any]:
        """Act with POST; give the content of the receipt. Raises UnexpectedAnswerError."""
        answer = await self._post(path, content, files)
        if not answer.is_success:
            raise UnexpectedAnswerError(f"POST {path}: {answer.status_code} {answer.text}")
        receipt: dict[str, Any] = answer.json()
        self.seq = receipt["seq"]
        said: dict[str, Any] = receipt["content"]
        return said

    async def refused(self, path: str, content: Any = None) -> str:
        """Act with POST; give the rule by which it is refused, empty if it went through."""
        answer = await self._post(path, content, None)
        return "" if answer.is_success else str(answer.json()["rule"])

    async def _post(self, path: str, content: Any, files: Any) -> httpx.Response:
        key = {"Idempotency-Key": str(uuid4())}
        if files is not None:
            return await self.client.post(path, files=files, headers=key)
        return await self.client.post(path, json={} if content is None else content, headers=key)


class Screen:
    """A screen that follows the meeting over WebSocket."""

    def __init__(self, person: Person, address: str, meeting: int) -> None:
        self._person, self._url = person, f"{address.replace('http', 'ws', 1)}/api/meetings/{meeting}/live"
        self._address = address
        self._moved = asyncio.Condition()
        self.following = Resuming()
        self.on_record: Callable[[RecordShown, MeetingState], None] = lambda _, __: None

    @property
    def state(self) -> MeetingState:
        return self.following.state

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Screen]:
        headers = {"Cookie": f"{COOKIE}={self._person.client.cookies[COOKIE]}"}
        url, origin = self._url + self.following.query, Origin(self._address)
        async with (
            connect(url, origin=origin, additional_headers=headers, max_size=None) as socket,
            asyncio.TaskGroup() as group,  # a screen that fails ends the play
        ):
            listening = group.create_task(self._listen(socket))
            yield self
            listening.cancel()

    async def _listen(self, socket: Any) -> None:
        async for message in socket:
            async with self._moved:
                for record, state in self.following.receive(message):
                    self.on_record(record, state)
                self._moved.notify_all()

    async def until(self, reached: Callable[[MeetingState], bool]) -> None:
        """Wait until the screen's state is as `reached` wants it, five seconds at most. Raises TimeoutError."""
        async with asyncio.timeout(5), self._moved:
            await self._moved.wait_for(lambda: reached(self.state))


class Issued(Struct, frozen=True):
    """The minutes as issued: their number, their PDF, the id of their meeting."""

    number: str
    pdf: bytes
    meeting: int


class Play:
    """The meeting in progress."""

    def __init__(self, address: str, clock: Clock, narrator: Narrator, fonts: FontSet) -> None:
        self.address, self._clock, self._narrator, self._fonts = address, clock, narrator, fonts
        self.people: dict[str, Person] = {}
        self._clients: dict[str, httpx.AsyncClient] = {}
        self.body = 0
        self.meeting = 0
        self._kin: dict[str, int] = {}
        self._items: dict[str, int] = {}
        self._now = datetime.fromisoformat(facts.NOTICE)

    def __getattr__(self, key: str) -> Person:
        try:
            return self.people[key]
        except KeyError:
            raise AttributeError(key) from None

    @property
    def _path(self) -> str:
        return f"/api/meetings/{self.meeting}"

    async def _at(self, time: datetime) -> None:
        self._now = time
        await self._clock(time)

    async def _later(self, **passing: int) -> None:
        await self._at(self._now + timedelta(**passing))

    async def _shown(self, screen: Screen) -> None:
        """Wait until a screen has what was done last."""
        last = max(person.seq for key, person in self.people.items() if key != "admin")
        await screen.until(lambda state: state.seq >= last)

    async def run(self, stack: AsyncExitStack) -> Issued:
        """Play the meeting until its minutes are issued; the clients stay signed in until `stack` closes."""
        await self._at(datetime.fromisoformat(facts.NOTICE) - timedelta(hours=1))
        self._narrator.chapter(f"{facts.ORGANIZATION}：建立议事机构和人员")
        await self._found(stack)
        await self._at(datetime.fromisoformat(facts.NOTICE))
        self._narrator.chapter("1月8日（星期四）：拟定议程，发出会议通知")
        await self._plan(facts.MEETING)
        desk, observer, member = (Screen(self.people[key], self.address, self.meeting) for key in ("li", "zhao", "lin"))
        # Before notice the agenda is the desk's to see; ballots as they come are the observer's.
        desk.on_record = observer.on_record = self._narrator.record
        async with desk.open():
            await self._notice(facts.ITEMS)
            await self._excuse()
            await self._shown(desk)
        await self._at(datetime.fromisoformat(facts.MEETING) - timedelta(minutes=15))
        self._narrator.chapter("1月13日（星期二）上午九时：签到，宣布开会")
        await self._sign_in_all()  # sessions end after twelve hours
        async with observer.open(), member.open():
            here = (key for key in (*facts.MEMBERS, "zhao", "tang", "li") if key != facts.AWAY)
            called = await self._gather(here, facts.MEETING)
            await self._shown(observer)
            self._narrator.check("应到会成员 N", "9", str(called["n"]))
            for number, item in enumerate(facts.ITEMS, 1):
                if item is facts.ITEMS[-1]:
                    await self._motion(observer)
                await self._shown(observer)
                self._narrator.chapter(f"第{number}项　{item.title}")
                await self._later(minutes=2)
                await self._take(item, observer, member)
            await self._later(minutes=2)
            await self.zhou.do(f"{self._path}/adjournment")
            await self._shown(observer)
            await self._at(datetime.fromisoformat(facts.ISSUE))
            self._narrator.chapter("1月13日下午：起草、审核、签发会议纪要")
            issued = await self._minutes()
            await self._shown(observer)
        self._narrator.check("纪要编号", "〔2026〕1号", issued.number)
        return issued

    async def go_on(self) -> int:
        """Call the next meeting to order, after `run`, with everybody there; give its id."""
        await self._at(datetime.fromisoformat(facts.NEXT_NOTICE))
        self._narrator.chapter("1月20日（星期二）：第2次会议，全体到会，等您主持")
        await self._sign_in_all()
        for item in facts.NEXT_ITEMS:
            if item.personnel:
                added = await self.li.do(f"/api/bodies/{self.body}/kin", {"name": item.candidate})
                self._kin[item.candidate] = added["kin"]["id"]
        await self._plan(facts.NEXT_MEETING)
        await self._notice(facts.NEXT_ITEMS)
        await self._at(datetime.fromisoformat(facts.NEXT_MEETING) - timedelta(minutes=10))
        await self._sign_in_all()
        await self._gather((*facts.MEMBERS, "zhao", "tang", "li"), facts.NEXT_MEETING)
        return self.meeting

    # Founding

    async def _sign_in(self, who: Somebody) -> None:
        client = self._clients[who.key]
        credentials = {"staff_number": who.staff_number, "password": facts.PASSWORD}
        answer = await client.post("/api/session", json=credentials)
        if not answer.is_success:
            raise UnexpectedAnswerError(f"sign-in of {who.name}: {answer.status_code} {answer.text}")
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        self.people[who.key] = Person(client, answer.json())

    async def _sign_in_all(self) -> None:
        for each in facts.PEOPLE:  # one by one: the server checks passwords in turn, slowly on a slow machine
            await self._sign_in(each)

    async def _found(self, stack: AsyncExitStack) -> None:
        tls = ssl.create_default_context()  # one for all: httpx makes one for each client, which takes a while
        for each in (facts.ADMINISTRATOR, *facts.PEOPLE):
            client = httpx.AsyncClient(base_url=self.address, timeout=30, verify=tls)
            self._clients[each.key] = await stack.enter_async_context(client)
        await self._sign_in(facts.ADMINISTRATOR)
        admin = self.people["admin"]
        ids = {}
        for each in facts.PEOPLE:
            new = {"staff_number": each.staff_number, "name": each.name, "post": each.post, "password": facts.PASSWORD}
            ids[each.key] = (await admin.do("/api/people", new))["person"]["id"]
        made = await admin.do("/api/bodies", {"name": facts.BODY, "kind": "党组"})
        self.body = made["body"]["id"]
        path = f"/api/bodies/{self.body}"
        for each in facts.PEOPLE:
            for role in each.roles:
                granted = await admin.do(f"{path}/roles", {"person": ids[each.key], "role": role})
                if "kin" in granted:
                    self._kin[each.key] = granted["kin"]
            if each.seat:
                seat = {"person": ids[each.key], "seat": each.seat, "post": each.post, "in_charge": each.in_charge}
                await admin.do(f"{path}/seats", seat)
        await self._sign_in_all()
        for type_, a, b in facts.KINSHIP:
            pair = {"type": type_, "a": self._kin.get(a, a), "b": self._kin.get(b, b)}
            for name, kin in zip((a, b), (await self.li.do(f"{path}/kinship", pair))["kin"], strict=True):
                self._kin[name] = kin["id"]

    # Notice

    async def _plan(self, at: str) -> None:
        plan = {"title": "党组会议", "starts_at": at, "place": "三楼会议室"}
        self.meeting = (await self.li.do(f"/api/bodies/{self.body}/meetings", plan))["meeting"]

    async def _notice(self, items: Iterable[Item]) -> None:
        for item in items:
            added = await self.li.do(
                f"{self._path}/items",
                {
                    "title": item.title,
                    "motion": item.motion,
                    "category": item.category,
                    "in_charge": self.people[item.in_charge].id,
                    "subjects": [self._kin[item.candidate]] if item.personnel else [],
                },
            )
            self._items[item.title] = added["item"]["id"]
            path = f"{self._path}/items/{added['item']['id']}"
            paper = ("file", (f"{item.title}.pdf", draw_paper(item, self._now, self._fonts), "application/pdf"))
            await self.li.do(f"{path}/papers", files=[paper])
            await self.li.do(f"{path}/materials", {"complete": True})
        await self._later(minutes=20)
        await self.li.do(f"{self._path}/agenda/submission")
        await self._later(minutes=10)
        await self.zhou.do(f"{self._path}/agenda/approval", {"version": self.li.seq})
        await self.li.do(f"{self._path}/notice")
        await self._later(minutes=5)
        everybody = [self.people[key].id for key in facts.MEMBERS]
        await self.li.do(f"{self._path}/deliveries", {"people": everybody, "method": "electronic"})
        for key in facts.MEMBERS:
            await self._later(minutes=3)
            await self.people[key].do(f"{self._path}/acknowledgement")

    async def _excuse(self) -> None:
        away = self.people[facts.AWAY]
        await self._later(hours=2)
        await self.zhou.do(f"{self._path}/leaves", {"person": away.id, "reason": "参加省厅培训"})
        for title, (choice, text) in facts.OPINIONS.items():
            await away.do(f"{self._item(title)}/opinions", {"choice": choice, "text": text})

    def _item(self, title: str) -> str:
        return f"{self._path}/items/{self._items[title]}"

    # The meeting

    async def _gather(self, here: Iterable[str], at: str) -> dict[str, Any]:
        """Check these people in and have the chair call to order; give the content of the record of that."""
        for key in here:
            await self._later(seconds=35)
            code = (await self.hall.ask(f"{self._path}/hall-code"))["code"]
            await self.people[key].do(f"{self._path}/check-in", {"code": code})
        await self._at(datetime.fromisoformat(at))
        return await self.zhou.do(f"{self._path}/call")

    async def _take(self, item: Item, observer: Screen, member: Screen) -> None:
        path = self._item(item.title)
        (presenter, _), *_rest = item.speeches
        presented = await self.li.do(f"{path}/presentation", {"presenter": self.people[presenter].id})
        recused = [each["person"] for each in presented["recusals"]]
        for who, summary in item.speeches:
            await self._later(minutes=3)
            if self.people[who].id not in recused:
                await self.li.do(f"{path}/speeches", {"person": self.people[who].id, "summary": summary})
        if item.title in facts.OPINIONS:
            await self.li.do(f"{path}/opinions/read-out", {"person": self.people[facts.AWAY].id})
        if item is facts.ITEMS[1]:
            came = await self._put_off(path)
        elif item is facts.ITEMS[-1]:
            came = await self._defer(path)
        else:
            await self.li.do(f"{path}/discussion-close")
            came = await self._vote(item, path, observer, member)
        wanted = facts.WANTED[item.title]
        await self._shown(observer)
        self._narrator.check(item.title, _said(wanted), _said(came))

    async def _put_off(self, path: str) -> Outcome:
        for key in sorted(facts.MEMBERS, key=lambda each: each == "zhou"):  # 末位表态
            if key != facts.AWAY:
                position = "no" if key in facts.AGAINST else "yes"
                await self.li.do(f"{path}/positions", {"person": self.people[key].id, "position": position})
        await self.li.do(f"{path}/discussion-close")
        heard = (await self.zhou.ask(f"{path}/readiness"))["positions"]
        reason = "赞成与反对意见人数接近，留待下次会议讨论"
        await self.zhou.do(f"{path}/put-off", {"reason": reason, "cause": "positions"})
        return Outcome("put_off", f"赞成{heard['yes']} 反对{heard['no']} {'接近' if heard['close'] else '不接近'}")

    async def _defer(self, path: str) -> Outcome:
        await self.ma.do(f"{self._path}/departures", {"person": self.ma.id})
        await self.li.do(f"{path}/discussion-close")
        rule = await self.zhou.refused(f"{path}/votes")
        await self.zhou.do(f"{path}/deferral", {"reason": "分管此项工作的马腾同志因公离会", "cause": "in_charge"})
        return Outcome("deferred", rule)

    async def _vote(self, item: Item, path: str, observer: Screen, member: Screen) -> Outcome:
        opened = await self.zhou.do(f"{path}/votes")
        vote = f"{self._path}/votes/{opened['vote']}"
        roll = [key for key in facts.MEMBERS if self.people[key].id in opened["roll"]]
        for key in sorted(roll, key=lambda each: each == "zhou"):  # 末位表态
            choice = facts.BALLOTS[item.title].get(key, "yes")
            await self._later(seconds=12)
            await self.people[key].do(f"{vote}/ballots", {"choice": choice})
        await self._screens(opened["vote"], len(roll), observer, member)
        await self._later(seconds=20)
        closed = await self.zhou.do(f"{vote}/close")
        await self.zhou.do(f"{path}/decision", {"outcome": closed["result"]})
        await member.until(lambda state: _round(state, opened["vote"]) == (len(roll), len(roll)))
        return self._outcome(item, opened, closed)

    def _outcome(self, item: Item, opened: dict[str, Any], closed: dict[str, Any]) -> Outcome:
        tally, quorum = closed["tally"], opened["quorum"]
        figures = f"同意{tally['yes']} 反对{tally['no']} 弃权{tally['abstain']}"
        if item.personnel:
            recused = [each.name for each in facts.PEOPLE if self.people[each.key].id in opened["recused"]]
            figures += f" 缓议{tally['defer']} 到会{quorum['present']}/{quorum['needed']} 回避{'、'.join(recused)}"
        return Outcome(closed["result"], figures)

    async def _screens(self, vote: int, ballots: int, observer: Screen, member: Screen) -> None:
        for screen in (observer, member):
            await screen.until(lambda state: _round(state, vote)[0] == ballots)
        seen = [_round(screen.state, vote) for screen in (observer, member)]
        self._narrator.check(
            "结束表决前，纪检监察组逐票可见，成员只见已投票数",
            f"纪检监察组{ballots}票 成员0票",
            f"纪检监察组{seen[0][1]}票 成员{seen[1][1]}票",
        )

    async def _motion(self, observer: Screen) -> None:
        await self._shown(observer)
        await self._later(minutes=2)
        self._narrator.chapter(f"会上有人提出“{facts.MOTION}”")
        motion = {"title": facts.MOTION, "mover": self.lin.id}
        rule = await self.li.refused(f"{self._path}/motions", motion)
        await observer.until(lambda state: bool(state.refusals))
        self._narrator.check(facts.MOTION, _said(facts.WANTED[facts.MOTION]), _said(Outcome(rule)))

    # Minutes

    async def _minutes(self) -> Issued:
        drafted = await self.li.do(f"{self._path}/minutes")
        path = f"{self._path}/minutes/{drafted['minutes']}"
        texts = [
            {
                "item": self._items[item.title],
                "decision": item.decision,
                "tasks": [
                    {name: getattr(task, name) for name in task.__struct_fields__} for task in [item.task] if task
                ],
            }
            for item in facts.ITEMS
        ]
        copies = {"leader": "市政府分管领导", "copies_to": ["驻局纪检监察组", "局机关各科室"], "copies": 20}
        await self.li.do(f"{path}/texts", {"items": texts, **copies})
        await self.jiang.do(f"{path}/office-review", {"version": 2})
        await self.wu.do(f"{path}/deputy-review", {"version": 2})
        await self._later(hours=1)
        await self.zhou.do(f"{path}/signature", {"version": 2})
        issued = await self.li.do(f"{path}/issue")
        while not (await self.lin.ask(path))["sha256"]:  # noqa: ASYNC110 -- the server draws it meanwhile
            await asyncio.sleep(0.1)
        pdf = await self.lin.ask(f"{path}/pdf")
        return Issued(f"〔{issued['year']}〕{issued['number']}号", pdf, self.meeting)


def _round(state: MeetingState, vote: int) -> tuple[int, int]:
    """Count the ballots of a vote that a screen knows of, and the choices."""
    for item in state.items.values():
        if each := item.votes.get(vote):
            return each.cast, sum(1 for ballot in each.ballots.values() if ballot.choice)
    return 0, 0


def _said(outcome: Outcome) -> str:
    words = {"passed": "通过", "not_passed": "未获通过", "put_off": "暂缓表决", "deferred": "缓议"}
    parts = (words.get(outcome.ending, outcome.ending), outcome.figures)
    return "　".join(part for part in parts if part)


def draw_paper(item: Item, at: datetime, fonts: FontSet) -> bytes:
    """Draw a paper of the item as PDF, as its responsible department would submit it."""
    bands = [BLANK, *heading_lines(item.title, 22.0, fonts), BLANK]
    for each in item.paper:
        bands += paragraphs(fonts, [("body", each)])
    return draw(
        paginate(bands), title=item.title, author=facts.ORGANIZATION, subject="上会材料", made=at.date(), fonts=fonts
    )
