"""A doomed item is named before notice, with what to do."""

from typing import Any, TypeAlias

import asyncpg

from tests.bureau import Bureau
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def said(room: Room) -> list[tuple[int, str]]:
    """The item's place on the agenda, and the rule, of each line."""
    lines: list[dict[str, Any]] = (await room.bureau.li.get(f"{room.path}/outlook")).json()
    assert all(each["detail"].endswith("。") and each["detail_en"].endswith(".") for each in lines)
    return [(room.items.index(each["facts"]["item"]) + 1, each["rule"]) for each in lines]


async def sibling(owner: Owner, bureau: Bureau, *keys: str) -> None:
    for key in keys:
        await owner.execute(
            "INSERT INTO kinships (body_id, type, a, b) VALUES ($1, 'sibling', $2, $3)",
            bureau.body, bureau.kin[key], bureau.kin["candidate"],
        )  # fmt: skip


async def test_an_agenda_in_order_has_nothing_to_mend(bureau: Bureau, owner: Owner) -> None:
    room = Room(bureau, owner)
    await room.draft()
    assert await said(room) == [], "郑凯 leaves for item 3, which six of nine can take all the same"
    assert (await bureau.lin.get(f"{room.path}/outlook")).json()["rule"] == "access.role"


async def test_those_who_leave_and_a_quorum_out_of_reach(bureau: Bureau, owner: Owner) -> None:
    room = Room(bureau, owner)
    await room.draft()
    await sibling(owner, bureau, "chen", "zhou")  # in charge; presiding
    assert await said(room) == [(3, "recusal.related"), (3, "recusal.related")]
    await sibling(owner, bureau, "wu")
    assert await said(room) == [(3, "quorum.personnel"), (3, "recusal.related"), (3, "recusal.related")]
    # Advice: the notice goes out all the same, for the record may be corrected.
    refusals = (await bureau.li.get(f"{room.path}/notice/preview")).json()["refusals"]
    assert [each["rule"] for each in refusals] == ["agenda.approved"]


async def test_a_recused_secretary_is_told_of_to_others_of_the_desk(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.draft()
    b.kin["li"] = await owner.fetchval(
        "INSERT INTO kin (body_id, name, person_id) VALUES ($1, '李晓', $2) RETURNING id", b.body, b.li.id
    )
    await sibling(owner, b, "li")
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": b.tang.id, "role": "secretary"})
    (line,) = (await b.tang.get(f"{room.path}/outlook")).json()
    assert (line["rule"], "代记录人" in line["detail"]) == ("recusal.related", True)
    assert await said(room) == [], "who is recused learns nothing of the item"


async def test_votes_that_cannot_reach_the_majority(bureau: Bureau, owner: Owner) -> None:
    """Where the recused count as present, an item can be taken with too few left to pass it."""
    b, room = bureau, Room(bureau, owner)
    charter = (await b.admin.get(f"/api/bodies/{b.body}")).json()["charter"]
    await b.admin.do(f"/api/bodies/{b.body}/charter", {**charter, "recused_counts_present": True})
    await room.draft()
    await sibling(owner, b, "lin", "he", "ma")
    assert await said(room) == [], "five of nine can vote, and five are needed"
    await sibling(owner, b, "sun")
    assert await said(room) == [(3, "decision.majority")]


async def test_a_member_in_charge_who_is_no_member_any_more(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.draft()
    await b.li.do(f"/api/bodies/{b.body}/deputies", {"person": b.he.id, "deputy": b.lin.id})
    for person in (b.ma, b.wu):
        assert (await b.admin.client.delete(f"/api/bodies/{b.body}/roles/{person.id}/member")).is_success
    item = {"title": "推荐省级先进集体", "category": "major", "in_charge": b.lin.id, "motion": "同意。"}
    assert await said(room) == [(4, "quorum.in_charge"), (5, "quorum.in_charge")]
    await b.li.do(f"{room.path}/items/{room.items[3]}", item)
    assert await said(room) == [(5, "quorum.in_charge")]


async def test_a_personnel_item_names_one_person(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.draft()
    item = {"title": "两人任职", "category": "personnel", "in_charge": b.chen.id, "motion": "同意。"}
    two = [b.kin["candidate"], b.kin["uncle"]]
    await b.li.do(f"{room.path}/items/{room.items[2]}", {**item, "subjects": two})
    await b.approve_agenda(room.path)
    answer = await b.li.post(f"{room.path}/notice")
    assert answer.json()["rule"] == "personnel.one_by_one"
    assert "两人任职" in answer.json()["detail"]
    await b.li.do(f"{room.path}/items/{room.items[2]}", {**item, "subjects": two[:1]})
    await b.approve_agenda(room.path)
    await b.li.do(f"{room.path}/notice")
