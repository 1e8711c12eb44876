"""A paper waits until the virus scanner has answered."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from structlog.testing import capture_logs

from acts import scanner as scanning
from acts.database import Database
from acts.folding import apply
from acts.jobs import Worker
from acts.limits import Limits
from acts.scanner import Address, Scanner, ScannerAddressError, ScannerAwayError, address_of
from agenda.state import MeetingState
from realtime.hub import Hub
from server.app import create_app
from tests.bureau import Bureau
from tests.clamd import EICAR, Clamd, real_clamd
from tests.fresh_state import differences, fresh_state
from tests.storage.attacks import Connection
from tests.test_one_meeting import PDF, Room

pytestmark = pytest.mark.moment("drafted")
BAD = PDF + EICAR


@pytest.fixture
async def clamd(tmp_path: Path) -> AsyncIterator[Clamd]:
    clamd = Clamd(tmp_path / "clamd.sock")
    async with clamd.running():
        yield clamd


@pytest.fixture
async def app(database: Database, hub: Hub, limits: Limits, clamd: Clamd) -> AsyncIterator[Litestar]:
    scanner = Scanner(Address(path=str(clamd.path)))
    async with Worker(database, {Scanner: lambda: scanner}, poll=0.05).running():
        yield create_app(database, hub, limits, scanner=scanner)


class Desk:
    """The secretary's desk on one item of the draft."""

    def __init__(self, bureau: Bureau, owner: Any) -> None:
        self.room = Room(bureau, owner)
        self.bureau, self.owner = bureau, owner
        self.path = f"{self.room.path}/items/{self.room.items[0]}"

    async def add(self, name: str, content: bytes) -> int:
        files = {"file": (name, content, "application/pdf")}
        answer = await self.bureau.li.client.post(f"{self.path}/papers", files=files)
        assert answer.is_success, answer.text
        assert answer.json()["content"]["checking"]
        paper: int = answer.json()["content"]["paper"]["id"]
        return paper

    async def paper(self, number: int) -> Any:
        view = (await self.bureau.li.get(self.room.path)).json()
        return next(each for item in view["items"] for each in item["papers"] if each["id"] == number)

    async def until(self, number: int, state: str) -> Any:
        async with asyncio.timeout(20):
            while (paper := await self.paper(number))["state"] != state:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return paper

    async def reads(self, number: int) -> Any:
        return await self.bureau.li.get(f"{self.path}/papers/{number}")

    async def last_kind(self) -> str:
        return (await self.room.entries())[-1].record.kind


@pytest.fixture
def desk(bureau: Bureau, owner: Any) -> Desk:
    return Desk(bureau, owner)


async def test_it_is_there_only_once_it_is_let_through(desk: Desk, clamd: Clamd, database: Database) -> None:
    b = desk.bureau
    await b.li.do(f"{desk.path}/materials", {"complete": False})
    clamd.hangs.clear()
    number = await desk.add("预算.pdf", PDF + b"1")
    assert (await desk.paper(number))["state"] == "checking"
    answer = await desk.reads(number)
    assert (answer.status_code, answer.json()["checking"]) == (409, True)
    refused = await b.li.post(f"{desk.path}/materials", {"complete": True})
    assert (refused.json()["rule"], refused.json()["papers"]) == ("materials.incomplete", ["预算.pdf"])
    preview = (await b.li.get(f"{desk.room.path}/notice/preview")).json()
    assert any("预算.pdf" in each["detail"] for each in preview["refusals"])
    clamd.hangs.set()
    await desk.until(number, "kept")
    assert (await desk.reads(number)).content == PDF + b"1"
    await b.li.do(f"{desk.path}/materials", {"complete": True})
    await _agrees(desk)


async def test_what_is_infected_is_gone_and_said(desk: Desk) -> None:
    b = desk.bureau
    for paper in (await b.li.get(desk.room.path)).json()["items"][0]["papers"]:
        await b.li.client.delete(f"{desk.path}/papers/{paper['id']}")
    good = await desk.add("好.pdf", PDF + b"2")
    await desk.until(good, "kept")
    await b.li.do(f"{desk.path}/materials", {"complete": True})
    number = await desk.add("坏.pdf", BAD)
    paper = await desk.until(number, "infected")
    assert (paper["found"], paper["name"]) == ("Eicar-Test-Signature", "坏.pdf")
    assert (await desk.reads(number)).json()["found"] == "Eicar-Test-Signature"
    assert await desk.owner.fetchval("SELECT length(content) FROM papers WHERE id = $1", number) == 0
    said = (await b.li.get(f"{desk.room.path}/ledger")).json()
    assert "材料《坏.pdf》查出病毒（Eicar-Test-Signature），内容已删除" in str(said)
    assert (await b.li.get(desk.room.path)).json()["items"][0]["materials_complete"]  # the other is there
    await b.li.client.delete(f"{desk.path}/papers/{good}")
    assert not (await b.li.get(desk.room.path)).json()["items"][0]["materials_complete"]
    await _agrees(desk)
    assert (await b.li.client.delete(f"{desk.path}/papers/{number}")).is_success


async def test_it_waits_for_a_scanner_that_is_away(
    desk: Desk, clamd: Clamd, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is asked, the job does not fail; the log says so once."""
    monkeypatch.setattr(scanning, "AGAIN", 0)
    clamd.error = "INSTREAM size limit exceeded. ERROR"
    waits = "SELECT count(*) FROM jobs WHERE done_at IS NULL AND attempts = 0 AND last_error LIKE '%size limit%'"
    with capture_logs() as logs:
        number = await desk.add("预算.pdf", PDF + b"1")
        for attempt in range(1, 13):
            async with asyncio.timeout(20):
                while clamd.asked < attempt or not await desk.owner.fetchval(waits):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await desk.owner.execute("UPDATE jobs SET due_at = yijue_now(), last_error = ''")
    assert (await desk.paper(number))["state"] == "checking"
    (said,) = [each for each in logs if each["event"] == "virus scanner"]
    assert "size limit" in said["error"]
    clamd.error = ""
    await desk.owner.execute("UPDATE jobs SET due_at = yijue_now()")
    await desk.until(number, "kept")


async def test_a_draft_that_is_cancelled_meanwhile(desk: Desk, clamd: Clamd) -> None:
    clamd.hangs.clear()
    number = await desk.add("预算.pdf", PDF + b"1")
    await desk.bureau.li.do(f"{desk.room.path}/cancellation", {"reason": "改期"})
    clamd.hangs.set()
    async with asyncio.timeout(20):
        while await desk.owner.fetchval("SELECT count(*) FROM jobs WHERE done_at IS NULL"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert (await desk.paper(number))["state"] == "checking"
    assert (await desk.last_kind()) == "meeting.cancelled"


async def test_postgresql_keeps_it_too(desk: Desk, clamd: Clamd, app_role: Connection, database: Database) -> None:
    clamd.hangs.clear()
    number = await desk.add("预算.pdf", PDF + b"1")
    owner = desk.owner
    item = desk.room.items[0]
    await owner.execute(f"UPDATE items SET materials_complete = false WHERE id = {item}")
    for statement in (
        f"UPDATE items SET materials_complete = true WHERE id = {item}",
        "INSERT INTO notices (meeting_id, body_id, given_at, given_by, agenda_hash)"
        f" SELECT id, body_id, yijue_now(), secretary_id, '' FROM meetings WHERE id = {desk.room.meeting}",
    ):
        with pytest.raises(Exception, match="not let through"):
            await owner.execute(statement)
    async with app_role.transaction():
        assert not await app_role.fetchval("SELECT paper_checked($1, '')", number)  # of no body that it may see
    clamd.hangs.set()


async def _agrees(desk: Desk) -> None:
    """The feed's state is the tables'."""
    state = MeetingState()
    for entry in await desk.room.entries():
        state = apply(state, entry.record)
    assert differences(state, await fresh_state(desk.owner, desk.room.meeting)) == []


def test_an_address() -> None:
    assert address_of("unix:/run/clamav/clamd.ctl") == Address(path="/run/clamav/clamd.ctl")
    assert address_of("127.0.0.1:3310") == address_of("tcp:127.0.0.1:3310") == Address(host="127.0.0.1", port=3310)
    assert address_of("[::1]:3310") == Address(host="::1", port=3310)
    for wrong in ("/run/clamd", "clamd", "host:", "host:x", "unix:run", "host:99999"):
        with pytest.raises(ScannerAddressError):
            address_of(wrong)


async def test_a_scanner_that_hangs_or_is_not_there(
    clamd: Clamd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "ANSWER", 0.1)
    clamd.hangs.clear()
    hanging = Scanner(Address(path=str(clamd.path)))
    with pytest.raises(ScannerAwayError, match="did not answer within"):
        await hanging.scan(b"x")
    with pytest.raises(ScannerAwayError, match="a moment ago"):  # at once: other jobs go on meanwhile
        await hanging.scan(b"x")
    clamd.hangs.set()
    with pytest.raises(ScannerAwayError, match="cannot be reached"):
        await Scanner(Address(path=str(tmp_path / "none"))).scan(b"x")


@pytest.mark.long
@pytest.mark.skipif(shutil.which("clamd", path="/usr/sbin:/usr/bin") is None, reason="this machine has no clamd")
async def test_the_real_clamd(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    async with real_clamd(tmp_path) as socket:
        scanner = Scanner(Address(path=str(socket)))
        assert (await scanner.version()).startswith("ClamAV ")
        assert await scanner.scan(PDF) == ""
        assert "Yijue.Test" in await scanner.scan(BAD)
        assert await scanner.scan(PDF + bytes(50 * 2**20)) == ""  # the largest paper
        with pytest.raises(ScannerAwayError, match="size limit"):
            await scanner.scan(bytes(61 * 2**20))
