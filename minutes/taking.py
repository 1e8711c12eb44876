"""Files of a meeting that somebody is given, as records say it."""

from acts.dates import date_text
from agenda.records import Meeting
from agenda.state import MeetingState
from identity.kinds.accessing import FileTaken, What


def taken(what: What, meeting: Meeting | MeetingState) -> FileTaken:
    """Returns the record of a file of this meeting that somebody is given."""
    day = "" if meeting.starts_at is None else date_text(meeting.starts_at.date())
    return FileTaken(what, f"{day}{meeting.title}", meeting.id)
