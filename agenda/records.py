"""Values of the agenda: a meeting as it stands, what belongs to it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from bodies.charter import Charter

MeetingState = Literal["draft", "noticed", "in_session", "adjourned"]
Category = Literal["major", "personnel", "project", "funds", "other"]
ItemState = Literal["listed", "open", "voting", "voted", "decided", "put_off", "withdrawn", "deferred"]
Method = Literal["in_person", "phone", "electronic"]


class Meeting(Struct, frozen=True):
    """A meeting's row. `charter` is the body's until notice, the one frozen by the notice after it;
    `formal_members` is None until the call to order takes N."""

    id: int
    body_id: int
    title: str
    starts_at: datetime
    place: str
    state: MeetingState
    presiding_id: int
    secretary_id: int
    charter: Charter
    hall_secret: str
    year: int | None
    ordinal: int | None
    formal_members: list[int] | None
    called_at: datetime | None
    adjourned_at: datetime | None
