"""An objection (监督意见) of discipline inspection: it enters the record and acts on nothing.

It stands beside the vote, never in it: docs/decisions/0006-an-objection-stands-in-the-record.md.
"""

from acts.acting import existing
from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct, require_state
from agenda.state import MeetingState
from voting.kinds.deciding import ObjectionRaised


def allow_objection(state: MeetingState, item: int | None = None) -> None:
    """The observer may object, on an item or on the meeting: from the notice until minutes are issued. Raises
    RefusedError."""
    require_state(state, "noticed", "in_session", "adjourned")
    if item is not None:
        existing(state.items.get(item))
    if any(minutes.state == "issued" for minutes in state.minutes.values()):
        raise RefusedError(
            Refused(
                "state.wrong",
                "会议纪要已印发，监督意见不能再记入；请向主持人提出作废更正。",
                "The minutes are issued and take no objection; ask the chair to void and correct them.",
            )
        )


async def raise_objection(act: MeetingAct, text: str, item_id: int | None) -> None:
    """Record the caller's objection; see `allow_objection`."""
    allow_objection(act.context.state, item_id)
    await act.record(ObjectionRaised(item_id, text))
