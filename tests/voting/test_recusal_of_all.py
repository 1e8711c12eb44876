"""Recusal is for everyone in the room (Personnel 18, 23): attendee, secretary, observer and chair, at any time."""

from typing import Any, TypeAlias

import asyncpg
import pytest

from acts.folding import fold
from agenda.state import MeetingState
from tests.bureau import Bureau, Person
from tests.test_one_meeting import Room
from tests.voting.test_acts import finish, in_session, refusal

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
PERSONNEL = 2


async def relate(bureau: Bureau, owner: Owner, *keys: str) -> None:
    """Put these people on the record of kinship as siblings of the candidate."""
    for key in keys:
        kin = await owner.fetchval(
            "INSERT INTO kin (body_id, name, person_id) SELECT $1, name, id FROM people WHERE id = $2"
            " ON CONFLICT (body_id, person_id) DO UPDATE SET name = excluded.name RETURNING id",
            bureau.body, bureau.people[key].id,
        )  # fmt: skip
        await owner.execute(
            "INSERT INTO kinships (body_id, type, a, b) VALUES ($1, 'sibling', $2, $3)",
            bureau.body, kin, bureau.kin["candidate"],
        )  # fmt: skip


async def item_seen(person: Person, room: Room) -> dict[str, Any]:
    shown: dict[str, Any] = (await person.get(room.path)).json()["items"][PERSONNEL]
    return shown


async def ledger_of(person: Person, room: Room, item: int) -> set[str]:
    page = (await person.get(f"{room.path}/ledger")).json()
    return {each["kind"] for each in page["records"] if each.get("item") == item}


async def test_whoever_is_in_the_room_leaves(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    await relate(b, owner, "li", "tang", "zhao")
    room = Room(b, owner)
    await room.plan()
    # The related secretary neither prepares the item nor reads it; another of the desk does.
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": b.jiang.id, "role": "secretary"})
    item = {
        "title": "规划科科长任职",
        "category": "personnel",
        "in_charge": b.chen.id,
        "subjects": [b.kin["candidate"]],
    }
    assert await b.li.refused(f"{room.path}/items", item) == "recusal.related"


@pytest.mark.moment("drafted")
async def test_papers_of_a_draft_are_not_for_the_related(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    room.meeting, room.items = b.meeting, list(b.items)
    path = f"{room.path}/items/{room.items[PERSONNEL]}"
    before = await item_seen(b.li, room)
    paper = before["papers"][0]["id"]
    assert before["motion"]
    assert (await b.zhou.get(f"{path}/papers/{paper}")).is_success
    await relate(b, owner, "li", "zhou")
    for person in (b.li, b.zhou):
        seen = await item_seen(person, room)
        assert (seen["papers"], seen["motion"], seen["subjects"], seen["readable"]) == ([], "", [], False)
        assert (await person.get(f"{path}/papers/{paper}")).json()["rule"] == "recusal.related"
    assert await b.li.refused(f"{path}/materials", {"complete": False}) == "recusal.related"
    assert await ledger_of(b.li, room, room.items[PERSONNEL]) <= {"materials.checked", "masked"}
    assert await ledger_of(b.li, room, room.items[0]) >= {"paper.added"}


async def test_the_item_goes_on_without_them(bureau: Bureau, owner: Owner) -> None:
    """A recorder takes the secretary's place; attendee and observer are recused too, on record, and see nothing."""
    b = bureau
    room = await in_session(b, owner)
    await relate(b, owner, "li", "tang", "zhao")
    number = room.items[PERSONNEL]
    item = f"{room.path}/items/{number}"
    assert await b.li.refused(f"{item}/presentation", {"presenter": b.chen.id}) == "recusal.related"
    said = await refusal(b.zhou, f"{item}/presentation", {"presenter": b.chen.id})
    assert (said["rule"], "代为记录" in said["detail"]) == ("recusal.related", True)
    for key, rule in (("zheng", "recusal.related"), ("xu", "input.invalid"), ("zhou", "input.invalid")):
        assert await b.zhou.refused(f"{item}/recorder", {"person": b.people[key].id}) == rule, key
    assert await b.zhou.refused(f"{room.path}/items/{room.items[0]}/recorder", {"person": b.wu.id}) == "state.wrong"
    await b.zhou.do(f"{item}/recorder", {"person": b.wu.id})
    presented = await b.zhou.do(f"{item}/presentation", {"presenter": b.chen.id})
    assert {each["person"] for each in presented["content"]["recusals"]} == {b.zheng.id, b.li.id, b.tang.id, b.zhao.id}

    speech = {"person": b.chen.id, "summary": "汇报考察情况。"}
    assert await b.li.refused(f"{item}/speeches", speech) == "recusal.related"
    assert await b.lin.refused(f"{item}/speeches", speech) == "access.role"
    assert await b.wu.refused(f"{item}/speeches", {**speech, "person": b.tang.id}) == "recusal.related"
    await b.wu.do(f"{item}/speeches", speech)
    await b.wu.do(f"{item}/discussion-close")
    for person in (b.li, b.zhao):
        assert "item.spoken" not in await ledger_of(person, room, number)
        assert not [each for each in (await person.get(f"{room.path}/recusals")).json() if each["item"] == number]
    assert (await b.zhao.get(f"{item}/readiness")).json()["rule"] == "recusal.related"
    opened = (await b.zhou.do(f"{item}/votes", {"form": "oral"}))["content"]
    taken = f"{room.path}/votes/{opened['vote']}/taken-down"
    assert await b.li.refused(taken, {"person": b.lin.id, "choice": "yes"}) == "recusal.related"
    for person in (b.lin, b.he, b.chen, b.ma, b.sun, b.wu, b.zhou):
        await b.wu.do(taken, {"person": person.id, "choice": "yes"})
    closed = (await b.zhou.do(f"{room.path}/votes/{opened['vote']}/close", {}))["content"]
    assert closed["tally"]["yes"] == 7
    await room.decide(item, "passed")
    assert await b.wu.refused(f"{item}/speeches", speech) == "access.role"  # recorder of that item alone
    document = await finish(room)
    # Of a personnel item the minutes have the decision alone; the proceedings name the recused.
    assert document["items"][PERSONNEL]["recusals"] == []
    state: MeetingState = fold([each.record for each in await room.entries()], MeetingState())
    assert set(state.items[number].recusals) == {b.zheng.id, b.li.id, b.tang.id, b.zhao.id}


async def test_kinship_found_during_the_discussion_holds_for_attendees(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = await in_session(b, owner)
    item = await room.discuss(PERSONNEL, b.chen)
    await relate(b, owner, "tang")
    assert (await b.tang.get(f"{item}/readiness")).json()["rule"] == "access.role"
    assert await b.li.refused(f"{item}/speeches", {"person": b.tang.id, "summary": "说明"}) == "recusal.related"
    assert await b.zhou.refused(f"{item}/votes") == "recusal.related"
    await b.zhou.do(f"{item}/recusals", {"person": b.tang.id, "reason": "系亲属"})
    await b.zhou.do(f"{item}/votes")


async def test_a_related_chair_does_not_take_the_item_off(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    await relate(b, owner, "zhou")
    room = Room(b, owner)
    await room.prepare()
    item = f"{room.path}/items/{room.items[PERSONNEL]}"
    for how in ("deferral", "withdrawal"):
        assert await b.zhou.refused(f"{item}/{how}", {"reason": "暂不研究"}) == "recusal.related"
    await room.gather()
    assert await b.zhou.refused(f"{item}/deferral", {"reason": "暂不研究"}) == "recusal.related"
    await b.zhou.do(f"{room.path}/chair", {"person": b.lin.id, "reason": "回避"})
    await b.lin.do(f"{item}/deferral", {"reason": "材料需补充"})


async def test_a_chair_who_has_left_does_nothing(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = await in_session(b, owner)
    item = await room.discuss(0, b.lin, read_out=False)
    await b.zhou.do(f"{room.path}/departures", {"person": b.zhou.id})
    listed = f"{room.path}/items/{room.items[1]}"
    reason = {"reason": "另议"}
    for path, body in (
        (f"{listed}/withdrawal", reason), (f"{listed}/deferral", reason), (f"{item}/put-off", reason),
        (f"{item}/votes", None), (f"{item}/recusals", {"person": b.lin.id, **reason}),
        (f"{item}/speeches", {"person": b.lin.id, "summary": "…"}), (f"{room.path}/adjournment", None),
        (f"{room.path}/leaves", {"person": b.xu.id, **reason}),
    ):  # fmt: skip
        assert await b.zhou.refused(path, body) == "state.wrong", path
    await b.li.do(f"{item}/opinions/read-out", {"person": b.xu.id})  # the secretary goes on
    await b.li.do(f"{room.path}/arrivals", {"person": b.zhou.id})
    await b.zhou.do(f"{listed}/withdrawal", reason)


async def test_a_declared_recusal_is_taken_back_until_the_vote(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = await in_session(b, owner)
    item = await room.discuss(0, b.lin)
    declared = await b.tang.do(f"{item}/recusals", {"reason": "误以为涉及本人"})
    await b.zhou.do(f"{item}/recusals", {"person": b.he.id, "reason": "误选"})
    back = {"person": b.he.id, "reason": "选错了人"}
    assert await b.li.refused(f"{item}/recusals/taken-back", back) == "access.role"
    assert await b.zhou.refused(f"{item}/recusals/taken-back", {**back, "person": b.ma.id}) == "unknown"
    await b.zhou.do(f"{item}/recusals/taken-back", back)
    record = await b.zhou.do(f"{item}/recusals/taken-back", {"person": b.tang.id, "reason": "不涉及"})
    assert record["content"]["corrects"] == declared["seq"]
    assert "更正记录" in (await b.li.get(f"{room.path}/ledger")).json()["records"][-1]["zh"]
    await b.zhou.do(f"{item}/recusals", {"person": b.he.id, "reason": "确有利害关系"})
    opened = await b.zhou.do(f"{item}/votes")
    assert opened["content"]["recused"] == [b.he.id]
    assert await b.zhou.refused(f"{item}/recusals/taken-back", back) == "state.wrong"


async def test_what_kinship_requires_is_not_taken_back(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    room = await in_session(b, owner)
    item = await room.discuss(PERSONNEL, b.chen)
    back = {"person": b.zheng.id, "reason": "无关"}
    assert await b.zhou.refused(f"{item}/recusals/taken-back", back) == "recusal.related"
    await owner.execute("DELETE FROM kinships")
    await b.zhou.do(f"{item}/recusals/taken-back", back)  # the record was wrong, and is corrected


@pytest.mark.parametrize("role", ["attendee", "secretary", "observer"])
async def test_everybody_granted_a_role_stands_in_the_record_of_kinship(
    bureau: Bureau, owner: Owner, role: str
) -> None:
    b = bureau
    made = await b.admin.do("/api/people", {"staff_number": "7001", "name": "郑晓楠"})
    person = made["content"]["person"]["id"]
    granted = await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": person, "role": role})
    assert granted["content"]["kin"] == b.kin["candidate"]  # the one unbound kin of that name
