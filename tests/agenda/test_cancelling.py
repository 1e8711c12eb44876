"""A draft is cancelled once, with its reason; then nothing can be done to it, whatever the program does."""

from typing import TypeAlias

import asyncpg
import pytest

from tests.bureau import Bureau
from tests.storage.attacks import Attacker, Connection
from tests.test_one_meeting import NOTICE, Room, at

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
def room(bureau: Bureau, owner: Owner) -> Room:
    return Room(bureau, owner)


@pytest.mark.moment("drafted")
async def test_a_draft_is_cancelled_for_good(room: Room) -> None:
    b, item = room.bureau, room.items[0]
    assert await b.li.refused(f"{room.path}/cancellation", {"reason": " "}) == "input.invalid"
    assert await b.zhou.refused(f"{room.path}/cancellation", {"reason": "不开了"}) == "access.role"
    done = await b.li.do(f"{room.path}/cancellation", {"reason": "与下次会议合并"})
    assert done["kind"] == "meeting.cancelled"
    line = (await b.lin.get(f"/api/bodies/{b.body}/meetings")).json()[0]
    assert (line["state"], line["past"]) == ("cancelled", False)
    for person, path, body in (
        (b.li, f"{room.path}/cancellation", {"reason": "再取消"}),
        (b.li, room.path, {"title": "另议"}),
        (b.li, f"{room.path}/items", {"title": "购车", "category": "funds"}),
        (b.li, f"{room.path}/items/{item}/materials", {"complete": False}),
        (b.li, f"{room.path}/agenda/submission", {}),
        (b.zhou, f"{room.path}/presiding", {"person": b.lin.id}),
        (b.zhou, f"{room.path}/leaves", {"person": b.xu.id, "reason": "出差"}),
        (b.zhou, f"{room.path}/notice", {}),
    ):
        answer = (await person.post(path, body)).json()
        assert (answer["rule"], answer["detail"][:5]) == ("state.wrong", "会议已取消"), path


@pytest.mark.moment("drafted")
async def test_its_agenda_stays_the_desks_and_its_personnel_papers_are_withdrawn(room: Room) -> None:
    b = room.bureau
    papers = {
        each["position"]: f"{room.path}/items/{each['id']}/papers/{each['papers'][0]['id']}"
        for each in (await b.li.get(room.path)).json()["items"]
    }
    await b.li.do(f"{room.path}/cancellation", {"reason": "与下次会议合并"})
    assert (await b.lin.get(room.path)).json()["items"] == []
    assert (await b.lin.get(papers[1])).json()["rule"] == "access.role"
    assert (await b.li.get(papers[1])).is_success
    assert (await b.li.get(papers[3])).json()["rule"] == "personnel.materials"


@pytest.mark.moment("noticed")
async def test_after_notice_it_is_withdrawn_first(room: Room) -> None:
    b = room.bureau
    assert await b.li.refused(f"{room.path}/cancellation", {"reason": "不开了"}) == "state.wrong"
    await b.li.do(f"{room.path}/notice/withdrawal", {"reason": "不开了"})
    await b.li.do(f"{room.path}/cancellation", {"reason": "不开了"})


@pytest.mark.moment("drafted")
async def test_postgresql_keeps_it(room: Room, app_role: Connection) -> None:
    b, m, i = room.bureau, room.meeting, room.items[0]
    attacker = Attacker(app_role, b.li)
    assert await attacker.attack("UPDATE meetings SET state = 'cancelled'") == "recorded"
    await b.li.do(f"{room.path}/cancellation", {"reason": "不开了"})
    await attacker.assert_refused(
        {
            "UPDATE meetings SET state = 'draft'": "meetings_cancelled",
            "UPDATE meetings SET title = '改名'": "meetings_cancelled",
            f"UPDATE items SET title = '购车' WHERE id = {i}": "meetings_cancelled",
            f"DELETE FROM items WHERE id = {i}": "meetings_cancelled",
            "INSERT INTO items (meeting_id, body_id, position, title, category)"
            f" VALUES ({m}, {b.body}, 6, '购车', 'funds')": "meetings_cancelled",
            "DELETE FROM papers": "meetings_cancelled",
            "INSERT INTO notices (meeting_id, body_id, given_at, given_by, agenda_hash)"
            f" VALUES ({m}, {b.body}, yijue_now(), {b.li.id}, '')": "meetings_noticed",
            "INSERT INTO presence (meeting_id, person_id, body_id, state, at)"
            f" VALUES ({m}, {b.xu.id}, {b.body}, 'on_leave', yijue_now())": "meetings_cancelled",
        }
    )


@pytest.mark.moment("drafted")
async def test_a_draft_whose_date_is_past_is_warned_of(room: Room, owner: Owner) -> None:
    b = room.bureau
    lines = f"/api/bodies/{b.body}/meetings"
    assert not (await b.li.get(lines)).json()[0]["past"]
    await at(owner, "2026-01-14T00:00:00+08:00")
    assert (await b.li.get(lines)).json()[0]["past"]
    said = (await b.li.get(f"{room.path}/notice/preview")).json()["refusals"]
    (past,) = (each for each in said if each["rule"] == "notice.lead")
    assert past["facts"]["past"]
    assert "拟定的开会日期2026年1月13日已过，会议未召开。最早可于2026年1月15日开会" in past["detail"]
    await at(owner, NOTICE)
    assert not (await b.li.get(lines)).json()[0]["past"]
