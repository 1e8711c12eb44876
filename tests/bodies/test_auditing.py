"""Who signed in, read personnel papers, took files and administered is on record, for observer and auditor alone."""

import io
from typing import Any

import openpyxl
import pytest
from litestar import Litestar

from identity.sessions import hash_password
from tests.bureau import Bureau, Person, client_of, open_session
from tests.test_one_meeting import Room


async def auditor_of(bureau: Bureau, owner: Any, app: Litestar) -> Person:
    number = await owner.fetchval(
        "INSERT INTO people (organization_id, staff_number, name, auditor) VALUES ($1, '8001', '沈审', true)"
        " RETURNING id",
        bureau.organization,
    )
    return Person("auditor", number, client_of(app, *await open_session(owner, number)))


async def audit(reader: Person, /, **asked: Any) -> list[dict[str, Any]]:
    answer = await reader.get("/api/audit", **asked)
    assert answer.is_success, answer.text
    records: list[dict[str, Any]] = answer.json()["records"]
    return records


async def give_password(owner: Any, person: Person, password: str) -> None:
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", person.id, await hash_password(password))


async def sign_in(app: Litestar, number: str, password: str) -> Any:
    async with client_of(app, "none", "") as client:
        client.cookies.clear()
        return await client.post("/api/session", json={"staff_number": number, "password": password})


async def test_coming_and_going(bureau: Bureau, owner: Any, app: Litestar) -> None:
    number = await owner.fetchval("SELECT staff_number FROM people WHERE id = $1", bureau.lin.id)
    await give_password(owner, bureau.lin, "right horse battery")
    for tried in (number, number, number, "没有此号", "a-password-typed-here"):
        assert (await sign_in(app, tried, "wrong")).status_code == 401
    answer = await sign_in(app, number, "right horse battery")
    assert answer.status_code == 201, answer.text
    client = client_of(app, answer.cookies["yijue_session"], answer.json()["csrf"])
    assert (await client.delete("/api/session")).is_success
    await client.aclose()
    found = await audit(bureau.zhao, group="sign_in")
    assert [(each["kind"], each["by"]) for each in found] == [
        ("access.signed_out", "林静"), ("access.signed_in", "林静"), ("access.failed", ""), ("access.failed", ""),
    ]  # fmt: skip
    assert "以不存在的工号登录失败 1 次" in found[2]["zh"]
    assert "以林静的工号登录失败 1 次" in found[3]["zh"]
    # Those that were counted follow once the minute is over; no number that nobody has is kept.
    await owner.execute("UPDATE sign_in_misses SET since = since - interval '2 minutes'")
    later = await audit(bureau.zhao, group="sign_in", person=bureau.lin.id)
    assert "以林静的工号登录失败 2 次" in later[0]["zh"]
    assert {each["kind"] for each in later} == {"access.failed", "access.signed_in", "access.signed_out"}
    assert "a-password" not in str(await owner.fetch("SELECT convert_from(record, 'UTF8') FROM ledger"))


async def test_a_flood_of_failures_is_bounded(bureau: Bureau, owner: Any, app: Litestar) -> None:
    """500 failures from as many addresses within a minute are some sixty records."""
    for each in range(500):
        await owner.execute(
            "SELECT sign_in_missed($1, $2, $3)",
            str(bureau.organization),
            f"n{each}",
            f"10.0.{each // 250}.{each % 250}",
        )
    assert 50 < await owner.fetchval("SELECT count(*) FROM ledger WHERE kind = 'access.failed'") <= 61
    assert await owner.fetchval("SELECT sum(held) FROM sign_in_misses") >= 430


@pytest.mark.moment("in_session")
async def test_readings_and_files(bureau: Bureau, owner: Any, app: Litestar) -> None:
    room = Room(bureau, owner)
    await room.discuss(2, bureau.chen)
    item = (await bureau.lin.get(room.path)).json()["items"][2]
    paper = item["papers"][0]
    assert (await bureau.lin.get(f"{room.path}/items/{item['id']}/papers/{paper['id']}")).is_success
    assert not (await bureau.zhao.get(f"{room.path}/items/{item['id']}/papers/{paper['id']}")).is_success
    (read,) = await audit(bureau.zhao, group="reading")
    assert read["by"] == "林静"
    assert "人事材料" in read["zh"]
    assert item["title"] not in str(read)
    assert paper["name"] not in str(read)
    assert (await bureau.li.get(f"{room.path}/prints/notice")).is_success
    (taken,) = await audit(bureau.zhao, group="taking")
    assert (taken["by"], "打印或下载会议通知" in taken["zh"]) == ("李晓", True)


async def test_administration_filters_and_the_workbook(bureau: Bureau, owner: Any, app: Litestar) -> None:
    auditor = await auditor_of(bureau, owner, app)
    made = await bureau.admin.do("/api/people", {"staff_number": "8002", "name": "新来", "auditor": True})
    assert made["content"]["person"]["auditor"]
    await bureau.admin.do(
        f"/api/bodies/{bureau.body}/roles", {"person": made["content"]["person"]["id"], "role": "attendee"}
    )
    await bureau.li.do(f"/api/bodies/{bureau.body}/kin", {"name": "赵钱"})
    for reader in (auditor, bureau.zhao):
        said = [each["zh"] for each in await audit(reader, group="administration")]
        assert any("新增人员新来（工号 8002），设为审计员" in each for each in said)
        assert any("授予新来" in each for each in said)
        assert [each["by"] for each in await audit(reader, person=bureau.li.id)] == ["李晓"]
        assert [each["at"] for each in await audit(reader, oldest=True)] == sorted(
            each["at"] for each in await audit(reader)
        )
    assert await audit(auditor, since="2999-01-01T00:00:00+08:00") == []
    assert await audit(auditor, until="2000-01-01T00:00:00+08:00") == []
    book = await auditor.get("/api/audit/workbook", group="administration")
    rows = list(openpyxl.load_workbook(io.BytesIO(book.content)).active.values)
    assert rows[0][:3] == ("时间", "类别", "人员")
    assert len(rows) > 3
    (taken,) = await audit(auditor, group="taking")
    assert taken["by"] == "沈审"
    # The auditor reads these records and nothing else; an administrator, a secretary and a member do not read them.
    for path in (
        "/api/people",
        f"/api/bodies/{bureau.body}",
        "/api/import/workbook",
        f"/api/bodies/{bureau.body}/meetings",
    ):
        assert not (await auditor.get(path)).is_success, path
    for other in (bureau.admin, bureau.li, bureau.lin, bureau.hall):
        assert (await other.get("/api/audit")).json()["rule"] == "access.role"


async def test_pages(bureau: Bureau, owner: Any) -> None:
    for each in range(130):
        await owner.execute(
            "SELECT note_access($1, $2, 'access.signed_in', $3)", bureau.organization, bureau.lin.id,
            f'{{"address":"10.0.0.{each}","way":"password"}}',
        )  # fmt: skip
    first = (await bureau.zhao.get("/api/audit")).json()
    assert (len(first["records"]), first["more"]) == (100, True)
    second = (await bureau.zhao.get("/api/audit", offset=100)).json()
    assert (len(second["records"]), second["more"]) == (30, False)
    assert "10.0.0.29" in second["records"][0]["zh"]
    assert not {each["id"] for each in first["records"]} & {each["id"] for each in second["records"]}


async def test_postgresql_writes_these_by_itself(bureau: Bureau, owner: Any, app_role: Any) -> None:
    """The program's role cannot write that another signed in, nor call the functions that do."""
    book = await owner.fetchval("SELECT id FROM books WHERE subject_type = 'access'")
    for statement in (
        f"SELECT note_access({bureau.organization}, {bureau.lin.id}, 'access.signed_in', '{{}}')",
        f"SELECT ledger_append({book}, {bureau.lin.id}, 'access.signed_in', '{{}}', NULL)",
        f"SELECT ledger_write({book}, '{{{bureau.lin.id}}}', 'access.signed_in', '{{{{}}}}', '{{NULL}}', 1, NULL)",
        "DELETE FROM sign_in_misses",
    ):
        with pytest.raises(Exception, match=r"permission denied|proved"):
            await app_role.execute(statement)
