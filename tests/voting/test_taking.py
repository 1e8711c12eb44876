"""What binds the vote binds the discussion: an item is presented with papers, notice, quorum and the one in charge."""

from typing import TypeAlias

import asyncpg

from tests.bureau import Bureau, Person
from tests.storage.attacks import WENT_THROUGH, Attacker, record
from tests.test_one_meeting import MEETING, Room, at

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def arrive(room: Room, *keys: str) -> None:
    for key in keys:
        await room.bureau.li.do(f"{room.path}/arrivals", {"person": room.bureau.people[key].id})


async def leave(room: Room, *keys: str) -> None:
    for key in keys:
        await room.bureau.li.do(f"{room.path}/departures", {"person": room.bureau.people[key].id})


async def present(room: Room, index: int, presenter: Person) -> list[str]:
    answer = await room.bureau.li.post(
        f"{room.path}/items/{room.items[index]}/presentation", {"presenter": presenter.id}
    )
    return [] if answer.is_success else [each["rule"] for each in answer.json()["refusals"]]


async def test_a_personnel_item_and_its_paper_wait_for_two_thirds(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.prepare()
    await at(owner, MEETING)
    await arrive(room, "zhou", "lin", "chen", "wu", "zheng")
    await b.zhou.do(f"{room.path}/call")
    paper = f"{room.path}/items/{room.items[2]}/papers"
    paper += f"/{await owner.fetchval('SELECT id FROM papers WHERE item_id = $1', room.items[2])}"
    # 郑凯 leaves for it: four of nine count, and six are needed.
    assert await present(room, 2, b.chen) == ["quorum.personnel"]
    assert (await b.lin.get(paper)).json()["rule"] == "personnel.materials"
    await arrive(room, "he", "sun")
    assert await present(room, 2, b.chen) == []
    assert (await b.lin.get(paper)).is_success


async def test_the_member_in_charge_is_awaited_before_the_discussion(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.prepare()
    await at(owner, MEETING)
    await arrive(room, "zhou", "lin", "chen", "wu", "zheng")
    await b.zhou.do(f"{room.path}/call")
    assert await present(room, 1, b.lin) == ["quorum.in_charge"]
    assert await present(room, 0, b.lin) == []


async def test_papers_and_notice_are_asked_before_the_discussion(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.draft()
    await b.li.do(f"{room.path}/items/{room.items[2]}/materials", {"complete": False})
    await b.approve_agenda(room.path)
    await b.li.do(f"{room.path}/notice")
    told = [each.id for each in b.members if each.key != "xu"]
    await b.li.do(f"{room.path}/deliveries", {"people": told, "method": "electronic"})
    await at(owner, MEETING)
    await b.li.do(f"{room.path}/deliveries", {"people": [b.xu.id], "method": "phone"})
    await arrive(room, *(each.key for each in b.members))
    await b.zhou.do(f"{room.path}/call")
    assert await present(room, 0, b.lin) == ["notice.lead"]
    assert await present(room, 2, b.chen) == ["notice.lead", "personnel.materials"]


async def test_postgresql_asks_too(bureau: Bureau, owner: Owner, app_role: Owner) -> None:
    """Each of them, spoilt by the owner where the program cannot."""
    b, room = bureau, Room(bureau, owner)
    await room.prepare()
    await room.gather()
    attacker = Attacker(app_role, b.li)

    async def take(index: int) -> str:
        item = room.items[index]
        told = record("meeting", room.meeting, b.li.id, "item.presented", item=item, presenter=b.lin.id, recusals=[])
        return await attacker.attack(f"{told}; UPDATE proceedings SET state = 'open' WHERE item_id = {item}")

    async def spoil(table: str, change: str) -> None:
        async with owner.transaction():
            await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            await owner.execute(f"UPDATE {table} SET {change}")
            await owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    assert await take(0) == WENT_THROUGH
    await spoil("items", "materials_complete = false")
    assert (await take(0), await take(2)) == ("taken_papers", "taken_personnel_papers")
    await spoil("items", "materials_complete = true")
    days = "interval '5 days'"
    await spoil("deliveries", f"delivered_at = delivered_at + {days}, acknowledged_at = acknowledged_at + {days}")
    assert await take(0) == "taken_notice"
    await spoil("deliveries", f"delivered_at = delivered_at - {days}, acknowledged_at = acknowledged_at - {days}")
    await leave(room, "lin")
    assert (await take(0), await take(2)) == ("taken_in_charge", WENT_THROUGH)
    await leave(room, "ma", "sun")
    assert (await take(1), await take(2)) == (WENT_THROUGH, "taken_personnel_quorum")
    await leave(room, "wu")
    assert await take(1) == "taken_quorum"
