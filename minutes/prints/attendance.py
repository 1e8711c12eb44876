"""The sign-in sheet: everybody of the meeting by group and rank, with what is on record of their coming and going."""

from collections.abc import Iterator, Mapping, Sequence

from acts.acting import existing
from agenda.state import MeetingState, PresenceNote
from documents.blocks import Block, Grid, Title, plain
from minutes.prints.meeting import Letter, clock, day_text, grouped, session_text


def sign_in_sheet(state: MeetingState, moved: Mapping[int, Sequence[PresenceNote]], letter: Letter) -> Iterator[Block]:
    """Yields the sheet. `moved` has the notes of presence that stand, by person; the last column is for the hand."""
    yield Title("会议签到表")
    at = existing(state.called_at or state.starts_at)
    yield plain(f"{letter.body}{session_text(state, letter)}，{day_text(at)}，{state.place}。")
    over = state.state in ("in_session", "adjourned")
    rows = []
    for name, people in grouped(state):
        for each in people:
            notes = moved.get(each.id, ())
            came = next((note for note in notes if note.state == "present"), None)
            rest = "，".join(_noted(note) for note in notes if note is not came)
            if over and came is None and not rest and name == "出席":
                rest = "缺席"
            rows.append((name, each.name, each.post, clock(came.at) if came else "", rest, ""))
    yield Grid((4, 3, 5, 2, 4, 3), ("类别", "姓名", "职务", "签到", "备注", "签名"), rows)
    if over:
        members = dict(grouped(state))["出席"]
        here = sum(any(note.state == "present" for note in moved.get(each.id, ())) for each in members)
        yield plain(f"应到会成员{len(members)}人，实到{here}人。")


def _noted(note: PresenceNote) -> str:
    if note.state == "on_leave":
        return f"请假（{note.reason}）" if note.reason else "请假"
    return clock(note.at) + ("返会" if note.state == "present" else "离会")
