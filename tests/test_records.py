"""The two meetings as files, for the front end to fold and to tell: `tests/records/*.json`, one for each meeting.

A file holds the records with their sentences, what each view shows and says instead of them, and by view what each
record changed in the folded state, as paths with their new values: so `web/src/feed` holds its fold and its sentences
(`state.test.ts`, `tell.test.ts`) against these at every record,
with the words of its sentences and the clauses that it cites (`clauses.test.ts`).
Times, salts and hashes differ from run to run and are evened out before anything is folded. Written anew by
`YIJUE_WRITE_RECORDS=1 pytest tests/test_records.py`.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec

from acts.packages import rules
from realtime.telling import CATEGORIES, CHOICES, METHODS, OUTCOMES, POSITIONS, RESULTS, tell
from realtime.views import see
from storage.ledger import Record
from tests.bureau import Bureau
from tests.realtime.test_secrets import views_of
from tests.second_meeting import SecondRoom, play_second
from tests.test_one_meeting import Room, play
from voting.state import EMPTY, KINDS, MeetingState, apply, fold

FOLDER = Path(__file__).parent / "records"
START = datetime(2026, 1, 8, 2, 0, tzinfo=UTC)
SALT = re.compile(r'("salt":)"[^"]*"')
DIGEST = re.compile(r'"[0-9a-f]{64}"')
WORDS = {
    "category": CATEGORIES,
    "choice": CHOICES,
    "method": METHODS,
    "outcome": OUTCOMES,
    "position": POSITIONS,
    "result": RESULTS,
}
MOST = 1024 * 1024  # bytes of both files


def evened(record: Record) -> Record:
    """The record as it would be had every meeting been held at the same time."""
    text = msgspec.json.encode(record.content).decode()
    content = msgspec.json.decode(DIGEST.sub(f'"{"0" * 64}"', SALT.sub(r'\1"0"', text)))
    salt = "0" * 32 if record.salt else ""
    return msgspec.structs.replace(record, at=START + timedelta(seconds=record.seq), content=content, salt=salt)


def changes(before: Any, after: Any, path: tuple[str | int, ...] = ()) -> list[list[Any]]:
    """[path, value] for each place where the two differ, as deep down as it goes."""
    if before == after:
        return []
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() <= after.keys():
        found = [changes(before[key], after[key], (*path, key)) for key in before]
        found += [[[[*path, key], after[key]]] for key in after.keys() - before.keys()]
        return sorted((each for some in found for each in some), key=repr)
    if isinstance(before, list) and isinstance(after, list) and len(before) <= len(after):
        pairs = enumerate(zip(before, after, strict=False))
        found = [changes(one, other, (*path, place)) for place, (one, other) in pairs]
        found += [[[[*path, place], after[place]]] for place in range(len(before), len(after))]
        return [each for some in found for each in some]
    return [[[*path], after]]


def plain(state: Any) -> Any:
    """As JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(state))


def sentences(record: Record, state: MeetingState) -> list[str]:
    """In Chinese and in English."""
    return [tell(record, state, "zh"), tell(record, state, "en")]


def written(room: Room, records: list[Record]) -> bytes:
    """The file of a meeting."""
    views: dict[str, Any] = {}
    said = [sentences(record, fold(records[: place + 1])) for place, record in enumerate(records)]
    for view in views_of(room, fold(records)):
        whole = shown = EMPTY
        instead: dict[str, Any] = {}
        otherwise: dict[str, Any] = {}
        steps = []
        before: Any = plain(EMPTY)
        for record, wholly in zip(records, said, strict=True):
            whole = apply(whole, record)
            seen = see(view, record, whole)
            if seen != record:
                instead[str(record.seq)] = plain(seen)
            shown = apply(shown, seen)
            if (less := sentences(seen, shown)) != wholly:
                otherwise[str(record.seq)] = less
            after = plain(shown)
            steps.append([change for change in changes(before, after) if change[0] not in (["seq"],)])
            before = after
        views[view.token] = {"instead": instead, "said": otherwise, "changes": steps}
    parts = {
        "clauses": {rule.id: [rule.clause, rule.clause_en] for rule in rules().values() if rule.clause},
        "words": WORDS,
        "kinds": sorted(KINDS),
        "start": plain(EMPTY),
        "records": plain(records),
        "said": said,
        "views": views,
    }
    return msgspec.json.encode(parts, order="sorted") + b"\n"


async def test_the_files_are_current(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    first, second = Room(bureau, owner), SecondRoom(bureau, owner)
    await play(first)
    await play_second(second)
    made = {
        f"{name}.json": written(room, [evened(entry.record) for entry in await room.entries()])
        for name, room in (("first", first), ("second", second))
    }
    assert sum(map(len, made.values())) < MOST
    if os.environ.get("YIJUE_WRITE_RECORDS"):
        FOLDER.mkdir(exist_ok=True)
        for name, content in made.items():
            (FOLDER / name).write_bytes(content)
    for name, content in made.items():
        assert (FOLDER / name).read_bytes() == content, f"{name} is not current: {__doc__}"
