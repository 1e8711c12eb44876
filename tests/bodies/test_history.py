"""The administration's books as a page shows them."""

from typing import Any

from tests.bureau import Bureau, Person


async def history(person: Person, path: str, **params: Any) -> Any:
    answer = await person.get(f"/api/{path}/history", **params)
    assert answer.is_success, answer.text
    return answer.json()


async def test_what_was_done_is_read_by_those_who_may(bureau: Bureau) -> None:
    b, body = bureau, f"/api/bodies/{bureau.body}"
    made = await b.admin.do("/api/people", {"staff_number": "0100", "name": "新人", "post": "科员"})
    await b.admin.do(f"{body}/roles", {"person": made["content"]["person"]["id"], "role": "attendee"})
    await b.li.do(f"{body}/kinship", {"type": "spouse", "a": b.kin["lin"], "b": b.kin["father"]})
    page = await history(b.admin, "organization")
    assert [(each["kind"], each["zh"], each["by"]) for each in page["records"]] == [
        ("person.created", "新增人员新人（工号 0100）", "系统管理员")
    ]
    assert page["next"] is None
    of_admin, of_observer = [await history(who, f"bodies/{b.body}") for who in (b.admin, b.zhao)]
    assert [each["zh"] for each in of_admin["records"]] == ["授予新人“列席人员”角色", "（依规定不予显示）"]
    assert [each["zh"] for each in of_observer["records"]] == [
        "授予新人“列席人员”角色",
        "登记亲属关系：林静、郑大山（夫妻）",
    ]
    assert "text" not in of_admin["records"][1]
    assert "text" in of_observer["records"][1]
    assert (await history(b.zhao, f"bodies/{b.body}", after=1))["records"] == of_observer["records"][1:]
    for person in (b.zhou, b.li, b.tang, b.hall):
        assert (await person.get("/api/organization/history")).json()["rule"] == "access.role"
        assert (await person.get(f"{body}/history")).json()["rule"] == "access.role"
