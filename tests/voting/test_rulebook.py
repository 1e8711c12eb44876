"""A body's own rulebook: its clauses in refusals, records and papers; a meeting keeps the one that its notice found."""

from typing import Any, TypeAlias

import asyncpg
import msgspec
import pytest

from acts.rulebook import default
from minutes.composers.v1.sources import Sources
from tests.bureau import Bureau
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
OURS: dict[str, Any] = {
    "titles": {"《议事规则》": "《中共江州市交通运输局党组议事规则》"},
    "clauses": {
        "agenda.ad_hoc": {"zh": "《议事规则》第九条", "en": "Our rules 9"},
        "leaving.materials": {"zh": "《议事规则》第十一条"},
        "notice.missing": {"zh": "《议事规则》第八条"},
    },
}


@pytest.fixture
def path(bureau: Bureau) -> str:
    return f"/api/bodies/{bureau.body}/rulebook"


async def test_a_rulebook_is_set_on_record_and_read_with_meanings(bureau: Bureau, owner: Owner, path: str) -> None:
    b = bureau
    before = (await b.lin.get(path)).json()
    shown = {each["rule"]: each for each in before["rules"]}
    assert (before["version"], before["titles"]) == (0, default().titles)
    assert shown["leaving.materials"]["meaning"] == "暂缓：材料不齐"
    assert shown["leaving.materials"]["clause"] == "《实施细则》第六条第（二）项"
    made = await b.admin.do(path, OURS)
    assert (made["kind"], made["content"]["rulebook"]["version"]) == ("rulebook.changed", 1)
    after = (await b.lin.get(path)).json()
    shown = {each["rule"]: each for each in after["rules"]}
    assert (after["version"], shown["agenda.ad_hoc"]["clause"]) == (1, "《议事规则》第九条")
    assert (shown["leaving.materials"]["clause_en"], shown["leaving.materials"]["own"]) == (
        "《议事规则》第十一条",
        True,
    )
    assert (shown["vote.form"]["clause"], shown["vote.form"]["own"]) == ("惯例", False)
    assert await b.li.refused(path, OURS) == "access.role"
    for titles, clauses, field in [
        ({}, {"no.rule": {"zh": "第一条"}}, "clauses"),
        ({}, {"vote.form": {"zh": "《议事规则》第九条"}}, "titles"),
        ({"议事规则": "《局议事规则》"}, {}, "titles"),
        (OURS["titles"], OURS["clauses"], "clauses"),  # the same again
    ]:
        answer = await b.admin.post(path, {"titles": titles, "clauses": clauses})
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    told = (await b.admin.get(f"/api/bodies/{b.body}/history")).json()["records"]
    assert told[-1]["zh"] == "修改议事规则条款（第 1 版）"


async def test_a_meeting_cites_its_own_rulebook_for_good(bureau: Bureau, owner: Owner, path: str) -> None:
    """Before notice the body's own is cited; the notice freezes it; a later change leaves the meeting as it was."""
    b, room = bureau, Room(bureau, owner)
    await b.admin.do(path, OURS)
    await room.draft()
    early = (await b.li.post(f"{room.path}/notice")).json()
    assert (early["rule"], early["clause"]) == ("agenda.approved", "惯例")
    assert (await b.li.get(f"{room.path}/notice/preview")).json()["refusals"][0]["clause"] == "惯例"
    await room.prepare()
    later = {**OURS, "clauses": {"agenda.ad_hoc": {"zh": "《议事规则》第九十条"}}}
    await b.admin.do(path, later)
    await room.gather()
    item = await room.discuss(0, b.lin)
    motion = await b.li.post(f"{room.path}/motions", {"title": "临时动议", "mover": b.he.id})
    assert (motion.json()["rule"], motion.json()["clause"]) == ("agenda.ad_hoc", "《议事规则》第九条")
    assert motion.json()["clause_en"] == "Our rules 9"
    refused = [each.record.content for each in await room.entries() if each.record.kind == "rule.refused"]
    assert refused[-1]["refusals"][0]["clause"] == "《议事规则》第九条"
    put_off = (await b.zhou.do(f"{item}/put-off", {"reason": "材料缺附件", "cause": "materials"}))["content"]
    assert put_off["clause"] == "《议事规则》第十一条"
    withdrawn = await b.zhou.do(f"{room.path}/items/{room.items[1]}/withdrawal", {"reason": "重复"})
    assert withdrawn["content"]["clause"] == "惯例", "the rulebook has no clause for it"
    for index in (2, 3, 4):
        await b.zhou.do(f"{room.path}/items/{room.items[index]}/withdrawal", {"reason": "重复"})
    await b.zhou.do(f"{room.path}/adjournment")
    drafted = await b.li.do(f"{room.path}/minutes")
    minutes = (await b.li.get(f"{room.path}/minutes/{drafted['content']['minutes']}")).json()["document"]
    full = OURS["titles"]["《议事规则》"]
    assert minutes["items"][0]["clause"] == f"{full}（以下简称《议事规则》）第十一条"
    state = (await b.li.get(room.path)).json()
    assert state["state"] == "adjourned"


async def test_issued_minutes_keep_the_clauses(bureau: Bureau, owner: Owner, path: str) -> None:
    """The sources that an issue keeps have the meeting's rulebook, whatever the body's is by then."""
    room = Room(bureau, owner)
    await bureau.admin.do(path, OURS)
    await room.prepare()
    await bureau.admin.do(path, {"titles": {}, "clauses": {}})
    await room.gather()
    for item in room.items:
        await bureau.zhou.do(f"{room.path}/items/{item}/withdrawal", {"reason": "重复"})
    await bureau.zhou.do(f"{room.path}/adjournment")
    minutes = f"{room.path}/minutes/{(await bureau.li.do(f'{room.path}/minutes'))['content']['minutes']}"
    await bureau.approve(minutes)
    await bureau.li.do(f"{minutes}/issue")
    sources = msgspec.json.decode(await owner.fetchval("SELECT sources FROM minutes"), type=Sources)
    assert sources.titles == OURS["titles"]
    assert sources.clauses["agenda.ad_hoc"] == "《议事规则》第九条"
    assert sources.clauses["vote.form"] == "惯例"
