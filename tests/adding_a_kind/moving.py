"""The act: the desk has the meeting go on in another room."""

from agenda.acting import MeetingAct, require_state
from tests.adding_a_kind.kinds.moving import MeetingMoved


async def move_meeting(act: MeetingAct, place: str, reason: str) -> None:
    """Go on elsewhere, once the notice was given and until the meeting is adjourned."""
    require_state(act.context.meeting, "noticed", "in_session")
    await act.record(MeetingMoved(place, reason))
