"""Two connections at once, like two programs on one database: the second sees what the first did.

The program locks the meeting's row before each act, so its acts never race; these tests bypass that lock.
"""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from tests.bureau import Bureau, Person
from tests.conftest import Urls
from tests.storage.attacks import WENT_THROUGH, Connection, begin_as, in_turn, record
from tests.test_one_meeting import Room


@pytest.fixture
async def two(bureau: Bureau, urls: Urls) -> AsyncIterator[tuple[Connection, Connection]]:
    """Two connections, each in a transaction of 林静's."""
    pair = [await asyncpg.connect(urls.app, server_settings={"search_path": "yijue"}) for _ in range(2)]
    for connection in pair:
        await connection.execute(begin_as(bureau.lin))
    yield pair[0], pair[1]
    for connection in pair:
        await connection.close()


Two = tuple[Connection, Connection]


@pytest.fixture
async def room(bureau: Bureau, owner: Connection) -> Room:
    room = Room(bureau, owner)
    await room.prepare()
    return room


async def open_vote(room: Room) -> int:
    await room.gather()
    item = await room.discuss(0, room.bureau.lin)
    vote: int = (await room.bureau.zhou.do(f"{item}/votes"))["content"]["vote"]
    return vote


def told(room: Room, kind: str, **content: object) -> str:
    return record("meeting", room.meeting, room.bureau.lin.id, kind, **content)


def ballot(room: Room, vote: int, choice: str) -> str:
    key = uuid4()
    return (
        "INSERT INTO ballots (vote_id, body_id, person_id, version, choice, key, at)"
        f" VALUES ({vote}, {room.bureau.body}, {room.bureau.lin.id}, 1, '{choice}', '{key}', now());"
        + told(room, "ballot.cast", vote=vote, person=room.bureau.lin.id, choice=choice, version=1, key=str(key))
    )


def close(room: Room, vote: int, yes: int) -> str:
    return (
        f"UPDATE votes SET state = 'closed', closed_at = now(), yes = {yes}, no = 0, abstain = 0, defer = 0,"
        f" not_voted = {8 - yes}, result = 'not_passed' WHERE id = {vote};" + told(room, "vote.closed", vote=vote)
    )


@pytest.mark.parametrize(("committed", "outcome"), [(True, "ballots_one_each"), (False, WENT_THROUGH)])
async def test_a_member_votes_once(room: Room, two: Two, owner: Connection, committed: bool, outcome: str) -> None:
    vote = await open_vote(room)
    assert await in_turn(*two, ballot(room, vote, "yes"), ballot(room, vote, "no"), keep_first=committed) == outcome
    assert await owner.fetchval("SELECT count(*) FROM ballots") == 1


async def test_a_closing_counts_the_ballot_that_came_before(room: Room, two: Two) -> None:
    vote = await open_vote(room)
    assert await in_turn(*two, ballot(room, vote, "yes"), close(room, vote, 0)) == "votes_tally"


async def test_a_closing_that_counts_it_goes_through(room: Room, two: Two) -> None:
    vote = await open_vote(room)
    assert await in_turn(*two, ballot(room, vote, "yes"), close(room, vote, 1)) == WENT_THROUGH


async def test_a_ballot_after_the_closing_is_in_no_tally(room: Room, two: Two, owner: Connection) -> None:
    vote = await open_vote(room)
    assert await in_turn(*two, close(room, vote, 0), ballot(room, vote, "yes")) == "ballots_vote_open"
    assert await owner.fetchval("SELECT count(*) FROM ballots") == 0


async def test_of_two_closings_one_closes(room: Room, two: Two) -> None:
    vote = await open_vote(room)
    assert await in_turn(*two, close(room, vote, 0), close(room, vote, 0)) == "votes_stand"


def giving(room: Room) -> str:
    """The statements that give notice and record it."""
    given = told(room, "notice.given").replace(
        "'{}'", "json_build_object('notice', (SELECT max(id) FROM notices))::text"
    )
    return (
        "INSERT INTO notices (meeting_id, body_id, given_at, given_by, agenda_hash) VALUES"
        f" ({room.meeting}, {room.bureau.body}, now(), {room.bureau.lin.id}, '');{given}"
    )


def sealing(room: Room) -> str:
    return f"UPDATE meetings SET state = 'noticed', charter = '{{}}' WHERE id = {room.meeting}"


async def test_an_item_comes_before_the_notice_or_not_at_all(room: Room, two: Two) -> None:
    await room.bureau.zhou.do(f"{room.path}/notice/withdrawal", {"reason": "改期"})
    await room.bureau.approve_agenda(room.path)
    notice = f"{giving(room)}; {sealing(room)}"
    change = f"UPDATE items SET title = '改' WHERE id = {room.items[0]}"
    assert await in_turn(*two, notice, change) == "agenda_sealed"


async def test_a_meeting_has_one_notice(room: Room, two: Two) -> None:
    await room.bureau.zhou.do(f"{room.path}/notice/withdrawal", {"reason": "改期"})
    await room.bureau.approve_agenda(room.path)
    assert await in_turn(*two, f"{giving(room)}; {sealing(room)}", giving(room)) == "notices_one_active"


async def test_one_item_is_before_the_meeting(room: Room, two: Two) -> None:
    await room.gather()
    one, other = (
        f"UPDATE proceedings SET state = 'open' WHERE item_id = {item};{told(room, 'item.presented', item=item)}"
        for item in room.items[:2]
    )
    assert await in_turn(*two, one, other) == "proceedings_one_open"


async def test_who_is_recused_first_is_not_on_the_roll(room: Room, two: Two) -> None:
    await room.gather()
    await room.discuss(0, room.bureau.lin)
    roll = [member.id for member in room.bureau.members if member.key != "xu"]
    place = f"{room.items[0]}, {room.meeting}, {room.bureau.body}"
    recuse = (
        "INSERT INTO recusals (item_id, meeting_id, body_id, person_id, rule, reason)"
        f" VALUES ({place}, {room.bureau.he.id}, 'recusal.declared', 'x');"
        + told(room, "recusal.declared", item=room.items[0])
    )
    opening = (
        "INSERT INTO votes (item_id, meeting_id, body_id, round, roll, base, needed, opened_at)"
        f" VALUES ({place}, 1, ARRAY{roll}, 9, 5, now())"
    )
    assert await in_turn(*two, recuse, opening) == "votes_roll"


async def by_the_administrator(two: Two, bureau: Bureau) -> Two:
    for connection in two:
        await connection.execute(f"ROLLBACK; {begin_as(bureau.admin)}")
    return two


def granting(bureau: Bureau, person: Person, role: str) -> str:
    return f"INSERT INTO grants (body_id, person_id, role) VALUES ({bureau.body}, {person.id}, '{role}');" + record(
        "body", bureau.body, bureau.admin.id, "role.granted", person=person.id, role=role
    )


async def test_nobody_observes_and_heads(bureau: Bureau, two: Two, owner: Connection) -> None:
    await owner.execute("DELETE FROM grants WHERE role = 'head'")
    await by_the_administrator(two, bureau)
    one, other = (granting(bureau, bureau.tang, role) for role in ("observer", "head"))
    assert await in_turn(*two, one, other) == "grants_observer_apart"


async def test_a_body_has_one_chair(bureau: Bureau, two: Two, owner: Connection) -> None:
    await owner.execute("DELETE FROM grants WHERE role = 'head'")
    await by_the_administrator(two, bureau)
    one, other = (granting(bureau, person, "head") for person in (bureau.lin, bureau.he))
    assert await in_turn(*two, one, other) == "grants_one_head"


async def test_a_staff_number_is_one_person_s(bureau: Bureau, two: Two) -> None:
    person = f"INSERT INTO people (organization_id, staff_number, name) VALUES ({bureau.organization}, 'n', '甲')"
    await by_the_administrator(two, bureau)
    made = record("organization", bureau.organization, bureau.admin.id, "person.created").replace(
        "'{}'", "json_build_object('person', json_build_object('id', (SELECT max(id) FROM people)))::text"
    )
    assert await in_turn(*two, f"{person};{made}", person) == "people_staff_number"
