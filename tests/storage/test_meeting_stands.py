"""A meeting's guarantees, attacked in SQL in the program's own role, at each stage of the meeting."""

from uuid import uuid4

import asyncpg
import pytest

from tests.bureau import Bureau, become
from tests.storage.attacks import NO_PRIVILEGE, WENT_THROUGH, Attacker, Connection, begin_as, record
from tests.test_one_meeting import Room


@pytest.fixture
def room(bureau: Bureau, owner: Connection) -> Room:
    return Room(bureau, owner)


@pytest.fixture
def attacker(bureau: Bureau, app_role: Connection) -> Attacker:
    return Attacker(app_role, bureau.lin)


@pytest.mark.moment("noticed")
async def test_what_the_notice_gave_stands(room: Room, attacker: Attacker) -> None:
    m, i, b = room.meeting, room.items[0], room.bureau.body
    n = await room.owner.fetchval("SELECT id FROM notices")
    li, zhou = room.bureau.li.id, room.bureau.zhou.id
    deliver = (
        "INSERT INTO deliveries (notice_id, body_id, person_id, method, delivered_at, recorded_by)"
        f" VALUES ({n}, {b}, %s, 'phone', %s, {li})"
    )
    call = (
        "UPDATE meetings SET state = 'in_session', year = 2026, ordinal = 1, called_at = yijue_now(),"
        f" formal_members = %s WHERE id = {m}"
    )
    await attacker.assert_refused(
        {
            "INSERT INTO items (meeting_id, body_id, position, title, category)"
            f" VALUES ({m}, {b}, 6, '购车', 'funds')": "agenda_sealed",
            f"UPDATE items SET title = '购车' WHERE id = {i}": "agenda_sealed",
            f"UPDATE items SET position = 9 WHERE id = {i}": "agenda_sealed",
            f"UPDATE items SET materials_complete = false WHERE id = {i}": "agenda_sealed",
            f"DELETE FROM items WHERE id = {i}": "agenda_sealed",
            f"UPDATE items SET meeting_id = {m}": NO_PRIVILEGE,
            "INSERT INTO papers (item_id, meeting_id, body_id, name, media_type, size, sha256, content)"
            f" VALUES ({i}, {m}, {b}, 'x', 'text/plain', 1, sha256('x'), 'x')": "agenda_sealed",
            "DELETE FROM papers": "agenda_sealed",
            "UPDATE papers SET name = 'x'": NO_PRIVILEGE,
            "UPDATE meetings SET title = '扩大会议'": "agenda_sealed",
            "UPDATE meetings SET starts_at = starts_at - interval '1 day'": "agenda_sealed",
            "UPDATE meetings SET place = '别处'": "agenda_sealed",
            'UPDATE meetings SET charter = \'{"quorum": "1/9"}\'': "agenda_sealed",
            "UPDATE meetings SET state = 'draft', charter = NULL": "meetings_noticed",
            "UPDATE meetings SET state = 'in_session'": "meetings_called",
            call % f"ARRAY[{zhou}]": "meetings_members",
            call % f"(SELECT array_agg(id) FROM people WHERE id <= {li})": "meetings_members",
            "INSERT INTO meetings (body_id, title, starts_at, presiding_id, secretary_id, hall_secret, state)"
            f" VALUES ({b}, '无通知', yijue_now(), {zhou}, {li}, 'x', 'noticed')": NO_PRIVILEGE,
            "DELETE FROM meetings": NO_PRIVILEGE,
            "UPDATE notices SET withdrawn_at = yijue_now(), reason = 'x'": "meetings_noticed",
            "UPDATE notices SET agenda_hash = ''": NO_PRIVILEGE,
            "DELETE FROM notices": NO_PRIVILEGE,
            "INSERT INTO notices (meeting_id, body_id, given_at, given_by, agenda_hash)"
            f" VALUES ({m}, {b}, yijue_now(), {li}, '')": "notices_one_active",
            deliver % (zhou, "yijue_now()"): "deliveries_pkey",
            deliver % (li, "yijue_now() - interval '1 day'"): "deliveries_time",
            deliver % (li, "yijue_now() + interval '1 day'"): "deliveries_time",
            "UPDATE deliveries SET acknowledged_at = NULL": "deliveries_stand",
            "UPDATE deliveries SET delivered_at = delivered_at - interval '9 days'": NO_PRIVILEGE,
            "DELETE FROM deliveries": "deliveries_stand",
            **{
                f"UPDATE proceedings SET state = '{state}', reason = 'x' WHERE item_id = {i}": "proceedings_state"
                for state in ("open", "voting", "voted", "decided", "put_off")
            },
            f"UPDATE proceedings SET state = 'withdrawn' WHERE item_id = {i}": "proceedings_reason",
            f"DELETE FROM proceedings WHERE item_id = {i}": NO_PRIVILEGE,
            f"INSERT INTO proceedings (item_id, meeting_id, body_id) VALUES ({i}, {m}, {b})": NO_PRIVILEGE,
        }
    )
    delivered = record("meeting", m, room.bureau.lin.id, "notice.delivered", notice=n, person=li, change=0)
    by_lin = deliver.replace(f"{li})", f"{room.bureau.lin.id})") % (li, "yijue_now()")
    assert await attacker.attack(f"{delivered}; {by_lin}") == WENT_THROUGH
    assert await attacker.attack(f"{delivered}; {deliver % (li, 'yijue_now()')}") == "recorded"  # in another's name


@pytest.mark.moment("noticed")
async def test_the_agenda_is_free_again_when_the_notice_is_withdrawn(room: Room, attacker: Attacker) -> None:
    await room.bureau.zhou.do(f"{room.path}/notice/withdrawal", {"reason": "改期"})
    change = f"UPDATE items SET title = '改' WHERE id = {room.items[0]}"
    assert await attacker.attack(change) == "recorded"
    changed = record("meeting", room.meeting, room.bureau.lin.id, "item.changed")
    assert await attacker.attack(f"{changed}; {change}") == WENT_THROUGH
    await attacker.assert_refused(
        {
            "UPDATE notices SET withdrawn_at = NULL, reason = ''": "notices_stand",
            "UPDATE meetings SET state = 'noticed', charter = '{}'": "meetings_noticed",
            "UPDATE proceedings SET state = 'open'": "proceedings_state",
        }
    )


@pytest.mark.moment("in_session")
async def test_a_vote_opens_on_the_roll_that_is_there(room: Room, attacker: Attacker) -> None:
    await room.discuss(2, room.bureau.chen)
    m, i, b = room.meeting, room.items[2], room.bureau.body
    ids = {person.key: person.id for person in room.bureau.members}
    there = [id for key, id in ids.items() if key not in ("xu", "zheng")]

    def opening(roll: list[int], base: int = 9, item: int = i, needed: int | None = None) -> str:
        return (
            "INSERT INTO votes (item_id, meeting_id, body_id, round, roll, base, needed, opened_at)"
            f" VALUES ({item}, {m}, {b}, 1, ARRAY{roll}, {base}, {needed or base // 2 + 1}, yijue_now())"
        )

    await attacker.assert_refused(
        {
            opening([*there, ids["xu"]]): "votes_roll",
            opening([*there, ids["zheng"]]): "votes_roll",
            opening(there[1:]): "votes_roll",
            opening([*there, there[0]]): "votes_roll",
            opening([*there, room.bureau.zhao.id]): "votes_roll",
            opening(there, item=room.items[1]): "votes_roll",
            opening(there, base=7): "votes_base",
            opening(there, needed=4): "votes_needed",
            "UPDATE proceedings SET state = 'voting' WHERE state = 'open'": "proceedings_state",
            f"UPDATE proceedings SET state = 'open' WHERE item_id = {room.items[3]}": "proceedings_one_open",
            "INSERT INTO decisions (item_id, meeting_id, body_id, outcome)"
            f" VALUES ({i}, {m}, {b}, 'passed')": "decisions_follow",
        }
    )
    assert await attacker.attack(opening(there)) == "recorded"
    opened = record("meeting", m, room.bureau.lin.id, "vote.opened").replace(
        "'{}'", "json_build_object('vote', (SELECT max(id) FROM votes))::text"
    )
    for roll in (there, there[::-1]):
        assert await attacker.attack(f"{opening(roll)}; {opened}") == WENT_THROUGH
    assert await attacker.attack(f"{opened}; {opening(there)}") == "recorded"  # the record names no vote yet


async def test_the_base_is_less_the_recused_by_the_charter_alone(
    room: Room, attacker: Attacker, owner: Connection
) -> None:
    await owner.execute("UPDATE bodies SET charter = '{\"recused_in_base\": false}'")
    await room.prepare()
    await room.gather()
    item = await room.discuss(2, room.bureau.chen)
    opened = await room.bureau.zhou.do(f"{item}/votes")
    assert opened["content"]["base"] == 8
    assert await owner.fetchval("SELECT base FROM votes") == 8


@pytest.mark.moment("in_session")
async def test_nothing_gets_round_an_open_vote(room: Room, attacker: Attacker) -> None:
    item = await room.discuss(0, room.bureau.lin)
    await room.bureau.zhou.do(f"{item}/recusals", {"person": room.bureau.tang.id, "reason": "有利害关系"})
    vote = (await room.bureau.zhou.do(f"{item}/votes"))["content"]["vote"]
    await room.bureau.lin.do(f"{room.path}/votes/{vote}/ballots", {"choice": "no"})
    m, i, b, lin = room.meeting, room.items[0], room.bureau.body, room.bureau.lin.id
    he, xu = room.bureau.he.id, room.bureau.xu.id
    place, keys = f"{i}, {m}, {b}", "item_id, meeting_id, body_id"
    ballot = (
        "INSERT INTO ballots (vote_id, body_id, person_id, version, choice, key, replaces, at)"
        f" VALUES ({vote}, {b}, %s, gen_random_uuid(), %s, now())"
    )
    other = "gen_random_uuid()"  # the key of a ballot that was overtaken
    close = (
        "UPDATE votes SET state = '%s', closed_at = now(), yes = %s, no = %s, abstain = 0, defer = 0,"
        f" not_voted = 7, result = %s WHERE id = {vote}"
    )
    await attacker.assert_refused(
        {
            ballot % (f"{xu}, 1, 'yes'", "NULL"): "ballots_on_roll",
            ballot % (f"{room.bureau.zhao.id}, 1, 'yes'", "NULL"): "ballots_on_roll",
            ballot % (f"{lin}, 1, 'yes'", "NULL"): "ballots_one_each",
            ballot % (f"{lin}, 3, 'yes'", "NULL"): "ballots_one_each",
            ballot % (f"{lin}, 2, 'yes'", "NULL"): "ballots_not_stale",
            ballot % (f"{lin}, 2, 'yes'", other): "ballots_not_stale",
            ballot % (f"{he}, 1, 'yes'", other): "ballots_not_stale",
            ballot % (f"{he}, 2, 'yes'", "NULL"): "ballots_one_each",
            ballot % (f"{he}, 0, 'yes'", "NULL"): "ballots_one_each",
            ballot % (f"{he}, 1, 'aye'", "NULL"): "ballots_choice_check",
            "UPDATE ballots SET choice = 'yes'": NO_PRIVILEGE,
            "DELETE FROM ballots": NO_PRIVILEGE,
            "TRUNCATE ballots": NO_PRIVILEGE,
            close % ("closed", 1, 0, "'not_passed'"): "votes_tally",
            close % ("closed", 8, 0, "'passed'"): "votes_tally",
            close % ("void", 1, 0, "NULL"): "votes_tally",
            close % ("closed", 0, 1, "'passed'"): "votes_result",
            close % ("closed", 0, 1, "NULL"): "votes_result",
            close % ("void", 0, 1, "'not_passed'"): "votes_result",
            "UPDATE votes SET yes = 9": "votes_stand",
            "UPDATE votes SET roll = '{}'": NO_PRIVILEGE,
            "UPDATE votes SET base = 1, needed = 1": NO_PRIVILEGE,
            "DELETE FROM votes": NO_PRIVILEGE,
            f"INSERT INTO recusals ({keys}, person_id, rule, reason)"
            f" VALUES ({place}, {he}, 'recusal.declared', 'x')": "discussion_open",
            "UPDATE recusals SET rule = 'x'": NO_PRIVILEGE,
            "DELETE FROM recusals": "discussion_open",
            f"INSERT INTO speeches ({keys}, person_id, summary) VALUES ({place}, {he}, '迟')": "discussion_open",
            "UPDATE speeches SET summary = ''": NO_PRIVILEGE,
            "DELETE FROM speeches": NO_PRIVILEGE,
            f"INSERT INTO positions ({keys}, person_id, position) VALUES ({place}, {he}, 'no')": "discussion_open",
            f"INSERT INTO speeches ({keys}, person_id, summary, corrects) VALUES ({place}, {he}, '迟', 9)": "recorded",
            f"INSERT INTO positions ({keys}, person_id, position, corrects)"
            f" VALUES ({place}, {he}, 'no', 9)": "recorded",
            f"UPDATE presence SET state = 'absent', corrects = 9 WHERE person_id = {he}": "recorded",
            f"UPDATE presence SET state = 'absent' WHERE person_id = {he}": "presence_absent",
            f"INSERT INTO written_opinions ({keys}, person_id, choice, text, submitted_at)"
            f" VALUES ({place}, {he}, 'no', '', now())": "discussion_open",
            f"UPDATE written_opinions SET choice = 'yes' WHERE item_id = {i}": "discussion_open",
            f"UPDATE written_opinions SET read_at = now() WHERE item_id = {i}": "discussion_open",
            "DELETE FROM written_opinions": NO_PRIVILEGE,
            **{
                f"UPDATE proceedings SET state = '{state}', reason = 'x' WHERE item_id = {i}": "proceedings_state"
                for state in ("listed", "open", "voted", "decided", "put_off", "withdrawn", "deferred")
            },
            f"INSERT INTO decisions ({keys}, outcome) VALUES ({place}, 'passed')": "decisions_follow",
            "UPDATE meetings SET state = 'adjourned', adjourned_at = now()": "meetings_finished",
            "UPDATE meetings SET state = 'noticed'": "meetings_state",
            "UPDATE meetings SET state = 'draft', charter = NULL": "meetings_state",
            "UPDATE meetings SET charter = '{}'": "agenda_sealed",
            "UPDATE meetings SET formal_members = formal_members[2:]": "meetings_called",
            "UPDATE meetings SET ordinal = 7": "meetings_called",
            f"UPDATE meetings SET presiding_id = {lin}": "meetings_called",
            f"UPDATE meetings SET acting_id = {room.bureau.zhao.id}": "meetings_acting",
            f"UPDATE meetings SET acting_id = {room.bureau.zhou.id}": "meetings_acting",
            "UPDATE notices SET withdrawn_at = now(), reason = 'x'": "meetings_noticed",
            "DELETE FROM presence": NO_PRIVILEGE,
        }
    )
    standing, key = (await room.owner.fetchval("SELECT key FROM ballots")), str(uuid4())
    cast = {"vote": vote, "person": lin, "choice": "yes", "version": 2, "key": key}
    own = record("meeting", m, lin, "ballot.cast", **cast)
    again = (ballot % (f"{lin}, 2, 'yes'", f"'{standing}'")).replace("gen_random_uuid()", f"'{key}'")
    assert await attacker.attack(again) == "recorded"
    assert await attacker.attack(f"{own}; {again}") == WENT_THROUGH
    for wrong in ({"choice": "no"}, {"version": 1}, {"vote": vote + 1}, {"person": he}, {"key": str(uuid4())}):
        assert (
            await attacker.attack(f"{record('meeting', m, lin, 'ballot.cast', **cast | wrong)}; {again}") == "recorded"
        )
    closing = close % ("closed", 0, 1, "'not_passed'")
    assert await attacker.attack(closing) == "recorded"
    assert await attacker.attack(f"{record('meeting', m, lin, 'vote.closed', vote=vote)}; {closing}") == WENT_THROUGH


@pytest.mark.moment("in_session")
async def test_a_closed_vote_stands_and_the_decision_follows_it(room: Room, attacker: Attacker) -> None:
    item = await room.discuss(0, room.bureau.lin)
    await room.vote(item, {})
    m, i, b = room.meeting, room.items[0], room.bureau.body
    vote = await room.owner.fetchval("SELECT id FROM votes")

    def decide(outcome: str, reason: str) -> str:
        return (
            "INSERT INTO decisions (item_id, meeting_id, body_id, outcome, reason)"
            f" VALUES ({i}, {m}, {b}, '{outcome}', '{reason}')"
        )

    await attacker.assert_refused(
        {
            "INSERT INTO ballots (vote_id, body_id, person_id, version, choice, key, at)"
            f" VALUES ({vote}, {b}, {room.bureau.lin.id}, 2, 'no', gen_random_uuid(), now())": "ballots_vote_open",
            "UPDATE votes SET state = 'open', closed_at = NULL": "votes_stand",
            "UPDATE votes SET state = 'void', result = NULL": "votes_stand",
            "UPDATE votes SET yes = 7, no = 1": "votes_stand",
            "UPDATE votes SET result = 'not_passed'": "votes_stand",
            "INSERT INTO votes (item_id, meeting_id, body_id, round, roll, base, needed, opened_at)"
            " SELECT item_id, meeting_id, body_id, 2, roll, base, needed, now() FROM votes": "votes_roll",
            f"UPDATE proceedings SET state = 'open' WHERE item_id = {i}": "recorded",  # 再次讨论
            f"UPDATE proceedings SET state = 'decided' WHERE item_id = {i}": "proceedings_state",
            decide("not_passed", "不宜"): "decisions_follow",
            decide("shelved", "  "): "decisions_follow",
        }
    )
    announced = record(
        "meeting", m, room.bureau.lin.id, "decision.announced", item=i, outcome="shelved", reason="另行研究", text=""
    )
    assert await attacker.attack(f"{announced}; {decide('shelved', '另行研究')}") == WENT_THROUGH
    await room.decide(item, "passed")
    await attacker.assert_refused(
        {
            decide("passed", ""): "decisions_follow",
            "UPDATE decisions SET outcome = 'not_passed'": NO_PRIVILEGE,
            "DELETE FROM decisions": NO_PRIVILEGE,
            f"UPDATE proceedings SET state = 'voted' WHERE item_id = {i}": "proceedings_state",
            f"UPDATE proceedings SET reason = 'x' WHERE item_id = {i}": "proceedings_state",
        }
    )


async def test_no_charter_makes_a_committee_one_persons_decision(
    room: Room, attacker: Attacker, owner: Connection
) -> None:
    """An older charter's `decision` has no effect: the kind decides, for good (Rules 6(6))."""
    b = room.bureau
    charter = (await b.admin.get(f"/api/bodies/{b.body}")).json()["charter"]
    answer = await b.admin.post(f"/api/bodies/{b.body}/charter", {**charter, "decision": "head"})
    assert (answer.status_code, answer.json()["rule"]) == (422, "input.invalid")
    await owner.execute('UPDATE bodies SET charter = \'{"decision": "head"}\'')
    await room.prepare()
    await room.gather()
    item = await room.discuss(0, b.lin)
    assert (await room.vote(item, dict.fromkeys((each.key for each in b.members), "no")))["result"] == "not_passed"
    announced = {"outcome": "passed", "reason": "法定时限"}
    assert await b.zhou.refused(f"{item}/decision", announced) == "decision.majority"
    assert await attacker.attack(
        "INSERT INTO decisions (item_id, meeting_id, body_id, outcome, reason)"
        f" VALUES ({room.items[0]}, {room.meeting}, {b.body}, 'passed', '法定时限')"
    ) == "decisions_follow"  # fmt: skip
    assert await attacker.attack("UPDATE kinds_of_body SET decides = 'head'") == NO_PRIVILEGE


async def test_a_head_may_depart_from_the_vote_with_a_reason(room: Room, attacker: Attacker, owner: Connection) -> None:
    await become(owner, room.bureau.body, "局长办公会")
    await room.prepare()
    await room.gather()
    item = await room.discuss(0, room.bureau.lin)
    await room.vote(item, {})
    decide = (
        "INSERT INTO decisions (item_id, meeting_id, body_id, outcome, reason)"
        f" VALUES ({room.items[0]}, {room.meeting}, {room.bureau.body}, 'not_passed', '%s')"
    )
    assert await attacker.attack(decide % "") == "decisions_follow"
    announced = {"item": room.items[0], "outcome": "not_passed", "reason": "资金未落实", "text": ""}
    told = record("meeting", room.meeting, room.bureau.lin.id, "decision.announced", **announced)
    assert await attacker.attack(f"{told}; {decide % '资金未落实'}") == WENT_THROUGH


@pytest.mark.moment("in_session")
async def test_a_written_opinion_stands_as_it_was_read(room: Room, attacker: Attacker) -> None:
    await room.discuss(0, room.bureau.lin)  # the written opinion is read out
    here = f" WHERE item_id = {room.items[0]}"
    await attacker.assert_refused(
        {
            "UPDATE written_opinions SET choice = 'yes'" + here: "opinions_stand",
            "UPDATE written_opinions SET text = '改'" + here: "opinions_stand",
            "UPDATE written_opinions SET read_at = NULL" + here: "opinions_stand",
            "UPDATE written_opinions SET choice = 'yes', submitted_at = yijue_now()" + here: "opinions_stand",
        }
    )
    void = "UPDATE written_opinions SET void_at = yijue_now()" + here
    voided = {"item": room.items[0], "person": room.bureau.xu.id}
    told = record("meeting", room.meeting, room.bureau.lin.id, "opinion.voided", **voided)
    assert await attacker.attack(void) == "recorded"
    assert await attacker.attack(f"{told}; {void}") == WENT_THROUGH
    await room.bureau.li.do(f"{room.path}/arrivals", {"person": room.bureau.xu.id})
    await attacker.assert_refused(
        {
            "UPDATE written_opinions SET void_at = NULL" + here: "recorded",
            "UPDATE written_opinions SET void_at = NULL, read_at = NULL" + here: "opinions_stand",
            void: "opinions_stand",
        }
    )


@pytest.mark.moment("in_session")
async def test_an_adjourned_meeting_is_over(room: Room, attacker: Attacker, owner: Connection) -> None:
    for item in room.items:
        await room.bureau.zhou.do(f"{room.path}/items/{item}/withdrawal", {"reason": "不议"})
    await room.bureau.zhou.do(f"{room.path}/adjournment")
    await attacker.assert_refused(
        {
            "UPDATE meetings SET state = 'in_session', adjourned_at = NULL": "meetings_state",
            "UPDATE meetings SET adjourned_at = now()": "meetings_state",
            "UPDATE meetings SET title = 'x'": "meetings_state",
            f"UPDATE proceedings SET state = 'open' WHERE item_id = {room.items[0]}": "proceedings_state",
            "INSERT INTO speeches (item_id, meeting_id, body_id, person_id, summary) VALUES"
            f" ({room.items[0]}, {room.meeting}, {room.bureau.body}, {room.bureau.lin.id}, '补记')": "discussion_open",
        }
    )


async def test_the_head_never_observes(bureau: Bureau, app_role: Connection) -> None:
    attacker = Attacker(app_role, bureau.admin)
    grant = f"INSERT INTO grants (body_id, person_id, role) VALUES ({bureau.body}, %s, '%s')"
    await attacker.assert_refused(
        {
            grant % (bureau.zhou.id, "observer"): "grants_observer_apart",
            grant % (bureau.zhao.id, "head"): "grants_observer_apart",
            grant % (bureau.lin.id, "head"): "grants_one_head",
            "UPDATE grants SET role = 'member'": NO_PRIVILEGE,
        }
    )


async def test_a_body_takes_its_own_organization_s_people_alone(
    bureau: Bureau, owner: Connection, app_role: Connection
) -> None:
    attacker = Attacker(app_role, bureau.admin)
    stranger = await owner.fetchval("SELECT person_id FROM found_organization('乙', 'z1', '乙甲', 'x')")
    for sql in (
        f"INSERT INTO grants (body_id, person_id, role) VALUES ({bureau.body}, {stranger}, 'secretary')",
        f"INSERT INTO seats (body_id, person_id, seat) VALUES ({bureau.body}, {stranger}, 99)",
        f"INSERT INTO kin (body_id, name, person_id) VALUES ({bureau.body}, '乙甲', {stranger})",
    ):
        assert await attacker.attack(sql) == "person_of_organization"
    await app_role.execute(begin_as(bureau.admin))
    assert await app_role.fetchval("SELECT count(*) FROM people WHERE id = $1", stranger) == 0
    with pytest.raises(asyncpg.CheckViolationError, match="an administrator signs another out"):
        await app_role.execute("SELECT close_sessions_of($1)", stranger)
    await app_role.execute("ROLLBACK")
    await app_role.execute(begin_as(bureau.admin))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app_role.execute("SELECT password_hash FROM people")
    await app_role.execute("ROLLBACK")
