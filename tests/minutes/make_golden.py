"""Make the golden papers of the newest composer anew, on purpose alone: `pytest tests/minutes/make_golden.py`.

The papers of a version stay once the version is frozen; a later change is a new version with its own papers.
"""

import hashlib

import msgspec

from minutes.composers import COMPOSERS, NEWEST
from tests.bureau import Bureau, become, issue
from tests.minutes.playing import held
from tests.minutes.test_golden import FOLDER, Golden
from tests.second_meeting import SecondRoom, play_second
from tests.storage.attacks import Connection
from tests.test_one_meeting import Room, play


async def keep(owner: Connection, meeting: int, *names: str) -> None:
    """Write the papers of a meeting under these names, in order of issue."""
    rows = await owner.fetch(
        "SELECT *, fonts::text AS fonts_text FROM minutes WHERE meeting_id = $1 AND number IS NOT NULL ORDER BY id",
        meeting,
    )
    entries = await owner.fetch(
        "SELECT l.kind, l.record FROM ledger l JOIN books b ON b.id = l.book_id"
        " WHERE b.subject_type = 'meeting' AND b.subject_id = $1 ORDER BY l.seq", meeting,
    )  # fmt: skip
    issues = [place for place, entry in enumerate(entries) if entry["kind"] == "minutes.issued"]
    folder = FOLDER / f"v{NEWEST}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, row, place in zip(names, rows, issues, strict=True):
        records = [entry["record"] for entry in entries[:place]]
        rounds = COMPOSERS[NEWEST].recount(records)
        assert all(rounds)
        paper = Golden(
            records=[record.decode() for record in records],
            sources=row["sources"].decode(),
            document=row["document"].decode(),
            document_sha256=hashlib.sha256(row["document"]).hexdigest(),
            rounds=len(rounds),
            typesetter=row["typesetter"],
            fonts=msgspec.json.decode(row["fonts_text"]),
            sha256=row["sha256"].hex(),
        )
        encoded = msgspec.json.encode(paper, order="sorted")
        (folder / f"{name}.json").write_bytes(msgspec.json.format(encoded, indent=1) + b"\n")


async def test_an_ordinary_item(bureau: Bureau, owner: Connection) -> None:
    meeting = await held(bureau, owner)
    await meeting.write_up({"copies_to": ["党组成员"], "copies": 12})
    await keep(owner, meeting.room.meeting, "ordinary")


async def test_the_demonstration_and_its_correction(bureau: Bureau, owner: Connection) -> None:
    """The papers of an item passed with written opinions, one put off, a personnel item with a recusal, one not passed,
    one deferred and an ad hoc motion; then void and issued anew."""
    room = Room(bureau, owner)
    await play(room)
    await keep(owner, room.meeting, "demonstration", "correction")


async def test_the_second_meeting(bureau: Bureau, owner: Connection) -> None:
    """The papers of a void vote, the chair handed over, void opinions and objections; signed, issued, then voided."""
    room = SecondRoom(bureau, owner)
    await play_second(room)
    await keep(owner, room.meeting, "second")


async def test_a_meeting_whose_head_decides(bureau: Bureau, owner: Connection) -> None:
    """The papers of a head's decision, with basis, tasks and discussion as written; the recused are not in the base."""
    await owner.execute("""UPDATE bodies SET charter = '{"recused_in_base": false, "lead_working_days": 2}'""")
    await become(owner, bureau.body, "局长办公会")
    meeting = await held(bureau, owner, 2)
    item = meeting.room.items[2]
    task = {"who": "人事科", "what": "任前公示", "due": "2026-02-28", "supervisor": "办公室"}
    texts = {"item": item, "discussion": "会议认为，\n人选合适。", "decision": "任职。", "tasks": [task]}
    await meeting.sign({"items": [texts]})
    await issue(bureau.li, meeting.minutes)
    await keep(owner, meeting.room.meeting, "head")
