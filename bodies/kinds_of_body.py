"""The kinds of body, a closed list, and what follows from each: data. PostgreSQL keeps the list (`kinds_of_body`).

A body's kind never changes. Pure.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from acts.procedures import Procedure
from acts.refusal import ALLOWED, Refused, Verdict
from bodies.charter import Charter

Decides: TypeAlias = Literal["majority", "head"]


class KindOfBody(Struct, frozen=True):
    """One kind: the procedure of its meetings, the name of such a meeting, the series of its minutes, and whether
    majority or head decides, for good: no charter and no role changes it (Rules 2, 6(6); Working 6-7)."""

    procedure: Procedure
    meeting: str
    series: str
    decides: Decides


KINDS_OF_BODY: Mapping[str, KindOfBody] = MappingProxyType(
    {
        "党组": KindOfBody("committee", "党组会议", "党组集体决策重大问题会议纪要", "majority"),
        "党委": KindOfBody("committee", "党委会议", "党委会议纪要", "majority"),
        "党总支": KindOfBody("committee", "党总支会议", "党总支会议纪要", "majority"),
        "党支部": KindOfBody("branch", "党支部会议", "党支部会议纪要", "majority"),
        "局长办公会": KindOfBody("executive", "局长办公会议", "局长办公会议纪要", "head"),
        "工作例会": KindOfBody("committee", "工作例会", "工作例会纪要", "head"),
        "专题会议": KindOfBody("committee", "专题会议", "专题会议纪要", "head"),
        "中心组学习": KindOfBody("committee", "中心组学习会", "中心组学习会纪要", "majority"),
        "其他": KindOfBody("committee", "会议", "会议纪要", "majority"),
    }
)


def check_kind(kind: str) -> Verdict:
    """Whether there is such a kind of body."""
    if kind in KINDS_OF_BODY:
        return ALLOWED
    names = "、".join(KINDS_OF_BODY)
    return Refused(
        "input.invalid", f"机构类别须为{names}之一。", f"A body's kind is one of {names}.", {"field": "kind"}
    )


def charter_of(kind: str, laid_down: str) -> Charter:
    """The charter of a body of this kind: `laid_down` (JSON), and where that is silent the kind's series of minutes."""
    return msgspec.convert({"minutes_series": KINDS_OF_BODY[kind].series, **msgspec.json.decode(laid_down)}, Charter)
