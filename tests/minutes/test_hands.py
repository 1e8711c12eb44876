"""`minutes.hands` (Working 21; 惯例): who drafted does not review; the head signs, or whom the head entrusts, or the
one who is head or acting head by now; in a 支部 drafter and head alone."""

from typing import Any, TypeAlias

import asyncpg
import pytest

from tests.bureau import Bureau, Person, become, issue
from tests.minutes.test_pending import UnderLin, Waiting, waiting
from tests.storage.attacks import Attacker, record
from tests.storage.attacks import Connection as App

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
SEEN = {"version": 2}


@pytest.fixture
def room(bureau: Bureau, owner: Owner) -> Waiting:
    return Waiting(bureau, owner)


async def give(bureau: Bureau, person: Person, role: str, **more: Any) -> None:
    await bureau.admin.do(f"/api/bodies/{bureau.body}/roles", {"person": person.id, "role": role, **more})


async def take(bureau: Bureau, person: Person, role: str) -> None:
    answer = await bureau.admin.client.delete(f"/api/bodies/{bureau.body}/roles/{person.id}/{role}")
    assert answer.is_success, answer.text


async def turn(person: Person, minutes: str) -> dict[str, Any]:
    said: dict[str, Any] = (await person.get(minutes)).json()["turn"]
    return said


async def reviewed(room: Waiting) -> str:
    minutes = await room.hold()
    await room.bureau.jiang.do(f"{minutes}/office-review", SEEN)
    await room.bureau.wu.do(f"{minutes}/deputy-review", SEEN)
    return minutes


async def last_told(room: Waiting) -> str:
    said: str = (await room.bureau.li.get(f"{room.path}/ledger")).json()["records"][-1]["zh"]
    return said


async def test_who_drafted_does_not_review(room: Waiting, bureau: Bureau) -> None:
    b = bureau
    minutes = await room.hold()
    await give(b, b.li, "office_head")
    assert await b.li.refused(f"{minutes}/office-review", SEEN) == "minutes.hands"
    said = await turn(b.li, minutes)
    assert (said["hand"], said["mine"], len(said["names"])) == ("office_head", False, 1)
    assert said["refusals"][0]["detail"].startswith("您参与起草了这份会议纪要")
    # One change of the texts is a hand in the draft, also by somebody who reviewed before.
    await give(b, b.jiang, "secretary")
    await b.jiang.do(f"{minutes}/texts", {"leader": "市政府分管领导", "copies": 9})
    assert await b.jiang.refused(f"{minutes}/office-review", {"version": 3}) == "minutes.hands"
    said = await turn(b.jiang, minutes)
    assert (said["names"], said["mine"]) == ([], False)
    assert said["refusals"][0]["detail"].startswith("目前无人可以办理。请由办公室主任办理")
    await give(b, b.he, "office_head")
    assert (await turn(b.he, minutes))["mine"]
    await b.he.do(f"{minutes}/office-review", {"version": 3})


async def test_drafters_of_a_void_issue_have_a_hand_in_what_replaces_it(room: Waiting, bureau: Bureau) -> None:
    b = bureau
    minutes = await reviewed(room)
    await b.zhou.do(f"{minutes}/signature", SEEN)
    await issue(b.li, minutes)
    await b.zhou.do(f"{minutes}/void", {"reason": "文字有误"})
    await give(b, b.he, "secretary")
    await give(b, b.li, "office_head")
    drafted = (await b.he.do(f"{room.path}/minutes"))["content"]["minutes"]
    assert await b.li.refused(f"{room.path}/minutes/{drafted}/office-review", {"version": 1}) == "minutes.hands"


async def test_the_head_signs_whoever_presided(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, UnderLin(bureau, owner)
    minutes = await reviewed(room)
    assert await b.lin.refused(f"{minutes}/signature", SEEN) == "access.role"
    assert not (await turn(b.lin, minutes))["mine"]
    await b.zhou.do(f"{minutes}/signature", SEEN)
    await issue(b.li, minutes)
    await b.zhou.do(f"{minutes}/void", {"reason": "文字有误"})  # the head voids too, where the chair may have left


async def test_a_member_whom_the_head_entrusts(room: Waiting, bureau: Bureau) -> None:
    b, signing = bureau, f"/api/bodies/{bureau.body}/signing"
    minutes = await reviewed(room)
    for nobody in (b.lin, b.admin, b.li):
        assert await nobody.refused(signing, {"person": b.he.id}) == "access.role"
    for wrong in (b.zhou, b.li, b.tang):  # the head, and people who are no members
        assert await b.zhou.refused(signing, {"person": wrong.id}) == "input.invalid"
    await b.zhou.do(signing, {"person": b.lin.id})
    await b.zhou.do(signing, {"person": b.he.id})
    assert await b.lin.refused(f"{minutes}/signature", SEEN) == "access.role"
    (row,) = await waiting(b.he, b.body)
    assert (row["turn"]["hand"], row["turn"]["mine"], len(row["turn"]["names"])) == ("head", True, 2)
    assert (await b.zhou.client.delete(signing)).is_success
    assert await b.he.refused(f"{minutes}/signature", SEEN) == "access.role"
    assert (await b.zhou.client.delete(signing)).json()["rule"] == "state.wrong"
    await b.zhou.do(signing, {"person": b.he.id})
    await b.he.do(f"{minutes}/signature", SEEN)
    assert (await last_told(room)).endswith("（受主要负责人委托）签发会议纪要第2稿")
    history = [each["zh"] for each in (await b.admin.get(f"/api/bodies/{b.body}/history")).json()["records"]]
    assert [each[:2] for each in history[-2:]] == ["收回", "周启"]
    # It ends with the one who gave it: a successor signs, and entrusts, by themselves.
    await b.zhou.do(f"{minutes}/return", {"reason": "补充附件"})
    await take(b, b.zhou, "head")
    await b.li.do(f"{minutes}/texts", {"leader": "市政府分管领导"})
    await b.jiang.do(f"{minutes}/office-review", {"version": 3})
    await b.wu.do(f"{minutes}/deputy-review", {"version": 3})
    assert await b.he.refused(f"{minutes}/signature", {"version": 3}) == "access.role"
    said = await turn(b.li, minutes)
    assert said["names"] == []
    assert "登记主持工作的负责人" in said["refusals"][0]["detail"]


async def test_a_member_entrusted_does_not_sign_what_they_drafted(room: Waiting, bureau: Bureau) -> None:
    b = bureau
    await give(b, b.he, "secretary")
    minutes = await room.hold()
    await b.he.do(f"{minutes}/texts", {"leader": "市政府分管领导"})
    await b.jiang.do(f"{minutes}/office-review", {"version": 3})
    await b.wu.do(f"{minutes}/deputy-review", {"version": 3})
    await b.zhou.do(f"/api/bodies/{b.body}/signing", {"person": b.he.id})
    assert await b.he.refused(f"{minutes}/signature", {"version": 3}) == "minutes.hands"
    await b.zhou.do(f"{minutes}/signature", {"version": 3})


async def test_whoever_holds_the_role_now_acts(room: Waiting, bureau: Bureau) -> None:
    """Minutes wait for no reviewer and no head who has left."""
    b = bureau
    minutes = await room.hold()
    await take(b, b.jiang, "office_head")
    assert await b.jiang.refused(f"{minutes}/office-review", SEEN) == "unknown"  # of the body no more
    assert (await turn(b.li, minutes))["names"] == []
    await give(b, b.tang, "office_head")
    await b.tang.do(f"{minutes}/office-review", SEEN)
    await b.wu.do(f"{minutes}/deputy-review", SEEN)
    await take(b, b.zhou, "head")
    assert await b.zhou.refused(f"{minutes}/signature", SEEN) == "access.role"  # though the chair of that meeting
    await give(b, b.lin, "acting_head", document="江组干〔2026〕2号", since="2026-01-05")
    assert (await turn(b.lin, minutes))["mine"]
    await b.lin.do(f"{minutes}/signature", SEEN)
    assert (await last_told(room)) == "林静（主持工作）签发会议纪要第2稿"


async def test_in_a_branch_the_head_alone(room: Waiting, bureau: Bureau, owner: Owner) -> None:
    b = bureau
    await become(owner, b.body, "党支部")
    minutes = await room.hold()
    assert [each["stage"] for each in (await b.li.get(minutes)).json()["steps"]] == ["draft", "signed", "issued"]
    assert (await turn(b.zhou, minutes))["mine"]
    assert await b.jiang.refused(f"{minutes}/office-review", SEEN) == "state.wrong"
    assert await b.jiang.refused(f"{minutes}/return", {"reason": "不"}) == "minutes.hands"
    await b.zhou.do(f"{minutes}/return", {"reason": "请补充"})
    assert await b.zhou.refused(f"{minutes}/signature", SEEN) == "state.wrong"
    await b.li.do(f"{minutes}/texts", {"leader": "市政府分管领导"})
    await b.zhou.do(f"{minutes}/signature", {"version": 3})
    await issue(b.li, minutes)


async def test_each_step_says_whose_turn_it_is_and_why_it_came_back(room: Waiting, bureau: Bureau) -> None:
    b = bureau
    minutes = await room.hold()
    assert (await turn(b.jiang, minutes))["mine"]
    await b.jiang.do(f"{minutes}/return", {"reason": "文字有误"})
    assert await b.jiang.refused(f"{minutes}/return", {"reason": "又及"}) == "state.wrong"
    sheet = (await b.li.get(minutes)).json()
    assert (sheet["turn"]["hand"], sheet["turn"]["mine"]) == ("secretary", True)
    assert (sheet["sent_back"]["reason"], sheet["sent_back"]["by"] != "") == ("文字有误", True)
    (row,) = await waiting(b.li, b.body)
    assert row["sent_back"] == sheet["sent_back"]
    # Saved unchanged it goes out again: a slip of the hand is put right.
    await b.li.do(f"{minutes}/texts", {"leader": "市政府分管领导"})
    await b.jiang.do(f"{minutes}/office-review", {"version": 3})
    assert (await b.li.get(minutes)).json()["sent_back"] is None
    steps = (await b.li.get(minutes)).json()["steps"]
    assert [(each["stage"], each["done"], each["by"] != "") for each in steps] == [
        ("draft", True, True),
        ("office_reviewed", True, True),
        ("deputy_reviewed", False, False),
        ("signed", False, False),
        ("issued", False, False),
    ]


async def test_an_incomplete_draft_is_the_secretarys(room: Waiting, bureau: Bureau) -> None:
    b = bureau
    minutes = await room.hold()
    await b.li.do(f"{minutes}/texts", {"leader": ""})
    assert (await turn(b.jiang, minutes))["hand"] == "secretary"
    assert await b.jiang.refused(f"{minutes}/office-review", {"version": 3}) == "minutes.incomplete"


async def test_postgresql_keeps_the_hands(room: Waiting, bureau: Bureau, app_role: App) -> None:
    b = bureau
    await give(b, b.li, "office_head")
    minutes = await room.hold()
    number = int(minutes.rsplit("/", 1)[1])

    async def attack(person: Person, state: str, kind: str) -> str:
        told = record("meeting", room.meeting, person.id, kind, minutes=number)
        return await Attacker(app_role, person).attack(
            f"{told}; UPDATE minutes SET state = '{state}' WHERE id = {number}"
        )

    for person in (b.li, b.wu, b.zhou):  # the drafter, though office head; another reviewer; the head
        assert await attack(person, "office_reviewed", "minutes.reviewed") == "minutes_hands"
    assert await attack(b.jiang, "office_reviewed", "minutes.reviewed") == ""
    await b.jiang.do(f"{minutes}/office-review", SEEN)
    assert await attack(b.jiang, "deputy_reviewed", "minutes.reviewed") == "minutes_hands"
    await b.wu.do(f"{minutes}/deputy-review", SEEN)
    for person in (b.lin, b.li, b.jiang):
        assert await attack(person, "signed", "minutes.signed") == "minutes_hands"
    for person, other in ((b.lin, b.he), (b.zhou, b.zhou), (b.zhou, b.li)):
        sql = f"INSERT INTO entrustments (body_id, person_id, by_id) VALUES ({b.body}, {other.id}, {person.id})"
        assert await Attacker(app_role, person).attack(sql) in ("entrustments_head", "entrustments_another")
    entrust = f"INSERT INTO entrustments (body_id, person_id, by_id) VALUES ({b.body}, {b.he.id}, {b.zhou.id})"
    assert await Attacker(app_role, b.zhou).attack(entrust) == "recorded"
    assert await attack(b.zhou, "signed", "minutes.signed") == ""
