"""Clauses are cited by cause, and the record keeps them as they were cited."""

from typing import TypeAlias

import asyncpg
import pytest

from acts.refusal import ALLOWED
from acts.rulebook import citable, default
from bodies.rulebook import check_rulebook
from minutes.composers.v1.document import Recusal
from minutes.composers.v1.titles import in_full
from tests.bureau import Bureau
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.mark.moment("in_session")
async def test_an_item_leaves_by_the_clause_of_its_cause(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    item = await room.discuss(0, b.lin)
    put_off = (await b.zhou.do(f"{item}/put-off", {"reason": "材料缺附件", "cause": "materials"}))["content"]
    assert (put_off["cause"], put_off["clause"]) == ("materials", "《实施细则》第六条第（二）项")
    clauses = {"quorum": "《实施细则》第五条", "notice": "《实施细则》第六条第（三）项", None: "惯例"}
    for index, (cause, clause) in enumerate(clauses.items(), start=1):
        why = {"reason": "另行安排"} | ({"cause": cause} if cause else {})
        deferred = await b.zhou.do(f"{room.path}/items/{room.items[index]}/deferral", why)
        assert deferred["content"]["clause"] == clause
    withdrawn = await b.zhou.do(f"{room.path}/items/{room.items[4]}/withdrawal", {"reason": "重复"})
    assert withdrawn["content"]["clause"] == default().clause("agenda.locked").zh
    answer = await b.zhou.post(f"{item}/put-off", {"reason": "x", "cause": "weather"})
    assert (answer.status_code, answer.json()["field"]) == (422, "cause")
    await b.zhou.do(f"{room.path}/adjournment")
    drafted = await b.li.do(f"{room.path}/minutes")
    minutes = (await b.li.get(f"{room.path}/minutes/{drafted['content']['minutes']}")).json()["document"]
    rule = default().titles["《实施细则》"]
    assert [each["clause"] for each in minutes["items"][:4]] == [
        f"{rule}（以下简称《实施细则》）第六条第（二）项", "《实施细则》第五条", "", "惯例",
    ], "a personnel item has its ending alone"  # fmt: skip


@pytest.mark.moment("in_session")
async def test_an_interest_is_recused_by_practice_off_personnel_items(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    for index, clause in ((0, "惯例"), (2, "《人事办法》第二十三条")):
        item = await room.discuss(index, b.wu)
        await b.he.do(f"{item}/recusals", {"person": b.he.id, "reason": "配偶为供应商"})
        answer = await b.li.post(f"{item}/speeches", {"person": b.he.id, "summary": "同意。"})
        assert (answer.json()["rule"], answer.json()["clause"]) == ("recusal.declared", clause)
        await b.zhou.do(f"{item}/put-off", {"reason": "另议", "cause": "study"})
    said = [each.record.content for each in await room.entries() if each.record.kind == "rule.refused"]
    assert [each["refusals"][0]["clause"] for each in said] == ["惯例", "《人事办法》第二十三条"]


def test_every_text_has_its_full_title_and_stands_in_it() -> None:
    book = default()
    assert book.clauses.keys() == citable().keys(), "every rule that has a meaning is in the default rulebook"
    assert check_rulebook(book) is ALLOWED
    cited = {part for clause in book.clauses.values() for part in clause.zh.split("；") if part.startswith("《")}
    assert {part[: part.index("》") + 1] for part in cited} == book.titles.keys()


def test_the_first_citation_alone_is_in_full() -> None:
    first, second = (Recusal("郑凯", "《甲》是材料", f"《甲》第{number}条；《乙》") for number in (1, 2))
    assert in_full(first, {"《甲》": "《某甲》"}).clause == "《某甲》（以下简称《甲》）第1条；《乙》"
    assert in_full(first, {"《甲》": "《某甲》"}).reason == "《甲》是材料"
    assert second.clause == "《甲》第2条；《乙》"
