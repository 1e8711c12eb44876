"""`yijue watch`: two processes on one meeting end with the same picture."""

import asyncio
import os
import pty
import re
import signal
import sys
import termios
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from io import StringIO
from pathlib import Path

import asyncpg
import httpx
import pytest
from litestar import Litestar
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from acts.folding import apply
from agenda.labels import Language
from agenda.state import MeetingState
from identity.sessions import hash_password
from server.serving import listen, serving
from server.watch_picture import Picture
from storage.ledger import Record
from tests.bureau import Bureau, Person
from tests.realtime.test_telling import NOW, STORY
from tests.test_one_meeting import Room, play

PIPE = asyncio.subprocess.PIPE
ROOT = Path(__file__).parents[2]
PASSWORD = "watching-2026"
START = "from server.cli import main; main()"


class Watch:
    """A running `yijue watch`, and its standard error."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said = ""
        self._connections = 0
        self._moved = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            async with self._moved:
                self.said += line.decode()
                self._connections += "●" in line.decode()
                self._moved.notify_all()

    async def connected(self, times: int = 1) -> None:
        async with asyncio.timeout(30), self._moved:
            await self._moved.wait_for(lambda: self._connections >= times)

    async def end(self) -> tuple[list[str], str]:
        """Wait for it to end; return the lines of the records, and the picture at the end."""
        async with asyncio.timeout(30):
            assert self.process.stdout is not None
            out = (await self.process.stdout.read()).decode()
            await self.process.wait()
            await self._reading
        assert self.process.returncode == 0, self.said
        lines, edge, picture = out.partition("╭")
        return lines.splitlines(), edge + picture


Start = Callable[..., Awaitable[Watch]]


@pytest.fixture
async def start(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Start]:
    """Starts `yijue watch` as a person."""
    hashed = await hash_password(PASSWORD)
    await owner.execute("UPDATE people SET password_hash = $1", hashed)
    started: list[Watch] = []

    async def begin(
        person: Person, meeting: int, address: str, *options: str, password: str = PASSWORD, stdout: int = PIPE
    ) -> Watch:
        number = await owner.fetchval("SELECT staff_number FROM people WHERE id = $1", person.id)
        environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment |= {"YIJUE_PASSWORD": password, "YIJUE_STAFF_NUMBER": number, "PYTHONPATH": str(ROOT)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, "watch", str(meeting), "--server", address, *options,
            env=environment, stdout=stdout, stderr=PIPE,
            cwd=ROOT, limit=1 << 20,
        )  # fmt: skip
        watch = Watch(process)
        started.append(watch)
        return watch

    yield begin
    for watch in started:
        if watch.process.returncode is None:
            watch.process.kill()
            await watch.process.wait()


class Server:
    """The application on one port, which can go away and come back."""

    def __init__(self, app: Litestar) -> None:
        self._app = app
        self._stack = AsyncExitStack()
        self._port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        listening = self._stack.enter_context(listen("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        await self._stack.enter_async_context(serving(self._app, listening))

    async def stop(self) -> None:
        await self._stack.aclose()
        self._stack = AsyncExitStack()


@pytest.fixture
async def server(app: Litestar) -> AsyncIterator[Server]:
    server = Server(app)
    await server.start()
    yield server
    await server.stop()


async def test_two_end_with_the_same_picture(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", server: Server, start: Start
) -> None:
    """One starts at the beginning, one in the middle; the server goes away in the middle of a vote."""
    room = Room(bureau, owner)
    await room.plan()
    options = ("--plain", "--until", "issued")
    watches = [await start(bureau.lin, room.meeting, server.address, *options)]
    await watches[0].connected()
    away = 0

    async def happens(request: httpx.Request) -> None:
        nonlocal away
        path = request.url.path
        if path.endswith("/call"):
            watches.append(await start(bureau.lin, room.meeting, server.address, *options))
            await watches[1].connected()
        elif path.endswith("/ballots") and away == 0:
            await server.stop()
            away = 1
        elif path.endswith("/decision") and away == 1:
            await server.start()
            away = 2
        elif path.endswith("/put-off"):
            for watch in watches:
                await watch.connected(2)

    for person in bureau.people.values():
        person.client.event_hooks["request"] = [happens]
    await play(room)
    early, late = [await watch.end() for watch in watches]

    assert early[1] == late[1]
    for words in ("2026年第1次", "〔2026〕1号 已印发", "应到 9", "法定 5", "请假 许文博", "购置公务用车"):
        assert words in early[1], early[1]
    rows = re.sub(r"[│\s]+", " ", early[1])
    assert "1 2026年度部门预算执行调整方案 大额资金 已决定 通过" in rows
    assert "同意7 反对1 弃权0 须5" in rows
    assert "反对 郑凯" in rows
    assert "绕城公路改造工程立项 重大项目 暂缓表决 意见接近，留待下次会议讨论" in rows
    assert "回避 郑凯" in rows
    assert "郑晓楠" not in early[1]

    # The early one has every record once, in order, over both connections; the late one has the last of them.
    issued = next(each.record.seq for each in await room.entries() if each.record.kind == "minutes.issued")
    seqs = [int(line.split()[1]) for line in early[0]]
    assert seqs == list(range(2, issued + 1))
    assert late[0] == early[0][-len(late[0]) :]
    assert 30 < len(late[0]) < len(early[0])
    assert watches[0].said.count("连接中断") >= 1


@pytest.mark.moment("noticed")
async def test_a_terminal(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", server: Server, start: Start
) -> None:
    """In a terminal it draws the whole picture as it changes; Ctrl-C leaves the last one standing."""
    room = Room(bureau, owner)
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (50, 110))
    watch = await start(bureau.zhao, room.meeting, server.address, "--lang", "en", stdout=its)
    os.close(its)
    drawn = Terminal(ours)
    await drawn.shows("● connected")
    await room.gather()
    item = await room.discuss(0, bureau.lin)
    opened = await bureau.zhou.do(f"{item}/votes")
    await bureau.lin.do(f"{room.path}/votes/{opened['content']['vote']}/ballots", {"choice": "abstain"})
    await drawn.shows("1/8")
    await drawn.shows("林静 abstain")
    await drawn.shows("林静 has voted: abstain")
    watch.process.send_signal(signal.SIGINT)
    async with asyncio.timeout(30):
        assert await watch.process.wait() == 0
    await drawn.shows("being voted")
    assert "Traceback" not in drawn.said + watch.said


class Terminal:
    """The text drawn on a terminal."""

    def __init__(self, descriptor: int) -> None:
        self.said = ""
        self._drawn = b""  # decoded as a whole: a read may end within a character
        self._more = asyncio.Event()
        self._descriptor = descriptor
        asyncio.get_running_loop().add_reader(descriptor, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, 1 << 16)
        except OSError:  # the other end is closed
            data = b""
        if not data:
            asyncio.get_running_loop().remove_reader(self._descriptor)
            os.close(self._descriptor)
        self._drawn += data
        self.said = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._drawn.decode(errors="replace"))
        self._more.set()

    async def shows(self, words: str) -> None:
        """Wait until these words have been drawn."""
        async with asyncio.timeout(20):
            while words not in self.said:
                self._more.clear()
                await self._more.wait()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 100, 140])
async def test_the_picture_is_aligned(lang: Language, width: int) -> None:
    """Chinese characters are two columns wide: every border stands under the one above."""
    meeting = MeetingState()
    for seq, (kind, content, *_) in enumerate(STORY, start=1):
        meeting = apply(meeting, Record(seq, NOW, 1, 1, 1, kind, content))
        console = Console(width=width, record=True, file=StringIO())
        console.print(Picture(meeting, lang).live([], Text("●")))
        console.print(Picture(meeting, lang).whole())
        lines = console.export_text().splitlines()
        edged = [line for line in lines if line.strip() and line[0] in "╭├╰│"]
        assert len(edged) > 8
        assert {cell_len(line) for line in edged} == {width}, kind


@pytest.mark.parametrize(
    ("meeting", "password", "said"),
    [(1, "wrong", "access.signed_out"), (99, PASSWORD, "unknown")],
)
async def test_who_may_not_is_told_in_one_line(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", server: Server, start: Start,
    meeting: int, password: str, said: str,
) -> None:  # fmt: skip
    await Room(bureau, owner).plan()
    watch = await start(bureau.lin, meeting, server.address, password=password)
    async with asyncio.timeout(30):
        await watch.process.wait()
        await watch._reading
    assert watch.process.returncode == 1
    assert watch.said.count("\n") == 1
    assert said in watch.said


@pytest.mark.moment("in_session")
async def test_lost_records_are_an_alarm(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", server: Server, start: Start
) -> None:
    watch = await start(bureau.zhao, bureau.meeting, server.address, "--plain")
    await watch.connected()
    await owner.execute(
        "INSERT INTO lost_records SELECT 'meeting', id, $1, body_id, 999, sha256(''), 'page' FROM meetings",
        bureau.organization,
    )  # fmt: skip
    assert watch.process.stdout is not None
    async with asyncio.timeout(30):
        while "操作留痕少于已经发出的记录" not in (line := (await watch.process.stdout.readline()).decode()):
            assert line, watch.said
        await owner.execute("UPDATE lost_records SET explained_at = now()")
        while "丢失的原因已登记" not in (line := (await watch.process.stdout.readline()).decode()):
            assert line, watch.said
    watch.process.send_signal(signal.SIGTERM)  # as Ctrl-C
    assert "党组会议" in (await watch.end())[1]


async def test_a_server_that_is_not_there(
    bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", start: Start
) -> None:
    with listen("127.0.0.1", 0) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    watch = await start(bureau.lin, 1, address)
    async with asyncio.timeout(30):
        await watch.process.wait()
        await watch._reading
    assert watch.process.returncode == 1
    assert address in watch.said
    assert "--server" in watch.said
