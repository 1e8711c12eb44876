"""An item leaves the meeting without a vote: put off after discussion, withdrawn, or deferred; always with a reason."""

from typing import Literal

from acts.acting import found
from acts.refusal import Refused, RefusedError, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct, require_state
from agenda.sealed import check_sealed
from voting.chairing import chairing
from voting.room import before, require_item_state


async def put_off(act: MeetingAct, item_id: int, reason: str) -> None:
    """The chair puts the vote off to a later meeting, as when positions are close (Rules 6(5))."""
    item = await chairing(act, item_id, *before(act, "item.put_off"))
    if not reason.strip():
        raise RefusedError(
            Refused(
                "decision.reason",
                "暂缓表决须说明理由，请主持人填写。",
                "Putting off takes a reason; the chair gives it.",
            )
        )
    await agenda_store.set_proceedings(act.connection, item.id, "put_off", reason)
    await act.record("item.put_off", {"item": item.id, "reason": reason})


async def take_off(act: MeetingAct, item_id: int, how: Literal["withdraw", "defer"], reason: str) -> None:
    """The chair withdraws or defers an item of the sealed agenda (Rules 6(1), 6(4))."""
    meeting = act.place.meeting
    require_state(meeting, "noticed", "in_session")
    item = found(await agenda_store.item(act.connection, meeting.id, item_id))
    require_item_state(item, *before(act, "item.withdrawn" if how == "withdraw" else "item.deferred"))
    require(check_sealed(how, sealed=True, by_chair=True, reason=reason))
    state: Literal["withdrawn", "deferred"] = "withdrawn" if how == "withdraw" else "deferred"
    await agenda_store.set_proceedings(act.connection, item.id, state, reason)
    await act.record(f"item.{state}", {"item": item.id, "reason": reason})
