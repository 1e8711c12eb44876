"""Calling an attendee in for an item after the notice: an act of the chair, on record (惯例)."""

from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct, require_state
from agenda.situation import Situation, situation_of
from voting.kinds.sitting import AttendeeCalled


def allow_calling_in(situation: Situation, item_id: int, person: int) -> None:
    """The chair may call this attendee in for an item that is not yet voted. Raises RefusedError."""
    require_state(situation.state, "noticed", "in_session")
    item = situation.item(item_id, "listed", "open")
    known = situation.outside.people.get(person)
    if known is None or "attendee" not in known.roles or known.formal:
        raise RefusedError(
            Refused(
                "input.invalid",
                "通知列席的须为本机构的列席人员。请管理员先授予其列席人员角色。",
                "An attendee of the body is called in; the administrator grants the role first.",
                {"field": "person"},
            )
        )
    if person in item.attendees or person in item.called_in:
        raise RefusedError(
            Refused("state.wrong", "该人员已列席本议题，无须再次通知。", "That person attends for this item already.")
        )


async def call_in(act: MeetingAct, item_id: int, person: int) -> None:
    """Call the attendee in; from now on they see the item as the room does."""
    situation = await situation_of(act)
    allow_calling_in(situation, item_id, person)
    known = situation.outside.people[person]
    await act.record(AttendeeCalled(item_id, person, known.name, known.post))
