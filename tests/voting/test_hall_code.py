"""The hall's code as digits and as a QR picture that leads to check-in."""

import re
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
import segno

from acts.refusal import ALLOWED
from documents.qr import picture_of
from tests.bureau import Bureau
from tests.storage.attacks import Attacker, Connection
from tests.test_one_meeting import Room, at
from voting.hall_code import check_unused, code_at, minute_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.moment("noticed")
async def test_the_picture_leads_to_the_meeting_with_the_code(bureau: Bureau, owner: Any) -> None:
    room = Room(bureau, owner)
    shown = (await bureau.hall.get(f"{room.path}/hall-code")).json()
    assert re.fullmatch(r"\d{6}", shown["code"])
    assert 1 <= shown["seconds"] <= 60
    assert shown["qr"] == picture_of(f"http://test/meetings/{room.meeting}?code={shown['code']}")


@pytest.mark.moment("noticed")
async def test_the_hall_screen_alone_shows_the_code(bureau: Bureau, owner: Any) -> None:
    room = Room(bureau, owner)
    for key in ("li", "zhou", "lin", "zhao", "tang", "admin", "jiang"):
        asked = await bureau.people[key].get(f"{room.path}/hall-code")
        assert (asked.status_code, asked.json()["rule"]) == (403, "access.role"), key


async def code_of(bureau: Bureau, room: Room) -> str:
    code: str = (await bureau.hall.get(f"{room.path}/hall-code")).json()["code"]
    return code


@pytest.mark.moment("noticed")
async def test_a_code_serves_each_person_once(bureau: Bureau, owner: Any) -> None:
    room, b = Room(bureau, owner), bureau
    await at(owner, "2026-01-13T08:40:05+08:00")
    code = await code_of(b, room)
    for person in (b.lin, b.he):
        await person.do(f"{room.path}/check-in", {"code": code})
    await b.lin.do(f"{room.path}/departures", {"person": b.lin.id})
    answer = await b.lin.post(f"{room.path}/check-in", {"code": code})
    assert answer.json()["rule"] == "presence.code"
    assert "用过" in answer.json()["detail"]
    await at(owner, "2026-01-13T08:41:05+08:00")
    await b.lin.do(f"{room.path}/check-in", {"code": await code_of(b, room)})


@pytest.mark.moment("noticed")
async def test_a_code_is_taken_in_its_minute_and_thirty_seconds(bureau: Bureau, owner: Any) -> None:
    room, b = Room(bureau, owner), bureau
    await at(owner, "2026-01-13T08:40:05+08:00")
    code = await code_of(b, room)
    await at(owner, "2026-01-13T08:41:32+08:00")
    assert await b.lin.refused(f"{room.path}/check-in", {"code": code}) == "presence.code"
    await at(owner, "2026-01-13T08:41:20+08:00")
    await b.lin.do(f"{room.path}/check-in", {"code": code})


def test_the_minute_of_a_code_by_the_rule_alone() -> None:
    """PostgreSQL refuses what the rule would let pass, so the rule is asked by itself too."""
    shown = datetime.fromisoformat("2026-01-13T08:40:05+08:00")
    secret, minute = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", int(shown.timestamp()) // 60
    code = code_at(secret, shown)
    taken = [minute_of(secret, code, shown + timedelta(seconds=after)) for after in (-6, 0, 54, 84, 85, 120)]
    assert taken == [None, minute, minute, minute, None, None]
    assert [check_unused(minute, used) is ALLOWED for used in ((), (minute,), (minute - 1,))] == [True, False, True]


@pytest.mark.moment("noticed")
async def test_full_width_digits_are_digits(bureau: Bureau, owner: Any) -> None:
    room = Room(bureau, owner)
    code = (await code_of(bureau, room)).translate({ord(str(n)): ord("０") + n for n in range(10)})
    await bureau.lin.do(f"{room.path}/check-in", {"code": code})


@pytest.mark.moment("noticed")
async def test_postgresql_keeps_the_code_too(bureau: Bureau, owner: Any, app_role: Connection) -> None:
    """No old code is used, and nobody is present by a code that is not."""
    minute = "(extract(epoch FROM yijue_now())::bigint / 60 - 2)"
    keys = f"{bureau.meeting}, {bureau.lin.id}, {bureau.body}"
    old = f"INSERT INTO hall_codes_used (meeting_id, person_id, body_id, minute) VALUES ({keys}, {minute})"
    without = (
        "INSERT INTO presence (meeting_id, person_id, body_id, state, method, at)"
        f" VALUES ({keys}, 'present', 'code', yijue_now())"
    )
    attacks = dict.fromkeys((old, without), "hall_codes_fresh")
    await Attacker(app_role, bureau.lin).assert_refused(attacks)


def test_the_picture_is_svg_by_itself_with_a_quiet_zone() -> None:
    address = "https://yijue.example/meetings/12345?code=012345"
    drawn = ElementTree.fromstring(picture_of(address))
    assert drawn.tag == f"{SVG}svg"
    modules = segno.make_qr(address, error="m").symbol_size(border=0)[0]
    assert drawn.attrib["viewBox"] == f"0 0 {modules + 8} {modules + 8}"
    assert "width" not in drawn.attrib
    assert picture_of(address) != picture_of(address.replace("012345", "012346"))
