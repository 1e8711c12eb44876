"""The chain of every book, recomputed from its first record and compared with the book's own last seq and hash."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import msgspec
from msgspec import Struct

from storage.errors import DamagedBookError
from storage.integrity import Progress
from storage.ledger import BrokenChainError, Entry, check_chain
from storage.store import Subject, entries, every_book

if TYPE_CHECKING:
    from storage.store import Connection


class BrokenBook(Struct, frozen=True):
    """A book whose chain does not hold, and its first record that is wrong."""

    subject: Subject
    seq: int
    why: str


class Chains(Struct, frozen=True):
    """The numbers of books and records checked, and the broken books."""

    books: int
    records: int
    broken: tuple[BrokenBook, ...]


async def check_every_book(owner: Connection, progress: Progress) -> Chains:
    """Check all books that the connection sees (the owner's sees all), without records that come meanwhile."""
    books = await every_book(owner)
    records = sum(seq for _, _, seq, _ in books)
    broken = []
    done = 0
    for book, subject, seq, digest in books:
        try:
            await read_whole(owner, book, (seq, digest))
        except BrokenChainError as error:
            broken.append(BrokenBook(subject, error.seq, error.why))
        except asyncpg.PostgresError as error:
            broken.append(BrokenBook(subject, 0, f"a record cannot be read ({error})"))
        done += seq
        progress(done, records)
    return Chains(len(books), records, tuple(broken))


async def read_whole(connection: Connection, book: int | Subject, head: tuple[int, bytes]) -> list[Entry]:
    """A book's records up to its head, (seq, hash), once their chain holds. Raises BrokenChainError."""
    seq, digest = head
    if seq == 0:
        return []
    try:
        kept = await entries(connection, book, limit=seq)
        if await asyncio.to_thread(check_chain, kept) != digest or len(kept) != seq:
            raise BrokenChainError(len(kept) + 1, f"record {seq}, the last, is missing or another")
    except DamagedBookError as error:
        why = f"it is missing; the book's head is record {error.head}"
        raise BrokenChainError(error.last + 1, why) from error
    except msgspec.MsgspecError as error:
        raise BrokenChainError(0, f"a record cannot be read ({error})") from error
    return kept
