"""Records that are lost: what is kept outside is compared with what is here, and an operator says what happened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, to_builtins

from acts.damage import lost_words
from acts.heads import HeadLine, HeadsUnreadableError, Outside, read_lines
from agenda.store import meeting_titles
from bodies.kinds.losing import LostNumber, LostRecords, RecordsLost
from bodies.store import body_names
from minutes.store import lose_numbers
from server.connecting import owner_connection
from storage.heads import LostBook, Told
from storage.store import append, book_of, explain_lost, hash_at, head_told, lost_books

if TYPE_CHECKING:
    from storage.store import Connection


class Loss(Struct, frozen=True):
    """The books of a body of which later records are known outside, and the numbers of minutes among them."""

    body: int
    name: str
    books: list[LostBook]
    titles: dict[int, str]
    numbers: list[LostNumber]

    @property
    def words(self) -> list[tuple[str, str]]:
        """Each book in words, in both languages."""
        return [
            lost_words(each, self.titles.get(each.id, "") if each.subject == "meeting" else self.name)
            for each in self.books
        ]


def kept_lines(where: str | None) -> list[HeadLine]:
    """The lines of the file outside; none where there is no file, or not yet. Raises HeadsUnreadableError."""
    file = Outside(where).file
    return [] if file is None or not file.exists() else read_kept(file)


def read_kept(file: Path) -> list[HeadLine]:
    """The lines of a file of heads. Raises HeadsUnreadableError."""
    try:
        return read_lines(file)
    except OSError as error:
        raise HeadsUnreadableError(file, error.strerror or str(error)) from error


async def compare_heads(owner_url: str, where: str | None) -> list[tuple[str, str]]:
    """Compare the file outside with the database and raise the alarm where it knows later records; give what is lost
    and not explained, in both languages."""
    async with owner_connection(owner_url) as owner:
        return [words for loss in await find_losses(owner, kept_lines(where)) for words in loss.words]


async def find_losses(owner: Connection, lines: Sequence[HeadLine]) -> list[Loss]:
    """Compare the lines with the database and raise the alarm; give the losses that are not explained, by body."""
    for each in _latest(lines):
        subject, told = (each.subject, each.id), Told(each.seq, bytes.fromhex(each.hash))
        await head_told(owner, subject, each.organization, each.body, told, "file")
    lost, names, titles = await lost_books(owner), await body_names(owner), await meeting_titles(owner)
    titles = {each.id: each.title for each in lines if each.title} | titles
    found = []
    for body in dict.fromkeys(each.body for each in lost):
        numbers = [
            LostNumber(each.series, each.year, each.number)
            for each in lines
            if each.body == body and each.number and await _is_lost(owner, each)
        ]
        books = [each for each in lost if each.body == body]
        found.append(Loss(body, names.get(body, str(body)), books, titles, list(dict.fromkeys(numbers))))
    return found


async def _is_lost(owner: Connection, line: HeadLine) -> bool:
    return await hash_at(owner, (line.subject, line.id), line.seq) != line.hash


def _latest(lines: Sequence[HeadLine]) -> list[HeadLine]:
    """The line of the highest seq for each book; of two that differ at one seq, the later."""
    latest: dict[tuple[str, int], HeadLine] = {}
    for each in lines:
        before = latest.get((each.subject, each.id))
        if before is None or each.seq >= before.seq:
            latest[each.subject, each.id] = each
    return list(latest.values())


async def explain(owner: Connection, loss: Loss, reason: str, numbers: Sequence[LostNumber]) -> None:
    """Keep on record what happened, in the body's own book, and let it number minutes again, past the lost numbers."""
    every = list(dict.fromkeys([*loss.numbers, *numbers]))
    async with owner.transaction():
        book = await book_of(owner, ("body", loss.body))
        assert book is not None
        records = [
            LostRecords(each.subject, each.id, loss.titles.get(each.id, "") if each.subject == "meeting" else "",
                        each.here, each.seq, each.hash)
            for each in loss.books
        ]  # fmt: skip
        content = RecordsLost(reason, tuple(records), tuple(every))
        await append(owner, book, None, content.kind, to_builtins(content), None)
        await lose_numbers(owner, loss.body, [(each.series, each.year, each.number) for each in every])
        await explain_lost(owner, loss.body)
