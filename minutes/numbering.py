"""The running numbers of a body by year: 第N次 of its meetings, 〔年〕N号 of its minutes (Rules 6(7); Working 22).

A body that begins here in midyear enters the number it has reached, once and on record; the secretary knows it, or the
administrator who sets the body up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from acts.refusal import require
from agenda import store as agenda_store
from bodies.charter import Charter
from bodies.entering import BodyAct
from minutes import store
from minutes.kinds.numbering import NumberReached
from minutes.number import check_reached

if TYPE_CHECKING:
    from storage.store import Connection

Numbered = Literal["meetings", "minutes"]


class Numbering(Struct, frozen=True):
    """The numbers of a year: of a body's meetings, or of its minutes by their series. `reached` is the number entered
    for the time before it began here, `latest` the last one allotted here; 0 for none. The next one is `next`."""

    of: Numbered
    series: str
    year: int
    reached: int
    latest: int
    next: int


async def numbering(connection: Connection, body: int, charter: Charter, of: Numbered, year: int) -> Numbering:
    """Returns how far the numbers of a year have come."""
    series = charter.minutes_series if of == "minutes" else ""
    reached = await agenda_store.reached(connection, body, series, year)
    latest = (
        await store.latest_number(connection, body, series, year)
        if of == "minutes"
        else await agenda_store.latest_ordinal(connection, body, year)
    )
    return Numbering(of, series, year, reached, latest, (latest or reached) + 1)


async def enter_reached(act: BodyAct, of: Numbered, year: int, reached: int) -> None:
    """Enter the number that the body has reached in a year. Raises RefusedError (`minutes.number`)."""
    body = act.context.body
    so_far = await numbering(act.connection, body.id, body.charter, of, year)
    require(check_reached(so_far.reached, so_far.latest, year))
    await agenda_store.keep_reached(act.connection, body.id, so_far.series, year, reached, act.caller.person)
    await act.record(NumberReached(so_far.series, year, reached))
