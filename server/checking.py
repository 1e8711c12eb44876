"""All that can be damaged, looked at: chains, tables beside records, numbers, references, indexes (`yijue check`)."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AbstractContextManager
from typing import TypeAlias

import asyncpg
from msgspec import Struct

from acts.clock import ahead_words
from acts.clock import said as said_time
from acts.content import Words
from minutes import store as minutes_store
from server.connecting import SignIns, owner_connection
from storage.chains import BrokenBook, check_every_book, read_whole
from storage.clock import WrongTime
from storage.errors import OwnerUnknownError
from storage.integrity import Fault, Progress, check_indexes, check_references
from storage.ledger import BrokenChainError
from storage.migrate import require_current
from storage.store import Subject, books_ahead, damaged_heads, entries, every_book, head_of, wrong_times
from voting.agreement import disagreements
from voting.store import meetings_in_session, tables_of

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
UNREADABLE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""The errors of PostgreSQL and of the driver where files are damaged, or where the server ends over them."""
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
    broken: set[Subject] = set()
    async with owner_connection(sign_ins.owner) as owner:
        await require_current(owner)
        found = [
            await _look("记录链", "chains of records", _check_chains(owner, broken, bar)),
            await _look("会议数据与操作留痕", "meetings beside their records", _check_meetings(owner, broken, bar)),
            await _look("记录时间", "times of records", _check_times(owner)),
            await _look("纪要编号", "annual numbers", _check_numbers(owner)),
            await _look("数据引用", "references", _check_references(owner, bar)),
        ]
    if sign_ins.superuser is None:
        return [*found, Checked("索引", "indexes", 0, [], asked=False)]
    return [*found, await _look("索引", "indexes", _check_indexes(sign_ins.superuser, bar))]


async def check_at_start(sign_ins: SignIns) -> list[Fault]:
    """Look quickly, as a server starts: the end of every book, and the meetings in session as a whole."""
    if sign_ins.owner is None:
        raise OwnerUnknownError("checking the database")
    async with owner_connection(sign_ins.owner) as owner:
        try:
            return [fault async for fault in _faults_at_start(owner)]
        except UNREADABLE as error:
            return [Fault("database", *_unreadable(error))]


async def _faults_at_start(owner: Owner) -> AsyncIterator[Fault]:
    damaged = {subject: last for subject, _, last in await damaged_heads(owner)}
    for subject, last in damaged.items():
        yield _fault(subject, f"记录止于第 {last} 条，其后缺失", f"its records end at {last}")
    if ahead := await books_ahead(owner):
        yield Fault("clock", *ahead_words(ahead))
    for fault in await faults_in_session(owner, damaged):
        yield fault


async def faults_in_session(owner: Owner, damaged: Collection[Subject] = ()) -> list[Fault]:
    """Look at the meetings in session: their chains, and their tables beside their records. The books that are known to
    be `damaged` are left out."""
    faults: list[Fault] = []
    for subject in [("meeting", each) for each in await meetings_in_session(owner)]:
        if subject in damaged:
            continue
        try:
            async with owner.transaction(isolation="repeatable_read", readonly=True):
                records = [each.record for each in await read_whole(owner, subject, await head_of(owner, subject))]
                said = disagreements(records, await tables_of(owner, subject[1]))
            faults += [_fault(subject, zh, en) for zh, en in said]
        except BrokenChainError as error:
            faults.append(_broken(subject, error))
        except UNREADABLE as error:
            faults.append(_fault(subject, *_unreadable(error)))
    return faults


async def _look(zh: str, en: str, kind: Awaitable[tuple[int, list[Fault]]]) -> Checked:
    """Look for one kind of damage; a table that PostgreSQL cannot read is a fault of that kind."""
    try:
        return Checked(zh, en, *await kind)
    except UNREADABLE as error:
        return Checked(zh, en, 0, [Fault(en, *_unreadable(error))])


def _unreadable(error: Exception) -> Words:
    return f"PostgreSQL 读不出数据（{error}）", f"PostgreSQL cannot read the data ({error})"


async def _check_chains(owner: Owner, broken: set[Subject], bar: Bar) -> tuple[int, list[Fault]]:
    """The broken books are put into `broken`."""
    with bar("核验记录链") as progress:
        chains = await check_every_book(owner, progress)
    broken.update(each.subject for each in chains.broken)
    faults = {each.subject: _broken(each.subject, each) for each in chains.broken}
    return chains.records, list(faults.values())


async def _check_times(owner: Owner) -> tuple[int, list[Fault]]:
    faults = [_fault((each.subject, each.id), *_time_words(each)) for each in await wrong_times(owner)]
    return 0, faults


async def _check_numbers(owner: Owner) -> tuple[int, list[Fault]]:
    gaps = await minutes_store.gaps(owner)
    return len(gaps), [
        Fault(f"body {body}", f"机构 {body} {year} 年“{series}”的编号有缺号、重号", f"numbers of “{series}” {year}")
        for body, series, year in gaps
    ]


async def _check_references(owner: Owner, bar: Bar) -> tuple[int, list[Fault]]:
    with bar("核对引用") as progress:
        return 0, await check_references(owner, progress)


async def _check_indexes(superuser: str, bar: Bar) -> tuple[int, list[Fault]]:
    connection = await asyncpg.connect(superuser, server_settings={"search_path": "yijue"})
    try:
        with bar("核对索引") as progress:
            return 0, await check_indexes(connection, progress)
    finally:
        await connection.close()


def _time_words(wrong: WrongTime) -> tuple[str, str]:
    at, seq = said_time(wrong.at), wrong.seq
    if wrong.before is not None and wrong.at < wrong.before:
        return f"第 {seq} 条记录的时间（{at}）早于前一条", f"record {seq} ({at}) is earlier than the one before"
    return f"第 {seq} 条记录的时间（{at}）晚于现在", f"record {seq} has a time still to come ({at})"


async def _check_meetings(owner: Owner, broken: set[Subject], bar: Bar) -> tuple[int, list[Fault]]:
    books = [(book, subject) for book, subject, _, _ in await every_book(owner) if subject[0] == "meeting"]
    faults = []
    with bar("核对会议数据与操作留痕") as progress:
        for done, (book, subject) in enumerate(books, 1):
            if subject not in broken:
                try:
                    async with owner.transaction(isolation="repeatable_read", readonly=True):
                        records = [each.record for each in await entries(owner, book)]
                        tables = await tables_of(owner, subject[1])
                    said = list(disagreements(records, tables))
                except asyncpg.PostgresError as error:
                    said = [_unreadable(error)]
                faults += [_fault(subject, zh, en) for zh, en in said[:1]]  # the first of each
            progress(done, len(books))
    return len(books), faults


def _broken(subject: Subject, where: BrokenBook | BrokenChainError) -> Fault:
    return _fault(subject, f"记录链在第 {where.seq} 条断裂", f"breaks at record {where.seq}: {where.why}")


def _fault(subject: Subject, zh: str, en: str) -> Fault:
    type_, number = subject
    return Fault(f"{type_} {number}", f"{BOOKS.get(type_, type_)} {number}：{zh}", f"{type_} {number}: {en}")
