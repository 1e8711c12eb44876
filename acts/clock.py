"""The words for a clock that went wrong: a jump, records whose time is still to come."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from acts.dates import BUREAU_TIME
from storage.clock import AheadBook, Jump

SHOWN = timedelta(days=7)  # for which a jump is shown to administrators


def said(at: datetime) -> str:
    """The time as it is written in the bureau."""
    return f"{at.astimezone(BUREAU_TIME):%Y-%m-%d %H:%M}"


_UNITS = ((86400, "天", "days"), (3600, "小时", "h"), (60, "分", "min"), (1, "秒", "s"))


def _length(seconds: int) -> tuple[str, str]:
    """So many seconds by their two largest units, in both languages."""
    parts: list[tuple[int, str, str]] = []
    for size, zh, en in _UNITS:
        count, seconds = divmod(seconds, size)
        if count or parts:
            parts.append((count, zh, en))
    told = [each for each in parts[:2] if each[0]]
    return "".join(f" {count} {zh}" for count, zh, _ in told), " ".join(f"{count} {en}" for count, _, en in told)


def jump_words(jump: Jump) -> tuple[str, str]:
    """A jump in words, in both languages."""
    zh, en = _length(abs(jump.seconds))
    faster = jump.seconds > 0
    return (
        f"{said(jump.at)} 发现服务器时钟突然{'拨快' if faster else '拨慢'}{zh}，此前后记录的时间可能不准。"
        "请系统管理员核对服务器的时间同步（NTP）。",
        f"The server's clock was found at {said(jump.at)} to have jumped {'forward' if faster else 'back'} by {en}: "
        "times recorded around then may be wrong. The operator looks at the server's time synchronization (NTP).",
    )


def ahead_words(books: Sequence[AheadBook]) -> tuple[str, str]:
    """Books with times still to come, in words, in both languages; at least one."""
    latest = said(max(book.at for book in books))
    return (
        f"操作留痕中有时间晚于现在的记录（最晚为 {latest}），服务器时钟出过错。"
        "在时钟到达该时间之前，新的记录都记为该时间。请立即告知系统管理员核对时钟，并在会议记录中说明实际时间。",
        f"The ledger has records of a time still to come (the latest {latest}): the server's clock was wrong. Until it "
        "reaches that time new records have that time too. Tell the operator at once, who sets the clock right, and "
        "write the true times into the proceedings.",
    )
