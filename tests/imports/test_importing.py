"""An import on a real PostgreSQL: preview, application, all or nothing, and contents that are refused."""

import asyncio
import threading
import time
import uuid
from random import Random
from typing import Any, TypeAlias

import asyncpg
import httpx
import pytest

from acts.database import Database
from imports import importing
from imports.reading import Answer
from imports.sheets import BODIES, KINSHIP, MATTERS, PEOPLE, SHEETS
from imports.template import make_template
from storage import store
from storage.database import Scope
from storage.ledger import check_chain
from tests.bureau import Bureau, Person
from tests.imports.files import FILLED, OFFICE, PARTY, Rows, comma_separated, workbook

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
OURS = "江州市交通运输局党组"


async def post(person: Person, path: str, content: bytes, key: uuid.UUID | None = None) -> httpx.Response:
    headers = {"Idempotency-Key": str(key)} if key else {}
    files = {"file": ("导入.xlsx", content, "application/octet-stream")}
    return await person.client.post(f"/api/import{path}", files=files, headers=headers)


async def preview(person: Person, content: bytes) -> dict[str, Any]:
    answer = await post(person, "/preview", content)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def apply(person: Person, content: bytes, digest: str = "") -> dict[str, Any]:
    answer = await post(person, f"?digest={digest}" if digest else "", content)
    assert answer.status_code == 200, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


async def refused(person: Person, content: bytes) -> list[dict[str, Any]]:
    """Return the refusals, which are the same for the preview and for the import."""
    answers = [await post(person, path, content) for path in ("/preview", "")]
    assert {answer.headers["content-type"] for answer in answers} == {"application/problem+json"}, answers[0].text
    told: list[list[dict[str, Any]]] = [answer.json()["refusals"] for answer in answers]
    assert told[0] == told[1]
    return told[0]


TABLES = ("people", "bodies", "grants", "seats", "kin", "kinships", "matters", "ledger")


async def everything(owner: Owner) -> dict[str, list[Any]]:
    return {table: await owner.fetch(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in TABLES}


async def test_template_filled_applied_and_imported_again(bureau: Bureau, owner: Owner, database: Database) -> None:
    content = make_template(FILLED)
    told = await preview(bureau.admin, content)
    rows = sum(map(len, FILLED.values()))
    # The second rows of 高𠮷 and of 李敏 change people who are new in the same file.
    assert (told["created"], told["changed"], told["same"]) == (rows - 2, 2, 0)
    assert await owner.fetchval("SELECT count(*) FROM bodies") == 1

    receipt = await apply(bureau.admin, content, told["digest"])
    assert receipt["kind"] == "import.applied"
    assert receipt["content"] == {key: told[key] for key in ("sha256", "digest", "created", "changed", "same")}

    people = {
        (row["staff_number"], row["body"]): row
        for row in await owner.fetch(
            "SELECT p.staff_number, p.name, p.post, p.password_hash, p.administrator, b.name AS body, s.seat,"
            " s.post AS seat_post, s.in_charge, array_agg(g.role ORDER BY g.role) AS roles"
            " FROM people p JOIN grants g ON g.person_id = p.id JOIN bodies b ON b.id = g.body_id"
            " LEFT JOIN seats s ON s.body_id = b.id AND s.person_id = p.id"
            " WHERE b.name <> $1 GROUP BY p.id, b.id, s.body_id, s.person_id", OURS,
        )
    }  # fmt: skip
    chair = people["0107", PARTY]
    assert (chair["name"], chair["post"], chair["seat"], chair["seat_post"]) == ("高𠮷", "局长", 1, "党组书记")
    assert (chair["roles"], chair["in_charge"], chair["password_hash"]) == (["head", "member"], "全面工作", None)
    assert people["0107", OFFICE]["roles"] == ["head", "member"]
    # 张伟 (0103) has no seat in the file and gets the one after the last.
    assert {number: row["seat"] for (number, body), row in people.items() if body == PARTY and row["seat"]} == {
        "0107": 1, "0104": 2, "0102": 3, "0103": 4
    }  # fmt: skip
    assert people["2001", OFFICE]["roles"] == ["office_head", "secretary"]
    assert people["3001", PARTY]["roles"] == ["observer"]
    assert not any(row["administrator"] for row in people.values())
    assert await owner.fetchval("SELECT count(*) FROM people WHERE staff_number = '9001' AND post = ''") == 1
    assert await owner.fetchval("SELECT kind FROM bodies WHERE name = $1", OFFICE) == "局长办公会"
    kin = await owner.fetch(
        "SELECT k.type, a.name AS a, b.name AS b, pa.staff_number AS na, pb.staff_number AS nb FROM kinships k"
        " JOIN bodies o ON o.id = k.body_id JOIN kin a ON a.id = k.a JOIN kin b ON b.id = k.b"
        " LEFT JOIN people pa ON pa.id = a.person_id LEFT JOIN people pb ON pb.id = b.person_id"
        " WHERE o.name = $1 ORDER BY k.id", PARTY,
    )  # fmt: skip
    assert [tuple(row) for row in kin] == [
        ("parent", "马大海", "马䶮", None, "0102"), ("sibling", "马大海", "马大江", None, None),
        ("parent", "马大江", "马小江", None, None), ("spouse", "张伟", "李敏", "0103", "2001"),
    ]  # fmt: skip
    body = await owner.fetchval("SELECT id FROM bodies WHERE name = $1", PARTY)
    matters = (await bureau.admin.get(f"/api/bodies/{body}/matters")).json()
    assert matters["rule"] == "access.role"  # the catalogue's readers are those of the meeting
    lines = await owner.fetch("SELECT code, title, category, note FROM matters WHERE body_id = $1 ORDER BY code", body)
    assert [tuple(line) for line in lines] == [
        ("1", "2026年度部门预算", "major", ""), ("2", "科级干部任免", "personnel", "随时\n报送")
    ]  # fmt: skip

    before = await everything(owner)
    again = await preview(bureau.admin, content)
    assert (again["created"], again["changed"], again["same"], again["changes"]) == (0, 0, rows, [])
    await apply(bureau.admin, content, again["digest"])
    after = await everything(owner)
    assert len(after.pop("ledger")) == len(before.pop("ledger")) + 1  # the record of the import
    assert after == before

    scope = Scope(bureau.organization, tuple(row["id"] for row in before["bodies"]))
    async with database.transaction(scope) as transaction:
        for book in await owner.fetch("SELECT id FROM books"):
            check_chain(await store.entries(transaction.connection, book["id"]))


async def test_everything_done_is_on_record(bureau: Bureau, owner: Owner) -> None:
    await apply(bureau.admin, make_template(FILLED))
    kinds = await owner.fetch(
        "SELECT coalesce(b.name, '') AS body, l.kind, count(*) AS n FROM ledger l JOIN books k ON k.id = l.book_id"
        " LEFT JOIN bodies b ON b.id = k.body_id WHERE l.actor_id = $1 GROUP BY 1, 2", bureau.admin.id,
    )  # fmt: skip
    assert {(row["body"], row["kind"]): row["n"] for row in kinds} == {
        ("", "import.applied"): 1, ("", "body.created"): 2, ("", "person.created"): 7,
        (PARTY, "role.granted"): 7, (PARTY, "seat.set"): 4, (PARTY, "kinship.recorded"): 4, (PARTY, "matters.set"): 1,
        (OFFICE, "role.granted"): 4, (OFFICE, "seat.set"): 1, (OFFICE, "matters.set"): 1,
    }  # fmt: skip


async def test_csv_files_one_after_another_do_what_the_workbook_does(bureau: Bureau, owner: Owner) -> None:
    for sheet, encoding in zip(SHEETS, ("utf-8-sig", "gb18030", "utf-8", "gb18030"), strict=True):
        content = comma_separated(sheet.name, FILLED[sheet.name], encoding)
        await apply(bureau.admin, content, (await preview(bureau.admin, content))["digest"])
    told = await preview(bureau.admin, workbook(FILLED))
    assert told["changes"] == []


async def test_a_preview_tells_row_by_row_what_changes(bureau: Bureau) -> None:
    await apply(bureau.admin, workbook(FILLED))
    sheets: dict[str, Rows] = {
        BODIES.name: [[PARTY, "党组"]],
        PEOPLE.name: [
            ["0104", "张炜", "", PARTY, "", 3, "", ""],  # another name; seats 2 and 3 change places
            ["0102", "马䶮", "", PARTY, "分管负责人", 2, "", "工程建设、安全"],
            ["0107", "高𠮷", "局长", PARTY, "主要负责人", "", "", ""],
        ],
        MATTERS.name: [[PARTY, 2026, "1", "2026年度部门预算", "大额度资金使用", ""]],
    }
    told = await preview(bureau.admin, workbook(sheets))
    assert (told["created"], told["changed"], told["same"]) == (0, 3, 2)
    changes = [(each["sheet"], each["row"], each["action"], each["title"]) for each in told["changes"]]
    assert changes == [
        ("人员", 2, "change", f"0104 张炜 · {PARTY}"),
        ("人员", 3, "change", f"0102 马䶮 · {PARTY}"), ("事项清单", 2, "change", f"{PARTY} 2026年 1"),
    ]  # fmt: skip
    differences = [
        [(each["heading"], each["before"], each["after"]) for each in change["differences"]]
        for change in told["changes"]
    ]
    assert differences == [
        [("姓名", "张伟", "张炜"), ("排名", "2", "3")],
        [("角色", "成员", "成员、分管负责人"), ("排名", "3", "2"), ("分管", "工程建设", "工程建设、安全")],
        [("类别", "重大事项决策", "大额度资金使用")],
    ]
    await apply(bureau.admin, workbook(sheets), told["digest"])
    assert (await preview(bureau.admin, workbook(sheets)))["changes"] == []


async def test_a_kind_is_of_the_list_and_never_changes(bureau: Bureau) -> None:
    await apply(bureau.admin, workbook(FILLED))
    rows: Rows = [[PARTY, "党委"], [OFFICE, ""], ["水务俱乐部", "俱乐部"]]
    told = await refused(bureau.admin, workbook({BODIES.name: rows}))
    assert [(each["facts"]["row"], each["facts"]["column"]) for each in told] == [(2, "B"), (4, "B")]
    assert "机构类别不能更改" in told[0]["detail"]
    assert "没有“俱乐部”这一类别" in told[1]["detail"]


async def test_a_bad_last_row_leaves_nothing(bureau: Bureau, owner: Owner) -> None:
    before = await everything(owner)
    sheets: dict[str, Rows] = {
        **FILLED,
        MATTERS.name: [*FILLED[MATTERS.name], ["无此机构", 2026, "1", "x", "其他事项"]],
    }
    (one,) = await refused(bureau.admin, workbook(sheets))
    assert (one["facts"]["sheet"], one["facts"]["row"], one["facts"]["column"]) == ("事项清单", 5, "A")
    assert await everything(owner) == before


async def test_another_organization_s_number_hinders_nothing(bureau: Bureau, owner: Owner) -> None:
    other = await owner.fetchval("INSERT INTO organizations (name) VALUES ('另一单位') RETURNING id")
    await owner.execute("INSERT INTO people (organization_id, staff_number, name) VALUES ($1, '9001', '某')", other)
    await apply(bureau.admin, workbook(FILLED))
    assert await owner.fetchval("SELECT count(*) FROM people WHERE staff_number = '9001'") == 2


@pytest.mark.moment("in_session")
async def test_what_only_the_database_sees_names_its_row_and_leaves_nothing(bureau: Bureau, owner: Owner) -> None:
    """A meeting that sits is invisible to the plan: its people change with the chair's yes alone."""
    before = await everything(owner)
    rows: Rows = [["0002", "林静", "副局长", OURS, "秘书"]]
    answer = await post(bureau.admin, "", workbook({PEOPLE.name: rows}))
    assert answer.status_code == 409, answer.text
    assert answer.json()["detail"].startswith("“人员”第 2 行：")
    assert (answer.json()["sheet"], answer.json()["row"]) == ("人员", 2)
    assert await everything(owner) == before


async def test_a_repeated_key_is_answered_as_the_first_time(bureau: Bureau, owner: Owner) -> None:
    key = uuid.uuid4()
    first, second = [await post(bureau.admin, "", workbook(FILLED), key) for _ in range(2)]
    assert first.status_code == 200, first.text
    assert first.json() == second.json()
    assert await owner.fetchval("SELECT count(*) FROM ledger WHERE kind = 'import.applied'") == 1


async def test_what_changed_since_the_preview_is_not_applied(bureau: Bureau, owner: Owner) -> None:
    digest = (await preview(bureau.admin, workbook(FILLED)))["digest"]
    await bureau.admin.do("/api/bodies", {"name": OFFICE, "kind": "局长办公会"})
    before = await everything(owner)
    answer = await post(bureau.admin, f"?digest={digest}", workbook(FILLED))
    assert (answer.status_code, answer.json()["rule"]) == (409, "state.wrong")
    other = await post(bureau.admin, f"?digest={digest}", workbook({BODIES.name: [[PARTY, "党组"]]}))
    assert other.json()["rule"] == "state.wrong"
    assert (await post(bureau.admin, "?digest=x", b"")).status_code == 422
    assert await everything(owner) == before


async def test_two_imports_at_once_take_turns(bureau: Bureau, owner: Owner) -> None:
    digest = (await preview(bureau.admin, workbook(FILLED)))["digest"]
    answers = await asyncio.gather(*(post(bureau.admin, f"?digest={digest}", workbook(FILLED)) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert await owner.fetchval("SELECT count(*) FROM people WHERE staff_number = '0107'") == 1


async def test_one_file_is_read_at_a_time(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    reading: list[int] = []
    most, lock, read = [0], threading.Lock(), importing._answer

    def counted(content: bytes) -> Answer:
        with lock:
            reading.append(1)
            most[0] = max(most[0], len(reading))
        try:
            return read(content)
        finally:
            with lock:
                reading.pop()

    monkeypatch.setattr(importing, "_answer", counted)
    answers = await asyncio.gather(*(post(bureau.admin, "/preview", workbook(FILLED)) for _ in range(3)))
    assert [answer.status_code for answer in answers] == [200] * 3
    assert most == [1]


async def test_nobody_waits_for_a_large_file(bureau: Bureau) -> None:
    rows = [[f"8{number:05d}", f"王{number}", "办事员"] for number in range(9_990)]
    content = workbook({PEOPLE.name: rows})
    began = asked = time.monotonic()
    large = asyncio.create_task(post(bureau.admin, "/preview", content))
    waits: list[float] = []  # of all that is asked meanwhile, and of the moment between
    while not large.done():
        await asyncio.sleep(0.01)
        assert (await bureau.lin.get("/api/health")).is_success
        waits.append(time.monotonic() - asked)
        asked = time.monotonic()
    took = time.monotonic() - began
    assert (await large).json()["created"] == len(rows)
    assert took > 1, "the file is too small to be waited for"
    assert max(waits) < took / 4, f"the longest of {len(waits)} waits was {max(waits):.2f} s of {took:.2f} s"


FIRST = ["0101", "甲", "", PARTY, "成员、主要负责人", 1]
NEW = [[PARTY, "党组"]]


CASES: list[tuple[dict[str, Rows], list[tuple[str, int, str, str]]]] = [
    # 人员
    ({PEOPLE.name: [FIRST, ["0102", "乙", "", PARTY, "成员、主要负责人", 2]]}, [("人员", 3, "E", "已有甲")]),
    ({PEOPLE.name: [FIRST, ["0102", "乙", "", PARTY, "成员", 1]]}, [("人员", 3, "F", "排名 1 已有甲")]),
    ({PEOPLE.name: [FIRST, ["0102", "乙", "", PARTY, "主要负责人"]]}, [("人员", 3, "E", "主要负责人须为成员")]),
    ({PEOPLE.name: [["0102", "乙", "", PARTY, "成员、主要负责人、监督"]]}, [("人员", 2, "E", "监督人员不得")]),
    ({PEOPLE.name: [FIRST, FIRST]}, [("人员", 3, "A", "与第 2 行重复")]),
    ({PEOPLE.name: [["0102", "乙"], ["0102", "丙", "", PARTY, "列席"]]}, [("人员", 3, "B", "第 2 行）为“乙”")]),
    (
        {PEOPLE.name: [["0102", "乙", "科长"], ["0102", "乙", "处长", PARTY, "列席"]]},
        [("人员", 3, "C", "为“科长”")],
    ),
    ({PEOPLE.name: [["0102", "乙", "", "无此机构", "列席"]]}, [("人员", 2, "D", "没有名为“无此机构”的议事机构")]),
    ({PEOPLE.name: [["0102", "乙", "", "", "列席"]]}, [("人员", 2, "D", "须填写议事机构")]),
    ({PEOPLE.name: [["0102", "乙", "", PARTY, ""]]}, [("人员", 2, "E", "请填写此人在该机构的角色")]),
    ({PEOPLE.name: [["0102", "乙", "", PARTY, "列席", 4]]}, [("人员", 2, "F", "只属于成员")]),
    ({PEOPLE.name: [["0102", "乙", "", PARTY, "列席", "", "", "财务"]]}, [("人员", 2, "H", "只属于成员")]),
    ({PEOPLE.name: [["0102", "乙"], [102, "丙"]]}, [
        ("人员", 2, "A", "0102 与 102 只差前导零"), ("人员", 3, "A", "102 与 0102 只差前导零")
    ]),
    # The bureau's own: 0001 周启明 is chair, 0011 李晓 secretary, 0012 赵肃 observer.
    ({PEOPLE.name: [[1, "周启明"]]}, [("人员", 2, "A", "工号 1 与 0001 只差前导零")]),
    ({PEOPLE.name: [["0012", "赵肃", "", OURS, "成员、主要负责人"]]}, [("人员", 2, "E", "监督人员不得")]),
    ({PEOPLE.name: [["0001", "周启明", "", OURS, "监督"]]}, [("人员", 2, "E", "监督人员不得")]),
    ({PEOPLE.name: [["0002", "林静", "", OURS, "主要负责人"]]}, [("人员", 2, "E", "已有周启明（工号 0001）")]),
    ({PEOPLE.name: [["0011", "李晓", "", OURS, "成员", 2]]}, [("人员", 2, "F", "排名 2 已有林静")]),
    # 议事机构
    ({BODIES.name: [[PARTY], [PARTY, "党委"]]}, [("议事机构", 3, "A", "与第 2 行重复")]),
    # 亲属关系
    ({KINSHIP.name: [[OURS, "郑凯", "", "父母", "郑凯"]]}, [("亲属关系", 2, "E", "须为不同的两人")]),
    ({KINSHIP.name: [[OURS, "郑凯", "", "父母", "郑大山"]]}, [("亲属关系", 2, "D", "相反")]),
    ({KINSHIP.name: [[OURS, "钱一", "", "配偶", "钱二"], [OURS, "钱二", "", "配偶", "钱一"]]}, [
        ("亲属关系", 3, "D", "与第 2 行重复")
    ]),
    ({KINSHIP.name: [[OURS, "钱一", "", "父母", "钱二"], [OURS, "钱二", "", "父母", "钱一"]]}, [
        ("亲属关系", 3, "D", "相反")
    ]),
    ({KINSHIP.name: [[OURS, "钱一", "7777", "父母", "钱二"]]}, [("亲属关系", 2, "C", "没有工号为 7777 的人员")]),
    ({KINSHIP.name: [[OURS, "钱一", 8, "父母", "钱二"]]}, [("亲属关系", 2, "C", "8 与 0008 只差前导零")]),
    ({KINSHIP.name: [[OURS, "钱一", "", "父母", "郑楷", "0008"]]}, [("亲属关系", 2, "E", "是“郑凯”，不是“郑楷”")]),
    (
        {
            PEOPLE.name: [["0102", "林静", "", OURS, "成员"]],
            KINSHIP.name: [[OURS, "林静", "", "配偶", "钱二"]],
        },
        [("亲属关系", 2, "C", "有 2 位“林静”，请填写工号")],
    ),
    # 事项清单
    ({MATTERS.name: [[OURS, 2026, "1", "a", "其他事项"], [OURS, 2026, 1, "b", "其他事项"]]}, [
        ("事项清单", 3, "C", "与第 2 行重复")
    ]),
]  # fmt: skip


async def test_what_contradicts_is_named_and_nothing_is_taken(bureau: Bureau, owner: Owner) -> None:
    before = await everything(owner)
    for sheets, places in CASES:
        found = await refused(bureau.admin, workbook({BODIES.name: NEW, **sheets}))
        facts = [each["facts"] for each in found]
        assert [(each["sheet"], each["row"], each["column"]) for each in facts] == [place[:3] for place in places]
        for each, (*_, words) in zip(found, places, strict=True):
            assert words in each["detail"]
    assert await everything(owner) == before


def _any_file(random: Random) -> bytes:
    """A random file of few words, so that rows often concern the same people and those on record."""
    bodies, names = [PARTY, OFFICE, OURS], ["周启明", "林静", "甲", "乙", "丙"]
    numbers = {"0001": "周启明", "0002": "林静", "0501": "甲", "0502": "乙", "0503": "甲"}
    roles = ["成员", "成员", "成员、主要负责人", "秘书", "秘书、列席", "列席", "监督", "主要负责人、监督"]
    people = [
        [
            number, numbers[number] if random.random() < 0.98 else "丁", "", random.choice(bodies), role,
            random.choice(["", "", random.randint(1, 30)]) if "成员" in role else "", "", "",
        ]
        for number in random.sample(sorted(numbers), random.randint(0, 3))
        for role in [random.choice(roles)]
    ]  # fmt: skip
    kinship = []
    for _ in range(random.randint(0, 2)):
        (a, a_number), (b, b_number) = random.sample(
            [*((numbers[who], who) for who in numbers), ("乙", ""), ("丙", "")], 2
        )
        kind = random.choice(["父母", "子女", "配偶", "兄弟姐妹"])
        kinship.append([random.choice(bodies), a, random.choice([a_number, a_number, ""]), kind, b, b_number])
    codes = random.sample("123", random.randint(0, 3))
    matters = [[PARTY, 2026, code, random.choice(names), "其他事项", random.choice(["", "注"])] for code in codes]
    made = [[PARTY], [OFFICE, "局长办公会"]]
    return workbook({BODIES.name: made, PEOPLE.name: people, KINSHIP.name: kinship, MATTERS.name: matters})


async def test_what_a_preview_tells_is_what_is_done(bureau: Bureau, owner: Owner) -> None:
    """Preview and import refuse any file alike, or it is imported and a second preview lists no change."""
    taken = 0
    for seed in range(30):
        content = _any_file(Random(seed))
        told = await post(bureau.admin, "/preview", content)
        done = await post(bureau.admin, f"?digest={told.json().get('digest', '')}" if told.is_success else "", content)
        assert (told.status_code, told.json().get("refusals")) == (done.status_code, done.json().get("refusals")), seed
        assert told.status_code in (200, 422), told.text
        if told.is_success:
            taken += 1
            again = await preview(bureau.admin, content)
            assert again["changes"] == [], seed
    assert 5 < taken < 25, taken  # else the files are too good or too bad to prove anything


async def test_a_closed_account_gets_no_role(bureau: Bureau) -> None:
    made = await bureau.admin.do("/api/people", {"staff_number": "0200", "name": "冯远"})
    await bureau.admin.do(f"/api/people/{made['content']['person']['id']}", {"active": False})
    (one,) = await refused(bureau.admin, workbook({PEOPLE.name: [["0200", "冯远", "", OURS, "列席"]]}))
    assert "账号已停用" in one["detail"]
    await apply(bureau.admin, workbook({PEOPLE.name: [["0200", "冯远", "调研员"]]}))  # their post may change


async def test_a_candidate_on_record_who_becomes_a_member_keeps_their_relations(bureau: Bureau, owner: Owner) -> None:
    content = workbook(
        {
            PEOPLE.name: [["0300", "郑晓楠", "", OURS, "成员"]],
            KINSHIP.name: [[OURS, "郑晓楠", "0300", "配偶", "钱二", ""]],
        }
    )
    told = await preview(bureau.admin, content)
    assert "与登记中的“郑晓楠”视为同一人" in [each["after"] for each in told["changes"][0]["differences"]]
    await apply(bureau.admin, content)
    person = await owner.fetchval("SELECT person_id FROM kin WHERE id = $1", bureau.kin["candidate"])
    assert person == await owner.fetchval("SELECT id FROM people WHERE staff_number = '0300'")
    spouse = await owner.fetchval("SELECT a FROM kinships WHERE type = 'spouse'")
    assert spouse == bureau.kin["candidate"]


async def test_the_secretary_imports_kinship_and_matters_alone(bureau: Bureau) -> None:
    content = workbook(
        {
            KINSHIP.name: [[OURS, "林静", "", "配偶", "钱二"]],
            MATTERS.name: [[OURS, 2026, "1", "年度预算", "重大事项决策"]],
        }
    )
    await apply(bureau.li, content, (await preview(bureau.li, content))["digest"])
    (one,) = await refused(bureau.li, workbook({PEOPLE.name: [["0400", "新人"]]}))
    assert (one["rule"], one["facts"]["sheet"], one["facts"]["row"]) == ("access.role", "人员", 2)
    (two,) = await refused(bureau.li, workbook({BODIES.name: [["新机构"]]}))
    assert two["rule"] == "access.role"
    matters = (await bureau.li.get(f"/api/bodies/{bureau.body}/matters", year=2026)).json()
    assert [(each["code"], each["category"]) for each in matters] == [("1", "major")]


async def test_others_neither_preview_nor_import(bureau: Bureau) -> None:
    for person in (bureau.zhou, bureau.zhao, bureau.tang, bureau.hall):
        for path in ("/preview", ""):
            assert (await post(person, path, workbook(FILLED))).json()["rule"] == "access.role"
        assert (await person.get("/api/import/template")).json()["rule"] == "access.role"


async def test_a_secretary_of_one_body_imports_nothing_into_another(bureau: Bureau, owner: Owner) -> None:
    """The secretary is refused where they have no role, and where they merely attend."""
    await bureau.admin.do("/api/bodies", {"name": OFFICE})
    body = await owner.fetchval("SELECT id FROM bodies WHERE name = $1", OFFICE)
    rows = workbook({MATTERS.name: [[OFFICE, 2026, "1", "x", "其他事项"]]})
    (unseen,) = await refused(bureau.li, rows)
    assert "没有名为" in unseen["detail"]
    await bureau.admin.do(f"/api/bodies/{body}/roles", {"person": bureau.li.id, "role": "attendee"})
    (one,) = await refused(bureau.li, rows)
    assert one["rule"] == "access.role"


async def test_the_template_over_http(bureau: Bureau) -> None:
    answer = await bureau.admin.get("/api/import/template")
    assert answer.content == make_template()
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert (await preview(bureau.admin, answer.content))["changes"] == []


async def test_a_large_file_is_refused_before_it_is_read(bureau: Bureau) -> None:
    answer = await post(bureau.admin, "/preview", b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["rule"]) == (413, "input.too_large")
    assert (await bureau.admin.post("/api/import/preview", {})).json()["facts"]["field"] == "file"


def member(number: str, name: str, *rest: Any) -> list[Any]:
    """A row of our body's people."""
    return [number, name, "", OURS, "成员", *rest]


async def test_the_deputy_is_a_column(bureau: Bureau, owner: Owner) -> None:
    """B角 by staff number or name, a new member's too; a blank cell leaves it; the preview says whose it becomes."""
    rows: Rows = [
        member("0002", "林静", 2, "", "计划财务", "0003"),
        member("0004", "陈卫国", 4, "", "", "新　委员"),
        member("0500", "新委员"),
    ]
    told = await preview(bureau.admin, workbook({PEOPLE.name: rows}))
    said = {(each["title"], *d.values()) for each in told["changes"] for d in each["differences"]}
    assert (f"0002 林静 · {OURS}", "B角", "", "何志远") in said
    assert (f"0004 陈卫国 · {OURS}", "B角", "", "新委员") in said
    await apply(bureau.admin, workbook({PEOPLE.name: rows}), told["digest"])
    names = "SELECT a.name AS whose, b.name FROM seats s JOIN people a ON a.id = s.person_id"
    deputies = await owner.fetch(f"{names} JOIN people b ON b.id = s.deputy_id ORDER BY a.staff_number")
    assert [tuple(row) for row in deputies] == [("林静", "何志远"), ("陈卫国", "新委员")]
    again = await preview(bureau.admin, workbook({PEOPLE.name: [member("0002", "林静")]}))
    assert again["changes"] == []


async def test_a_deputy_who_is_no_other_member_is_refused_by_cell(bureau: Bureau) -> None:
    rows: Rows = [
        member("0002", "林静", "", "", "", "0099"),
        member("0003", "何志远", "", "", "", "李晓"),
        member("0004", "陈卫国", "", "", "", "0004"),
        member("0005", "马腾", "", "", "", "王伟"),
        member("0601", "王伟"),
        member("0602", "王伟"),
        ["0011", "李晓", "", OURS, "秘书", "", "", "", "0002"],
    ]
    told = await refused(bureau.admin, workbook({PEOPLE.name: rows}))
    assert [(each["facts"]["row"], each["facts"]["column"]) for each in told] == [
        (2, "I"), (3, "I"), (4, "I"), (5, "I"), (8, "I")
    ]  # fmt: skip
    reasons = ("本机构没有这一成员", "本机构没有这一成员", "B角须为另一名成员", "有几名成员同名", "只属于成员")
    assert all(why in each["detail"] for why, each in zip(reasons, told, strict=True)), told


async def test_what_is_exported_changes_nothing_when_imported(bureau: Bureau, owner: Owner) -> None:
    await apply(bureau.admin, workbook({PEOPLE.name: [member("0002", "林静", 2, "", "计划财务", "0003")]}))
    await bureau.admin.do("/api/people", {"staff_number": "0700", "name": "无职务者"})
    answer = await bureau.admin.get("/api/import/workbook")
    assert answer.status_code == 200, answer.text
    told = await preview(bureau.admin, answer.content)
    assert (told["changes"], told["same"]) == ([], 17)  # one body, sixteen people
    assert (await bureau.li.get("/api/import/workbook")).json()["rule"] == "access.role"
    await owner.execute("UPDATE seats SET deputy_id = NULL")
    (change,) = (await preview(bureau.admin, answer.content))["changes"]
    assert [d["heading"] for d in change["differences"]] == ["B角"]
