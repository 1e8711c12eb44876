"""An objection (监督意见) of discipline inspection: it enters the record and acts on nothing.

It stands beside the vote, never in it: docs/decisions/0006-an-objection-stands-in-the-record.md.
"""

from acts.acting import found
from acts.refusal import Refused, RefusedError
from agenda import store as agenda_store
from agenda.acting import MeetingAct, require_state
from voting import store
from voting.kinds.deciding import ObjectionRaised


async def raise_objection(act: MeetingAct, text: str, item_id: int | None) -> None:
    """Record what the caller objects to, on an item or on the meeting: from the notice until minutes are issued."""
    meeting = act.place.meeting
    require_state(meeting, "noticed", "in_session", "adjourned")
    if item_id is not None:
        found(await agenda_store.item(act.connection, meeting.id, item_id))
    if await store.minutes_stand(act.connection, meeting.id):
        raise RefusedError(
            Refused(
                "state.wrong",
                "会议纪要已印发，监督意见不能再记入；请向主持人提出作废更正。",
                "The minutes are issued and take no objection; ask the chair to void and correct them.",
            )
        )
    await act.record(ObjectionRaised(item_id, text))
