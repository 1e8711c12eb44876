"""The annual number of minutes (Rules 6(7); Working 22): 按独立序列实行年度编号.

This module says which year a number belongs to and how it reads; numbers are taken elsewhere, from a locked row. A
year's numbers run from 1, or go on from the one that a body had reached before it began here in midyear: entered once,
on record, before the first one of the year is allotted (`minutes.number`).
"""

from datetime import datetime

from acts.dates import BUREAU_TIME
from acts.refusal import ALLOWED, Refused, Verdict
from bodies.charter import Charter


def number_year(charter: Charter, meeting_at: datetime, issued_at: datetime) -> int:
    """Returns the year, in Asia/Shanghai, whose sequence the number is taken from: the meeting's, or the issue's if the
    charter says so. Raises ValueError for a time without an offset."""
    at = issued_at if charter.number_year == "issue" else meeting_at
    if at.utcoffset() is None:
        raise ValueError("a time needs its offset")
    return at.astimezone(BUREAU_TIME).year


def annual_number(year: int, number: int) -> str:
    """Returns the number as printed, in six-sided brackets, without zero padding: 〔2026〕3号 (GB/T 9704-2012).

    Raises ValueError for a number below 1 or a year outside 1 to 9999."""
    if number < 1 or not 1 <= year <= 9999:
        raise ValueError("years and numbers begin at 1")
    return f"〔{year}〕{number}号"


def check_reached(reached: int, latest: int, year: int) -> Verdict:
    """`minutes.number`: the number that a body had reached may be entered for this year: once (`reached` is the one
    that is entered, 0 for none), and before the first one is allotted (`latest`, 0 for none)."""
    if reached:
        return Refused(
            "minutes.number",
            f"{year}年启用前的编号已登记为{reached}，只登记一次，不能更改。",
            f"The number reached before the start in {year} is entered as {reached}; it is entered once.",
            {"year": year, "reached": reached},
        )
    if latest:
        return Refused(
            "minutes.number",
            f"{year}年已在本系统编至{latest}，不能再登记启用前的编号。",
            f"Numbers of {year} are allotted up to {latest}; the number reached before is entered ahead of the first.",
            {"year": year, "latest": latest},
        )
    return ALLOWED
