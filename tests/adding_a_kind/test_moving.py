"""A record kind is added: its class, the act that writes it, its test. docs/adding-a-kind.md shows these files."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from acts import folding, packages
from acts.acting import Caller
from acts.database import Database
from acts.folding import UnknownKindError, content_of
from acts.refusal import RefusedError
from agenda.acting import perform_in_meeting
from agenda.state import MeetingState
from agenda.views import View
from tests.adding_a_kind.moving import move_meeting
from tests.bureau import Bureau, Person
from tests.test_one_meeting import Room
from tests.wire import walk

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "adding-a-kind.md"
KEPT: tuple[Callable[..., Any], ...] = (
    packages.installed, packages.operations, packages.rules, packages.words, packages.fields, packages.subjects,
    packages.content_classes, folding._classes,
)  # fmt: skip
"""The caches that are filled once, from the packages that are installed."""


def forget() -> None:
    for each in KEPT:
        each.cache_clear()  # type: ignore[attr-defined] # functools.cache


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the package among the others."""
    with monkeypatch.context() as patch:
        patch.setattr(packages, "FLOORS", (*packages.FLOORS, "tests.adding_a_kind"))
        forget()
        yield
    forget()


async def test_a_kind_is_added(
    added: None, database: Database, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    room, b = Room(bureau, owner), bureau
    await room.plan()

    def caller(person: Person, role: str) -> Caller:
        return Caller(person.id, b.organization, "", False, "", {b.body: frozenset({role})}, person.secret)

    move = partial(move_meeting, place="二楼会议室", reason="停电")
    with pytest.raises(RefusedError) as refused:
        await perform_in_meeting(database, caller(b.li, "secretary"), "meeting.move", room.meeting, move)
    assert [each.rule for each in refused.value.refusals] == ["state.wrong"]
    await room.prepare()
    with pytest.raises(RefusedError) as refused:
        await perform_in_meeting(database, caller(b.lin, "member"), "meeting.move", room.meeting, move)
    assert [each.rule for each in refused.value.refusals] == ["access.role"]
    receipt = await perform_in_meeting(database, caller(b.li, "secretary"), "meeting.move", room.meeting, move)
    assert (receipt.kind, receipt.content) == ("meeting.moved", {"place": "二楼会议室", "reason": "停电"})

    records = [entry.record for entry in await room.entries()]
    assert records[-1].seq == receipt.seq
    said = {
        "secretary": ("会议改在二楼会议室继续：停电", "The meeting goes on in 二楼会议室: 停电"),
        "observer": ("会议改在二楼会议室继续：停电", "The meeting goes on in 二楼会议室: 停电"),
        "floor": ("会议改在二楼会议室继续", "The meeting goes on in 二楼会议室"),
    }
    for view in (View("secretary"), View("observer"), View("floor")):
        *_, last = walk(view, records, MeetingState(), "meeting")  # holds old state plus patch against fresh state
        assert last.words == said[view.name]
        assert (last.state.place, last.state.seq) == ("二楼会议室", receipt.seq)

    page = (await b.zhao.get(f"{room.path}/ledger", after=receipt.seq - 1)).json()
    assert [(each["kind"], each["zh"]) for each in page["records"]] == [("meeting.moved", said["observer"][0])]

    forget()  # without the package, the program is older than the record
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packages, "FLOORS", packages.FLOORS[:-1])
        with pytest.raises(UnknownKindError):
            content_of(records[-1])
    forget()


def test_nothing_else_knows_of_it() -> None:
    """No module, no migration and no page names the kind or its operation."""
    named = []
    for folder in (*packages.FLOORS, "storage", "web/src"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".py", ".sql", ".ts", ".vue"):
                text = path.read_text(encoding="utf-8")
                named += [path for word in ("meeting.moved", "MeetingMoved", "adding_a_kind") if word in text]
    assert not named


def test_the_page_shows_these_files() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in ("kinds/moving.py", "moving.py", "package.py"):
        assert f"```python\n{(HERE / name).read_text(encoding='utf-8')}```" in page, name
