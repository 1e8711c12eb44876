"""Private notes are each person's own over HTTP, and invisible in SQL unless that person is named."""

import asyncpg
import pytest

from tests.bureau import Bureau
from tests.storage.attacks import Connection, begin, begin_as
from tests.test_one_meeting import Room


@pytest.mark.moment("noticed")
async def test_everybody_has_their_own(bureau: Bureau, owner: Connection) -> None:
    b, room = bureau, Room(bureau, owner)
    records = len(await room.entries())
    first, second, *_ = room.items
    note = await b.lin.do(f"{room.path}/items/{second}/notes", {"text": "资金来源？"})
    assert (note["item"], note["text"]) == (second, "资金来源？")
    await b.lin.do(f"{room.path}/items/{first}/notes", {"text": "同意。\n分两年。"})
    await b.zhou.do(f"{room.path}/items/{first}/notes", {"text": "末位表态"})
    await b.lin.do(f"{room.path}/items/{second}/notes", {"text": "资金已落实"})

    seen = {}
    for key in ("lin", "zhou", "li", "zhao", "tang", "he"):
        answer = await b.people[key].get(f"{room.path}/notes")
        seen[key] = [(each["item"], each["text"]) for each in answer.json()]
    lins = [(first, "同意。\n分两年。"), (second, "资金已落实")]
    assert seen == {"lin": lins, "zhou": [(first, "末位表态")], "li": [], "zhao": [], "tang": [], "he": []}
    assert len(await room.entries()) == records  # no record was written

    answer = await b.lin.post(f"{room.path}/items/{second}/notes", {"text": " \n"})
    assert (answer.status_code, answer.content) == (200, b"null")
    assert [each["item"] for each in (await b.lin.get(f"{room.path}/notes")).json()] == [first]
    assert await owner.fetchval("SELECT count(*) FROM notes") == 2


async def test_what_is_refused(bureau: Bureau, owner: Connection) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.plan()
    item = (await b.li.do(f"{room.path}/items", {"title": "草拟", "category": "other"}))["content"]["item"]["id"]
    # The answer does not reveal whether the draft has such an item.
    assert await b.lin.refused(f"{room.path}/items/{item}/notes", {"text": "x"}) == "state.wrong"
    assert (await b.li.client.delete(f"{room.path}/items/{item}")).is_success
    await room.prepare()
    path = f"{room.path}/items/{room.items[0]}/notes"
    assert await b.lin.refused(path, {"text": "长" * 20001}) == "input.invalid"
    assert await b.lin.refused(f"{room.path}/items/{item}/notes", {"text": "x"}) == "unknown"
    for key in ("hall", "jiang"):
        assert await b.people[key].refused(path, {"text": "x"}) == "access.role"
    assert await b.admin.refused(path, {"text": "x"}) in ("access.role", "unknown")


@pytest.mark.moment("noticed")
async def test_in_sql_they_are_their_authors_alone(bureau: Bureau, owner: Connection, app_role: Connection) -> None:
    b, room = bureau, Room(bureau, owner)
    item = room.items[0]
    await b.lin.do(f"{room.path}/items/{item}/notes", {"text": "机密"})
    count = "SELECT count(*) FROM notes"
    for scope, there in ((begin(b.organization, b.body), 0), (begin_as(b.zhou), 0), (begin_as(b.lin), 1)):
        await app_role.execute(scope)
        assert await app_role.fetchval(count) == there
        changed = await app_role.execute("UPDATE notes SET text = 'x'")
        assert changed == f"UPDATE {there}"
        assert await app_role.execute("DELETE FROM notes") == f"DELETE {there}"
        await app_role.execute("ROLLBACK")
    await app_role.execute(begin_as(b.zhou))
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await app_role.execute(
            "INSERT INTO notes (item_id, meeting_id, body_id, person_id, text, at) VALUES ($1, $2, $3, $4, 'x', now())",
            room.items[1], room.meeting, b.body, b.lin.id,
        )  # fmt: skip
    await app_role.execute("ROLLBACK")
