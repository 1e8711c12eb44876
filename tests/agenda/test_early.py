"""A meeting is called to order on its day, at most an hour before its time (Rules 6(3))."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

import asyncpg
import pytest

from acts.refusal import Allowed, Refused
from agenda.early import check_early
from tests.bureau import MEMBERS, Bureau
from tests.storage.attacks import WENT_THROUGH, Attacker, Connection, record
from tests.test_one_meeting import MEETING, Room, at

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
STARTS = datetime.fromisoformat(MEETING)


@pytest.mark.parametrize(
    ("starts_at", "now", "allowed"),
    [
        (MEETING, "2026-01-13T07:59:59+08:00", False),
        (MEETING, "2026-01-13T08:00:00+08:00", True),
        (MEETING, "2026-01-13T23:59:59+08:00", True),
        (MEETING, "2026-01-14T00:00:00+08:00", False),
        (MEETING, "2026-01-12T23:00:00+08:00", False),
        ("2026-01-13T00:30:00+08:00", "2026-01-12T23:45:00+08:00", False),  # within the hour, on another day
        ("2026-01-13T00:30:00+08:00", "2026-01-13T00:00:00+08:00", True),
        ("2026-01-13T16:30:00Z", "2026-01-14T00:10:00+08:00", True),  # the day is the office's
        ("2026-01-13T01:00:00Z", "2026-01-12T23:59:00Z", False),
    ],
)
def test_on_its_day_at_most_an_hour_early(starts_at: str, now: str, allowed: bool) -> None:
    verdict = check_early(datetime.fromisoformat(starts_at), datetime.fromisoformat(now))
    assert isinstance(verdict, Allowed) == allowed


def test_the_refusal_says_from_when_and_what_mends_a_day_that_is_past() -> None:
    early, late = (check_early(STARTS, STARTS + by) for by in (-timedelta(days=1), timedelta(days=1)))
    assert isinstance(early, Refused)
    assert "2026年1月13日09:00召开，当日08:00起" in early.detail
    assert early.until == datetime.fromisoformat("2026-01-13T08:00:00+08:00")
    assert isinstance(late, Refused)
    assert "2026年1月13日召开，当日已过" in late.detail
    assert late.until is None


async def _all_here(room: Room) -> None:
    code = (await room.bureau.hall.get(f"{room.path}/hall-code")).json()["code"]
    for key in MEMBERS:
        await room.bureau.people[key].do(f"{room.path}/check-in", {"code": code})


@pytest.fixture
def room(bureau: Bureau, owner: Owner) -> Room:
    return Room(bureau, owner)


@pytest.mark.moment("noticed")
async def test_the_call_is_refused_until_its_hour(room: Room, owner: Owner) -> None:
    await at(owner, "2026-01-13T07:59:50+08:00")
    await _all_here(room)
    refused = (await room.chair.post(f"{room.path}/call")).json()
    assert (refused["rule"], refused["clause_en"]) == ("meeting.early", "Rules 6(3)")
    assert datetime.fromisoformat(refused["refusals"][0]["until"]) == STARTS - timedelta(hours=1)
    await at(owner, "2026-01-13T08:00:00+08:00")
    await room.chair.do(f"{room.path}/call")


@pytest.mark.moment("noticed")
async def test_a_meeting_whose_day_is_past_is_not_called_to_order(room: Room, owner: Owner) -> None:
    await at(owner, "2026-01-14T08:30:00+08:00")
    await _all_here(room)
    assert await room.chair.refused(f"{room.path}/call") == "meeting.early"


@pytest.mark.moment("noticed")
async def test_postgresql_keeps_it(room: Room, app_role: Connection) -> None:
    attacker, m = Attacker(app_role, room.bureau.zhou), room.meeting
    members = "(SELECT array_agg(person_id) FROM grants WHERE role = 'member')"
    called: Callable[[str], str] = lambda when: (  # noqa: E731
        f"{record('meeting', m, room.bureau.zhou.id, 'meeting.called')}; UPDATE meetings SET state = 'in_session',"
        f" year = 2026, ordinal = 1, called_at = {when}, formal_members = {members} WHERE id = {m}"
    )
    await attacker.assert_refused(
        {
            called("yijue_now()"): "meetings_early",  # five days before
            called("starts_at - interval '61 minutes'"): "meetings_early",
            called("starts_at"): "meetings_early",  # which is not yet
        }
    )
    await at(room.owner, "2026-01-14T09:00:00+08:00")
    assert await attacker.attack(called("yijue_now()")) == "meetings_early"
    await at(room.owner, "2026-01-13T08:00:00+08:00")
    assert await attacker.attack(called("yijue_now()")) == WENT_THROUGH
