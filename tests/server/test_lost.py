"""An older copy of the database that is put back shows itself: pages and a file know later records."""

import asyncio
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TypeAlias

import asyncpg
import httpx
import msgspec
import pytest
from websockets.exceptions import InvalidStatus

from acts.heads import HeadLine, Outside, read_lines
from bodies.kinds.losing import LostNumber
from server.checking import check_all
from server.connecting import SignIns
from server.lost import explain, find_losses
from storage.heads import sealing, unsealed
from storage.store import lost_books
from tests.bureau import Bureau, Person, issue
from tests.conftest import Urls
from tests.realtime.conftest import Screen, follow
from tests.server.commands import COMMAND, environment, run
from tests.server.test_backup import dumped, ledger_of, restored
from tests.server.test_checking import no_bar
from tests.serving import served_in_a_thread
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
LINE = {"at": "2026-01-13T01:00:00Z", "what": "minutes.issued", "organization": 1, "body": 1, "subject": "meeting",
        "id": 1, "seq": 3, "hash": "ab" * 32}  # fmt: skip


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yijue-test-", ignore_cleanup_errors=True) as there:
        yield Path(there)


@pytest.fixture
def heads(folder: Path) -> str:
    return str(folder / "heads.jsonl")


@asynccontextmanager
async def moved(bureau: Bureau, base: str) -> AsyncIterator[Bureau]:
    """The people of the bureau, with their sessions, at another server."""
    people = {
        key: Person(key, each.id, httpx.AsyncClient(base_url=base, cookies=each.client.cookies,
                                                    headers=each.client.headers, timeout=30))
        for key, each in bureau.people.items()
    }  # fmt: skip
    there = Bureau(people, bureau.body, bureau.organization, dict(bureau.kin), bureau.meeting, bureau.items)
    try:
        yield there
    finally:
        await there.close()


async def issued(bureau: Bureau, path: str) -> int:
    """Draft, approve and issue the minutes; give their number."""
    drafted = await bureau.li.do(f"{path}/minutes")
    minutes = f"{path}/minutes/{drafted['content']['minutes']}"
    await bureau.approve(minutes)
    return int((await issue(bureau.li, minutes))["number"])


async def said_at_start(**settings: str) -> str:
    """Run `yijue serve` until it is ready, end it, and return its log up to there."""
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "serve", "--port", "0", env=environment(**settings),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    said = ""
    try:
        async with asyncio.timeout(30):
            while "ready" not in said:
                line = (await process.stderr.readline()).decode()
                assert line, f"it ended: {said}"
                said += line
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()
    return said


async def alarm_of(screen: Screen) -> bool:
    """Listen until the alarm of the screen changes; give whether there is one."""
    before = screen.following.mine.lost
    async with asyncio.timeout(15):
        while screen.following.mine.lost == before:
            screen.take(await screen.socket.recv())
    return screen.following.mine.lost is not None


@pytest.mark.moment("adjourned")
async def test_a_page_that_knows_more_stops_the_issue(
    bureau: Bureau, owner: Owner, urls: Urls, bare: Urls, folder: Path
) -> None:
    path = Room(bureau, owner).path
    made = await dumped(urls, folder)
    with served_in_a_thread(urls.app) as base:
        async with moved(bureau, base) as there:
            assert await issued(there, path) == 1
            async with follow(there.li, bureau.meeting) as screen:
                await screen.hear()
                query, head = screen.following.query, screen.following.head
    assert (await restored(bare, made.folder)).whole

    with served_in_a_thread(bare.app) as base:
        async with moved(bureau, base) as there, follow(there.zhou, bureau.meeting) as chair:
            first = await chair.hear()
            invented = head.replace(head[-1], "0" if head[-1] != "0" else "1")
            async with follow(there.li, bureau.meeting, f"?head={invented}") as screen:
                await screen.hear()
                assert screen.following.mine.lost is None, "anybody could raise it"
            async with follow(there.li, bureau.meeting, query) as screen:
                assert (await screen.hear())["type"] == "snapshot"
                assert screen.seq == first["seq"], "it went on from what is gone"
                assert screen.following.mine.lost
                assert "yijue explain-loss" in screen.following.mine.lost.zh
            assert await alarm_of(chair), "the other screens of the body"
            assert (await there.lin.get("/api/alarms")).json()["lost"]["en"].startswith("Fewer records are here")
            assert (await there.admin.get("/api/alarms")).json()["lost"]

            drafted = await there.li.do(f"{path}/minutes")
            minutes = f"{path}/minutes/{drafted['content']['minutes']}"
            await there.approve(minutes)
            assert await there.li.refused(f"{minutes}/issue") == "ledger.lost"
            async with follow(there.li, bureau.meeting) as screen:
                await screen.hear()
                (refusals,) = screen.following.mine.may["minutes.issue"].values()
                assert [each.rule for each in refusals] == ["ledger.lost"]
            there_owner = await asyncpg.connect(bare.owner, server_settings={"search_path": "yijue"})
            with pytest.raises(asyncpg.CheckViolationError, match="known outside"):
                await there_owner.execute("INSERT INTO minutes_counters SELECT id, '会议纪要', 2026, 1 FROM bodies")

            # The operator says what happened; the number that was issued is passed over.
            settings = {"YIJUE_DATABASE_URL": bare.app, "YIJUE_DATABASE_OWNER_URL": bare.owner}
            status, said, _ = await run("explain-loss", **settings)
            assert status == 1
            assert "党组会议" in said
            series = await there_owner.fetchval("SELECT series FROM minutes")
            reason = ["--reason", "磁盘损坏，恢复了前一日的备份", "--number", f"{series}〔2026〕1号"]
            status, said, err = await run("explain-loss", *reason, **settings)
            assert status == 0, said + err
            assert not await alarm_of(chair)
            assert (await issue(there.li, minutes))["number"] == 2
            history = (await there.zhao.get(f"/api/bodies/{bureau.body}/history")).json()["records"]
            assert f"{series}〔2026〕1号不再使用" in history[-1]["zh"], history[-1]
            async with follow(there.li, bureau.meeting, query) as screen:
                await screen.hear()
                assert screen.following.mine.lost is None, "it is explained"
            await there_owner.close()
    found = await check_all(SignIns(bare.app, bare.owner), no_bar)
    assert not [fault for each in found for fault in each.faults]


@pytest.mark.moment("in_session")
async def test_the_file_outside_knows_more(
    bureau: Bureau, owner: Owner, urls: Urls, bare: Urls, folder: Path, heads: str
) -> None:
    room = Room(bureau, owner)
    for left in range(5):
        await bureau.zhou.do(f"{room.path}/items/{room.items[left]}/deferral", {"reason": "另议"})
    made = await dumped(urls, folder / "backups")
    await bureau.zhou.do(f"{room.path}/adjournment")
    number = await issued(bureau, room.path)
    async with asyncio.timeout(10):
        while len(lines := _of_meeting(heads)) < 2:  # noqa: ASYNC110 -- a job writes them
            await asyncio.sleep(0.05)
    assert [each.what for each in lines] == ["meeting.adjourned", "minutes.issued"]
    assert lines[-1].number == number == 1
    assert Path(heads).stat().st_mode & 0o027 == 0
    assert await find_losses(owner, lines) == []

    settings = {"YIJUE_DATABASE_URL": bare.app, "YIJUE_DATABASE_OWNER_URL": bare.owner, "YIJUE_HEADS": heads}
    status, said, err = await run("restore", str(made.folder), **settings)
    assert status == 3, said + err
    assert "yijue explain-loss" in said
    _, said, _ = await run("doctor", **settings)
    assert "有丢失" in said
    said = await said_at_start(**settings)
    assert "records_lost" in said
    assert "yijue explain-loss" in said
    there = await asyncpg.connect(bare.owner, server_settings={"search_path": "yijue"})
    (loss,) = await find_losses(there, lines)
    assert loss.numbers == [LostNumber(lines[-1].series, 2026, 1)]
    assert loss.words[0][0].startswith("会议“党组会议”的操作留痕现有")
    status, said, err = await run("explain-loss", "--reason", "恢复旧备份", **settings)
    assert status == 0, said + err
    assert await find_losses(there, lines) == []
    assert await lost_books(there) == ()
    assert "records_lost" not in await said_at_start(**settings)
    # A page that knows even more than the file raises it again.
    more = [msgspec.structs.replace(lines[0], seq=lines[-1].seq + 50, hash="ab" * 32)]
    assert len(await find_losses(there, more)) == 1
    await there.close()
    assert len(await ledger_of(bare.owner)) > 0


@pytest.mark.moment("drafted")
async def test_a_meeting_that_is_lost_whole(bureau: Bureau, owner: Owner, urls: Urls, bare: Urls, folder: Path) -> None:
    made = await dumped(urls, folder)
    planned = {"title": "第二次会议", "starts_at": "2026-03-13T09:00:00+08:00", "place": "三楼"}
    meeting = (await bureau.li.do(f"/api/bodies/{bureau.body}/meetings", planned))["content"]["meeting"]
    with served_in_a_thread(urls.app) as base:
        async with moved(bureau, base) as there, follow(there.li, meeting) as screen:
            await screen.hear()
            head = screen.following.head
    assert (await restored(bare, made.folder)).whole
    with served_in_a_thread(bare.app) as base:
        async with moved(bureau, base) as there:
            assert (await there.lin.get("/api/alarms")).json()["lost"] is None
            with pytest.raises(InvalidStatus):
                async with follow(there.li, meeting, f"?head={head}"):
                    pass
            assert f"会议 {meeting} 的操作留痕现有 0 条" in (await there.lin.get("/api/alarms")).json()["lost"]["zh"]


def _of_meeting(file: str) -> list[HeadLine]:
    lines = read_lines(Path(file)) if Path(file).exists() else []
    return [each for each in lines if each.subject == "meeting"]


def test_only_this_database_seals_heads() -> None:
    seal, digest = sealing(b"key", 3, "meeting", 7), b"\x01" * 32
    told = unsealed(b"key", "meeting", 7, seal(12, digest))
    assert told is not None
    assert (told.body, told.seq, told.hash) == (3, 12, digest)
    assert unsealed(b"another", "meeting", 7, seal(12, digest)) is None
    assert unsealed(b"key", "meeting", 8, seal(12, digest)) is None
    assert unsealed(b"key", "meeting", 7, seal(12, digest).replace(".12.", ".13.")) is None
    assert unsealed(b"key", "meeting", 7, seal(12, digest).replace("3.", "4.", 1)) is None
    for wrong in (None, "", "12", "12..", "x" * 100_000, seal(0, digest)):
        assert unsealed(b"key", "meeting", 7, wrong) is None


async def test_a_line_that_was_cut_spoils_no_other(folder: Path) -> None:
    line = msgspec.convert(LINE, HeadLine)
    file = folder / "heads.jsonl"
    await Outside(str(file)).keep([line])
    file.write_bytes(file.read_bytes() + b'{"at":"2026-01-')
    await Outside(str(file)).keep([line, line])
    assert read_lines(file) == [line] * 3


async def test_an_address_outside_is_asked_again_until_it_takes_them(folder: Path) -> None:
    answers, bodies = [500, 200], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(answers.pop(0))
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    line = msgspec.convert(LINE, HeadLine)
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        outside = Outside(f"http://127.0.0.1:{server.server_port}/heads")
        with pytest.raises(httpx.HTTPStatusError):
            await outside.keep([line])
        await outside.keep([line])
        server.shutdown()
        thread.join()
    assert bodies[1] == msgspec.json.encode(line) + b"\n"


async def test_what_is_said_is_on_record(bureau: Bureau, owner: Owner) -> None:
    ids = {"organization": bureau.organization, "body": bureau.body, "subject": "body", "id": bureau.body, "seq": 300}
    line = msgspec.convert({**LINE, **ids}, HeadLine)
    (loss,) = await find_losses(owner, [line])
    await explain(owner, loss, "误删", [])
    history = (await bureau.zhao.get(f"/api/bodies/{bureau.body}/history")).json()["records"]
    assert history[-1]["zh"] == "系统管理员说明操作留痕丢失的原因：误删。丢失的是：本机构第 0 条之后至第 300 条"
