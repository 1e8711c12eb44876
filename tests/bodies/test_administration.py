"""Administration over HTTP: people, bodies, roles, seats, charter, kinship, matters, calendar, passwords."""

import uuid
from typing import Any, TypeAlias

import asyncpg
import httpx
import msgspec
import pytest
from litestar import Litestar

from bodies.charter import Charter
from storage.ledger import check_chain, entry
from tests.bureau import MEMBERS, Bureau, Person, client_of

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
CHARTER = msgspec.to_builtins(Charter())


async def field_refused(person: Person, path: str, json: Any) -> str:
    """Post, expect `input.invalid`, and return the field that it names."""
    answer = await person.post(path, json)
    assert (answer.status_code, answer.json()["rule"]) == (422, "input.invalid"), answer.text
    field: str = answer.json()["field"]
    return field


async def records(owner: Owner, body: int | None) -> list[tuple[str, dict[str, Any]]]:
    """Return kind and content of each record of a body's book, or the organization's (None); check its chain."""
    rows = await owner.fetch(
        "SELECT l.record, l.hash FROM ledger l JOIN books b ON b.id = l.book_id"
        " WHERE b.body_id IS NOT DISTINCT FROM $1 AND b.subject_type IN ('organization', 'body') ORDER BY l.seq",
        body,
    )
    entries = [entry(row["record"], row["hash"]) for row in rows]
    check_chain(entries)
    return [(each.record.kind, each.record.content) for each in entries]


async def sign_in(app: Litestar, number: str, password: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:  # type: ignore[arg-type]
        return await client.post("/api/session", json={"staff_number": number, "password": password})


async def test_a_person_is_made_and_signs_in(app: Litestar, bureau: Bureau, owner: Owner) -> None:
    new = {"staff_number": "0101", "name": "𠮷田䶮", "post": "科长", "password": "一枚足够好的密码"}
    key = uuid.uuid4()
    made = (await bureau.admin.post("/api/people", new, key)).json()
    assert (await bureau.admin.post("/api/people", new, key)).json() == made
    person = made["content"]["person"]
    assert person["name"] == "𠮷田䶮"
    assert "password" not in str(made)
    assert await field_refused(bureau.admin, "/api/people", new) == "staff_number"
    listed = {each["id"]: each for each in (await bureau.li.get("/api/people")).json()}
    assert listed[person["id"]]["can_sign_in"]
    assert not listed[bureau.lin.id]["can_sign_in"]

    session = (await sign_in(app, "0101", "一枚足够好的密码")).json()
    assert (session["name"], session["roles"]) == ("𠮷田䶮", {})
    kinds = await records(owner, None)
    assert [kind for kind, _ in kinds] == ["person.created"]
    assert "好的密码" not in str(kinds)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ({"staff_number": "", "name": "甲"}, "staff_number"),
        ({"staff_number": "a b", "name": "甲"}, "staff_number"),
        ({"staff_number": "1" * 41, "name": "甲"}, "staff_number"),
        ({"staff_number": "1", "name": ""}, "name"),
        ({"staff_number": "1", "name": " \u3000"}, "name"),
        ({"staff_number": "1", "name": "甲" * 10_000}, "name"),
        ({"staff_number": "1", "name": "甲\x00乙"}, "name"),
        ({"staff_number": "1", "name": "甲\n"}, "name"),
        ({"staff_number": "1", "name": "\u202e\u200b"}, "name"),
        ({"staff_number": "1", "name": "甲", "post": "科\x1b长"}, "post"),
        ({"staff_number": "1", "name": "甲", "password": "short"}, "password"),
        ({"staff_number": "1", "name": "甲", "password": "x" * 201}, "password"),
        ({"staff_number": "1", "name": "甲", "administrator": 1}, "administrator"),
    ],
)
async def test_a_person_that_cannot_be(bureau: Bureau, new: dict[str, Any], field: str) -> None:
    assert await field_refused(bureau.admin, "/api/people", new) == field


async def test_a_person_changes_and_goes(app: Litestar, bureau: Bureau, owner: Owner) -> None:
    path = f"/api/people/{bureau.lin.id}"
    changed = await bureau.admin.do(path, {"name": "林静（更名）"})
    assert changed["content"]["person"]["name"] == "林静（更名）"
    kin = (await bureau.li.get(f"/api/bodies/{bureau.body}/kinship")).json()["kin"]
    assert "林静（更名）" in [each["name"] for each in kin]

    # A person with a role cannot be deactivated, or N would count someone who cannot come; without it they can, and are
    # signed out at once.
    assert await bureau.admin.refused(path, {"active": False}) == "state.wrong"
    roles = f"/api/bodies/{bureau.body}/roles"
    assert (await bureau.admin.client.delete(f"{roles}/{bureau.lin.id}/member")).is_success
    await bureau.admin.do(path, {"active": False})
    assert (await bureau.lin.get("/api/session")).json() is None
    assert await bureau.admin.refused(roles, {"person": bureau.lin.id, "role": "attendee"}) == "state.wrong"

    # The organization keeps an administrator.
    admin = f"/api/people/{bureau.admin.id}"
    assert await bureau.admin.refused(admin, {"administrator": False}) == "state.wrong"
    await bureau.admin.do(f"/api/people/{bureau.li.id}", {"administrator": True})
    await bureau.admin.do(admin, {"administrator": False})
    assert await bureau.admin.refused(admin, {"administrator": True}) == "access.role"


async def _signed_in(app: Litestar, number: str, password: str) -> httpx.AsyncClient:
    answer = await sign_in(app, number, password)
    return client_of(app, answer.cookies["yijue_session"], answer.json()["csrf"])


async def test_passwords(app: Litestar, bureau: Bureau, owner: Owner) -> None:
    number = "0002"
    path = f"/api/people/{bureau.lin.id}/password"
    await bureau.admin.do(path, {"password": "第一个密码，够长"})
    assert (await bureau.lin.get("/api/session")).json() is None
    mine, other = [await _signed_in(app, number, "第一个密码，够长") for _ in range(2)]
    async with mine, other:
        wrong = await mine.post("/api/session/password", json={"old": "不是这个", "new": "第二个密码，够长"})
        assert (wrong.status_code, wrong.json()["field"]) == (422, "old")
        right = await mine.post("/api/session/password", json={"old": "第一个密码，够长", "new": "第二个密码，够长"})
        assert right.is_success, right.text
        assert (await mine.get("/api/session")).json()["csrf"]
        assert (await other.get("/api/session")).json() is None
    assert (await sign_in(app, number, "第一个密码，够长")).status_code == 401
    assert (await sign_in(app, number, "第二个密码，够长")).status_code == 201
    for content in (content for _, content in await records(owner, None)):
        assert set(content) == {"person"}, "neither password nor hash"


async def test_a_body_is_formed(bureau: Bureau, owner: Owner) -> None:
    """A new body gets roles, seats and a charter, until it could meet."""
    admin = bureau.admin
    made = await admin.do("/api/bodies", {"name": "局长办公会", "kind": "局长办公会"})
    body = made["content"]["body"]["id"]
    assert await field_refused(admin, "/api/bodies", {"name": "局长办公会"}) == "name"
    path = f"/api/bodies/{body}"

    for key in ("lin", "zhou"):
        await admin.do(f"{path}/roles", {"person": bureau.people[key].id, "role": "member"})
    assert await field_refused(admin, f"{path}/roles", {"person": bureau.lin.id, "role": "member"}) == "role"
    assert await field_refused(admin, f"{path}/roles", {"person": bureau.li.id, "role": "head"}) == "role"
    assert await field_refused(admin, f"{path}/roles", {"person": bureau.lin.id, "role": "king"}) == "role"
    await admin.do(f"{path}/roles", {"person": bureau.zhou.id, "role": "head"})
    assert await field_refused(admin, f"{path}/roles", {"person": bureau.lin.id, "role": "head"}) == "role"
    assert await field_refused(admin, f"{path}/roles", {"person": bureau.zhou.id, "role": "observer"}) == "role"
    await admin.do(f"{path}/roles", {"person": bureau.zhao.id, "role": "observer"})
    assert await field_refused(admin, f"{path}/roles", {"person": bureau.zhao.id, "role": "head"}) == "role"

    assert await field_refused(admin, f"{path}/seats", {"person": bureau.zhao.id, "seat": 9}) == "person"
    assert await field_refused(admin, f"{path}/seats", {"person": bureau.zhou.id, "seat": 0}) == "seat"
    assert await admin.refused(f"{path}/seats", {"person": 10**9, "seat": 9}) == "unknown"
    await admin.do(f"{path}/seats", {"person": bureau.lin.id, "seat": 9, "post": "副局长", "in_charge": "财务"})
    await admin.do(f"{path}/seats", {"person": bureau.zhou.id, "seat": 1})
    people = (await admin.get(path)).json()["people"]
    assert [(each["name"], each["seat"], each["roles"]) for each in people] == [
        ("周启明", 1, ["head", "member"]),
        ("林静", 9, ["member"]),
        ("赵肃", None, ["observer"]),
    ]

    chair = await admin.client.delete(f"{path}/roles/{bureau.zhou.id}/member")
    assert (chair.status_code, chair.json()["field"]) == (422, "role")
    gone = await admin.client.delete(f"{path}/roles/{bureau.lin.id}/member")
    assert gone.is_success
    again = await admin.client.delete(f"{path}/roles/{bureau.lin.id}/member")
    assert again.json()["rule"] == "unknown"
    assert [kind for kind, _ in await records(owner, body)] == [
        "role.granted", "role.granted", "role.granted", "role.granted", "seat.set", "seat.set", "role.revoked",
    ]  # fmt: skip


async def test_two_change_seats_in_one_act(bureau: Bureau, owner: Owner) -> None:
    path = f"/api/bodies/{bureau.body}"

    async def seated() -> list[tuple[str, int, str, str]]:
        people = (await bureau.li.get(path)).json()["people"]
        return [(each["name"], each["seat"], each["post"], each["in_charge"]) for each in people if each["seat"]]

    before = await seated()
    assert [name for name, *_ in before[:3]] == ["周启明", "林静", "何志远"]
    command = {"person": bureau.he.id, "seat": 2}
    moved = (await bureau.li.post(f"{path}/seats", command, key := uuid.uuid4())).json()
    # Both keep their post and charge.
    assert moved["content"] == {
        "person": bureau.he.id, "name": "何志远", "seat": 2, "post": "副局长", "in_charge": "工程建设",
    }  # fmt: skip
    (_, lin, _), (_, he, _) = (each[:3] for each in before[1:3])
    assert await seated() == [
        before[0], ("何志远", lin, *before[2][2:]), ("林静", he, *before[1][2:]), *before[3:],
    ]  # fmt: skip
    assert [content["person"] for kind, content in await records(owner, bureau.body) if kind == "seat.set"] == [
        bureau.he.id, bureau.lin.id,
    ]  # fmt: skip
    # A command repeated under its key is done once; a new command swaps them back; a free seat moves nobody else.
    assert (await bureau.li.post(f"{path}/seats", command, key)).json() == moved
    await bureau.admin.do(f"{path}/seats", {"person": bureau.lin.id, "seat": 2})
    assert await seated() == before
    await bureau.li.do(f"{path}/seats", {"person": bureau.lin.id, "seat": 12, "in_charge": "审计"})
    assert await seated() == [before[0], *before[2:], ("林静", 12, "副局长", "审计")]
    assert await bureau.lin.refused(f"{path}/seats", command) == "access.role"


async def test_the_charter(bureau: Bureau) -> None:
    path = f"/api/bodies/{bureau.body}/charter"
    for field, value in [
        ("quorum", "1/3"),
        ("personnel_quorum", "1/2"),
        ("quorum", "0.5"),
        ("quorum", "1/0"),
        ("quorum", "2"),
        ("quorum", ""),
        ("lead_working_days", 0),
        ("lead_working_days", 31),
        ("lead_working_days", "1"),
        ("lead_working_days", 1.5),
        ("close_margin", -1),
        ("ballot_change", None),
        ("minutes_series", "  "),
        ("quorum_strict", "yes"),
    ]:
        assert await field_refused(bureau.admin, path, {**CHARTER, field: value}) == field, value
    assert await bureau.admin.refused(path, {"quorum": "2/3"}) == "input.invalid", "half a charter"
    assert await bureau.admin.refused(path, {**CHARTER, "mercy": True}) == "input.invalid"
    wanted = {**CHARTER, "quorum": "2/3", "number_year": "issue"}
    assert (await bureau.admin.do(path, wanted))["content"] == {"charter": wanted}
    assert (await bureau.admin.get(f"/api/bodies/{bureau.body}")).json()["charter"] == wanted


async def test_kinship(bureau: Bureau) -> None:
    path = f"/api/bodies/{bureau.body}"
    b, li = bureau, bureau.li
    recorded = await li.do(f"{path}/kinship", {"type": "spouse", "a": b.kin["lin"], "b": "钱多多"})
    relation = recorded["content"]["relation"]
    assert await field_refused(li, f"{path}/kinship", {"type": "spouse", "a": b.kin["lin"], "b": "钱多多"}) == "b"
    assert (
        await field_refused(li, f"{path}/kinship", {"type": "spouse", "a": relation["b"], "b": relation["a"]}) == "type"
    )
    assert (
        await field_refused(li, f"{path}/kinship", {"type": "parent", "a": b.kin["zheng"], "b": b.kin["father"]})
        == "type"
    )
    assert await field_refused(li, f"{path}/kinship", {"type": "sibling", "a": b.kin["lin"], "b": b.kin["lin"]}) == "b"
    assert await field_refused(li, f"{path}/kinship", {"type": "friend", "a": b.kin["lin"], "b": b.kin["he"]}) == "type"
    assert await li.refused(f"{path}/kinship", {"type": "spouse", "a": 10**9, "b": b.kin["he"]}) == "unknown"
    assert await field_refused(li, f"{path}/kinship", {"type": "spouse", "a": [], "b": 1}) == "a"

    assert await field_refused(li, f"{path}/kin", {"name": "林静"}) == "name"
    namesake = await li.do(f"{path}/kin", {"name": "林静", "another": True})
    assert await field_refused(li, f"{path}/kin", {"name": "甲", "person": b.lin.id}) == "person"
    register = (await li.get(f"{path}/kinship")).json()
    assert [each["name"] for each in register["kin"]].count("林静") == 2
    assert namesake["content"]["kin"] in register["kin"]
    assert relation in register["relations"]

    removed = await li.client.delete(f"{path}/kinship/{relation['id']}")
    assert removed.is_success
    assert (await li.client.delete(f"{path}/kinship/{relation['id']}")).json()["rule"] == "unknown"
    assert relation not in (await li.get(f"{path}/kinship")).json()["relations"]


async def test_matters_and_the_calendar(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    await owner.execute(
        "INSERT INTO matters (body_id, year, code, title, category) VALUES ($1, 2026, 'A1', '预算', 'funds'),"
        " ($1, 2025, 'A1', '决算', 'funds')",
        b.body,
    )
    matters = f"/api/bodies/{b.body}/matters"
    assert [each["title"] for each in (await b.lin.get(matters, year=2026)).json()] == ["预算"]
    assert len((await b.lin.get(matters)).json()) == 2
    for year in ("1999", "10000", "x", "-1", "2026.5"):
        answer = await b.lin.get(matters, year=year)
        assert (answer.json()["rule"], answer.json()["field"]) == ("input.invalid", "year"), answer.text

    assert (await b.lin.get("/api/calendar/2026")).json()["source"] == "library"
    assert (await b.lin.get("/api/calendar/2099")).json()["rule"] == "calendar.unknown"
    year = "/api/calendar/2099"
    assert await field_refused(b.admin, year, {"holidays": ["2098-01-01"], "workdays": []}) == "holidays"
    assert await field_refused(b.admin, year, {"holidays": [], "workdays": ["2099-01-01"]}) == "workdays"
    assert await field_refused(b.admin, year, {"holidays": ["2099-02-30"], "workdays": []}) == "holidays[0]"
    both = {"holidays": ["2099-01-03"], "workdays": ["2099-01-03"]}
    assert await field_refused(b.admin, year, both) == "workdays"
    await b.admin.do(year, {"holidays": ["2099-01-01", "2099-01-01"], "workdays": ["2099-01-03"]})
    entered = (await b.lin.get(year)).json()
    assert entered == {"year": 2099, "source": "entered", "holidays": ["2099-01-01"], "workdays": ["2099-01-03"]}


async def test_a_matter_is_entered_by_hand_changed_and_removed(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    matters = f"/api/bodies/{b.body}/matters"
    line = {
        "year": 2026,
        "matter_code": "１－1\u200b",
        "title": "预算\u00ad调整",
        "category": "funds",
        "note": "每季\u2028一次",
    }
    kept = {"year": 2026, "code": "1-1", "title": "预算调整", "category": "funds", "note": "每季\n一次"}
    await b.li.do(matters, line)
    (entered,) = (await b.lin.get(matters)).json()
    assert entered == {"id": entered["id"], **kept}
    assert await b.admin.refused(matters, line) == "access.role"  # the secretary keeps it, as kinship
    await b.li.do(matters, {**line, "title": "年度预算", "category": "major", "note": ""})
    (changed,) = (await b.lin.get(matters)).json()
    assert changed == {**entered, "title": "年度预算", "category": "major", "note": ""}
    for wrong, field in (
        ({"matter_code": "1 1"}, "matter_code"), ({"matter_code": "\u200b"}, "matter_code"), ({"title": " "}, "title"),
        ({"year": 1999}, "year"), ({"category": "x"}, "category"), ({"note": "长" * 2001}, "note"),
    ):  # fmt: skip
        assert await field_refused(b.li, matters, {**line, **wrong}) == field
    one = f"{matters}/{entered['id']}"
    assert (await b.lin.client.delete(one)).json()["rule"] == "access.role"
    removed = (await b.li.client.delete(one)).json()["content"]["matter"]
    assert removed == {key: value for key, value in changed.items() if key != "id"}
    assert (await b.lin.get(matters)).json() == []
    assert (await b.li.client.delete(one)).json()["rule"] == "unknown"
    kinds = [kind for kind, _ in await records(owner, b.body)]
    assert kinds == ["matters.set", "matters.set", "matter.removed"]


async def test_a_body_is_renamed_and_its_issued_papers_are_not(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    path = f"/api/bodies/{b.body}/name"
    await b.admin.do("/api/bodies", {"name": "机关党委", "kind": "党委"})
    assert await b.li.refused(path, {"name": "市局党组"}) == "access.role"
    for taken in ("机 关党委", "江州市交通运输局\u200b党组", "\u3000"):
        assert await field_refused(b.admin, path, {"name": taken}) == "name"
    renamed = await b.admin.do(path, {"name": " 江州市　交通运输委党组 "})
    assert renamed["content"] == {"before": "江州市交通运输局党组", "name": "江州市交通运输委党组"}
    assert (await b.li.get(f"/api/bodies/{b.body}")).json()["name"] == "江州市交通运输委党组"
    assert (await records(owner, b.body))[-1][0] == "body.renamed"


async def test_only_its_own_organization_is_administered(app: Litestar, bureau: Bureau, owner: Owner) -> None:
    """Another organization's administrator finds nothing of the bureau and changes nothing in it."""
    elsewhere = await owner.fetchval("INSERT INTO organizations (name) VALUES ('另一单位') RETURNING id")
    await owner.execute("UPDATE people SET organization_id = $1 WHERE id = $2", elsewhere, bureau.admin.id)
    for path, sent in [
        (f"/api/people/{bureau.lin.id}", {"name": "改名"}),
        (f"/api/people/{bureau.lin.id}/password", {"password": "x7k2-p9qm-4trw"}),
        (f"/api/bodies/{bureau.body}/roles", {"person": bureau.admin.id, "role": "member"}),
        (f"/api/bodies/{bureau.body}/charter", CHARTER),
    ]:
        assert await bureau.admin.refused(path, sent) == "unknown"
    assert [each["name"] for each in (await bureau.admin.get("/api/people")).json()] == ["系统管理员"]
    body = (await bureau.admin.do("/api/bodies", {"name": "江州市交通运输局党组"}))["content"]["body"]["id"]
    assert (
        await bureau.admin.refused(f"/api/bodies/{body}/roles", {"person": bureau.lin.id, "role": "member"})
        == "unknown"
    )
    await bureau.admin.do("/api/people", {"staff_number": "0002", "name": "甲"})  # 林静's number, in the bureau
    assert len((await bureau.lin.get(f"/api/bodies/{bureau.body}")).json()["people"]) == len(MEMBERS) + 5
