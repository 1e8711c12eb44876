"""The head approves the agenda before notice is given (Rules 6(1); Measures 2(1); Working 20)."""

from typing import TypeAlias

import asyncpg
import pytest

from tests.bureau import Bureau, Person
from tests.storage.attacks import why
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

pytestmark = pytest.mark.moment("drafted")


async def submit(room: Room) -> int:
    seq: int = (await room.bureau.li.do(f"{room.path}/agenda/submission"))["seq"]
    return seq


async def stage(person: Person, room: Room) -> str:
    said: str = (await person.get(room.path)).json()["approval"]["stage"]
    return said


async def test_notice_waits_for_the_head(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    assert await b.li.refused(f"{room.path}/notice") == "agenda.approved"
    assert await b.zhou.refused(f"{room.path}/agenda/approval", {"version": 1}) == "state.wrong"
    version = await submit(room)
    assert await b.li.refused(f"{room.path}/agenda/submission") == "state.wrong"
    for nobody in (b.li, b.lin, b.jiang):
        assert await nobody.refused(f"{room.path}/agenda/approval", {"version": version}) == "access.role"
    answer = await b.li.post(f"{room.path}/notice", None)
    assert "已报请审定，请周启明审定后再发通知" in answer.json()["detail"]
    assert answer.json()["clause"].startswith("《实施细则》第六条第（一）项；《实施办法》第二部分第（一）项")
    await b.zhou.do(f"{room.path}/agenda/approval", {"version": version})
    assert await stage(b.zhou, room) == "approved"
    await b.li.do(f"{room.path}/notice")


async def test_the_head_reads_the_draft_and_sends_it_back(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await b.li.do(f"{room.path}/presiding", {"person": b.lin.id})  # so that the head is not also the chair
    assert len((await b.zhou.get(room.path)).json()["items"]) == len(room.items)
    assert (await b.he.get(room.path)).json()["items"] == []
    version = await submit(room)
    await b.zhou.do(f"{room.path}/agenda/return", {"reason": "先作会前协调"})
    assert await stage(b.li, room) == "returned"
    assert await b.zhou.refused(f"{room.path}/agenda/approval", {"version": version}) == "state.wrong"
    again = await submit(room)
    await b.zhou.do(f"{room.path}/agenda/approval", {"version": again})
    await b.zhou.do(f"{room.path}/agenda/return", {"reason": "另有考虑"})  # an approval can be taken back before notice
    assert await b.li.refused(f"{room.path}/notice") == "agenda.approved"


async def test_a_changed_draft_needs_approval_again(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    first, *rest = room.items
    changed = {"title": "另一议题", "category": "major", "in_charge": b.wu.id}
    read = await submit(room)
    await b.li.do(f"{room.path}/items/{first}", changed)
    assert await b.zhou.refused(f"{room.path}/agenda/approval", {"version": read}) == "state.wrong"
    await submit(room)
    assert await b.zhou.refused(f"{room.path}/agenda/approval", {"version": read}) == "state.wrong"
    changes = (
        (f"/items/{first}", {**changed, "title": "又一议题"}),
        ("/items", changed),
        ("", {"starts_at": "2026-01-14T15:00:00+08:00"}),
        ("", {"title": "党组扩大会议"}),
    )
    for path, change in changes:
        await b.approve_agenda(room.path) if await stage(b.li, room) == "open" else None
        await b.li.do(f"{room.path}{path}", change)
        assert await stage(b.li, room) == "open", path
        assert await owner.fetchval("SELECT agenda FROM meetings WHERE id = $1", room.meeting) == "open"
    # Papers, their completeness, the place and who presides are not what the head approved.
    await b.approve_agenda(room.path)
    await b.li.do(f"{room.path}/items/{rest[0]}/materials", {"complete": False})
    await b.li.do(f"{room.path}/items/{rest[0]}/materials", {"complete": True})
    await b.li.do(room.path, {"place": "四楼会议室"})
    await b.li.do(f"{room.path}/presiding", {"person": b.lin.id})
    assert await stage(b.li, room) == "approved"


async def test_a_withdrawn_notice_takes_the_approval_with_it(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.prepare()
    await b.li.do(f"{room.path}/notice/withdrawal", {"reason": "改期"})
    assert await b.li.refused(f"{room.path}/notice") == "agenda.approved"


async def test_an_acting_head_approves_and_a_former_head_does_not(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    roles = f"/api/bodies/{b.body}/roles"
    version = await submit(room)
    acting = {"person": b.lin.id, "role": "acting_head"}
    assert await b.admin.refused(roles, acting) == "input.invalid"
    assert await b.admin.refused(roles, {**acting, "document": "江组干〔2026〕2号"}) == "input.invalid"
    entered = {**acting, "document": "江组干〔2026〕2号", "since": "2026-01-05"}
    assert await b.admin.refused(roles, {**entered, "since": "2027-01-05"}) == "input.invalid"
    assert await b.admin.refused(roles, {**entered, "person": b.li.id}) == "input.invalid"
    await b.admin.client.delete(f"{roles}/{b.zhou.id}/head")
    assert await b.zhou.refused(f"{room.path}/agenda/approval", {"version": version}) == "access.role"
    said = (await b.li.post(f"{room.path}/notice", None)).json()["detail"]
    assert "登记主持工作的负责人" in said
    await b.admin.do(roles, entered)
    assert await b.admin.refused(roles, {**entered, "person": b.he.id}) == "input.invalid"
    history = (await b.admin.get(f"/api/bodies/{b.body}/history")).json()["records"]
    assert history[-1]["zh"] == "林静自2026年1月5日起主持工作（江组干〔2026〕2号）"
    await b.lin.do(f"{room.path}/agenda/approval", {"version": version})
    await b.li.do(f"{room.path}/notice")
    await b.admin.client.delete(f"{roles}/{b.lin.id}/acting_head")
    history = (await b.admin.get(f"/api/bodies/{b.body}/history")).json()["records"]
    assert history[-1]["zh"] == "林静不再主持工作"


async def test_postgresql_keeps_the_approval(bureau: Bureau, owner: Owner) -> None:
    """The owner is stopped too: no approval without a submission or by another than the head, no notice without one."""
    b, room = bureau, Room(bureau, owner)
    approve = f"UPDATE meetings SET agenda = 'approved', approved_by = %d WHERE id = {room.meeting}"
    notice = (
        "WITH given AS (INSERT INTO notices (meeting_id, body_id, given_at, given_by, agenda_hash)"
        f" VALUES ({room.meeting}, {b.body}, yijue_now(), {b.li.id}, '') RETURNING 1) SELECT 1 FROM given",
        f"UPDATE meetings SET state = 'noticed', charter = '{{}}' WHERE id = {room.meeting}",
    )
    await stopped(owner, (approve % b.zhou.id,), notice)
    await submit(room)
    await stopped(owner, (approve % b.lin.id,), notice)


async def stopped(owner: Owner, *attempts: tuple[str, ...]) -> None:
    for statements in attempts:
        with pytest.raises(asyncpg.PostgresError) as refused:
            await _execute(owner, statements)
        assert why(refused.value) == "agenda_approved", statements


async def _execute(owner: Owner, statements: tuple[str, ...]) -> None:
    async with owner.transaction():
        for statement in statements:
            await owner.execute(statement)
