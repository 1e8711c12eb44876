"""What the dialog for a new meeting goes by: the server's calendar, the last place, the next number."""

from datetime import date
from typing import TypeAlias

import asyncpg
import pytest

from agenda.planning import earliest_date
from tests.bureau import Bureau
from tests.test_one_meeting import at

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
DAYS: dict[int, tuple[list[date], list[date]]] = {2026: ([date(2026, 1, 1)], [date(2026, 1, 4)])}


@pytest.mark.parametrize(
    ("today", "lead", "earliest"),
    [
        (date(2026, 1, 8), 1, date(2026, 1, 9)),
        (date(2026, 1, 9), 1, date(2026, 1, 12)),  # over the weekend
        (date(2026, 1, 2), 1, date(2026, 1, 4)),  # a Sunday that is worked
        (date(2026, 12, 31), 1, None),  # the next year is not announced
        (date(2027, 1, 4), 1, None),
    ],
)
def test_the_earliest_date(today: date, lead: int, earliest: date | None) -> None:
    assert earliest_date(DAYS, today, lead) == earliest


@pytest.mark.moment("issued")
async def test_what_a_new_meeting_goes_by(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    await at(owner, "2026-01-16T10:00:00+08:00")  # a Friday
    plan = (await b.li.get(f"/api/bodies/{b.body}/meetings/planning")).json()
    assert plan == {"lead_working_days": 1, "earliest": "2026-01-19", "place": "三楼会议室", "year": 2026, "next": 2}
    assert (await b.lin.get(f"/api/bodies/{b.body}/meetings/planning")).json()["rule"] == "access.role"
