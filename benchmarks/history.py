"""Ten years of records: fifty meetings a year, two hundred records each, every one by `ledger_append`."""

import asyncio
import time
from collections.abc import Callable

from benchmarks.rooms import add_body
from benchmarks.site import Site

MEETINGS, RECORDS, ITEMS = 500, 200, 8
LONGEST = 60.0  # seconds; records not there by then are left out, and the table gives the number

_CONTENT = (
    "'{\"item\":' || i.id || ',\"person\":' || m.presiding_id || ',\"summary\":\"' || repeat('发言摘要', 40) || '\"}'"
)


async def add_history(site: Site, step: Callable[[], None]) -> int:
    """Add meetings with their votes and ballots as rows, then their records; give how many records. Call `step` after
    each 500."""
    owner = site.owner
    organization = await owner.fetchval("INSERT INTO organizations (name) VALUES ('十年') RETURNING id")
    body = await add_body(site, organization, 9)
    members = [member.id for member in body.members]
    async with owner.transaction():
        await _add_meetings(site, body.id, members, body.secretary.id)
    # A transaction may write to the bodies that it names; this connection names one for all of its transactions.
    await owner.execute("SELECT set_config('yijue.bodies', $1, false)", f"{{{body.id}}}")
    end, written = time.monotonic() + LONGEST, 0
    while written < MEETINGS * RECORDS and time.monotonic() < end:
        await owner.execute(
            f"SELECT ledger_append(k.id, m.presiding_id, 'item.spoken', {_CONTENT}, gen_random_uuid()) FROM meetings m"
            " JOIN books k ON (k.subject_type, k.subject_id) = ('meeting', m.id)"
            " JOIN items i ON i.meeting_id = m.id AND i.position = 1"
            " WHERE m.body_id = $1",
            body.id,
        )
        written += MEETINGS
        step()
        await asyncio.sleep(0)
    await owner.execute("VACUUM ANALYZE")
    return written


async def _add_meetings(site: Site, body: int, members: list[int], secretary: int) -> None:
    """Add meetings, each with its votes and ballots, past the triggers that would have them happen one by one."""
    do = site.owner.execute
    tables = ("items", "proceedings", "presence", "votes", "ballots")
    for table in tables:
        await do(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await do(
        "INSERT INTO meetings (body_id, title, starts_at, presiding_id, secretary_id, hall_secret)"
        " SELECT $1, '党组会议', '2016-01-05'::timestamptz + n * interval '1 week', $2, $3, 'x'"
        " FROM generate_series(0, $4::integer - 1) AS n",
        body, members[0], secretary, MEETINGS,
    )  # fmt: skip
    await do(
        "INSERT INTO items (meeting_id, body_id, position, title, category, in_charge_id, materials_complete)"
        " SELECT m.id, $1, n, '议题' || n, 'funds', m.presiding_id, true"
        " FROM meetings m, generate_series(1, $2::integer) AS n WHERE m.body_id = $1",
        body, ITEMS,
    )  # fmt: skip
    await do(
        "INSERT INTO proceedings (item_id, meeting_id, body_id, state, discussed)"
        " SELECT id, meeting_id, $1, 'decided', true FROM items WHERE body_id = $1",
        body,
    )
    await do(
        "INSERT INTO presence (meeting_id, person_id, body_id, state, method, at)"
        " SELECT id, p, $1, 'present', 'code', starts_at FROM meetings, unnest($2::bigint[]) AS p WHERE body_id = $1",
        body, members,
    )  # fmt: skip
    await do(
        "INSERT INTO votes (item_id, meeting_id, body_id, round, roll, opened_at, base, needed, state, closed_at,"
        " yes, no, abstain, defer, not_voted, result) SELECT i.id, m.id, $1, 1, $2, m.starts_at, 9, 5, 'closed',"
        " m.starts_at, 9, 0, 0, 0, 0, 'passed' FROM items i JOIN meetings m ON m.id = i.meeting_id"
        " WHERE i.body_id = $1",
        body, members,
    )  # fmt: skip
    await do(
        "INSERT INTO ballots (vote_id, person_id, version, body_id, choice, key, at)"
        " SELECT id, p, 1, $1, 'yes', gen_random_uuid(), opened_at FROM votes, unnest(roll) AS p WHERE body_id = $1",
        body,
    )
    for table in tables:
        await do(f"ALTER TABLE {table} ENABLE TRIGGER USER")
