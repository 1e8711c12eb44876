"""The proceedings are read and signed after the meeting, by the recorder and then by the chair (Measures 2(6))."""

from collections.abc import Set

from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct, require_state
from agenda.state import MeetingState
from minutes.kinds.keeping import CAPACITIES, Capacity, ProceedingsSigned
from minutes.prints.meeting import until_adjourned
from storage.store import entries


def allow_signing(state: MeetingState, capacity: Capacity) -> None:
    """Refuse unless the meeting is adjourned and it is this capacity's turn to sign. Raises RefusedError."""
    require_state(state, "adjourned")
    if capacity in state.proceedings:
        raise _refused(
            f"{CAPACITIES[capacity]}已经阅签会议记录。", f"The {capacity} has signed the proceedings already."
        )
    if capacity == "chair" and "recorder" not in state.proceedings:
        raise _refused(
            "会议记录尚未经记录人阅签，请秘书先行阅签。",
            "The recorder has not signed the proceedings; the secretary signs first.",
        )


def capacity_of(roles: Set[str]) -> Capacity:
    """Returns the capacity in which one with these roles in the meeting signs."""
    return "recorder" if "secretary" in roles else "chair"


async def sign_proceedings(act: MeetingAct) -> None:
    """Sign the proceedings as they follow from the records up to the adjournment."""
    capacity = capacity_of(act.context.roles)
    allow_signing(act.context.state, capacity)
    kept = until_adjourned(await entries(act.connection, ("meeting", act.context.meeting.id)))
    last = kept[-1]
    await act.record(ProceedingsSigned(capacity, last.record.seq, last.hash.hex()))


def _refused(chinese: str, english: str) -> RefusedError:
    return RefusedError(Refused("state.wrong", chinese, english))
