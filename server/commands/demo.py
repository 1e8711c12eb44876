"""`yijue demo`: plays the demonstration meeting, prints it line by line, then serves on."""

import asyncio
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from pathlib import Path
from socket import socket

import rich_click as click
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from acts.database import Database, connected
from agenda.labels import local
from agenda.state import MeetingState
from bodies.store import found_organization
from documents.fonts import choose, load
from documents.installed import installed_fonts
from identity.sessions import hash_password
from minutes.verifying import verify
from realtime.hub import Hub
from realtime.records import RecordShown
from server.app import create_app
from server.commands.verify import print_verification
from server.connecting import apply_migrations, owner_connection, reach
from server.demonstration import bureau as facts
from server.demonstration.links import SignInLink, SignInLinks, links_to
from server.demonstration.meeting import Issued, Play
from server.ending import run
from server.serving import PortTakenError, listen, serving
from server.settings import Settings, from_environment
from storage import store

PORT = 8000
FOLDER = Path("var/demo")
_WIDTH = 110


@click.command()
@click.option("--once", is_flag=True, help="出具纪要后即结束 · end after the PDF")
@click.option("--port", type=click.IntRange(0, 65535), help=f"端口（默认 {PORT}，被占用时另选） · port")
def demo(once: bool, port: int | None) -> None:
    """演示一次完整的会议：从会议通知到编号纪要；其后继续提供服务，按 Ctrl-C 结束。

    Play the demonstration meeting on a database of its own, through the interfaces that people use, and serve on
    until Ctrl-C. Exit status 1 if anything comes out otherwise than the rules say.
    """
    lines = Lines()
    with suppress(KeyboardInterrupt):
        run(_demo(lines, once, port))
    sys.exit(1 if lines.differing else 0)


class Lines:
    """The meeting as lines in the terminal; counts what came out otherwise than wanted."""

    def __init__(self) -> None:
        self.console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
        self.checks: list[tuple[str, str, str]] = []

    @property
    def differing(self) -> int:
        return sum(wanted != came for _, wanted, came in self.checks)

    def chapter(self, title: str) -> None:
        self.console.print()
        self.console.print(Rule(Text(title, style="bold"), align="left", style="dim"))

    def record(self, record: RecordShown, state: MeetingState) -> None:
        said = Text(record.zh, style="yellow" if record.kind == "rule.refused" else "default")
        if record.kind == "rule.refused":
            clauses = dict.fromkeys(each.clause for each in state.refusals[record.seq].refusals.values())
            said.append(f"（{'；'.join(clauses)}）", style="dim")
        line = Table.grid(padding=(0, 2))
        line.add_column(style="dim")
        line.add_column(style="dim", justify="right", width=3)
        line.add_column(overflow="fold")
        line.add_row(local(record.at, "zh")[-5:], str(record.seq), said)
        self.console.print(line)

    def check(self, what: str, wanted: str, came: str) -> None:
        self.checks.append((what, wanted, came))
        if wanted == came:
            self.console.print(Text("  ✓ ", style="bold green").append(f"{what}：{came}", style="green"))
        else:
            said = f"{what}：应为“{wanted}”，实为“{came}”"
            self.console.print(Text("  ✗ ", style="bold red").append(said, style="bold red"))

    def outcomes(self) -> None:
        """Print a table of the results wanted and those that came."""
        table = Table(title=Text("演示结果", style="bold"), title_justify="left", expand=True)
        for name in ("事项", "应为", "实为", ""):
            table.add_column(name, overflow="fold")
        for what, wanted, came in self.checks:
            mark = Text("✓", style="green") if wanted == came else Text("✗", style="bold red")
            table.add_row(what, wanted, came, mark)
        self.console.print()
        self.console.print(table)


async def _demo(lines: Lines, once: bool, port: int | None) -> None:
    folder = Path(tempfile.mkdtemp(prefix="yijue-demo-"))
    folder.chmod(0o755)  # root runs PostgreSQL under an account of its own, which must reach it
    settings = from_environment()
    own = Settings(None, None, folder / "data", settings.fonts, settings.origins, settings.proxies)
    hub = Hub(settings.origins)
    try:
        with _listen(port) as listening:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            async with reach(own) as sign_ins:
                assert sign_ins.owner is not None
                await _prepare(sign_ins.owner)
                links = SignInLinks(sign_ins.owner)
                async with (
                    connected(sign_ins.app, hub.announce) as database,
                    serving(
                        create_app(
                            database, hub, fonts=choose(settings.fonts, installed=installed_fonts()), links=links
                        ),
                        listening,
                    ) as server,
                ):
                    issued, going_on = await _play(lines, address, database, settings, once)
                    lines.outcomes()
                    path = _keep(issued)
                    if not once:
                        links.by_key.update(links_to(going_on))
                        _welcome(lines.console, address, going_on, links.by_key, path)
                        await asyncio.shield(server)  # the end of the block shuts it down in order
                    elif not lines.differing:
                        lines.console.print(str(path), soft_wrap=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _listen(port: int | None) -> socket:
    try:
        return listen("127.0.0.1", PORT if port is None else port)
    except PortTakenError:
        if port is not None:
            raise
        return listen("127.0.0.1", 0)


async def _prepare(owner: str) -> None:
    """Do the operator's part: the schema, the organization, its administrator."""
    await apply_migrations(owner, "demonstration")
    async with owner_connection(owner) as connection:
        who = facts.ADMINISTRATOR
        hashed = await hash_password(facts.PASSWORD)
        await found_organization(connection, facts.ORGANIZATION, who.staff_number, who.name, hashed, facts.CODE)


async def _play(lines: Lines, address: str, database: Database, settings: Settings, once: bool) -> tuple[Issued, int]:
    """Play the meeting and, unless `once`, the next as far as its call to order; give the first's minutes, and the id
    of the last meeting."""

    async def clock(at: datetime) -> None:
        async with database.connection() as connection:
            await store.set_clock(connection, at)

    fonts = load(choose(settings.fonts, installed=installed_fonts()))
    async with AsyncExitStack() as stack:
        play = Play(address, clock, lines, fonts)
        issued = await play.run(stack)
        outcome = await verify(database, hashlib.sha256(issued.pdf).digest(), [fonts])
        lines.chapter("核验会议纪要")
        print_verification(lines.console, outcome, "zh")
        lines.check("核验", "通过", "通过" if outcome.holds else "未通过")
        return issued, issued.meeting if once else await play.go_on()


def _keep(issued: Issued) -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER.resolve() / f"{facts.BODY}会议纪要{issued.number}.pdf"
    path.write_bytes(issued.pdf)
    return path


def _welcome(console: Console, address: str, meeting: int, links: Mapping[str, SignInLink], path: Path) -> None:
    """Print the addresses that open each role's screen, signed in; one browser shows them all at once."""
    port = address.rpartition(":")[2]
    table = Table(title=Text("第2次会议正在进行：点开即以该角色登录", style="bold"), title_justify="left", box=None)
    for name in ("角色", "姓名", "工号", "地址"):
        table.add_column(name, no_wrap=True)
    for key, link in links.items():
        table.add_row(link.role, link.name, link.staff_number, f"http://{link.host}.localhost:{port}/demo/{key}")
    console.print()
    console.print(table)
    console.print(f"会议纪要：{path}", soft_wrap=True)
    console.print(f"服务地址：{address}　密码均为 {facts.PASSWORD}　接口说明：{address}/api/schema/openapi.json")
    console.print(f"跟踪会议：yijue watch {meeting} --server {address}")
    console.print("按 Ctrl-C 结束；演示数据随之删除。", style="dim")
