"""The clock: its jumps are logged, kept and shown to administrators; a book with a time still to come is an alarm."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import asyncpg
import pytest
from structlog.testing import capture_logs

from acts.clock import ahead_words, jump_words
from acts.database import Database
from server import clock as watching
from server.checking import check_all, check_at_start
from server.clock import clock_watched
from server.connecting import SignIns
from server.doctor import look_at_jumps
from storage import clock
from storage.clock import AheadBook, Jump, since_boot
from storage.figures import REGISTRY
from storage.store import clock_jumps, see_clock
from tests.bureau import Bureau, Person, client_of, open_session
from tests.conftest import Urls
from tests.server.test_checking import no_bar

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
START = timedelta(days=3)
AHEAD = timedelta(days=400)


def test_the_words_say_how_far_and_which_way() -> None:
    at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    zh, en = jump_words(Jump(at, -3 * 86400 - 5))
    assert "2026-12-01 09:00 发现服务器时钟突然拨慢 3 天，" in zh
    assert "found at 2026-12-01 09:00 to have jumped back by 3 days:" in en
    zh, en = jump_words(Jump(at, 3600 + 125))
    assert ("拨快 1 小时 2 分，" in zh, "forward by 1 h 2 min:" in en) == (True, True)
    zh, en = ahead_words([AheadBook("body", 1, 1, at), AheadBook("meeting", 2, 1, at + AHEAD)])
    assert "2028-01-05 09:00" in zh
    assert "2028-01-05 09:00" in en


async def test_a_jump_against_the_time_that_nobody_sets(app_role: Owner, owner: Owner) -> None:
    assert await see_clock(app_role, "one", START) is None
    assert await see_clock(app_role, "one", START + timedelta(seconds=59)) is None
    # Two hours went by, and the clock stood still.
    assert await see_clock(app_role, "one", START + timedelta(hours=2)) in (-7141, -7140)
    await owner.execute("UPDATE clock_seen SET at = at - interval '1 hour'")  # an hour by the clock, no time went by
    assert await see_clock(app_role, "one", START + timedelta(hours=2)) in (3600, 3601)
    assert [round(each.seconds, -2) for each in await clock_jumps(app_role)] == [3600, -7100]


async def test_after_a_restart_of_the_machine(app_role: Owner, owner: Owner) -> None:
    """The time between is not known: what went back is a jump, and what is more than 30 days later."""
    assert await see_clock(app_role, "one", START) is None
    assert await see_clock(app_role, "two", timedelta(seconds=5)) is None
    await owner.execute("UPDATE clock_seen SET at = at + interval '400 days'")
    assert round(await see_clock(app_role, "three", timedelta()) or 0, -2) == -400 * 86400
    await owner.execute("UPDATE clock_seen SET at = now() - interval '29 days'")
    assert await see_clock(app_role, "four", timedelta()) is None
    await owner.execute("UPDATE clock_seen SET at = now() - interval '31 days'")
    assert round(await see_clock(app_role, "five", timedelta()) or 0, -2) == 31 * 86400


async def test_little_is_kept(app_role: Owner, owner: Owner) -> None:
    for number in range(130):
        await see_clock(app_role, str(number % 13), timedelta(hours=number * (number % 2)))
        await owner.execute("UPDATE clock_seen SET at = at + interval '1 hour'")
    assert await owner.fetchval("SELECT count(*) FROM clock_seen") <= 8
    assert 50 <= await owner.fetchval("SELECT count(*) FROM clock_jumps") <= 100


def test_the_time_since_the_start_goes_on() -> None:
    first = since_boot()
    assert first > timedelta()
    assert timedelta() <= since_boot() - first < timedelta(seconds=1)


async def test_it_is_watched_logged_counted_and_shown(
    database: Database, bureau: Bureau, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOOK", 0.05)
    before = REGISTRY.get_sample_value("yijue_clock_jumps_total") or 0
    assert (await bureau.admin.get("/api/alarms")).json()["clock"] is None
    since = since_boot()
    with capture_logs() as logs:
        async with clock_watched(database):
            await asyncio.sleep(0.2)
            assert not [each for each in logs if each["event"] == "clock jumped"]
            monkeypatch.setattr(clock, "since_boot", lambda: since + timedelta(minutes=10))
            async with asyncio.timeout(5):
                while not await clock_jumps(owner):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.1)
    (jumped,) = [each for each in logs if each["event"] == "clock jumped"]
    assert (-601 <= jumped["seconds"] <= -598, jumped["log_level"]) == (True, "error")
    assert REGISTRY.get_sample_value("yijue_clock_jumps_total") == before + 1
    await owner.execute("UPDATE deployment SET clock_offset = '0'")
    shown = (await bureau.admin.get("/api/alarms")).json()["clock"]
    assert "拨慢 " in shown["zh"]
    assert (await bureau.lin.get("/api/alarms")).json()["clock"] is None, "a member can do nothing about it"
    assert "拨慢" in (await look_at_jumps(owner)).mend
    await owner.execute("UPDATE clock_jumps SET noticed_at = now() - interval '8 days'")
    assert (await bureau.admin.get("/api/alarms")).json()["clock"] is None
    assert (await look_at_jumps(owner)).mend == ""


@pytest.mark.moment("in_session")
async def test_a_book_of_a_time_still_to_come(bureau: Bureau, owner: Owner, unguarded: Owner, urls: Urls) -> None:
    """Its body's people see the alarm, those of another do not; the start and `yijue check` name it."""
    await owner.execute("UPDATE deployment SET purpose = 'production', clock_offset = '0'")
    sign_ins = SignIns(urls.app, urls.owner)
    assert (await bureau.lin.get("/api/alarms")).json()["clock"] is None
    assert await check_at_start(sign_ins) == []
    stranger = await owner.fetchrow("SELECT * FROM found_organization('乙单位', 'z1', '乙甲', 'x')")
    assert stranger is not None
    who = await owner.fetchval("SELECT id FROM people WHERE name = '乙甲'")
    other = Person("other", who, client_of(None, *await open_session(owner, who)))
    other.client._transport = bureau.lin.client._transport
    later = datetime.now(UTC) + AHEAD
    changed = "book_id = (SELECT id FROM books WHERE subject_type = 'meeting') AND seq = 3"
    await unguarded.execute(f"UPDATE ledger SET at = $1 WHERE {changed}", later)
    await unguarded.execute("UPDATE books SET last_at = $1 WHERE subject_type = 'meeting'", later)
    for person in (bureau.lin, bureau.zhou, bureau.hall):
        shown = (await person.get("/api/alarms")).json()["clock"]
        assert "晚于现在" in shown["zh"], person.key
        assert "a time still to come" in shown["en"]
    assert (await other.get("/api/alarms")).json()["clock"] is None
    assert [each.where for each in await check_at_start(sign_ins)] == ["clock"]
    found = {each.en: each.faults for each in await check_all(sign_ins, no_bar)}
    assert [fault.en.partition(":")[2].partition("(")[0] for fault in found["times of records"]] == [
        " record 3 has a time still to come "
    ]
    await unguarded.execute(f"UPDATE ledger SET at = now() - interval '9 years' WHERE {changed}")
    found = {each.en: each.faults for each in await check_all(sign_ins, no_bar)}
    assert "is earlier than the one before" in found["times of records"][0].en
    await other.client.aclose()
