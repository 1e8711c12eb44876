"""Minutes that wait: the people who see them, their state, and since when."""

from typing import Any

import asyncpg
import pytest
from litestar import Litestar

from tests.bureau import Bureau, Person, client_of, issue, open_session
from tests.test_one_meeting import Room, at

DRAFTED = ("2026-01-13T15:00:00+08:00", "2026-01-13T16:00:00+08:00")
TIMES = [f"2026-01-14T{hour}:00:00+08:00" for hour in ("09", "10", "11", "14", "15", "16")]


class Waiting(Room):
    """A meeting of no decision, adjourned; its minutes are drafted and complete, version 2."""

    async def hold(self, ordinal: int = 1) -> str:
        """Hold the meeting, draft its minutes, and return their path."""
        b, chair = self.bureau, self.chair
        await self.prepare()
        if chair is not b.zhou:
            await b.li.do(f"{self.path}/presiding", {"person": chair.id})
        await self.gather(ordinal)
        for item in self.items:
            await chair.do(f"{self.path}/items/{item}/withdrawal", {"reason": "材料待补充"})
        await chair.do(f"{self.path}/adjournment")
        await at(self.owner, DRAFTED[ordinal - 1])
        drafted = (await b.li.do(f"{self.path}/minutes"))["content"]["minutes"]
        await b.li.do(f"{self.path}/minutes/{drafted}/texts", {"leader": "市政府分管领导"})
        return f"{self.path}/minutes/{drafted}"


class UnderLin(Waiting):
    """A meeting over which 林静 presides."""

    @property
    def chair(self) -> Person:
        return self.bureau.lin


@pytest.fixture
def room(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> Waiting:
    return Waiting(bureau, owner)


async def waiting(person: Person, body: int) -> list[dict[str, Any]]:
    answer = await person.get(f"/api/bodies/{body}/minutes/pending")
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()
    return rows


async def test_from_the_draft_to_the_issue(room: Waiting, bureau: Bureau) -> None:
    b = bureau
    assert await waiting(b.jiang, b.body) == []
    minutes = await room.hold()
    (row,) = await waiting(b.jiang, b.body)
    assert (row["meeting"], row["title"], row["roles"]) == (room.meeting, "党组会议", ["office_head"])
    assert row["starts_at"] == "2026-01-13T01:00:00Z"
    assert (row["state"], row["version"]) == ("draft", 2)
    reason = {"reason": "文字有误"}
    for time, person, act, sent, state in [
        (TIMES[0], b.li, "texts", {"copies": 3, "leader": "市政府分管领导"}, "draft"),
        (TIMES[1], b.jiang, "office-review", {"version": 3}, "office_reviewed"),
        (TIMES[2], b.wu, "return", reason, "draft"),
        (TIMES[3], b.li, "texts", {"copies": 4, "leader": "市政府分管领导"}, "draft"),
        (TIMES[3], b.jiang, "office-review", {"version": 4}, "office_reviewed"),
        (TIMES[4], b.wu, "deputy-review", {"version": 4}, "deputy_reviewed"),
        (TIMES[5], b.zhou, "signature", {"version": 4}, "signed"),
    ]:
        before = row["since"]
        await at(room.owner, time)
        done = await person.do(f"{minutes}/{act}", sent)
        for reader in (b.li, b.jiang, b.wu, b.zhou):
            (row,) = await waiting(reader, b.body)
            # Writing in a draft changes its version, not its `since`.
            assert (row["state"], row["since"]) == (state, before if act == "texts" else done["at"]), act
            assert row["version"] == done["content"].get("version", 3)
    await issue(b.li, minutes)
    assert await waiting(b.jiang, b.body) == []
    await b.zhou.do(f"{minutes}/void", reason)
    assert await waiting(b.jiang, b.body) == []
    again = await b.li.do(f"{room.path}/minutes")
    assert [(row["id"], row["state"]) for row in await waiting(b.jiang, b.body)] == [
        (again["content"]["minutes"], "draft")
    ]


async def test_those_that_moved_last_come_first_and_to_who_signs(room: Waiting, bureau: Bureau) -> None:
    b = bureau
    first = await room.hold()
    second = UnderLin(b, room.owner)
    await second.hold(ordinal=2)
    assert [row["meeting"] for row in await waiting(b.jiang, b.body)] == [second.meeting, room.meeting]
    await at(room.owner, TIMES[0])
    await b.jiang.do(f"{first}/office-review", {"version": 2})
    assert [row["meeting"] for row in await waiting(b.jiang, b.body)] == [room.meeting, second.meeting]
    # The person who presided sees the minutes of that meeting; the head, who signs, sees all on their way, other
    # members see none.
    assert [row["meeting"] for row in await waiting(b.zhou, b.body)] == [room.meeting, second.meeting]
    assert [(row["meeting"], row["roles"]) for row in await waiting(b.lin, b.body)] == [
        (second.meeting, ["chair", "member"])
    ]
    assert await waiting(b.he, b.body) == []


async def test_another_body_sees_nothing(app: Litestar, room: Waiting, bureau: Bureau) -> None:
    """Another body's secretary is refused the list, and their own lacks these minutes, though in one organization."""
    await room.hold()
    owner = room.owner
    other = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name) VALUES ($1, '机关党委') RETURNING id", bureau.organization
    )
    person = await owner.fetchval(
        "INSERT INTO people (organization_id, staff_number, name) VALUES ($1, '9001', '邻') RETURNING id",
        bureau.organization,
    )
    await owner.execute("INSERT INTO grants VALUES ($1, $2, 'secretary')", other, person)
    neighbour = Person("neighbour", person, client_of(app, *await open_session(owner, person)))
    answer = await neighbour.get(f"/api/bodies/{bureau.body}/minutes/pending")
    assert (answer.status_code, answer.json()["rule"]) == (404, "unknown")
    assert await waiting(neighbour, other) == []
    for stranger in (bureau.zhao, bureau.tang, bureau.hall):
        answer = await stranger.get(f"/api/bodies/{bureau.body}/minutes/pending")
        assert (answer.status_code, answer.json()["rule"]) == (403, "access.role")
    await neighbour.client.aclose()


async def test_nobody_approves_a_version_that_they_have_not_read(room: Waiting, bureau: Bureau) -> None:
    b = bureau
    minutes = await room.hold()
    await b.li.do(f"{minutes}/texts", {"leader": "市政府分管领导", "copies_to": ["局机关各科室"]})
    answer = await b.jiang.post(f"{minutes}/office-review", {"version": 2})
    assert (answer.status_code, answer.json()["rule"]) == (409, "state.wrong")
    assert answer.json()["detail"] == "会议纪要已改为第3稿，请阅读后再办理。"
    await b.jiang.do(f"{minutes}/office-review", {"version": 3})
    assert await b.wu.refused(f"{minutes}/deputy-review", {"version": 2}) == "state.wrong"
    await b.wu.do(f"{minutes}/deputy-review", {"version": 3})
    assert await b.zhou.refused(f"{minutes}/signature", {"version": 2}) == "state.wrong"
    await b.zhou.do(f"{minutes}/signature", {"version": 3})


async def test_one_copy_for_each_recipient(room: Waiting, bureau: Bureau) -> None:
    b = bureau
    minutes = await room.hold()
    await b.approve(minutes)
    await issue(b.li, minutes)
    twice = {"copies": [{"recipient": "林静", "person": b.lin.id}, {"recipient": "林静"}]}
    answer = await b.li.post(f"{minutes}/copies", twice)
    assert answer.json()["detail"] == "收件人重复，或此前已向其分发，请核对收件名单。"
