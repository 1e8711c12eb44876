"""口头 and 举手 votes: taken down by name by the secretary, shown to each for objection, marked in the record."""

from typing import TypeAlias

import asyncpg
import pytest

from storage.ledger import check_chain
from tests.bureau import Bureau
from tests.storage.attacks import WENT_THROUGH, Attacker, record
from tests.test_one_meeting import Room
from tests.voting.test_acts import finish, refusal
from voting.recounting import recount

KEY = "00000000-0000-4000-8000-000000000001"
Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.mark.moment("in_session")
async def test_an_oral_vote_from_its_opening_to_the_minutes(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    item = await room.discuss(3, b.wu)  # 许文博 is away; no personnel item, whose vote the minutes leave out
    await b.zhou.do(f"{item}/recusals", {"person": b.zheng.id, "reason": "另有利益"})
    opened = (await b.zhou.do(f"{item}/votes", {"form": "oral"}))["content"]
    assert opened["vote_form"] == "oral"
    vote = f"{room.path}/votes/{opened['vote']}"
    taken = f"{vote}/taken-down"
    # The secretary takes ballots down, of those on the roll, the chair's last; nobody casts one on a device.
    said = await refusal(b.lin, f"{vote}/ballots", {"choice": "yes"})
    assert (said["rule"], "口头表决" in said["detail"]) == ("vote.form", True)
    assert await b.zhou.refused(taken, {"person": b.lin.id, "choice": "yes"}) == "access.role"
    assert await b.li.refused(taken, {"person": b.xu.id, "choice": "yes"}) == "vote.absent"
    assert await b.li.refused(taken, {"person": b.zheng.id, "choice": "yes"}) == "vote.recused"
    assert await b.li.refused(taken, {"person": b.zhou.id, "choice": "yes"}) == "vote.chair_last"
    receipt = await b.li.do(taken, {"person": b.lin.id, "choice": "no"})
    assert (receipt["kind"], receipt["content"]["person"]) == ("ballot.taken", b.lin.id)
    # 林静 reads what was taken down for her, objects, and the vote does not close before it is put right.
    assert (await b.lin.get(f"{vote}/ballot")).json()["content"]["choice"] == "no"
    assert await b.he.refused(f"{vote}/ballot/objection") == "unknown"
    await b.lin.do(f"{vote}/ballot/objection")
    assert await b.lin.refused(f"{vote}/ballot/objection") == "state.wrong"
    for person in (b.he, b.chen, b.ma, b.sun, b.wu, b.zhou):
        await b.li.do(taken, {"person": person.id, "choice": "abstain" if person is b.wu else "yes"})
    said = await refusal(b.zhou, f"{vote}/close", {})
    assert (said["rule"], said["facts"]["objected"]) == ("vote.form", [str(b.lin.id)])
    await b.li.do(taken, {"person": b.lin.id, "choice": "yes"})  # also after the chair's
    closed = (await b.zhou.do(f"{vote}/close", {}))["content"]
    assert closed["tally"] == {"yes": 6, "no": 0, "abstain": 1, "defer": 0, "not_voted": 0}
    await room.decide(item, "passed")
    (round_,) = (await finish(room))["items"][3]["rounds"]
    assert (round_["form"], round_["rows"][1]["mark"]) == ("oral", "yes")
    entries = await room.entries()
    check_chain(entries)
    assert [each.agrees for each in recount([each.record for each in entries])] == [True]
    assert await owner.fetchval("SELECT array_agg(DISTINCT taken_by) FROM ballots") == [b.li.id]


@pytest.mark.moment("in_session")
async def test_where_members_vote_on_devices_nobody_takes_their_ballot_down(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    item = await room.discuss(3, b.wu)
    opened = (await b.zhou.do(f"{item}/votes"))["content"]
    vote = f"{room.path}/votes/{opened['vote']}"
    said = await refusal(b.li, f"{vote}/taken-down", {"person": b.lin.id, "choice": "yes"})
    assert (said["rule"], "不能代为登记" in said["detail"]) == ("vote.form", True)
    assert await b.lin.refused(f"{vote}/ballot/objection") == "vote.form"


@pytest.mark.moment("founded")
async def test_the_charter_says_which_forms_are_allowed(bureau: Bureau, owner: Owner) -> None:
    b = bureau
    charter = (await b.admin.get(f"/api/bodies/{b.body}")).json()["charter"]
    assert (charter["oral_vote"], charter["hands_vote"]) == (True, True)
    await b.admin.do(f"/api/bodies/{b.body}/charter", {**charter, "oral_vote": False})
    room = Room(b, owner)
    await room.prepare()
    await room.gather()
    item = await room.discuss(3, b.wu)
    said = await refusal(b.zhou, f"{item}/votes", {"form": "oral"})
    assert (said["rule"], said["clause"]) == ("vote.form", "《实施细则》第六条第（五）项")
    opened = (await b.zhou.do(f"{item}/votes", {"form": "hands"}))["content"]
    assert opened["vote_form"] == "hands"


@pytest.mark.moment("in_session")
async def test_postgresql_takes_a_recorder_s_ballot_in_a_vote_of_that_form_alone(
    bureau: Bureau, owner: Owner, app_role: Owner
) -> None:
    """The closed exception to "each row proves its own session": the actor is the recorder, who is the secretary."""
    b, room = bureau, Room(bureau, owner)
    ballot = (
        "INSERT INTO ballots (vote_id, body_id, person_id, version, choice, key, at, taken_by)"
        f" VALUES (%s, %s, %s, 1, 'yes', '{KEY}', now(), %s)"
    )

    def attack(vote: int, recorder: int | str, kind: str = "ballot.taken") -> str:
        content = {"vote": vote, "person": b.he.id, "choice": "yes", "version": 1, "key": KEY}
        written = record("meeting", room.meeting, b.li.id if recorder == "NULL" else int(recorder), kind, **content)
        return f"{written}; {ballot % (vote, b.body, b.he.id, recorder)}"

    item = await room.discuss(3, b.wu)
    vote = (await b.zhou.do(f"{item}/votes"))["content"]["vote"]
    assert await Attacker(app_role, b.li).attack(attack(vote, b.li.id)) == "ballots_form"
    for member in b.members:
        if member.key not in ("xu", "zhou"):
            await member.do(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{room.path}/votes/{vote}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{room.path}/votes/{vote}/close", {})
    await room.decide(item, "passed")
    item = await room.discuss(4, b.ma)
    vote = (await b.zhou.do(f"{item}/votes", {"form": "hands"}))["content"]["vote"]
    assert await Attacker(app_role, b.lin).attack(attack(vote, b.lin.id)) == "ballots_recorder"
    secretary = Attacker(app_role, b.li)
    assert await secretary.attack(ballot % (vote, b.body, b.he.id, b.li.id)) == "recorded"
    assert await secretary.attack(attack(vote, b.li.id, "ballot.cast")) == "recorded"
    assert await secretary.attack(attack(vote, "NULL")) == "ballots_form"
    assert await secretary.attack(attack(vote, b.li.id)) == WENT_THROUGH
