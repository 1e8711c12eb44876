"""The consequences of 修改, 搁置 and 再次讨论 (Measures 2(5); Rules 6(6))."""

from typing import TypeAlias

import asyncpg
import pytest

from acts.folding import fold
from agenda.state import MeetingState
from tests.bureau import Bureau
from tests.test_one_meeting import Room
from tests.voting.test_acts import finish, refusal

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.mark.moment("in_session")
async def test_a_voted_item_is_discussed_again_in_this_meeting(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    item = await room.discuss(3, b.wu)
    assert (await room.vote(item, dict.fromkeys(("zheng", "wu", "sun", "ma"), "abstain")))["result"] == "not_passed"
    assert await b.li.refused(f"{item}/reopening", {"reason": "有新情况"}) == "access.role"
    assert (await refusal(b.zhou, f"{item}/reopening", {"reason": " "}))["rule"] == "decision.reason"
    await b.zhou.do(f"{item}/reopening", {"reason": "有新情况，需再议"})
    # The item is under discussion as before: speeches, a closing of its own, then the next round.
    assert await b.zhou.refused(f"{item}/decision", {"outcome": "passed"}) == "state.wrong"
    assert await b.zhou.refused(f"{item}/votes") == "vote.not_discussed"
    await b.li.do(f"{item}/speeches", {"person": b.sun.id, "summary": "补充说明。"})
    await b.li.do(f"{item}/discussion-close")
    closed = await room.vote(item, {})
    assert closed["result"] == "passed"
    await room.decide(item, "passed")
    state: MeetingState = fold([each.record for each in await room.entries()], MeetingState())
    rounds = list(state.items[room.items[3]].votes.values())
    assert [(each.state, each.result, each.reopened) for each in rounds] == [
        ("closed", "not_passed", "有新情况，需再议"),
        ("closed", "passed", ""),
    ]
    drafted = (await finish(room))["items"][3]
    assert [each["note"] for each in drafted["rounds"]] == ["主持人决定再次讨论，理由：有新情况，需再议", ""]
    assert drafted["decision"]["outcome"] == "passed"


@pytest.mark.moment("in_session")
async def test_an_item_discussed_again_can_be_put_off(bureau: Bureau, owner: Owner) -> None:
    b, room = bureau, Room(bureau, owner)
    item = await room.discuss(3, b.wu)
    await room.vote(item, {})
    await b.zhou.do(f"{item}/reopening", {"reason": "数据有误"})
    await b.zhou.do(f"{item}/put-off", {"reason": "数据须核实"})
    assert (await finish(room))["items"][3]["ending"] == "put_off"


@pytest.mark.moment("in_session")
@pytest.mark.parametrize(("no", "failed"), [((), False), (("zheng", "wu", "sun", "ma"), True)])
async def test_an_amendment_is_given_in_words(bureau: Bureau, owner: Owner, no: tuple[str, ...], failed: bool) -> None:
    """The minutes know whether the vote failed: then the amended motion has no effect yet."""
    b, room = bureau, Room(bureau, owner)
    item = await room.discuss(3, b.wu)
    result = (await room.vote(item, dict.fromkeys(no, "no")))["result"]
    amended = {"outcome": "amended", "reason": "按讨论意见"}
    for wrong in (amended, {**amended, "text": " "}, {"outcome": result, "text": "改"}):
        said = await refusal(b.zhou, f"{item}/decision", wrong)
        assert (said["rule"], said["facts"]["field"]) == ("input.invalid", "text")
    await b.zhou.do(f"{item}/decision", {**amended, "text": "推荐两个单位。"})
    decision = (await finish(room))["items"][3]["decision"]
    assert (decision["outcome"], decision["text"]) == ("amended", "推荐两个单位。")
    assert decision["failed"] is failed
