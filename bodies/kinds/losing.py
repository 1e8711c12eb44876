"""Records of a body that are lost since an older copy of the database was put back: an operator says what happened."""

from typing import ClassVar

from msgspec import Struct

from acts.content import Words
from bodies.state import BodyTeller, OfBody


class LostRecords(Struct, frozen=True):
    """A book of which record `seq` was given out, its hash in hex, and is not here any more; `here` is the head that it
    had when this was said. `title` is a meeting's."""

    subject: str
    id: int
    title: str
    here: int
    seq: int
    hash: str


class LostNumber(Struct, frozen=True):
    """A number of minutes that was issued, and is lost with its issue: it is passed over."""

    series: str
    year: int
    number: int


class RecordsLost(OfBody, frozen=True):
    """An operator says why records are lost. Papers and receipts that were given out for them still exist outside."""

    kind: ClassVar = "records.lost"

    reason: str
    books: tuple[LostRecords, ...]
    numbers: tuple[LostNumber, ...]

    def tell(self, teller: BodyTeller) -> Words:
        zh = "；".join(f"{_zh(each)}第 {each.here} 条之后至第 {each.seq} 条" for each in self.books)
        en = "; ".join(f"{_en(each)} after record {each.here} up to {each.seq}" for each in self.books)
        numbers = "、".join(f"{each.series}〔{each.year}〕{each.number}号" for each in self.numbers)
        passed = f"；已印发而丢失的{numbers}不再使用" if numbers else ""
        passed_en = f"; {numbers} had been issued and is passed over" if numbers else ""
        return (
            f"系统管理员说明操作留痕丢失的原因：{self.reason}。丢失的是：{zh}{passed}",
            f"The operator said why records are lost: {self.reason}. Lost are: {en}{passed_en}",
        )


def _zh(book: LostRecords) -> str:
    return f"会议“{book.title or book.id}”" if book.subject == "meeting" else "本机构"


def _en(book: LostRecords) -> str:
    return f"meeting “{book.title or book.id}”" if book.subject == "meeting" else "the body's own book"
