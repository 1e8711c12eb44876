"""Forgeries by a tester in the program's own role, with its password: each attack is refused (design, section 4)."""

import hashlib
import re
from uuid import uuid4

import asyncpg
import pytest

from acts.procedures import PROCEDURES
from bodies.kinds_of_body import KINDS_OF_BODY
from identity.sessions import hash_password
from storage.ledger import GENESIS
from storage.store import entries
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.storage.attacks import NO_PRIVILEGE, WENT_THROUGH, Attacker, Connection, begin, begin_as, record, why
from tests.test_one_meeting import Room


@pytest.fixture
async def room(bureau: Bureau, owner: Connection) -> Room:
    """A meeting in session, its first vote open, one ballot cast."""
    room = Room(bureau, owner)
    await room.prepare()
    await room.gather()
    item = await room.discuss(0, bureau.lin)
    vote = (await bureau.zhou.do(f"{item}/votes"))["content"]["vote"]
    await bureau.lin.do(f"{room.path}/votes/{vote}/ballots", {"choice": "no"})
    return room


async def test_who_signed_in_is_who_acts(room: Room, app_role: Connection, owner: Connection) -> None:
    """林静 can write neither another's ballot, nor another's record, nor any change of state without its record."""
    b, m, vote = room.bureau, room.meeting, await owner.fetchval("SELECT id FROM votes")
    lin, he, zhou = b.lin.id, b.he.id, b.zhou.id
    attacker, key = Attacker(app_role, b.lin), uuid4()
    ballot = (
        "INSERT INTO ballots (vote_id, body_id, person_id, version, choice, key, at)"
        f" VALUES ({vote}, {b.body}, {he}, 1, 'yes', '{key}', now())"
    )
    cast = {"vote": vote, "person": he, "choice": "yes", "version": 1, "key": str(key)}
    void = "UPDATE votes SET state = 'void', closed_at = now(), yes = 0, no = 1, abstain = 0, defer = 0, not_voted = 7"
    await attacker.assert_refused(
        {
            ballot: "recorded",
            f"{record('meeting', m, lin, 'ballot.cast', **cast)}; {ballot}": "recorded",
            f"{record('meeting', m, he, 'ballot.cast', **cast)}; {ballot}": NO_PRIVILEGE,
            record("meeting", m, zhou, "chair.handed", person=lin, reason="x"): NO_PRIVILEGE,
            record("meeting", m, zhou, "x.y").replace(f" {zhou},", " NULL,"): NO_PRIVILEGE,
            f"UPDATE presence SET state = 'left' WHERE person_id = {he}": "recorded",
            f"{record('meeting', m, lin, 'presence.left', person=zhou)};"
            f" UPDATE presence SET state = 'left' WHERE person_id = {he}": "recorded",
            f"UPDATE meetings SET acting_id = {lin}": "recorded",
            f"{record('meeting', m, lin, 'chair.handed', person=he, reason='')};"
            f" UPDATE meetings SET acting_id = {lin}": "recorded",
            "UPDATE proceedings SET state = 'withdrawn', reason = 'x' WHERE state = 'listed'": "recorded",
            void: "recorded",
            f"{record('meeting', m, lin, 'vote.closed', vote=vote)}; {void}": "recorded",
            f"SAVEPOINT one; {record('meeting', m, lin, 'presence.left', person=he)}; ROLLBACK TO one;"
            f" UPDATE presence SET state = 'left' WHERE person_id = {he}": "recorded",
            f"UPDATE seats SET seat = 77 WHERE person_id = {he}": "recorded",
            "DELETE FROM kinships": "people_in_session",
            "UPDATE bodies SET charter = '{}'": "administrator_proved",
            "SELECT create_body('甲', '党组')": "administrator_proved",
            f"SELECT set_password_of({zhou}, 'x')": "security_proved",
            f"INSERT INTO grants (body_id, person_id, role) VALUES ({b.body}, {lin}, 'secretary')": NO_PRIVILEGE,
        }
    )  # fmt: skip
    assert await owner.fetchval("SELECT array_agg(person_id) FROM ballots") == [lin]


async def test_yesterday_s_record_is_not_today_s(room: Room, app_role: Connection) -> None:
    """A record of the same kind that an earlier transaction wrote does not serve a later change."""
    b = room.bureau
    left = record("meeting", room.meeting, b.lin.id, "presence.left", person=b.he.id)
    await app_role.execute(f"{begin_as(b.lin)}; {left}; COMMIT")
    change = f"UPDATE presence SET state = 'left' WHERE person_id = {b.he.id}"
    attacker = Attacker(app_role, b.lin)
    assert await attacker.attack(change) == "recorded"
    assert await attacker.attack(f"{change}; {left}") == WENT_THROUGH  # the change may come before its record


async def test_an_administrator_changes_nothing_without_a_record(bureau: Bureau, app_role: Connection) -> None:
    b = bureau
    attacker = Attacker(app_role, b.admin)
    await attacker.assert_refused(
        {
            f"INSERT INTO grants (body_id, person_id, role) VALUES ({b.body}, {b.lin.id}, 'secretary')": "recorded",
            f"DELETE FROM grants WHERE person_id = {b.lin.id}": "recorded",
            "UPDATE bodies SET charter = '{\"quorum\": \"1/9\"}'": "recorded",
            "UPDATE bodies SET kind = '局长办公会'": NO_PRIVILEGE,
            f"UPDATE people SET administrator = true WHERE id = {b.lin.id}": "recorded",
            f"UPDATE people SET name = '甲' WHERE id = {b.lin.id}": "recorded",
            f"SELECT set_password_of({b.zhou.id}, 'x')": "recorded",
            "SELECT create_body('甲', '党组')": "recorded",
            "SELECT create_body('甲', '俱乐部')": "bodies_kind_known",
            f"INSERT INTO calendar_years VALUES ({b.organization}, 2027, '{{}}', '{{}}')": "recorded",
            f"INSERT INTO matters (body_id, year, code, title, category) VALUES ({b.body}, 2026, '1', 'x', 'funds')":
                "recorded",
            f"INSERT INTO kin (body_id, name) VALUES ({b.body}, '甲')": "recorded",
            "DELETE FROM kinships": "recorded",
        }
    )  # fmt: skip


async def test_a_proof_is_not_made_by_hand_nor_kept(bureau: Bureau, app_role: Connection, urls: Urls) -> None:
    """The setting can be written, but its seal holds only for the transaction in which the session was proved."""
    b = bureau
    await app_role.execute(begin_as(b.lin))
    proof = await app_role.fetchval("SELECT current_setting('yijue.proof')")
    assert await app_role.fetchval("SELECT proved_person()") == b.lin.id
    await app_role.execute("COMMIT")
    assert await app_role.fetchval("SELECT proved_person()") is None
    other = await asyncpg.connect(urls.app, server_settings={"search_path": "yijue"})
    as_chair = proof.replace(f"|{b.lin.id}|", f"|{b.zhou.id}|", 1)
    for connection in (app_role, other):
        for forged in (proof, as_chair, "", "x", "0" * 64, f"{'0' * 64}|{proof[65:]}"):
            await connection.execute(f"BEGIN; SET LOCAL yijue.proof = '{forged}'")
            assert await connection.fetchval("SELECT proved_person()") is None
            assert await connection.fetchval("SELECT count(*) FROM people") == 0
            await connection.execute("ROLLBACK")
    await app_role.execute(begin_as(b.lin))
    await app_role.execute(f"SET LOCAL yijue.proof = '{as_chair}'")
    assert await app_role.fetchval("SELECT proved_person()") is None
    await app_role.execute("ROLLBACK")
    await other.close()


async def test_no_session_without_proof(bureau: Bureau, app_role: Connection, owner: Connection) -> None:
    """No session is opened by a secret's kept hash, without the right password, or straight in the table."""
    kept = await owner.fetchval("SELECT secret_hash FROM sessions WHERE person_id = $1", bureau.zhou.id)
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await app_role.execute(f"BEGIN; SELECT begin_as('\\x{kept.hex()}')")
    assert refused.value.constraint_name == "session_proved"
    await app_role.execute("ROLLBACK")
    assert await app_role.fetch("SELECT * FROM authenticate($1)", [kept]) == []
    ticket = await app_role.fetchval("SELECT ticket FROM sign_in_start(NULL, '0001', '', '')")
    await app_role.execute("SELECT sign_in_guess($1, 'x')", ticket)
    assert await app_role.fetchval("SELECT sign_in_finish($1, 'x', '', '1 h', '', '')", ticket) is False


async def test_a_hash_is_not_read_but_compared(bureau: Bureau, app_role: Connection, owner: Connection) -> None:
    """Salt and parameters are given out, the same each time, for existing numbers and others alike. The right hash
    opens one session, once, and never in the transaction that wrote the guess."""
    right = await hash_password("一枚好密码")
    await owner.execute("UPDATE people SET password_hash = $2 WHERE id = $1", bureau.lin.id, right)
    for statement in ("SELECT password_hash FROM people", "SELECT * FROM people", "SELECT guess FROM sign_in_guesses"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_role.execute(statement)
    start = "SELECT ticket, parameters FROM sign_in_start($1, $2, '', '')"
    shape = re.compile(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$[A-Za-z0-9+/]{22}")
    # with a password, without one, unknown, and of an unknown organization
    for place, number in ((None, "0002"), (None, "0003"), (None, "nobody"), ("nowhere", "0002")):
        first, second = [(await app_role.fetchrow(start, place, number))["parameters"] for _ in range(2)]  # type: ignore[index]
        assert first == second
        assert shape.fullmatch(first)
    one = await app_role.fetchval("SELECT ticket FROM sign_in_start(NULL, '0002', '', '')")
    finish = "SELECT sign_in_finish($1, $2, '', '1 h', '', '')"
    await app_role.execute("BEGIN")
    await app_role.execute("SELECT sign_in_guess($1, $2)", one, right)
    assert await app_role.fetchval(finish, one, b"1") is False
    await app_role.execute("ROLLBACK")
    await app_role.execute("SELECT sign_in_guess($1, $2)", one, "wrong")
    await app_role.execute("SELECT sign_in_guess($1, $2)", one, right)  # a ticket takes one guess
    assert await app_role.fetchval(finish, one, b"1") is False
    two = await app_role.fetchval("SELECT ticket FROM sign_in_start(NULL, '0002', '', '')")
    await app_role.execute("SELECT sign_in_guess($1, $2)", two, right)
    assert await app_role.fetchval(finish, two, b"1") is True
    assert await app_role.fetchval(finish, two, b"2") is False
    assert await owner.fetchval("SELECT person_id FROM sessions WHERE secret_hash = '1'") == bureau.lin.id


async def test_a_rollback_does_not_undo_the_count(bureau: Bureau, app_role: Connection) -> None:
    """A guess gets no answer in its own transaction, and rolling back does not lower the count."""
    for _ in range(8):
        await app_role.execute("BEGIN")
        ticket = await app_role.fetchval("SELECT ticket FROM sign_in_start(NULL, '0002', '', '')")
        await app_role.execute("SELECT sign_in_guess($1, 'x')", ticket)
        assert await app_role.fetchval("SELECT sign_in_finish($1, '1', '', '1 h', '', '')", ticket) is False
        await app_role.execute("ROLLBACK")
    tickets = [await app_role.fetchval("SELECT ticket FROM sign_in_start(NULL, '0002', '', '')") for _ in range(7)]
    assert [ticket is not None for ticket in tickets] == [True] * 5 + [False] * 2


async def test_secrets_are_not_read_off_another_sign_in(bureau: Bureau, app_role: Connection, urls: Urls) -> None:
    other = await asyncpg.connect(urls.app, server_settings={"search_path": "yijue"})
    await other.execute(begin_as(bureau.zhou))
    seen = await app_role.fetch("SELECT query FROM pg_stat_activity WHERE pid = $1", other.get_server_pid())
    assert [row["query"] for row in seen if row["query"]] == []
    await other.close()


async def test_a_ballot_is_not_guessed_from_its_hash(room: Room, owner: Connection) -> None:
    """No member can compute a ballot from its hash by trying every possible ballot with all that they may see."""
    kept = await entries(owner, ("meeting", room.meeting))
    (at,) = (place for place, each in enumerate(kept) if each.record.kind == "ballot.cast")
    before, raw = kept[at - 1].hash if at else GENESIS, kept[at].raw
    salted = re.compile(rb'"salt":"[0-9a-f]{32}"')
    assert len(salted.findall(raw)) == 1
    guesses = 0
    for salt in (salted.search(raw).group(), b'"salt":""', salted.search(kept[at - 1].raw).group()):  # type: ignore[union-attr]
        for member in room.bureau.members:
            for choice in ("yes", "no", "abstain", "defer"):
                guess = re.sub(rb'"choice":"\w+"', f'"choice":"{choice}"'.encode(), salted.sub(salt, raw))
                for name in (b"actor", b"person"):
                    guess = re.sub(rb'"%s":\d+' % name, b'"%s":%d' % (name, member.id), guess)
                guesses += hashlib.sha256(before + guess).digest() == kept[at].hash
    assert guesses == 1  # only with the salt is the ballot found


async def test_a_kind_never_changes_whoever_asks(bureau: Bureau, owner: Connection) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await owner.execute("UPDATE bodies SET kind = '局长办公会'")
    assert refused.value.constraint_name == "bodies_kind"


async def test_jobs_write_their_kinds_alone(bureau: Bureau, owner: Connection, app_role: Connection) -> None:
    await owner.execute("INSERT INTO job_kinds VALUES ('job.done', 'job.do')")
    outcomes = []
    for kind in ("job.done", "job.done", "ballot.cast"):
        await app_role.execute(begin(bureau.organization, bureau.body))
        try:
            await app_role.execute(record("body", bureau.body, 0, kind).replace(" 0,", " NULL,"))
            outcomes.append(WENT_THROUGH)
        except asyncpg.PostgresError as error:
            outcomes.append(why(error))
        await app_role.execute("ROLLBACK")
        # A job that an act left for this book, as begun by a worker.
        await owner.execute(
            "INSERT INTO jobs (organization_id, body_id, kind, arguments, attempts) SELECT organization_id, body_id,"
            " 'job.do', jsonb_build_object('book', id), 1 FROM books WHERE subject_type = 'body'"
        )
    assert outcomes == [NO_PRIVILEGE, WENT_THROUGH, NO_PRIVILEGE]


async def test_procedures_stand_the_same_in_both_places(owner: Connection) -> None:
    rows = await owner.fetch("SELECT procedure, subject, during, from_state, to_state, records FROM procedures")
    assert sorted(tuple(map(str, row.values())) for row in rows) == sorted(
        tuple(map(str, (procedure, step.subject, step.during, step.before, step.after, list(step.records))))
        for procedure, steps in PROCEDURES.items()
        for step in steps
    )
    kinds = await owner.fetch("SELECT kind, procedure, decides FROM kinds_of_body")
    assert {row["kind"]: (row["procedure"], row["decides"]) for row in kinds} == {
        kind: (each.procedure, each.decides) for kind, each in KINDS_OF_BODY.items()
    }
