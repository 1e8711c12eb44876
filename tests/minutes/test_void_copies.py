"""A void issue is told to those who had signed for a copy, until they take note of it."""

from typing import Any, TypeAlias

import asyncpg

from tests.bureau import Bureau, Person, issue
from tests.minutes.test_pending import Waiting
from tests.storage.attacks import Attacker
from tests.storage.attacks import Connection as App

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def void_copies(person: Person, body: int) -> list[dict[str, Any]]:
    answer = await person.get(f"/api/bodies/{body}/minutes/void-copies")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def test_a_void_issue_is_told_to_those_who_signed_for_it(bureau: Bureau, owner: Owner, app_role: App) -> None:
    b, room = bureau, Waiting(bureau, owner)
    minutes = await room.hold()
    await b.approve(minutes)
    await issue(b.li, minutes)
    people = (b.lin, b.he, b.tang)
    sent = [{"recipient": each.key, "person": each.id} for each in people]
    sent.append({"recipient": "办公室", "person": b.lin.id})
    await b.li.do(f"{minutes}/copies", {"copies": sent})
    await b.lin.do(f"{minutes}/receipt")
    await b.tang.do(f"{minutes}/receipt")
    assert await b.lin.refused(f"{minutes}/void-note") == "minutes.immutable"
    early = "UPDATE minutes_copies SET void_seen_at = now() WHERE recipient = 'lin'"
    assert await Attacker(app_role, b.lin).attack(early) == "copies_stand"
    await b.zhou.do(f"{minutes}/void", {"reason": "日期有误"})
    for person in (b.lin, b.tang):
        (told,) = await void_copies(person, b.body)
        assert (told["number"], told["reason"], told["replaced_by"]) == ("〔2026〕1号", "日期有误", "")
        assert told["meeting"] == room.meeting
    for person in (b.he, b.zhou, b.li):  # the first has a copy and did not sign for it
        assert await void_copies(person, b.body) == []
    again = f"{room.path}/minutes/{(await b.li.do(f'{room.path}/minutes'))['content']['minutes']}"
    await b.approve(again)
    await issue(b.li, again)
    assert [told["replaced_by"] for told in await void_copies(b.lin, b.body)] == ["〔2026〕2号"]
    await b.lin.do(f"{minutes}/void-note")
    assert await void_copies(b.lin, b.body) == []
    assert len(await void_copies(b.tang, b.body)) == 1
    for person in (b.lin, b.he):
        assert await person.refused(f"{minutes}/void-note") == "state.wrong"
    noted = "UPDATE minutes_copies SET void_seen_at = NULL WHERE recipient = 'lin'"
    assert await Attacker(app_role, b.lin).attack(noted) == "copies_stand"
    unsaid = "UPDATE minutes_copies SET void_seen_at = now() WHERE recipient = 'tang'"
    assert await Attacker(app_role, b.tang).attack(unsaid) == "recorded"
