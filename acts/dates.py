"""Dates as sentences write them. Pure."""

from datetime import date
from zoneinfo import ZoneInfo

BUREAU_TIME = ZoneInfo("Asia/Shanghai")


def date_text(day: date) -> str:
    """2026年1月13日: Arabic figures, no zero padding (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
