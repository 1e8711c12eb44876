"""After notice the place may change and the start move later: told to everyone again, and nothing is lost by it."""

from datetime import datetime
from typing import Any, TypeAlias

import asyncpg
import pytest

from acts.refusal import Allowed
from agenda.changing_notice import check_later
from tests.bureau import MEMBERS, Bureau, Person
from tests.storage.attacks import NO_PRIVILEGE, WENT_THROUGH, Attacker, Connection, record
from tests.test_one_meeting import MEETING, Room, at

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
LATER, NEXT_DAY = "2026-01-13T14:30:00+08:00", "2026-01-14T09:00:00+08:00"


@pytest.fixture
def room(bureau: Bureau, owner: Owner) -> Room:
    return Room(bureau, owner)


@pytest.mark.parametrize(
    ("after", "now", "allowed"),
    [
        (MEETING, "2026-01-13T09:30:00+08:00", True),  # the place alone
        (LATER, "2026-01-13T09:30:00+08:00", True),
        (NEXT_DAY, "2026-01-13T09:30:00+08:00", True),
        ("2026-01-13T08:59:00+08:00", "2026-01-12T09:00:00+08:00", False),
        (LATER, LATER, False),
    ],
)
def test_later_and_never_earlier(after: str, now: str, allowed: bool) -> None:
    verdict = check_later(*(datetime.fromisoformat(each) for each in (MEETING, after, now)))
    assert isinstance(verdict, Allowed) == allowed


async def notice(person: Person, room: Room) -> Any:
    return (await person.get(f"{room.path}/notice")).json()[-1]


async def _check_in(room: Room, *away: str) -> None:
    code = (await room.bureau.hall.get(f"{room.path}/hall-code")).json()["code"]
    for key in MEMBERS:
        if key not in away:
            await room.bureau.people[key].do(f"{room.path}/check-in", {"code": code})


@pytest.mark.moment("noticed")
async def test_nothing_is_lost_and_everyone_is_told_again(room: Room, owner: Owner) -> None:
    b, changes = room.bureau, f"{room.path}/notice/changes"
    sealed = await notice(b.li, room)
    opinion = f"{room.path}/items/{room.items[0]}/opinions"
    await b.xu.do(opinion, {"choice": "no", "text": "书面说明。"})
    moved = {"starts_at": LATER, "place": "五楼会议室", "reason": "与上级会议冲突"}
    assert await b.lin.refused(changes, moved) == "access.role"
    assert await b.li.refused(changes, {**moved, "reason": " "}) == "input.invalid"
    assert await b.li.refused(changes, {**moved, "starts_at": "2026-01-13T08:00:00+08:00"}) == "agenda.locked"
    assert await b.li.refused(changes, {"place": "三楼会议室", "reason": "没有变"}) == "state.wrong"
    far = {**moved, "starts_at": "2099-01-13T09:00:00+08:00"}
    assert await b.li.refused(changes, far) == "calendar.unknown"
    await b.li.do(changes, moved)

    after = await notice(b.li, room)
    assert after["notice"] == sealed["notice"]
    assert [each for each in after["deliveries"] if not each["change"]] == sealed["deliveries"]
    (change,) = after["changes"]
    assert (change["place_before"], change["place"], change["reason"]) == ("三楼会议室", "五楼会议室", "与上级会议冲突")
    line = (await b.lin.get(f"/api/bodies/{b.body}/meetings")).json()[0]
    assert (line["place"], line["moved_from"]["place"]) == ("五楼会议室", "三楼会议室")
    assert datetime.fromisoformat(line["moved_from"]["starts_at"]) == datetime.fromisoformat(MEETING)

    told = await b.li.do(f"{room.path}/deliveries", {"people": [b.lin.id, b.he.id], "method": "phone"})
    assert (told["content"]["change"], told["content"]["late"]) == (change["id"], False)
    assert await b.li.refused(f"{room.path}/deliveries", {"person": b.lin.id, "method": "phone"}) == "state.wrong"
    assert len((await notice(b.lin, room))["deliveries"]) == 2  # their own
    await b.lin.do(f"{room.path}/acknowledgement")
    assert await b.lin.refused(f"{room.path}/acknowledgement") == "state.wrong"
    wrong = {"person": b.he.id, "corrects": told["seq"] + 1, "method": "none"}
    await b.li.do(f"{room.path}/deliveries/correction", wrong)

    # The meeting waits until all who are neither here nor on leave are told: here 何志远, by mistake, and 马腾.
    await b.li.do(f"{room.path}/leaves", {"person": b.xu.id, "reason": "外出学习"})
    await at(owner, LATER)
    await _check_in(room, "xu", "he", "ma")
    refused = (await room.chair.post(f"{room.path}/call")).json()
    assert (refused["rule"], refused["facts"]["untold"]) == ("notice.missing", [str(b.he.id), str(b.ma.id)])
    await b.li.do(f"{room.path}/deliveries", {"people": [b.he.id, b.ma.id], "method": "phone"})
    called = await room.chair.do(f"{room.path}/call")
    assert called["content"]["n"] == 9
    state = (await b.zhou.get(f"{room.path}/items/{room.items[0]}/readiness")).json()
    assert "notice.lead" not in str(state)
    assert await b.li.refused(changes, {"place": "六楼", "reason": "再变"}) == "state.wrong"
    assert await b.li.do(f"{room.path}/items/{room.items[0]}/presentation", {"presenter": b.lin.id})
    assert await b.li.do(f"{room.path}/items/{room.items[0]}/opinions/read-out", {"person": b.xu.id})


@pytest.mark.moment("noticed")
async def test_a_day_that_is_past_is_moved_to_a_later_one(room: Room, owner: Owner) -> None:
    b = room.bureau
    await at(owner, "2026-01-14T08:00:00+08:00")
    moved = {"starts_at": "2026-01-14T15:00:00+08:00", "reason": "主持人临时出差"}
    await b.zhou.do(f"{room.path}/notice/changes", moved)
    everybody = [each.id for each in b.members]
    await b.li.do(f"{room.path}/deliveries", {"people": everybody, "method": "electronic"})
    await at(owner, "2026-01-14T14:30:00+08:00")
    await _check_in(room)
    await b.zhou.do(f"{room.path}/call")


@pytest.mark.moment("noticed")
async def test_who_had_no_notice_gets_it_with_the_change(room: Room) -> None:
    """The notice's own delivery, made after the change, has the change in it, and its lead time counts."""
    b = room.bureau
    await b.li.do(f"{room.path}/notice/changes", {"place": "五楼会议室", "reason": "检修"})
    tang = await b.li.do(f"{room.path}/deliveries", {"person": b.tang.id, "method": "phone"})
    assert tang["content"]["change"] == 0
    assert await b.li.refused(f"{room.path}/deliveries", {"person": b.tang.id, "method": "phone"}) == "state.wrong"


@pytest.mark.moment("noticed")
async def test_postgresql_lets_only_these_through(room: Room, app_role: Connection) -> None:
    b, m = room.bureau, room.meeting
    attacker, n = Attacker(app_role, b.li), await room.owner.fetchval("SELECT id FROM notices")
    moved = (
        "INSERT INTO notice_changes (notice_id, meeting_id, body_id, at, changed_by, starts_before, starts_at,"
        f" place_before, place, reason) SELECT {n}, {m}, {b.body}, yijue_now(), {b.li.id}, starts_at, %s, place, %s, %s"
        f" FROM meetings WHERE id = {m}"
    )
    await attacker.assert_refused(
        {
            moved % ("starts_at", "'五楼'", "'检修'"): "recorded",
            moved % ("starts_at", "place", "'检修'"): "notice_changes_something",
            moved % ("starts_at - interval '1 hour'", "place", "'检修'"): "notice_changes_later",
            moved % ("starts_at", "'五楼'", "''"): "notice_changes_reason_check",
            "UPDATE meetings SET place = '五楼'": "agenda_sealed",
            "UPDATE meetings SET starts_at = starts_at + interval '1 hour'": "agenda_sealed",
            "DELETE FROM notice_changes": NO_PRIVILEGE,
            f"INSERT INTO deliveries (notice_id, change_id, body_id, person_id, method, delivered_at, recorded_by)"
            f" VALUES ({n}, 7, {b.body}, {b.lin.id}, 'phone', yijue_now(), {b.li.id})": "deliveries_time",
        }
    )
    change = await room.owner.fetchval("SELECT last_value FROM notice_changes_id_seq") + 1
    said = record("meeting", m, b.li.id, "notice.changed", notice=n, change=change, place="五楼", reason="检修")
    assert (
        await attacker.attack(
            f"{said}; {moved % ('starts_at', chr(39) + '五楼' + chr(39), chr(39) + '检修' + chr(39))}"
        )
        == WENT_THROUGH
    )
