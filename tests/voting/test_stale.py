"""`vote.stale`: a ballot that another device has overtaken never replaces the newer one."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from acts.refusal import Refused
from tests.bureau import Bureau, Person
from tests.test_one_meeting import Room
from voting.stale import check_stale

A, B = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("standing", "replaces", "stale"),
    [
        (None, None, False),
        (None, A, False),  # this device's own before it, which never landed: nothing was overtaken
        (A, A, False),
        (A, None, True),
        (A, B, True),
    ],
)
def test_a_ballot_replaces_the_one_that_stands(standing: UUID | None, replaces: UUID | None, stale: bool) -> None:
    verdict = check_stale(standing, replaces)
    assert isinstance(verdict, Refused) == stale
    if isinstance(verdict, Refused):
        assert (verdict.rule, verdict.facts) == ("vote.stale", {"standing": str(A)})


class Tablet:
    """A tablet that sends its ballots in order, each naming the one before it, whatever became of that."""

    def __init__(self, person: Person, vote: str) -> None:
        self.person, self.vote = person, vote
        self.seen: UUID | None = None

    def choose(self, choice: str) -> tuple[UUID, dict[str, Any]]:
        key, before = uuid4(), self.seen
        self.seen = key
        return key, {"choice": choice, "replaces": before and str(before)}

    async def send(self, ballot: tuple[UUID, dict[str, Any]]) -> Any:
        key, said = ballot
        return (await self.person.post(f"{self.vote}/ballots", said, key)).json()

    async def stands(self) -> str:
        answer = (await self.person.get(f"{self.vote}/ballot")).json()
        choice: str = answer["content"]["choice"]
        return choice


@pytest.fixture
async def two(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> tuple[Tablet, Tablet]:
    room = Room(bureau, owner)
    await room.prepare()
    await room.gather()
    item = await room.discuss(0, bureau.lin)
    opened = await bureau.zhou.do(f"{item}/votes")
    vote = f"{room.path}/votes/{opened['content']['vote']}"
    return Tablet(bureau.lin, vote), Tablet(bureau.lin, vote)


async def test_a_ballot_chosen_offline_does_not_beat_the_newer_one(two: tuple[Tablet, Tablet]) -> None:
    tablet, spare = two
    late = tablet.choose("yes")  # no connection
    counted = await spare.send(spare.choose("no"))
    assert counted["content"]["choice"] == "no"
    for ballot in (late, tablet.choose("abstain"), late):  # and a second choice there, made before the connection
        assert (await tablet.send(ballot))["rule"] == "vote.stale"
    assert await spare.stands() == "no"
    tablet.seen = spare.seen  # the member is asked, and has seen the other
    assert (await tablet.send(tablet.choose("yes")))["content"]["version"] == 2
    assert (await spare.send(spare.choose("abstain")))["rule"] == "vote.stale"
    assert await spare.stands() == "yes"


async def test_a_lost_answer_does_not_stop_the_second_choice(two: tuple[Tablet, Tablet]) -> None:
    """The first choice was counted, its answer was lost: sent again it is answered, and the second replaces it."""
    tablet, spare = two
    first, second = tablet.choose("yes"), tablet.choose("no")
    receipt = await tablet.send(first)
    assert await tablet.send(first) == receipt
    assert (await tablet.send(second))["content"]["version"] == 2
    spare.seen = first[0]  # a device that saw the first alone
    assert (await spare.send(spare.choose("abstain")))["rule"] == "vote.stale"
    assert await tablet.stands() == "no"


async def test_a_ballot_without_a_key_has_one_all_the_same(two: tuple[Tablet, Tablet]) -> None:
    tablet, _ = two
    first = await tablet.person.do(f"{tablet.vote}/ballots", {"choice": "yes"})
    replacing = {"choice": "no", "replaces": first["content"]["key"]}
    assert (await tablet.person.do(f"{tablet.vote}/ballots", replacing))["content"]["version"] == 2
