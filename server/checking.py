"""All that can be damaged, looked at: chains, tables beside records, numbers, references, indexes (`yijue check`)."""

from collections.abc import Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg
from msgspec import Struct

from acts.clock import ahead_words, said
from minutes import store as minutes_store
from server.connecting import SignIns, owner_connection
from storage.chains import check_every_book
from storage.clock import WrongTime
from storage.errors import OwnerUnknownError
from storage.integrity import Fault, Progress, check_indexes, check_references
from storage.migrate import require_current
from storage.store import books_ahead, damaged_heads, entries, every_book, wrong_times
from voting.agreement import disagreements
from voting.store import meetings_in_session, tables_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Bar = Callable[[str], AbstractContextManager[Progress]]
"""Opens a progress bar with this text."""
BOOKS = {"organization": "单位", "access": "单位登录与查阅记录", "body": "议事机构", "meeting": "会议"}


class Checked(Struct, frozen=True):
    """One kind of damage that was looked for: in how many, and the faults found; `asked` is false where it could not be
    looked for."""

    zh: str
    en: str
    count: int
    faults: list[Fault]
    asked: bool = True


async def check_all(sign_ins: SignIns, bar: Bar) -> list[Checked]:
    """Look at everything, in order; a fault of one kind hides no other. Raises OwnerUnknownError."""
    if sign_ins.owner is None:
        raise OwnerUnknownError("checking the database")
    found = []
    async with owner_connection(sign_ins.owner) as owner:
        await require_current(owner)
        with bar("核验记录链") as progress:
            chains = await check_every_book(owner, progress)
        broken = {each.subject: each for each in chains.broken}
        found.append(
            Checked(
                "记录链", "chains of records", chains.records,
                [_fault(subject, f"记录链在第 {each.seq} 条断裂", f"breaks at record {each.seq}: {each.why}")
                 for subject, each in broken.items()],
            )
        )  # fmt: skip
        with bar("核对会议数据与操作留痕") as progress:
            found.append(await _check_meetings(owner, set(broken), progress))
        times = [_fault((each.subject, each.id), *_time_words(each)) for each in await wrong_times(owner)]
        found.append(Checked("记录时间", "times of records", chains.records, times))
        gaps = [
            Fault(f"body {body}", f"机构 {body} {year} 年“{series}”的编号有缺号、重号", f"numbers of “{series}” {year}")
            for body, series, year in await minutes_store.gaps(owner)
        ]
        found.append(Checked("纪要编号", "annual numbers", len(gaps), gaps))
        with bar("核对引用") as progress:
            found.append(Checked("数据引用", "references", 0, await check_references(owner, progress)))
    async with _superuser(sign_ins) as connection:
        with bar("核对索引") as progress:
            indexes = None if connection is None else await check_indexes(connection, progress)
    return [*found, Checked("索引", "indexes", 0, indexes or [], asked=indexes is not None)]


async def check_at_start(sign_ins: SignIns) -> list[Fault]:
    """Look quickly, as a server starts: the end of every book, and the meetings that are in session."""
    if sign_ins.owner is None:
        raise OwnerUnknownError("checking the database")
    async with owner_connection(sign_ins.owner) as owner:
        damaged = {subject: last for subject, _, last in await damaged_heads(owner)}
        faults = [
            _fault(subject, f"记录止于第 {last} 条，其后缺失", f"its records end at {last}")
            for subject, last in damaged.items()
        ]
        if ahead := await books_ahead(owner):
            faults.append(Fault("clock", *ahead_words(ahead)))
        for meeting in await meetings_in_session(owner):
            if ("meeting", meeting) not in damaged:
                records = [each.record for each in await entries(owner, ("meeting", meeting))]
                said = disagreements(records, await tables_of(owner, meeting))
                faults += [_fault(("meeting", meeting), zh, en) for zh, en in said]
        return faults


def _time_words(wrong: WrongTime) -> tuple[str, str]:
    at, seq = said(wrong.at), wrong.seq
    if wrong.before is not None and wrong.at < wrong.before:
        return f"第 {seq} 条记录的时间（{at}）早于前一条", f"record {seq} ({at}) is earlier than the one before"
    return f"第 {seq} 条记录的时间（{at}）晚于现在", f"record {seq} has a time still to come ({at})"


async def _check_meetings(
    owner: "asyncpg.Connection[asyncpg.Record]", broken: set[tuple[str, int]], progress: Progress
) -> Checked:
    books = [(book, subject) for book, subject, _, _ in await every_book(owner) if subject[0] == "meeting"]
    faults = []
    for done, (book, subject) in enumerate(books, 1):
        if subject not in broken:
            async with owner.transaction(isolation="repeatable_read", readonly=True):
                records = [each.record for each in await entries(owner, book)]
                tables = await tables_of(owner, subject[1])
            faults += [_fault(subject, zh, en) for zh, en in disagreements(records, tables)][:1]  # the first of each
        progress(done, len(books))
    return Checked("会议数据与操作留痕", "meetings beside their records", len(books), faults)


def _fault(subject: tuple[str, int], zh: str, en: str) -> Fault:
    type_, number = subject
    return Fault(f"{type_} {number}", f"{BOOKS.get(type_, type_)} {number}：{zh}", f"{type_} {number}: {en}")


@asynccontextmanager
async def _superuser(sign_ins: SignIns) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record] | None]":
    """A superuser's connection, which this takes: the embedded server's, none to a named one."""
    if sign_ins.superuser is None:
        yield None
        return
    connection = await asyncpg.connect(sign_ins.superuser, server_settings={"search_path": "yijue"})
    try:
        yield connection
    finally:
        await connection.close()
