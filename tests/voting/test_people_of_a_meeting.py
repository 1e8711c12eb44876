"""A meeting's people while it is prepared and while it sits: the roll stands, and nobody administers them unseen."""

import asyncio
from typing import Any, TypeAlias

import asyncpg

from storage import store
from tests.bureau import Bureau, Person
from tests.storage.attacks import Attacker
from tests.test_one_meeting import Room
from tests.voting.test_acts import ask, finish, in_session, refusal

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def on_record(room: Room, kind: str = "people.administered") -> list[dict[str, Any]]:
    return [each.record.content for each in await room.entries() if each.record.kind == kind]


async def revoke(b: Bureau, person: Person, role: str = "member") -> Any:
    return await b.admin.client.delete(f"/api/bodies/{b.body}/roles/{person.id}/{role}")


async def test_who_is_on_the_roll_votes_whatever_happens_to_their_roles(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, await in_session(bureau, owner)
    item = await room.discuss(0, b.lin)
    opened = await b.zhou.do(f"{item}/votes")
    vote = f"{room.path}/votes/{opened['content']['vote']}"
    await b.zhou.do(await ask(b.admin, room, "role.revoked", b.he.id, "member"), {"allowed": True})
    assert (await revoke(b, b.he)).is_success
    # His session reaches the meeting, his ballot is taken and counted, and he can be noted as gone and back.
    assert (await b.he.get(room.path)).json()["state"] == "in_session"
    await b.he.do(f"{vote}/ballots", {"choice": "no"})
    assert (await b.he.get(f"{vote}/ballot")).json()["content"]["choice"] == "no"
    await b.li.do(f"{room.path}/departures", {"person": b.he.id})
    await b.li.do(f"{room.path}/arrivals", {"person": b.he.id})
    for member in sorted(b.members, key=lambda each: each.key == "zhou"):
        if member.key not in ("xu", "he"):
            await member.do(f"{vote}/ballots", {"choice": "yes"})
    closed = await b.zhou.do(f"{vote}/close", {})
    assert closed["content"]["tally"] == {"yes": 7, "no": 1, "abstain": 0, "defer": 0, "not_voted": 0}
    await room.decide(item, "passed")
    # N stands until the adjournment: he votes on the next item too.
    item = await room.discuss(2, b.chen)
    assert b.he.id in (await b.zhou.do(f"{item}/votes"))["content"]["roll"]
    vote = f"{room.path}/votes/{(await b.zhou.get(room.path)).json()['items'][2]['id']}"
    assert (await b.he.get(f"/api/bodies/{b.body}")).status_code in (403, 404)  # the body itself is closed to him


async def test_after_the_meeting_a_former_member_is_out(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, await in_session(bureau, owner)
    await b.zhou.do(await ask(b.admin, room, "role.revoked", b.he.id, "member"), {"allowed": True})
    assert (await revoke(b, b.he)).is_success
    await finish(room)
    assert (await b.he.get(room.path)).json()["rule"] == "unknown"


async def test_from_the_notice_on_it_is_a_record_of_the_meeting(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.plan()
    await b.admin.do(f"/api/people/{b.hall.id}/password", {"password": "first-password"})
    await room.prepare()
    assert await on_record(room) == []  # the draft's people are nobody's concern yet
    await b.admin.do(f"/api/people/{b.lin.id}/password", {"password": "another-password"})
    await b.admin.do(f"/api/people/{b.he.id}", {"post": "一级调研员"})
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": b.jiang.id, "role": "observer"})
    assert (await revoke(b, b.tang, "attendee")).is_success
    spouse = await b.li.do(f"/api/bodies/{b.body}/kinship", {"type": "spouse", "a": b.kin["lin"], "b": "赵六"})
    assert (await b.li.client.delete(f"/api/bodies/{b.body}/kinship/{spouse['content']['relation']['id']}")).is_success
    said = await on_record(room)
    assert [(each["what"], each["person"], each["detail"]) for each in said] == [
        ("password", b.lin.id, ""), ("account", b.he.id, "post"), ("role.granted", b.jiang.id, "observer"),
        ("role.revoked", b.tang.id, "attendee"), ("kinship.recorded", None, "spouse|林静|赵六"),
        ("kinship.removed", None, "spouse|林静|赵六"),
    ]  # fmt: skip
    page = (await b.zhao.get(f"{room.path}/ledger")).json()["records"]
    told = [each["zh"] for each in page if each["kind"] == "people.administered"]
    assert told[0] == "会议人员变动：重新设置林静的密码"
    assert told[-1] == "会议人员变动：删除亲属关系：林静、赵六（夫妻）"
    assert [each["actor"] for each in page if each["kind"] == "people.administered"] == [b.admin.id] * 4 + [b.li.id] * 2


async def test_while_it_sits_it_takes_the_chairs_yes(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, await in_session(bureau, owner)
    password = f"/api/people/{b.lin.id}/password"
    new = {"password": "taken-over-by-admin"}
    said = await refusal(b.admin, password, new)
    assert said["rule"] == "people.in_session"
    assert said["facts"] == {"meeting": room.meeting, "what": "password", "subject": b.lin.id, "change": ""}
    observer = {"person": b.admin.id, "role": "observer"}
    assert await b.admin.refused(f"/api/bodies/{b.body}/roles", observer) == "people.in_session"
    assert (await revoke(b, b.lin)).json()["rule"] == "people.in_session"
    assert await b.admin.refused(f"/api/people/{b.lin.id}", {"name": "林靖"}) == "people.in_session"
    kinship = {"type": "spouse", "a": b.kin["lin"], "b": "赵六"}
    assert await b.li.refused(f"/api/bodies/{b.body}/kinship", kinship) == "people.in_session"
    relation = await owner.fetchval("SELECT id FROM kinships WHERE body_id = $1 LIMIT 1", b.body)
    removed = await b.li.client.delete(f"/api/bodies/{b.body}/kinship/{relation}")
    assert removed.json()["rule"] == "people.in_session"

    asking = f"{room.path}/people-requests"
    body = {"change": "password", "person": b.lin.id, "reason": "忘记密码"}
    assert await b.lin.refused(asking, body) == "access.role"
    assert await b.li.refused(asking, body) == "access.role"  # the secretary has kinship alone
    decision = await ask(b.admin, room, "password", b.lin.id)
    assert await b.admin.refused(asking, body) == "state.wrong"
    for person in (b.admin, b.lin, b.li, b.zhao):
        assert await person.refused(decision, {"allowed": True}) == "access.role", person.key
    assert await b.admin.refused(password, new) == "people.in_session"
    await b.zhou.do(decision, {"allowed": True})
    assert await b.zhou.refused(decision, {"allowed": False}) == "state.wrong"
    assert await b.admin.refused(f"/api/people/{b.he.id}/password", new) == "people.in_session"  # of him alone
    await b.admin.do(password, new)
    assert await b.admin.refused(password, new) == "people.in_session"  # once
    (done,) = await on_record(room)
    (asked,) = await on_record(room, "people.requested")
    assert done["request"] == asked["request"]

    no = await ask(b.admin, room, "role.revoked", b.lin.id, "member")
    await b.zhou.do(no, {"allowed": False})
    assert (await revoke(b, b.lin)).json()["rule"] == "people.in_session"
    # One's own password is one's own, and people of no meeting are nobody's concern.
    made = await b.admin.do("/api/people", {"staff_number": "9009", "name": "新人"})
    await b.admin.do(f"/api/people/{made['content']['person']['id']}/password", new)
    await finish(room)
    assert (await revoke(b, b.lin)).is_success


async def test_for_what_is_the_chairs_own_the_observer_says_yes(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, await in_session(bureau, owner)
    decision = await ask(b.admin, room, "account", b.zhou.id)
    assert await b.zhou.refused(decision, {"allowed": True}) == "access.role"
    await b.zhao.do(decision, {"allowed": True})
    await b.admin.do(f"/api/people/{b.zhou.id}", {"post": "局长"})
    decision = await ask(b.admin, room, "password", b.lin.id)
    assert await b.zhao.refused(decision, {"allowed": True}) == "access.role"
    await b.zhou.do(f"{room.path}/chair", {"person": b.he.id, "reason": "临时离开"})
    await b.he.do(decision, {"allowed": True})  # who holds the chair now
    decision = await ask(b.admin, room, "role.revoked", b.ma.id, "member")
    await b.he.do(f"{room.path}/departures", {"person": b.he.id})
    assert await b.he.refused(decision, {"allowed": True}) == "state.wrong"  # in the room


async def test_postgresql_keeps_it(bureau: Bureau, owner: Owner, app_role: Owner) -> None:
    b, room = bureau, await in_session(bureau, owner)
    await ask(b.admin, room, "password", b.lin.id)
    request = await owner.fetchval("SELECT max(id) FROM people_requests")
    decide = f"UPDATE people_requests SET allowed = true, decided_by = %s, decided_at = now() WHERE id = {request}"
    await Attacker(app_role, b.admin).assert_refused(
        {
            f"SELECT set_password_of({b.lin.id}, 'x')": "people_in_session",
            f"UPDATE people SET active = false WHERE id = {b.lin.id}": "people_in_session",
            f"DELETE FROM grants WHERE body_id = {b.body} AND person_id = {b.lin.id}": "people_in_session",
            f"INSERT INTO grants (body_id, person_id, role) VALUES ({b.body}, {b.admin.id}, 'observer')": (
                "people_in_session"
            ),
            f"DELETE FROM kinships WHERE body_id = {b.body}": "people_in_session",
            decide % b.admin.id: "people_requests_decided",
            decide % b.zhou.id: "recorded",  # in the chair's name, without the chair's record
            f"UPDATE people_requests SET used_at = NULL WHERE id = {request}": "no privilege",
            "INSERT INTO people_requests (meeting_id, body_id, what, person_id, requested_by) VALUES"
            f" ({room.meeting}, {b.body}, 'password', {b.lin.id}, {b.admin.id})": "recorded",
        }
    )


async def test_changes_and_the_meeting_take_turns(bureau: Bureau, owner: Owner) -> None:
    """Password, roles, kinship and the acts of the meeting at once: none waits for another for ever."""
    b, room = bureau, Room(bureau, owner)
    await room.prepare()

    async def administer(number: int) -> None:
        await b.admin.do(f"/api/people/{b.jiang.id}/password", {"password": f"x7k2-p9qm-{number}"})
        await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": b.jiang.id, "role": "attendee"})
        assert (await revoke(b, b.jiang, "attendee")).is_success

    async def deliver(number: int) -> None:
        await b.li.do(f"{room.path}/leaves", {"person": b.xu.id, "reason": f"第{number}次"})

    async with asyncio.timeout(60):
        for number in range(3):
            await asyncio.gather(administer(number), deliver(number), deliver(number + 10))
        await asyncio.gather(room.gather(), administer_until_called(b, room))
    seqs = [each.record.seq for each in await room.entries()]
    assert seqs == list(range(1, len(seqs) + 1))
    called = next(each.record for each in await room.entries() if each.record.kind == "meeting.called")
    assert all(
        each.record.seq < called.seq for each in await room.entries() if each.record.kind == "people.administered"
    )
    assert await store.book_of(owner, ("meeting", room.meeting))


async def administer_until_called(b: Bureau, room: Room) -> None:
    for number in range(50):
        answer = await b.admin.post(f"/api/people/{b.jiang.id}/password", {"password": f"x7k2-p9qm-{number}"})
        if not answer.is_success:
            assert answer.json()["rule"] == "people.in_session"
            return
    raise AssertionError("the meeting was never called")


async def test_whose_yes_a_change_of_roles_takes_is_told(bureau: Bureau, owner: Owner) -> None:
    """The administrator is told whose yes each change takes while a meeting of the body sits, and nobody else is."""
    b, room = bureau, await in_session(bureau, owner)
    path = f"/api/bodies/{b.body}/sitting"
    told = (await b.admin.get(path)).json()
    assert told == [{"meeting": room.meeting, "decides": {str(b.zhou.id): "observer"}, "others": "chair"}]
    assert (await b.li.get(path)).json()["rule"] == "access.role"
    await room.owner.execute("UPDATE people SET administrator = true WHERE id = $1", b.zhou.id)
    (his,) = (await b.zhou.get(path)).json()  # a chair who administers asks the observer for everybody
    assert his["others"] == "observer"
