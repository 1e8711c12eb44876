"""A disk that fills up: papers are refused first, then acts, each in a sentence; no record is lost."""

import asyncio
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import httpx
import pytest
from litestar import Litestar

from acts.database import Database
from acts.refusal import ALLOWED, Refused
from acts.room import MIB, Room, check_room
from storage import embedded
from storage.errors import DiskFullError
from tests.bureau import Bureau
from tests.faults.disks import REFUSALS, CannotMountError, fill, mounted
from tests.faults.voting import hold, open_a_vote, owner_of
from tests.server.commands import run
from tests.serving import served
from tests.test_one_meeting import PDF
from tests.test_one_meeting import Room as Meeting

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk();
"""


def test_papers_leave_a_reserve() -> None:
    assert check_room(None, 50 * MIB, 512 * MIB) is ALLOWED
    assert check_room(612 * MIB, 50 * MIB, 512 * MIB) is ALLOWED  # once in the log, once in the table
    refused = check_room(612 * MIB - 1, 50 * MIB, 512 * MIB)
    assert isinstance(refused, Refused)
    assert (refused.rule, refused.status) == ("disk.reserve", 507)
    assert isinstance(check_room(None, 1, 0, full=True), Refused)


@pytest.mark.moment("drafted")
async def test_a_paper_is_refused_and_all_else_goes_on(
    bureau: Bureau, database: Database, owner: "asyncpg.Connection[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The paper is refused by the room on the disk before it is read; what takes less is still done."""
    database.room = Room(Path("/"), 10 * MIB)
    papers = f"/api/meetings/{bureau.meeting}/items/{bureau.items[0]}/papers"
    file = {"file": ("a.pdf", PDF, "application/pdf")}
    assert (await bureau.li.client.post(papers, files=file)).is_success
    monkeypatch.setattr("acts.room.shutil.disk_usage", lambda _: SimpleNamespace(free=10 * MIB))
    before = await owner.fetchval("SELECT count(*) FROM papers")
    answer = await bureau.li.client.post(papers, files=file)
    assert (answer.status_code, answer.json()["rule"]) == (507, "disk.reserve"), answer.text
    assert "请联系管理员清理磁盘" in answer.json()["detail"]
    assert await owner.fetchval("SELECT count(*) FROM papers") == before
    item = {"title": "一项", "category": "other"}
    assert (await bureau.li.post(f"/api/meetings/{bureau.meeting}/items", item)).is_success


@pytest.mark.moment("in_session")
async def test_a_full_disk_is_a_clear_refusal(
    bureau: Bureau, app: Litestar, owner: "asyncpg.Connection[asyncpg.Record]", unguarded: asyncpg.Connection
) -> None:
    """PostgreSQL has no room for a ballot: it is refused in words and readiness says so, being alive does not; papers
    stay away for a while."""
    room = Meeting(bureau, owner)
    opened = await bureau.zhou.do(f"{await room.discuss(0, bureau.lin)}/votes")
    ballots = f"{room.path}/votes/{opened['content']['vote']}/ballots"
    assert (await bureau.lin.get("/ready")).json() == {"status": "ok"}
    await owner.execute(FULL.format(table="ballots"))
    answer = await bureau.lin.post(ballots, {"choice": "yes"})
    assert (answer.status_code, answer.json()["rule"]) == (503, "disk.full"), answer.text
    assert int(answer.headers["retry-after"]) >= 1
    assert "清理磁盘空间" in answer.json()["detail"]
    await owner.execute("DROP TRIGGER full_disk ON ballots; DROP FUNCTION full_disk")
    await bureau.lin.do(ballots, {"choice": "yes"})
    await owner.execute(FULL.format(table="readiness"))
    await asyncio.sleep(1)  # a write speaks for the next second
    for path in ("/ready", "/api/health"):
        answer = await bureau.lin.get(path)
        assert (answer.status_code, answer.json()["rule"]) == (503, "disk.full"), answer.text
    assert (await bureau.lin.get("/health")).json() == {"status": "ok"}


async def test_readiness_keeps_few_rows(
    app_role: "asyncpg.Connection[asyncpg.Record]", owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    for _ in range(200):
        await app_role.execute("SELECT write_readiness()")
    assert await owner.fetchval("SELECT count(*) FROM readiness") <= 64
    assert await owner.fetchval("SELECT pg_relation_size('readiness')") <= 64 * 8192
    async with owner.transaction():  # as a dump holds it
        await owner.execute("LOCK TABLE readiness IN ACCESS SHARE MODE")
        for _ in range(70):
            await app_role.execute("SELECT write_readiness()")


async def test_many_who_ask_wait_for_one_write(database: Database, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    await asyncio.gather(*(database.readiness.ask() for _ in range(50)))
    assert await owner.fetchval("SELECT count(*) FROM readiness") == 1


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A folder on a disk of its own that holds little."""
    with tempfile.TemporaryDirectory(prefix="yijue-disk-") as folder:
        Path(folder).chmod(0o755)
        try:
            with mounted(Path(folder)):
                yield Path(folder)
        except CannotMountError:
            pytest.skip("a small disk takes root")


@pytest.mark.long
async def test_a_real_disk_fills_up(small_disk: Path, tmp_path: Path) -> None:
    """Papers are refused while votes go on; then another program takes all of the disk, and acts are refused in words;
    once there is room all goes on, and each acknowledged ballot is there."""
    data = small_disk / "data"
    async with embedded.running(data) as database:
        voting = await open_a_vote(database)
    with served(tmp_path, data=str(data), reserve="64") as server:
        http = httpx.AsyncClient(base_url=server.base, timeout=20)
        await voting.move_to(server.base)
        bureau = voting.room.bureau
        plan = {"title": "党组会议", "starts_at": "2026-02-13T09:00:00+08:00"}
        meeting = (await bureau.li.do(f"/api/bodies/{bureau.body}/meetings", plan))["content"]["meeting"]
        added = await bureau.li.do(f"/api/meetings/{meeting}/items", {"title": "一项", "category": "other"})
        papers = f"/api/meetings/{meeting}/items/{added['content']['item']['id']}/papers"
        for number in range(20):
            file = {"file": (f"{number}.pdf", PDF + os.urandom(12 * MIB), "application/pdf")}
            answer = await bureau.li.client.post(papers, files=file)
            if not answer.is_success:
                break
        assert (answer.status_code, answer.json()["rule"]) == (507, "disk.reserve"), answer.text
        assert number >= 2
        await voting.cast_until(20, lambda: None)
        assert not voting.untold, "a ballot was refused while papers left room for it"
        assert (await http.get("/ready")).is_success

        others: list[Path] = []
        person, ready = bureau.zheng, None
        async with asyncio.timeout(120):
            while ready is None or ready.is_success:
                key, ballot = voting.ballot(person, "yes")
                voting.untold[key] = (person, ballot)
                while key in voting.untold and (ready is None or ready.is_success):
                    # What PostgreSQL frees, or has kept for itself, is taken too.
                    others.append(fill(small_disk, f"other{len(others)}"))
                    answer = await person.post(f"{voting.vote}/ballots", ballot, key)
                    if answer.is_success:
                        voting.told[key] = (voting.untold.pop(key)[0], answer.json())
                    else:
                        assert (answer.status_code, answer.json()["rule"]) in REFUSALS, answer.text
                        ready = await http.get("/ready")
        assert ready.status_code == 503
        assert ready.headers["content-type"] == "application/problem+json"
        assert int(ready.headers["retry-after"]) >= 1
        assert (await http.get("/health")).is_success
        for other in others:
            other.unlink()
        async with asyncio.timeout(40):
            while not (await http.get("/ready")).is_success:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        running = embedded.attached(data)
        assert running is not None
        async with owner_of(running.url("yijue_owner")) as owner:
            await hold(voting, owner)
        await voting.cast_until(10, lambda: None)
        assert "Traceback" not in server.log.read_text("utf-8")
        await http.aclose()
    await bureau.close()


@pytest.mark.long
async def test_a_start_on_a_full_disk(small_disk: Path) -> None:
    data = small_disk / "data"
    async with embedded.running(data):
        pass
    fill(small_disk, "other")
    status, said, error = await run("serve", "--port", "0", YIJUE_DATA=str(data))
    assert (status, said) == (1, ""), error
    assert "磁盘已满" in error
    assert "Traceback" not in error


async def test_no_space_for_a_first_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("storage.cluster.open_cluster", no_space)
    with pytest.raises(DiskFullError, match="磁盘已满"):
        async with embedded.running(tmp_path / "data"):
            pass
