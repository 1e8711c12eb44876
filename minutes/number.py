"""The annual number of minutes (Rules 6(7); Working 22): 按独立序列实行年度编号.

Numbers are allotted elsewhere, from a locked row; here is which year one belongs to and how it reads.
"""

from datetime import datetime, timedelta, timezone

from bodies.charter import Charter

# Asia/Shanghai has stood at this one offset since 1991; a fixed one needs no time zone files.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def number_year(charter: Charter, meeting_at: datetime, issued_at: datetime) -> int:
    """The year whose sequence the number is taken from: the meeting's, or by the charter the issue's,
    in Asia/Shanghai. A time without an offset is a ValueError."""
    at = issued_at if charter.number_year == "issue" else meeting_at
    if at.utcoffset() is None:
        raise ValueError("a time needs its offset")
    return at.astimezone(SHANGHAI).year


def annual_number(year: int, number: int) -> str:
    """The number as printed, six-sided brackets, no zero padding: 〔2026〕3号 (GB/T 9704-2012)."""
    if number < 1 or not 1 <= year <= 9999:
        raise ValueError("years and numbers begin at 1")
    return f"〔{year}〕{number}号"
