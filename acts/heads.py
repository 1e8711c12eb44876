"""Heads of books kept outside the database: lines of JSON in a file or at an address of the operator's choice.

An act that ends something (an adjournment, an issue) leaves a job that keeps the heads of the meeting's and the body's
books. A database that is an older copy shows itself by them (docs/decisions, Records that are lost).
"""

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import msgspec
from msgspec import Meta, Struct

from acts.jobs import Work, leave
from storage.database import Transaction
from storage.errors import StorageError
from storage.store import head_of, now

KEPT = "heads.keep"
_ANSWER = 10.0  # seconds


class HeadLine(Struct, frozen=True, omit_defaults=True):
    """The head of a book (`hash` in hex) as it was at a time, after something ended: `what` is the kind of that record;
    of an issue the number that it took."""

    at: datetime
    what: str
    organization: int
    body: int
    subject: str
    id: int
    seq: Annotated[int, Meta(ge=1)]
    hash: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    title: str = ""
    series: str = ""
    year: int = 0
    number: int = 0
    form: int = 1


class Outside:
    """The place outside: a file, an address (http or https) to which lines are posted, or none."""

    def __init__(self, where: str | None) -> None:
        self.where = where

    @property
    def file(self) -> Path | None:
        """The file, where the place is one."""
        return None if self.where is None or self.where.startswith(("http://", "https://")) else Path(self.where)

    async def keep(self, lines: Sequence[HeadLine]) -> None:
        """Add the lines; they are on the disk, or taken by the address, when this returns. Raises OSError,
        httpx.HTTPError."""
        content = b"".join(msgspec.json.encode(each) + b"\n" for each in lines)
        if self.file is not None:
            await asyncio.to_thread(_append, self.file, content)
        elif self.where is not None:
            async with httpx.AsyncClient(timeout=_ANSWER) as client:
                headers = {"Content-Type": "application/x-ndjson"}
                (await client.post(self.where, content=content, headers=headers)).raise_for_status()


def _append(file: Path, content: bytes) -> None:
    """A line that a machine that stopped left half is ended first, so that it spoils none but itself. The group may
    read the file: the operator's commands in compose.yaml do."""
    number = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        size = os.fstat(number).st_size
        os.write(number, (b"\n" if size and os.pread(number, 1, size - 1) != b"\n" else b"") + content)
        os.fsync(number)
    finally:
        os.close(number)


def read_lines(file: Path) -> list[HeadLine]:
    """The lines of a file, in order; what is no line of ours is left out. Raises OSError."""
    found = []
    for text in file.read_bytes().splitlines():
        try:
            found.append(msgspec.json.decode(text, type=HeadLine))
        except msgspec.MsgspecError:
            continue
    return found


async def leave_heads(
    transaction: Transaction, organization: int, body: int, meeting: int, what: str, **more: Any
) -> None:
    """Leave the job that keeps the heads as they are once this transaction has committed, or later ones."""
    await leave(transaction, organization, body, KEPT, {"meeting": meeting, "what": what, **more})


async def keep(work: Work) -> None:
    """Do the job."""
    arguments = dict(work.arguments)
    meeting, what = arguments.pop("meeting"), arguments.pop("what")
    organization, (body,) = work.transaction.scope.organization, work.transaction.scope.bodies
    assert organization is not None
    at, lines = await now(work.connection), []
    for subject in (("meeting", meeting), ("body", body)):
        seq, digest = await head_of(work.connection, subject)
        if seq:
            more = arguments if subject[0] == "meeting" else {}
            lines.append(HeadLine(at, what, organization, body, subject[0], subject[1], seq, digest.hex(), **more))
    await work.tool(Outside).keep(lines)


class HeadsUnreadableError(StorageError):
    """The file of heads cannot be read."""

    def __init__(self, file: Path, why: str) -> None:
        self.file = file
        super().__init__(f"the file of heads {file} cannot be read ({why}): check YIJUE_HEADS")
