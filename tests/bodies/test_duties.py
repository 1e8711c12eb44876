"""Three administrators' duties can be held apart: nobody has two, each has somebody, and PostgreSQL keeps it."""

from typing import Any

import pytest
from litestar import Litestar

from tests.bureau import Bureau, Person, client_of, open_session

SWITCH = "/api/organization/duties"


class Three:
    """An administrator, a security administrator and an auditor."""

    def __init__(self, bureau: Bureau, owner: Any, app: Litestar) -> None:
        self.bureau, self.owner, self.app = bureau, owner, app
        self.people: dict[str, Person] = {}

    async def appoint(self, number: str, **duty: bool) -> Person:
        made = await self.bureau.admin.do("/api/people", {"staff_number": number, "name": f"员{number}", **duty})
        person = made["content"]["person"]["id"]
        return Person(number, person, client_of(self.app, *await open_session(self.owner, person)))


@pytest.fixture
async def three(bureau: Bureau, owner: Any, app: Litestar) -> Three:
    return Three(bureau, owner, app)


async def test_duties_apart(three: Three) -> None:
    b, owner = three.bureau, three.owner
    refused = await b.admin.post(SWITCH, {"apart": True, "reason": "等级保护要求"})
    assert (refused.status_code, "审计员都须有在用账号" in refused.json()["detail"]) == (409, True)
    security, auditor = await three.appoint("9001", security=True), await three.appoint("9002", auditor=True)
    both = await three.appoint("9003", security=True, auditor=True)
    refused = await b.admin.post(SWITCH, {"apart": True, "reason": "等级保护要求"})
    assert "一人只能担任" in refused.json()["detail"]
    await b.admin.do(f"/api/people/{both.id}", {"security": False})
    # A small organization's administrator does all of it until then.
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": both.id, "role": "attendee"})
    await b.admin.do(SWITCH, {"apart": True, "reason": "等级保护要求"})
    assert (await b.admin.get("/api/organization")).json()["duties_apart"]

    roles, grant = f"/api/bodies/{b.body}/roles", {"person": auditor.id, "role": "attendee"}
    password, account = f"/api/people/{both.id}/password", f"/api/people/{both.id}"
    wanted: list[tuple[Person, str, dict[str, Any], bool]] = [
        (b.admin, roles, grant, False), (auditor, roles, grant, False), (security, roles, grant, True),
        (b.admin, password, {"password": "right horse battery"}, False),
        (auditor, password, {"password": "right horse battery"}, False),
        (security, password, {"password": "right horse battery"}, True),
        (b.admin, account, {"security": True, "auditor": False}, False),
        (b.admin, account, {"post": "科员"}, True), (security, account, {"post": "主任"}, False),
        (security, account, {"auditor": False}, True), (auditor, account, {"auditor": True}, False),
        (b.admin, "/api/bodies", {"name": "机关党委", "kind": "党组"}, True),
        (security, "/api/bodies", {"name": "另一党委", "kind": "党组"}, False),
        (security, f"/api/people/{auditor.id}", {"security": True}, False),  # nobody has two
        (security, f"/api/people/{auditor.id}", {"auditor": False}, False),  # and each has somebody
        (b.admin, SWITCH, {"apart": False, "reason": "人手不足"}, False),
    ]  # fmt: skip
    for person, path, sent, through in wanted:
        answer = await person.post(path, sent)
        assert (answer.is_success, answer.status_code < 500) == (through, True), (person.key, path, sent, answer.text)
        assert through or answer.json()["rule"] in ("access.role", "state.wrong"), (path, sent, answer.text)
    assert (await b.admin.get("/api/audit")).status_code == 403
    # Back again: on record, with the reason, before the auditor's eyes.
    await security.do(SWITCH, {"apart": False, "reason": "人手不足"})
    said = str((await auditor.get("/api/audit", group="administration")).json())
    assert "实行系统管理员、安全管理员、审计员分设：等级保护要求" in said
    assert "取消系统管理员、安全管理员、审计员分设：人手不足" in said
    await b.admin.do(f"/api/people/{both.id}", {"security": True, "auditor": True})
    assert await owner.fetchval("SELECT count(*) FROM people WHERE security AND auditor") == 1


async def test_postgresql_keeps_it_too(three: Three, app_role: Any) -> None:
    b, owner = three.bureau, three.owner
    security = await three.appoint("9001", security=True)
    await three.appoint("9002", auditor=True)
    await b.admin.do(SWITCH, {"apart": True, "reason": "等级保护要求"})
    with pytest.raises(Exception, match="nobody has two duties"):
        await owner.execute("UPDATE people SET security = true WHERE administrator")
    for person, statement, words in (
        (b.admin, f"UPDATE people SET auditor = false WHERE id = {b.admin.id}", None),
        (b.admin, f"UPDATE people SET security = true WHERE id = {b.li.id}", "duties"),
        (b.admin, f"SELECT set_password_of({b.li.id}, 'x')", "password"),
        (b.admin, "SELECT set_duties_apart(false)", "duties"),
        (b.admin, f"INSERT INTO grants (body_id, person_id, role) VALUES ({b.body}, {b.li.id}, 'observer')", "policy"),
        (security, f"UPDATE people SET name = '改名' WHERE id = {b.li.id}", "changes a person"),
        (security, "SELECT create_body('又一党组', '党组')", "administrator"),
    ):
        await app_role.execute("BEGIN")
        await app_role.execute("SELECT begin_as($1)", person.secret)
        if words is None:
            await app_role.execute(statement)
        else:
            with pytest.raises(Exception, match=words):
                await app_role.execute(statement)
        await app_role.execute("ROLLBACK")
