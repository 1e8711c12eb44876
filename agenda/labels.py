"""The words for the values that records and screens name, in Chinese and English."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from acts.content import Words
from acts.dates import BUREAU_TIME

Language = Literal["zh", "en"]

CATEGORIES: Mapping[str, Words] = {
    "major": ("重大事项", "major matter"),
    "personnel": ("人事任免", "personnel"),
    "project": ("重大项目", "project"),
    "funds": ("大额资金", "funds"),
    "other": ("其他事项", "other"),
}
CHOICES: Mapping[str, Words] = {
    "yes": ("同意", "yes"),
    "no": ("反对", "no"),
    "abstain": ("弃权", "abstain"),
    "defer": ("缓议", "defer"),
    "not_voted": ("未表决", "not voted"),
}
POSITIONS: Mapping[str, Words] = {
    "yes": ("赞成", "for"),
    "no": ("反对", "against"),
    "defer": ("缓议", "for putting it off"),
    "none": ("没有表态", "neither for nor against"),
}
PRESENCE: Mapping[str, Words] = {
    "present": ("在会场", "in the room"),
    "left": ("已离场", "gone"),
    "on_leave": ("请假", "on leave"),
    "absent": ("未到会", "absent"),
}
METHODS: Mapping[str, Words] = {
    "in_person": ("书面", "in person"),
    "phone": ("电话", "by phone"),
    "electronic": ("电子", "electronically"),
}
FORMS: Mapping[str, Words] = {
    "device": ("", ""),
    "oral": ("口头", "oral "),
    "hands": ("举手", "show-of-hands "),
}
RESULTS: Mapping[str, Words] = {"passed": ("通过", "passed"), "not_passed": ("未获通过", "not passed")}
OUTCOMES: Mapping[str, Words] = {
    "passed": ("通过", "passed"),
    "not_passed": ("未获通过", "not passed"),
    "amended": ("修改", "amended"),
    "shelved": ("搁置", "shelved"),
    "reconsidered": ("再次讨论", "to be reconsidered"),
}
STAGES: Mapping[str, Words] = {
    "draft": ("筹备中", "being prepared"),
    "noticed": ("已通知", "noticed"),
    "in_session": ("开会中", "in session"),
    "adjourned": ("已散会", "adjourned"),
    "cancelled": ("已取消", "cancelled"),
}
ITEM_STATES: Mapping[str, Words] = {
    "listed": ("待议", "to come"),
    "open": ("讨论中", "in discussion"),
    "voting": ("表决中", "being voted"),
    "voted": ("待宣布", "voted"),
    "decided": ("已决定", "decided"),
    "put_off": ("暂缓表决", "put off"),
    "withdrawn": ("已撤下", "withdrawn"),
    "deferred": ("缓议", "deferred"),
}


_DIGITS = "〇一二三四五六七八九"


def ordinal(number: int) -> str:
    """Returns 一, 二 … 十, 十一 … 九十九, 一〇〇 …."""
    if number >= 100:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")


def local(at: datetime, lang: Language) -> str:
    """Returns the moment in words, in the bureau's time zone, to the minute."""
    there = at.astimezone(BUREAU_TIME)
    if lang == "zh":
        return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"
    return f"{there.day} {there:%B %Y, %H:%M}"
