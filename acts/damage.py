"""The words for a book of the ledger that is damaged or has lost its end. Everybody whom it concerns sees them."""

from collections.abc import Sequence

from acts.refusal import ALLOWED, Refused, Verdict
from storage.heads import LostBook

BOOKS = {"organization": ("单位", "organization"), "body": ("议事机构", "body"), "meeting": ("会议", "meeting")}


def damaged() -> Refused:
    """The refusal where a book does not end where its head says: nothing is shown of it, and nothing is added."""
    return Refused(
        "ledger.damaged",
        "操作留痕不完整：最后的记录缺失或者已被改动。为免在不完整的记录上继续办理，现已停止。"
        "请立即告知管理员，核查数据库（yijue check）并从备份恢复。",
        "The ledger is not whole: its last records are missing or were changed. Nothing more is shown or done on it: "
        "tell the administrator at once, who checks the database (`yijue check`) and restores it from a backup.",
    )


def lost() -> Refused:
    """The refusal where later records of the body are known outside: nothing is numbered."""
    return Refused(
        "ledger.lost",
        "本机构的操作留痕少于已经发出的记录，数据库可能是恢复的旧备份。在系统管理员查明并登记原因"
        "（yijue explain-loss）之前，暂停印发编号，请立即告知系统管理员。",
        "Fewer records are here than were given out: the database may be an older copy. Nothing is numbered until an "
        "operator has said what happened (`yijue explain-loss`): tell the operator at once.",
    )


def check_lost(books: Sequence[LostBook]) -> Verdict:
    """Whether minutes may be numbered, by the books of the body of which later records are known outside."""
    return lost() if books else ALLOWED


def lost_words(book: LostBook, name: str = "") -> tuple[str, str]:
    """Returns in both languages which records of one book are lost; `name` is its subject's."""
    zh, en = BOOKS.get(book.subject, (book.subject, book.subject))
    what = f"“{name}”" if name else f" {book.id} "
    named = f"“{name}”" if name else str(book.id)
    return (
        f"{zh}{what}的操作留痕现有 {book.here} 条，而已经发出过第 {book.seq} 条（或内容不同）",
        f"{en} {named} has {book.here} records here, and record {book.seq} was given out (or another one)",
    )
