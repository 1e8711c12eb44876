"""The whole path over HTTP on a real PostgreSQL: the demonstration meeting, from notice to numbered minutes."""

import hashlib
import uuid
from datetime import datetime
from typing import Any

import asyncpg

from acts.folding import fold
from agenda.state import MeetingState
from storage import store
from storage.ledger import Entry, check_chain, entry
from tests.bureau import MEMBERS, Bureau, Person, issue

PDF = (
    b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Size 4/Root 1 0 R>>\n%%EOF\n"
)
NOTICE, MEETING = "2026-01-08T10:00:00+08:00", "2026-01-13T09:00:00+08:00"


async def at(owner: "asyncpg.Connection[asyncpg.Record]", time: str) -> None:
    await store.set_clock(owner, datetime.fromisoformat(time))


class Room:
    """The demonstration meeting, through acts of its people; 许文博 wrote opinions on the items `written`."""

    written: tuple[int, ...] = (0, 1)
    paper: bytes = PDF

    def __init__(self, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.bureau, self.owner = bureau, owner
        self.meeting = bureau.meeting
        self.items = list(bureau.items)

    @property
    def chair(self) -> Person:
        return self.bureau.zhou

    @property
    def path(self) -> str:
        return f"/api/meetings/{self.meeting}"

    async def plan(self) -> None:
        """Plan a meeting that has only a time and a place yet."""
        b = self.bureau
        await at(self.owner, NOTICE)
        planned = await b.li.do(
            f"/api/bodies/{b.body}/meetings",
            {"title": "党组会议", "starts_at": MEETING, "place": "三楼会议室"},
        )
        self.meeting = planned["content"]["meeting"]

    async def draft(self) -> None:
        """Plan the meeting, and its five items with papers."""
        b = self.bureau
        if not self.meeting:
            await self.plan()
        for title, category, in_charge, subjects in [
            ("2026年度部门预算执行调整方案", "funds", b.lin, []),
            ("绕城公路改造工程立项", "project", b.he, []),
            ("规划科科长任职", "personnel", b.chen, [b.kin["candidate"]]),
            ("推荐省级先进集体", "major", b.wu, []),
            ("客运站设备采购", "funds", b.ma, []),
        ]:
            motion = f"提请审议：{title}的议案。"
            item = {
                "title": title, "category": category, "in_charge": in_charge.id, "subjects": subjects, "motion": motion,
                "attendees": [] if self.items else [b.tang.id],
            }  # fmt: skip
            added = await b.li.do(f"{self.path}/items", item)
            item_id = added["content"]["item"]["id"]
            self.items.append(item_id)
            files = {"file": (f"{title}（材料）.pdf", self.paper + title.encode(), "application/pdf")}
            answer = await b.li.client.post(f"{self.path}/items/{item_id}/papers", files=files)
            assert answer.is_success, answer.text
            await b.li.do(f"{self.path}/items/{item_id}/materials", {"complete": True})

    async def prepare(self) -> None:
        """Draft the agenda unless that is done, give notice, deliver it, acknowledge it."""
        b = self.bureau
        if not self.items:
            await self.draft()
        await b.approve_agenda(self.path)
        await b.li.do(f"{self.path}/notice")
        everyone = [member.id for member in b.members]
        await b.li.do(f"{self.path}/deliveries", {"people": everyone, "method": "electronic"})
        for member in b.members:
            await member.do(f"{self.path}/acknowledgement")

    async def gather(self, ordinal: int = 1) -> None:
        """Put 许文博 on leave with written opinions, check all others in, and have the chair call to order."""
        b = self.bureau
        await b.li.do(f"{self.path}/leaves", {"person": b.xu.id, "reason": "外出学习"})
        for item, choice in ((0, "no"), (1, "yes")):
            await b.xu.do(f"{self.path}/items/{self.items[item]}/opinions", {"choice": choice, "text": "书面说明。"})
        await at(self.owner, MEETING)
        code = (await b.hall.get(f"{self.path}/hall-code")).json()["code"]
        for key in (*MEMBERS, "zhao", "tang", "li"):
            if key != "xu":
                await b.people[key].do(f"{self.path}/check-in", {"code": code})
        called = await self.chair.do(f"{self.path}/call")
        assert (called["content"]["n"], called["content"]["ordinal"]) == (9, ordinal)

    async def discuss(self, index: int, presenter: Person, *, read_out: bool = True) -> str:
        """Present an item, have it discussed, read out what 许文博 wrote on it."""
        item = f"{self.path}/items/{self.items[index]}"
        await self.bureau.li.do(f"{item}/presentation", {"presenter": presenter.id})
        await self.bureau.li.do(f"{item}/speeches", {"person": presenter.id, "summary": f"就第{index + 1}项作了汇报。"})
        if index in self.written and read_out:
            await self.bureau.li.do(f"{item}/opinions/read-out", {"person": self.bureau.xu.id})
        await self.bureau.li.do(f"{item}/discussion-close")
        return item

    async def vote(self, item: str, choices: dict[str, str]) -> dict[str, Any]:
        """Open the vote, cast these choices, else yes, and close; return the content of the closing."""
        opened = await self.bureau.zhou.do(f"{item}/votes")
        vote = f"{self.path}/votes/{opened['content']['vote']}"
        roll = [p for p in self.bureau.members if p.id in opened["content"]["roll"]]
        for person in sorted(roll, key=lambda each: each.key == "zhou"):
            await person.do(f"{vote}/ballots", {"choice": choices.get(person.key, "yes")})
        closed: dict[str, Any] = (await self.bureau.zhou.do(f"{vote}/close", {}))["content"]
        return closed

    async def decide(self, item: str, outcome: str) -> None:
        await self.bureau.zhou.do(f"{item}/decision", {"outcome": outcome})

    async def entries(self) -> list[Entry]:
        rows = await self.owner.fetch(
            "SELECT l.record, l.hash FROM ledger l JOIN books b ON b.id = l.book_id"
            " WHERE (b.subject_type, b.subject_id) = ('meeting', $1)"
            " ORDER BY l.seq",
            self.meeting,
        )
        return [entry(row["record"], row["hash"]) for row in rows]


async def play(room: Room) -> None:
    """Play the demonstration meeting, from its agenda to the second issue of its minutes, and check every outcome."""
    b = room.bureau
    await room.prepare()
    await room.gather()

    item = await room.discuss(0, b.lin, read_out=False)
    assert await b.li.refused(f"{item}/opinions/read-out", {"person": b.lin.id}) == "unknown"
    assert await b.zhou.refused(f"{item}/votes") == "vote.not_discussed"
    await b.li.do(f"{item}/opinions/read-out", {"person": b.xu.id})
    closed = await room.vote(item, {"zheng": "no"})
    assert closed["tally"] == {"yes": 7, "no": 1, "abstain": 0, "defer": 0, "not_voted": 0}
    assert closed["result"] == "passed"
    assert await b.zhou.refused(f"{item}/decision", {"outcome": "not_passed", "reason": "x"}) == "decision.majority"
    await room.decide(item, "passed")

    item = await room.discuss(1, b.he)
    in_turn = [k for k in MEMBERS if k not in ("xu", "zhou")] + ["zhou"]  # 末位表态
    for key, side in zip(in_turn, ["no", "yes"] * 4, strict=True):
        await b.li.do(f"{item}/positions", {"person": b.people[key].id, "position": side})
    ready = (await b.zhou.get(f"{item}/readiness")).json()
    assert ready["refusals"] == []
    assert ready["positions"] == {"yes": 5, "no": 4, "close": True}
    await b.zhou.do(f"{item}/put-off", {"reason": "意见接近，留待下次会议讨论", "cause": "positions"})

    item = await room.discuss(2, b.chen)
    opened = await b.zhou.do(f"{item}/votes")
    assert opened["content"]["recused"] == [b.zheng.id]
    assert opened["content"]["quorum"] == {"present": 7, "needed": 6, "base": 9, "met": True}
    vote = f"{room.path}/votes/{opened['content']['vote']}"
    assert await b.zheng.refused(f"{vote}/ballots", {"choice": "yes"}) == "vote.recused"
    assert await b.xu.refused(f"{vote}/ballots", {"choice": "yes"}) == "vote.absent"
    assert await b.zhao.refused(f"{vote}/ballots", {"choice": "yes"}) == "access.role"
    assert await b.zhou.refused(f"{vote}/ballots", {"choice": "yes"}) == "vote.chair_last"
    once = uuid.uuid4()
    first = (await b.lin.post(f"{vote}/ballots", {"choice": "no"}, once)).json()
    assert (await b.lin.post(f"{vote}/ballots", {"choice": "no"}, once)).json() == first
    assert await b.lin.refused(f"{vote}/ballots", {"choice": "yes"}) == "vote.stale"
    await b.lin.do(f"{vote}/ballots", {"choice": "yes", "replaces": str(once)})
    for person, choice in ((b.he, "yes"), (b.chen, "yes"), (b.ma, "yes"), (b.sun, "yes")):
        await person.do(f"{vote}/ballots", {"choice": choice})
    await b.wu.do(f"{vote}/ballots", {"choice": "defer"})
    assert await b.zhou.refused(f"{vote}/close", {}) == "vote.outstanding"
    mine = (await b.lin.get(f"{vote}/ballot")).json()
    assert (mine["content"]["choice"], mine["content"]["version"]) == ("yes", 2)
    assert (await b.zheng.get(f"{vote}/ballot")).json()["rule"] == "unknown"
    await b.zhou.do(f"{vote}/ballots", {"choice": "yes"})
    assert await b.lin.refused(f"{vote}/ballots", {"choice": "no"}) == "vote.changed"
    closed = (await b.zhou.do(f"{vote}/close", {}))["content"]
    assert closed["tally"] == {"yes": 6, "no": 0, "abstain": 0, "defer": 1, "not_voted": 0}
    assert closed["result"] == "passed"
    assert await b.lin.refused(f"{vote}/ballots", {"choice": "no"}) == "state.wrong"
    await room.decide(item, "passed")

    item = await room.discuss(3, b.wu)
    closed = await room.vote(item, dict.fromkeys(("zheng", "wu", "sun", "ma"), "abstain"))
    assert closed["result"] == "not_passed"
    assert await b.zhou.refused(f"{item}/decision", {"outcome": "passed", "reason": "x"}) == "decision.majority"
    await room.decide(item, "not_passed")

    motion = {"title": "购置公务用车", "mover": b.lin.id}
    assert await b.li.refused(f"{room.path}/motions", motion) == "agenda.ad_hoc"

    item = await room.discuss(4, b.lin)
    await b.ma.do(f"{room.path}/departures", {"person": b.ma.id})
    assert await b.zhou.refused(f"{item}/votes") == "quorum.in_charge"
    assert await b.zhou.refused(f"{room.path}/adjournment") == "state.wrong"
    await b.zhou.do(f"{item}/deferral", {"reason": "分管负责人因公离会"})
    await b.zhou.do(f"{room.path}/adjournment")

    drafted = await b.li.do(f"{room.path}/minutes")
    minutes = f"{room.path}/minutes/{drafted['content']['minutes']}"
    assert await b.lin.client.get(f"{minutes}/pdf") is not None
    assert (await b.lin.get(minutes)).json()["rule"] == "access.role"
    task = {"who": "计划财务科", "due": "2026-03-31", "supervisor": "办公室"}
    await b.li.do(
        f"{minutes}/texts",
        {
            "items": [{"item": room.items[0], "tasks": [task], "discussion": "会议认为，\n\n调整必要。"}],
            "copies_to": ["党组成员"],
        },
    )
    assert await b.li.refused(f"{minutes}/issue") == "state.wrong"
    await b.approve(minutes)
    issued = await issue(b.li, minutes)
    assert (issued["year"], issued["number"]) == (2026, 1)
    pdf = (await b.lin.get(f"{minutes}/pdf")).content
    assert hashlib.sha256(pdf).hexdigest() == issued["sha256"]
    assert await b.li.refused(f"{minutes}/texts", {}) == "minutes.immutable"
    sheet = (await b.lin.get(minutes)).json()["document"]
    assert [each["text"] for each in sheet["items"][0]["discussion"]] == ["会议认为，", "调整必要。"]
    assert [each["speaker"] for each in sheet["items"][1]["discussion"]] == ["何志远"]
    assert [each["ending"] for each in sheet["items"]] == ["decided", "put_off", "decided", "decided", "deferred"]
    assert [each["title"] for each in sheet["attempts"]] == ["购置公务用车", "客运站设备采购"]

    await b.zhou.do(f"{minutes}/void", {"reason": "文字有误"})
    redrafted = await b.li.do(f"{room.path}/minutes")
    again = f"{room.path}/minutes/{redrafted['content']['minutes']}"
    await b.approve(again)
    assert (await issue(b.li, again))["number"] == 2
    assert (await b.lin.get(again)).json()["document"]["replaces"] == "〔2026〕1号"
    issues = (await b.zhao.get(f"/api/bodies/{b.body}/minutes", year=2026)).json()
    assert [(each["number"], each["voided"], each["replaced_by"]) for each in issues] == [
        ("〔2026〕1号", True, "〔2026〕2号"), ("〔2026〕2号", False, ""),
    ]  # fmt: skip
    assert issues[0]["session"] == "2026年第1次党组会议"
    assert issues[0]["items"][2] == "规划科科长任职"
    register = await b.li.get(f"/api/bodies/{b.body}/register/2026")
    assert register.content.startswith(b"%PDF")


async def test_the_demonstration_meeting(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", announced: list[Entry]
) -> None:
    room = Room(bureau, owner)
    await play(room)
    entries = await room.entries()
    check_chain(entries)
    assert [each.record.seq for each in announced if each.record.meeting == room.meeting] == list(
        range(1, len(entries) + 1)
    )
    assert fold((each.record for each in entries), MeetingState()).state == "adjourned"
