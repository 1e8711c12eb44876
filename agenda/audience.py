"""The people of a meeting: its notice and the acts since say who belongs to it, not the roles granted today. Pure.

Desk, observer and reviewers hold an office, which passes on; a member counts in a meeting as its call to order took
them, an attendee as its notice found them or an act brought them in since."""

from collections.abc import Set as AbstractSet

from agenda.state import MeetingState


def roles_there(state: MeetingState, person: int, granted: AbstractSet[str]) -> frozenset[str]:
    """Returns a person's roles in a meeting, of those `granted` in its body today.

    The chair is the presiding member or the one they entrusted, nobody else. N's members are members until the meeting
    is adjourned, whatever happens to their roles (Rules 6(5)). The substitute recorder of the item before the meeting
    is the recorder.
    """
    roles, current = set(granted) - {"chair"}, state.current
    if state.chair == person:
        roles.add("chair")
    if state.state == "in_session" and person in state.formal_members:
        roles.add("member")
    if state.called_at is not None and person not in state.formal_members:
        roles.discard("member")
    if current is not None and current.recorder == person:
        roles.add("recorder")
    if not belongs(state, person):
        roles.discard("attendee")
    return frozenset(roles)


def belongs(state: MeetingState, person: int) -> bool:
    """Whether somebody attends this meeting (列席): found by its notice, called in for an item, or noted in the room.
    Before the first notice nobody is named yet."""
    if not state.notices:
        return True
    return person in state.invited or person in state.presence or bool(called_in(state, person))


def called_in(state: MeetingState, person: int) -> frozenset[int]:
    """Returns the items for which an attendee was named in the notice or called in since."""
    return frozenset(item.id for item in state.items.values() if person in item.attendees or person in item.called_in)
