"""`yijue watch`: a meeting live in the terminal."""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import aclosing, suppress
from typing import Protocol, Self

import rich_click as click
from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from agenda.labels import Language, local
from agenda.state import MeetingState
from decide.reading import visible
from realtime.records import RecordShown
from server.ending import run
from server.watch_picture import Picture
from server.watching import Alarm, Came, Event, Lost, SignIn, follow

_WIDTH = 100
_LINES = 10  # of the latest records on the screen


@click.command()
@click.argument("meeting", type=click.IntRange(1))
@click.option(
    "--server", envvar="YIJUE_SERVER", default="http://127.0.0.1:8000", show_default=True, help="服务器 · server"
)
@click.option("--as", "staff_number", envvar="YIJUE_STAFF_NUMBER", prompt="工号", help="工号 · staff number")
@click.option("--organization", help="单位代号或全称，有多个单位时须填 · needed where there are several")
@click.option("--plain", is_flag=True, help="每条记录一行 · one line a record")
@click.option("--until", type=click.Choice(["adjourned", "issued"]), help="散会（印发纪要）后结束 · end then")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="中文或英文")
def watch(
    meeting: int,
    server: str,
    staff_number: str,
    organization: str | None,
    plain: bool,
    until: str | None,
    lang: Language,
) -> None:
    """在终端实时旁观一次会议；断线自动重连，结束时（或按 Ctrl-C）打印会议全貌。

    Follow MEETING live; it reconnects by itself, and at the end (or on Ctrl-C) prints the whole picture. The password
    is that of YIJUE_PASSWORD, or is asked for.
    """
    password = os.environ.get("YIJUE_PASSWORD") or click.prompt("密码", hide_input=True)
    who = SignIn(server.rstrip("/"), staff_number, password, organization)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    watching: Watching = Plain(console, lang) if plain or not console.is_terminal else Screen(console, lang)
    with suppress(KeyboardInterrupt):
        run(_watch(who, meeting, until, watching))
    if watching.state is not None:
        console.print(Picture(watching.state, lang).whole())


async def _watch(who: SignIn, meeting: int, until: str | None, watching: Watching) -> None:
    with watching:
        async with aclosing(follow(who, meeting)) as events:
            async for event in events:
                watching.take(event)
                if watching.state is not None and _reached(watching.state, until):
                    return


def _reached(state: MeetingState, until: str | None) -> bool:
    if until == "issued":
        return any(minutes.number for minutes in state.minutes.values())
    return until == "adjourned" and state.state == "adjourned"


def _line(record: RecordShown, lang: Language) -> Text:
    said = visible(" ".join((record.zh if lang == "zh" else record.en).split()), 1000)
    style = "yellow" if record.kind == "rule.refused" else "dim" if record.kind == "masked" else "default"
    return Text(f"{local(record.at, lang)[-5:]} {record.seq:>4}  ", style="dim").append(said, style=style)


def _connection(event: Event, lang: Language) -> Text:
    if isinstance(event, Lost):
        again = f"{event.again_in:.0f}"
        return Text(f"○ 连接中断，{again} 秒后重连" if lang == "zh" else f"○ disconnected, again in {again} s", "red")
    return Text("● 已连接" if lang == "zh" else "● connected", style="green")


def _alarm(event: Alarm, lang: Language) -> Text:
    said = event.zh if lang == "zh" else event.en
    none = "操作留痕丢失的原因已登记" if lang == "zh" else "why records are lost is on record"
    return Text(f"✗ {said}", style="bold red") if said else Text(f"✓ {none}", style="green")


class Watching(Protocol):
    """Shows what happens; `state` is the meeting as it was last shown."""

    state: MeetingState | None

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def take(self, event: Event) -> None: ...


class Plain:
    """Prints a line for each record; the state of the connection goes to standard error."""

    def __init__(self, console: Console, lang: Language) -> None:
        self.state: MeetingState | None = None
        self._console, self._lang = console, lang
        self._connected = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def take(self, event: Event) -> None:
        connected = not isinstance(event, Lost)
        if connected != self._connected:
            self._connected = connected
            click.echo(_connection(event, self._lang).plain, err=True)
        if isinstance(event, Alarm):
            self._console.print(_alarm(event, self._lang), soft_wrap=True)
        if isinstance(event, Came):
            self.state = event.state
            if event.record is not None:
                line = _line(event.record, self._lang)
                self._console.print(line, soft_wrap=True)


class Screen:
    """The whole picture, drawn anew as things happen."""

    def __init__(self, console: Console, lang: Language) -> None:
        self.state: MeetingState | None = None
        self._console, self._lang = console, lang
        self._recent: deque[Text] = deque(maxlen=_LINES)
        self._connection = Text("…", style="dim")
        self._live = Live(console=console, get_renderable=self._draw, transient=True, refresh_per_second=8)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def take(self, event: Event) -> None:
        self._connection = _connection(event, self._lang)
        if isinstance(event, Alarm):
            self._recent.append(_alarm(event, self._lang))
        if isinstance(event, Came):
            self.state = event.state
            if event.record is not None and event.record.kind != "masked":
                self._recent.append(_line(event.record, self._lang))

    def _draw(self) -> RenderableType:
        if self.state is None:
            return self._connection
        return Picture(self.state, self._lang).live(tuple(self._recent), self._connection)
