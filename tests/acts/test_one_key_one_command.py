"""One key, one command: a key that was used answers the same command alone, whatever else its owner does with it."""

from typing import Any, TypeAlias
from uuid import uuid4

import asyncpg

from acts.commands import check_repetition, digest_of, with_file
from acts.refusal import Allowed
from tests.bureau import Bureau
from tests.test_one_meeting import Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


def test_a_digest_is_of_the_command_and_not_of_its_spelling() -> None:
    said = digest_of("POST", "/api/x", b'{"a": 1, "b": 2}')
    assert said == digest_of("POST", "/api/x", b'{"b":2,"a":1}')
    others = [
        digest_of("DELETE", "/api/x", b'{"a": 1, "b": 2}'),
        digest_of("POST", "/api/y", b'{"a": 1, "b": 2}'),
        digest_of("POST", "/api/x", b'{"a": 1, "b": 3}'),
        digest_of("POST", "/api/x", b'{"a": 1, "b": 2}', b"secret"),
        with_file(said, "a.pdf", b"%PDF"),
        with_file(said, "a.pdf", b"%PDF-"),
        with_file(said, "b.pdf", b"%PDF"),
    ]
    assert len({said, *others}) == 8
    assert check_repetition(said, said) == Allowed()
    assert all(check_repetition(said, other) != Allowed() for other in others)


async def test_a_key_answers_its_own_command_alone(bureau: Bureau, owner: Owner) -> None:
    """Another choice, another person, another operation, another body's book: each is refused, and nothing is done."""
    room = Room(bureau, owner)
    await room.prepare()
    await room.gather()
    b, path = bureau, room.path
    item = await room.discuss(0, b.lin)
    vote = f"{path}/votes/{(await b.zhou.do(f'{item}/votes'))['content']['vote']}"

    async def rule(person: Any, place: str, json: Any, key: Any) -> str:
        answer = await person.post(place, json, key)
        assert answer.status_code == 422, answer.text
        assert "标识" in answer.json()["detail"]
        said: str = answer.json()["rule"]
        return said

    key = uuid4()
    first = (await b.lin.post(f"{vote}/ballots", {"choice": "yes"}, key)).json()
    again = await b.lin.post(f"{vote}/ballots", {"choice": "yes"}, key)
    assert (again.status_code, again.json()) == (200, first)
    before = len(await room.entries())
    assert await rule(b.lin, f"{vote}/ballots", {"choice": "no"}, key) == "command.key"
    assert await rule(b.lin, f"{path}/departures", {"person": b.lin.id}, key) == "command.key"

    left = uuid4()
    assert (await b.li.post(f"{path}/departures", {"person": b.he.id}, left)).is_success
    assert await rule(b.li, f"{path}/departures", {"person": b.lin.id}, left) == "command.key"
    assert await rule(b.li, f"{path}/arrivals", {"person": b.he.id}, left) == "command.key"
    plan = {"title": "另一次会议", "starts_at": "2026-03-03T09:00:00+08:00", "place": "会议室"}
    assert await rule(b.li, f"/api/bodies/{b.body}/meetings", plan, left) == "command.key"
    assert len(await room.entries()) == before + 1
    assert await owner.fetchval("SELECT count(*) FROM meetings WHERE title = '另一次会议'") == 0


async def test_a_password_cannot_be_guessed_by_its_command(bureau: Bureau, owner: Owner) -> None:
    """The digest of a command with a password is keyed by the session, which the database does not keep."""
    b, key = bureau, uuid4()
    person = {"staff_number": "9001", "name": "新人", "post": "", "password": "eight-or-more"}
    first = await b.admin.post("/api/people", person, key)
    assert (await b.admin.post("/api/people", person, key)).json() == first.json()
    other = await b.admin.post("/api/people", {**person, "password": "another-one-yet"}, key)
    assert other.json()["rule"] == "command.key"
    kept = await owner.fetchval("SELECT command FROM ledger WHERE key = $1", key)
    body = str(person).replace("'", '"').encode()
    assert kept != digest_of("POST", "/api/people", body)
    assert kept == digest_of("POST", "/api/people", body, b.admin.secret)
