"""Cancelling a draft: the meeting is not held, and nothing can be done to it any more. A meeting of which notice was
given is cancelled after its notice is withdrawn."""

from agenda import store
from agenda.acting import MeetingAct, require_step
from agenda.kinds.planning import MeetingCancelled
from agenda.situation import Situation, situation_of


def allow_cancelling(situation: Situation) -> None:
    """Ask whether the meeting may be cancelled now. Raises RefusedError."""
    require_step(situation.outside.kind, situation.state, "meeting.cancelled")


async def cancel(act: MeetingAct, reason: str) -> None:
    """Cancel the draft; its items and papers stay on record with it."""
    allow_cancelling(await situation_of(act))
    await store.cancel(act.connection, act.context.meeting.id)
    await act.record(MeetingCancelled(reason))
