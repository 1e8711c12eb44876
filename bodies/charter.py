"""A body's own rules, 议事决策规范 (Rules 7-10): the questions that the rules leave to it."""

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from acts.refusal import ALLOWED, Refused, Verdict

_FRACTION = re.compile(r"[0-9]{1,6}/[0-9]{1,6}")
_ONE = Fraction(1)


class Charter(Struct, frozen=True):
    """The rules that one body has laid down for itself; the defaults are those of the common rules.

    Shares are fractions in text, so that no rule ever meets a floating point number. The last eight
    fields concern the running of a meeting and have no part in a decision case.
    """

    lead_working_days: int = 1
    quorum: str = "1/2"
    personnel_quorum: str = "2/3"
    quorum_strict: bool = False
    recused_in_base: bool = True
    recused_counts_present: bool = False
    close_margin: int = 1
    deputies: bool = True
    chair_last: bool = True
    ballot_change: Literal["until_chair", "until_close", "never"] = "until_chair"
    ballots_live: Literal["observer", "all", "nobody"] = "observer"
    oral_vote: bool = True
    hands_vote: bool = True
    number_year: Literal["meeting", "issue"] = "meeting"
    minutes_series: str = "党组集体决策重大问题会议纪要"

    def share_for(self, personnel: bool) -> Fraction:
        """The share of the base that must be present (Measures 2; Rules 5)."""
        return share(self.personnel_quorum if personnel else self.quorum)

    def present_of(self, base: int, personnel: bool) -> int:
        """The least number that must be present out of `base`. The share itself is enough, except by `quorum_strict` on
        an item that is not personnel (Measures 2; Rules 5)."""
        of_base = base * self.share_for(personnel)
        return math.floor(of_base) + 1 if self.quorum_strict and not personnel else math.ceil(of_base)

    def base_of(self, members: int, recused: int) -> int:
        """The base of quorum and majority: 应到会成员, less the recused where the charter says so."""
        return members if self.recused_in_base else members - recused


@lru_cache(maxsize=256)
def share(text: str) -> Fraction:
    """Read a share such as "2/3" or "1", above 0 and at most 1. Raises ValueError for any other text."""
    if text != "1" and not _FRACTION.fullmatch(text):
        raise ValueError('a share is a fraction in text such as "2/3", or "1"')
    top, _, bottom = text.partition("/")
    if bottom and not int(bottom):
        raise ValueError("a share cannot be a part of nothing")
    value = Fraction(int(top), int(bottom or "1"))
    if not 0 < value <= _ONE:
        raise ValueError("a share lies above 0 and is at most 1")
    return value


def check_lawful(charter: Charter) -> Verdict:
    """Whether a body may adopt this charter; the first unlawful field is in `facts["field"]`.

    A charter may ask for more presence than Measures 2 and Rules 5 do, never for less; notice is given
    1 to 30 working days ahead (Rules 6(3)); positions count as close within 0 to 60.
    """
    default = Charter()
    for field, chinese, least in (
        ("quorum", "到会人数比例", default.quorum),
        ("personnel_quorum", "讨论干部问题的到会人数比例", default.personnel_quorum),
    ):
        try:
            raised = share(getattr(charter, field)) >= share(least)
        except ValueError:
            raised = False
        if not raised:
            return _unlawful(
                field,
                f"{chinese}应写作分数，只可高于、不得低于 {least}，请管理员修改",
                f"must be a fraction of at least {least} and at most 1; the administrator can mend it",
            )
    if not 1 <= charter.lead_working_days <= 30:
        return _unlawful(
            "lead_working_days",
            "会议通知提前的工作日应为 1 至 30 个，请管理员修改",
            "must be 1 to 30 working days; the administrator can mend it",
        )
    if not 0 <= charter.close_margin <= 60:
        return _unlawful(
            "close_margin",
            "“意见接近”的人数差应为 0 至 60，请管理员修改",
            "must be 0 to 60; the administrator can mend it",
        )
    if not charter.minutes_series.strip():
        return _unlawful(
            "minutes_series",
            "会议纪要的编号序列须有名称，请管理员填写",
            "the series of the minutes needs a name; the administrator can give it",
        )
    return ALLOWED


def _unlawful(field: str, detail: str, detail_en: str) -> Refused:
    return Refused("input.invalid", f"{detail}。", f"{field}: {detail_en}.", {"field": field})
