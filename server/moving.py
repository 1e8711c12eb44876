"""`yijue export` and `yijue import-organization`: one organization as JSON lines and files, and back.

The folder is written and checked as a backup's is. Whoever reads it has everything but the sign-ins.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, to_builtins

from identity.kinds.accessing import FileTaken
from identity.store import organization_named
from storage import backups, moving
from storage.backups import Head
from storage.chains import check_every_book
from storage.errors import BackupDamagedError, ImportRefusedError
from storage.integrity import Progress
from storage.migrate import check, known
from storage.moving import FILES, Table
from storage.store import append, book_of, every_book, hash_at, now

if TYPE_CHECKING:
    from storage.store import Connection

PAGE = "organization.json"
NOTE = """一个单位的全部数据（不含密码、会话和设备） · All of one organization but passwords, sessions and devices

organization.json   单位、时间、程序版本、各留痕簿的末条记录 · what this is, and the heads of all books
tables/*.jsonl      每表一个文件，每行一条 · a file for each table, a line for each row
tables/ledger.jsonl 操作留痕：record 为原文，hash = SHA-256(前一条的 hash ‖ 原文) · the records, exactly as hashed
files/              会议材料、印发的会议纪要及其来源 · papers, issued minutes and what they were made of

导入另一数据库 · into another database: yijue import-organization FOLDER
核对 · checksums: sha256sum --check SHA256SUMS
"""


class Exported(Struct, frozen=True):
    """What an export says of itself."""

    at: datetime
    program: str
    schema: int
    organization: int
    name: str
    heads: list[Head]
    rows: dict[str, int]
    form: int = 1


async def export(
    owner: Connection, organization: str | None, folder: Path, progress: Progress
) -> tuple[Path, Exported]:
    """Write the organization (by code or name; None: the only one) into a new folder below `folder`, as of one moment.

    Raises ImportRefusedError where there is no such organization, BackupRunningError, OSError.
    """
    async with owner.transaction(isolation="repeatable_read", readonly=True):
        await owner.execute("SET LOCAL TimeZone = 'UTC'")
        number, name = await _the_one(owner, organization)
        tables = await moving.tables(owner)
        counts = {each.name: await moving.count(owner, each, number) for each in tables}
        at, done = await now(owner), 0
        stamp = f"organization-{number}-{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"
        with backups.writing(folder, stamp) as part:
            for sub in ("tables", "files"):
                (part / sub).mkdir()
            for table in tables:
                with (part / f"tables/{table.name}.jsonl").open("wb") as file:
                    async for row in moving.rows(owner, table, number):
                        file.write(msgspec.json.encode(_with_files(part, table, row)) + b"\n")
                        progress(done := done + 1, sum(counts.values()))
            mine = {(each["subject_type"], each["subject_id"]) for each in _read(part, "books")}
            every = await every_book(owner)
            heads = [Head(*subject, seq, digest.hex()) for _, subject, seq, digest in every if subject in mine]
            schema = len(known()) - len(await check(owner))
            page = Exported(at, version("yijue"), schema, number, name, heads, counts)
            (part / PAGE).write_bytes(msgspec.json.format(msgspec.json.encode(page), indent=1))
            (part / "README.txt").write_text(NOTE, "utf-8")
            await asyncio.to_thread(backups.write_sums, part)
    return folder / f"{backups.PREFIX}{stamp}", page


async def note_taken(owner: Connection, organization: str | None) -> None:
    """Put on record that the operator takes the organization's data. Raises ImportRefusedError."""
    number, name = await _the_one(owner, organization)
    book, said = await book_of(owner, ("access", number)), FileTaken("organization", name)
    assert book is not None
    await append(owner, book, None, said.kind, to_builtins(said), None)


async def _the_one(owner: Connection, organization: str | None) -> tuple[int, str]:
    found = await organization_named(owner, organization)
    if len(found) != 1:
        many = "name one with --organization: " + ", ".join(name for _, name in found) if found else "there is none"
        raise ImportRefusedError(f"no one organization is meant: {many}")
    return found[0]


def _with_files(part: Path, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row with the names of its files in place of them."""
    for column, ending in FILES.get(table.name, {}).items():
        if row[column] is not None:
            name = f"files/{table.name}-{row['id']}-{column}{ending or Path(row['name']).suffix[:10]}"
            (part / name).write_bytes(row[column])
            row[column] = name
    return row


def _read(folder: Path, table: str) -> list[dict[str, Any]]:
    try:
        lines = (folder / f"tables/{table}.jsonl").read_bytes().splitlines()
        return [msgspec.json.decode(line) for line in lines]
    except (OSError, msgspec.MsgspecError) as error:
        raise BackupDamagedError(folder, f"tables/{table}.jsonl cannot be read") from error


async def take_in(owner: Connection, folder: Path, progress: Progress) -> Exported:
    """Take an exported organization into a database that does not have it, all of it or nothing; its books verify and
    end as they did. Raises BackupDamagedError, ImportRefusedError, and PostgreSQL's errors for a name that is taken."""
    try:
        page = msgspec.json.decode((folder / PAGE).read_bytes(), type=Exported)
    except (OSError, msgspec.MsgspecError) as error:
        raise BackupDamagedError(folder, f"{PAGE} cannot be read") from error
    await asyncio.to_thread(backups.verify, folder, lambda _, __: None, PAGE)
    here = len(known()) - len(await check(owner))
    if page.schema != here:
        raise ImportRefusedError(
            f"it is of schema {page.schema}, this database is at {here}: export it with this version"
        )
    tables, done = await moving.tables(owner), 0
    if {each.name for each in tables} != page.rows.keys():
        raise ImportRefusedError("it has other tables than this program knows: export it with this version")
    async with owner.transaction():
        given = {each.name: _read(folder, each.name) for each in tables}
        for table in tables:
            await moving.require_room(owner, table, given[table.name])
        async with moving.taking_in(owner, tables):
            for table in tables:
                for chunk in _chunks(given[table.name], table.name in FILES):
                    await moving.take_in(owner, table, [_with_bytes(folder, table, each) for each in chunk])
                    progress(done := done + len(chunk), sum(page.rows.values()))
        broken = (await check_every_book(owner, lambda _, __: None)).broken
        missing = [each for each in page.heads if await hash_at(owner, each.book, each.seq) != each.hash]
        if broken or missing:
            raise ImportRefusedError(f"its books do not verify ({(*broken, *missing)[0]}): nothing was taken")
    return page


def _chunks(given: Sequence[dict[str, Any]], files: bool) -> list[Sequence[dict[str, Any]]]:
    size = 1 if files else max(len(given), 1)
    return [given[start : start + size] for start in range(0, len(given), size)]


def _with_bytes(folder: Path, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in FILES.get(table.name, {}):
        if row[column] is not None:
            row = {**row, column: "\\x" + (folder / row[column]).read_bytes().hex()}
    return row
