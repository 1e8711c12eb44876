"""Numbers have no gap or double and issued minutes never change, attacked in SQL in the program's own role."""

import asyncio

import asyncpg
import pytest

from tests.bureau import Bureau
from tests.conftest import Urls
from tests.storage.attacks import NO_PRIVILEGE, WENT_THROUGH, Attacker, Connection, begin_as, in_turn, record

STATES = ("draft", "office_reviewed", "deputy_reviewed", "signed")


def issue(minutes: int, number: str, year: int = 2026) -> str:
    return (
        f"UPDATE minutes SET state = 'issued', year = {year}, number = {number}, issued_at = now(), composer = 1,"
        f" document = '{{}}', sources = '{{}}' WHERE id = {minutes}"
    )


def draw(minutes: int, pdf: str = "x", more: str = "") -> str:
    return (
        f"UPDATE minutes SET pdf = '{pdf}', sha256 = sha256('{pdf}'), typesetter = '1', fonts = '{{}}'{more}"
        f" WHERE id = {minutes}"
    )


def counted(body: int) -> str:
    """The statement by which the program takes the next number."""
    return (
        f"INSERT INTO minutes_counters (body_id, series, year, last) VALUES ({body}, '纪要', 2026, 1)"
        " ON CONFLICT (body_id, series, year) DO UPDATE SET last = minutes_counters.last + 1"
    )


LAST = "(SELECT last FROM minutes_counters)"


class Desk:
    """Writes minutes of adjourned meetings of the bureau."""

    def __init__(self, bureau: Bureau, owner: Connection) -> None:
        self.bureau, self.owner = bureau, owner

    async def minutes(self, state: str = "signed") -> int:
        """Insert minutes of a new meeting, bring them to `state`, and return their id."""
        meeting = await self.owner.fetchval(
            "INSERT INTO meetings (body_id, title, starts_at, presiding_id, secretary_id, hall_secret, state, charter,"
            " year, ordinal, formal_members, called_at, adjourned_at) SELECT $1, '会', now(), $2, $3, 'x', 'adjourned',"
            " '{}', 2026, 1 + count(*), ARRAY[$2::bigint], now(), now() FROM meetings RETURNING id",
            self.bureau.body, self.bureau.zhou.id, self.bureau.li.id,
        )  # fmt: skip
        minutes: int = await self.owner.fetchval(
            "INSERT INTO minutes (meeting_id, body_id, drafted_by, series) VALUES ($1, $2, $3, '纪要') RETURNING id",
            meeting, self.bureau.body, self.bureau.li.id,
        )  # fmt: skip
        b = self.bureau
        for each, hand in zip(STATES[1 : STATES.index(state) + 1], (b.jiang, b.wu, b.zhou), strict=False):
            await self.owner.execute(
                f"{begin_as(hand)}; UPDATE minutes SET state = '{each}' WHERE id = {minutes}; COMMIT"
            )
        return minutes

    async def issued(self) -> int:
        minutes = await self.minutes()
        async with self.owner.transaction():
            await self.owner.execute(counted(self.bureau.body))
            await self.owner.execute(issue(minutes, LAST))
        return minutes

    async def told(self, minutes: int, kind: str) -> str:
        """The statement that writes a record of this kind about the minutes, as the secretary."""
        meeting = await self.owner.fetchval("SELECT meeting_id FROM minutes WHERE id = $1", minutes)
        return record("meeting", meeting, self.bureau.li.id, kind, minutes=minutes)

    async def numbers(self) -> list[int]:
        rows = await self.owner.fetch("SELECT number FROM minutes WHERE number IS NOT NULL ORDER BY number")
        return [row["number"] for row in rows]


@pytest.fixture
def desk(bureau: Bureau, owner: Connection) -> Desk:
    return Desk(bureau, owner)


@pytest.fixture
def attacker(bureau: Bureau, app_role: Connection) -> Attacker:
    return Attacker(app_role, bureau.li)


async def test_a_number_is_the_counter_s_next(desk: Desk, attacker: Attacker) -> None:
    await desk.issued()
    signed = await desk.minutes()
    b = desk.bureau.body
    await attacker.assert_refused(
        {
            issue(signed, "1"): "minutes_number",
            issue(signed, "2"): "minutes_number",
            issue(signed, "0"): "minutes_number",
            issue(signed, LAST, year=2025): "minutes_number",
            "UPDATE minutes_counters SET last = last + 1": "minutes_number_used",
            "UPDATE minutes_counters SET last = last + 2": "minutes_counter",
            "UPDATE minutes_counters SET last = last - 1": "minutes_counter",
            f"INSERT INTO minutes_counters VALUES ({b}, '纪要', 2027, 1)": "minutes_number_used",
            f"INSERT INTO minutes_counters VALUES ({b}, '纪要', 2027, 7)": "minutes_counter",
            "UPDATE minutes_counters SET year = 2025": NO_PRIVILEGE,
            "DELETE FROM minutes_counters": NO_PRIVILEGE,
            "TRUNCATE minutes_counters": NO_PRIVILEGE,
        }
    )
    # Two numbers taken and one issue: the deferred check requires minutes under each number.
    connection = attacker.connection
    await connection.execute(attacker.begin)
    await connection.execute(counted(b))
    await connection.execute(counted(b))
    await connection.execute(issue(signed, LAST))
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await connection.execute("COMMIT")
    assert refused.value.constraint_name == "minutes_number_used"
    assert await desk.numbers() == [1]


async def test_issued_minutes_never_change(desk: Desk, attacker: Attacker) -> None:
    issued = await desk.issued()
    here = f" WHERE id = {issued}"
    await attacker.assert_refused(
        {
            "UPDATE minutes SET texts = '{\"a\": 1}'" + here: "minutes_immutable",
            "UPDATE minutes SET document = 'y'" + here: "minutes_immutable",
            "UPDATE minutes SET sources = 'y'" + here: "minutes_immutable",
            "UPDATE minutes SET composer = 2" + here: "minutes_immutable",
            "UPDATE minutes SET number = 2" + here: "minutes_immutable",
            "UPDATE minutes SET issued_at = now()" + here: "minutes_immutable",
            "UPDATE minutes SET state = 'draft'" + here: "minutes_immutable",
            "UPDATE minutes SET state = 'signed'" + here: "minutes_immutable",
            "UPDATE minutes SET state = 'voided'" + here: "minutes_voided",
            "UPDATE minutes SET state = 'voided', void_reason = '误', number = 9" + here: "minutes_immutable",
            "UPDATE minutes SET series = '别'" + here: NO_PRIVILEGE,
            "DELETE FROM minutes": NO_PRIVILEGE,
            "TRUNCATE minutes CASCADE": NO_PRIVILEGE,
        }
    )
    for attack in ("DELETE FROM minutes", "TRUNCATE minutes CASCADE", "TRUNCATE minutes_counters"):
        with pytest.raises(asyncpg.CheckViolationError):
            await desk.owner.execute(attack)
    void = "UPDATE minutes SET state = 'voided', void_reason = '误'" + here
    assert await attacker.attack(void) == "recorded"
    assert await attacker.attack(f"{await desk.told(issued, 'minutes.voided')}; {void}") == WENT_THROUGH
    await desk.owner.execute(void)
    await attacker.assert_refused(
        {
            "UPDATE minutes SET state = 'issued'" + here: "minutes_immutable",
            "UPDATE minutes SET void_reason = '改'" + here: "minutes_immutable",
        }
    )
    assert await desk.numbers() == [1]  # a void issue keeps its number


@pytest.mark.parametrize("voided", [False, True])
async def test_the_pdf_is_drawn_once(desk: Desk, attacker: Attacker, voided: bool) -> None:
    """The PDF of minutes, void or not, is drawn once, and no other change comes with it."""
    issued = await desk.issued()
    if voided:
        await desk.owner.execute(f"UPDATE minutes SET state = 'voided', void_reason = '误' WHERE id = {issued}")
    await attacker.assert_refused(
        {
            draw(issued, more=", document = 'y'"): "minutes_immutable",
            draw(issued, more=", state = 'voided', void_reason = '又误'"): "minutes_immutable",
            f"UPDATE minutes SET pdf = 'y' WHERE id = {issued}": "minutes_drawn",
            f"UPDATE minutes SET pdf = 'y', sha256 = 'y', typesetter = '', fonts = '{{}}' WHERE id = {issued}":
                "minutes_drawn",
            draw(await desk.minutes("draft")): "minutes_drawn",
        }
    )  # fmt: skip
    await desk.owner.execute(draw(issued))
    await attacker.assert_refused(
        {
            draw(issued, "y"): "minutes_immutable",
            draw(issued): "minutes_immutable",
            f"UPDATE minutes SET pdf = NULL, sha256 = NULL, typesetter = NULL, fonts = NULL WHERE id = {issued}":
                "minutes_immutable",
            f"UPDATE minutes SET typesetter = '2' WHERE id = {issued}": "minutes_immutable",
            f"UPDATE minutes SET fonts = '{{\"body\": \"\"}}' WHERE id = {issued}": "minutes_immutable",
        }
    )  # fmt: skip


async def test_minutes_go_from_hand_to_hand(desk: Desk, attacker: Attacker) -> None:
    by_state = {state: await desk.minutes(state) for state in STATES}
    jumps = {
        f"UPDATE minutes SET state = '{after}' WHERE id = {by_state[before]}": "minutes_state"
        for before, after in (
            ("draft", "deputy_reviewed"),
            ("draft", "signed"),
            ("office_reviewed", "signed"),
            ("deputy_reviewed", "office_reviewed"),
        )
    }
    signed = by_state["signed"]
    await attacker.assert_refused(
        {
            **jumps,
            issue(by_state["deputy_reviewed"], "1"): "minutes_state",
            f"UPDATE minutes SET state = 'voided', void_reason = 'x' WHERE id = {signed}": "minutes_state",
            f"UPDATE minutes SET texts = '{{\"a\": 1}}' WHERE id = {signed}": "minutes_state",
            f"UPDATE minutes SET number = 1 WHERE id = {by_state['draft']}": "minutes_issued",
            "INSERT INTO minutes (meeting_id, body_id, drafted_by, series)"
            " SELECT meeting_id, body_id, drafted_by, series FROM minutes LIMIT 1": "minutes_one_standing",
            "INSERT INTO minutes (meeting_id, body_id, drafted_by, series, state)"
            " SELECT meeting_id, body_id, drafted_by, series, 'signed' FROM minutes LIMIT 1": NO_PRIVILEGE,
        }
    )


async def test_minutes_follow_their_meeting_and_replace_their_own(
    desk: Desk, attacker: Attacker, owner: Connection
) -> None:
    first, second = await desk.issued(), await desk.issued()
    await owner.execute(f"UPDATE minutes SET state = 'voided', void_reason = '误' WHERE id = {first}")
    again = (
        "INSERT INTO minutes (meeting_id, body_id, drafted_by, series, replaces_id)"
        f" SELECT meeting_id, body_id, drafted_by, series, %d FROM minutes WHERE id = {first}"
    )
    assert await attacker.attack(again % second) == "minutes_replaces_id_meeting_id_fkey"
    assert await attacker.attack(again % first) == "recorded"
    draft = await owner.fetchval(
        "INSERT INTO meetings (body_id, title, starts_at, presiding_id, secretary_id, hall_secret)"
        " VALUES ($1, '会', now(), $2, $2, 'x') RETURNING id",
        desk.bureau.body, desk.bureau.li.id,
    )  # fmt: skip
    early = (
        "INSERT INTO minutes (meeting_id, body_id, drafted_by, series)"
        f" VALUES ({draft}, {desk.bureau.body}, {desk.bureau.li.id}, '纪要')"
    )
    assert await attacker.attack(early) == "minutes_state"


async def test_a_copy_is_receipted_once(desk: Desk, attacker: Attacker, owner: Connection) -> None:
    issued = await desk.issued()
    await owner.execute(
        "INSERT INTO minutes_copies (minutes_id, body_id, recipient, sent_at, received_at)"
        " VALUES ($1, $2, '存档', now(), now())",
        issued, desk.bureau.body,
    )  # fmt: skip
    await attacker.assert_refused(
        {
            "UPDATE minutes_copies SET received_at = NULL": "copies_stand",
            "UPDATE minutes_copies SET recipient = 'x'": NO_PRIVILEGE,
            "DELETE FROM minutes_copies": NO_PRIVILEGE,
        }
    )


@pytest.mark.parametrize(("committed", "number"), [(True, 2), (False, 1)])
async def test_the_second_waits_for_the_first_and_gets_the_next_number(
    desk: Desk, app_role: Connection, owner: Connection, committed: bool, number: int
) -> None:
    """If the first is rolled back its number goes to the second."""
    first, second = await desk.minutes(), await desk.minutes()
    take, told = counted(desk.bureau.body), await desk.told(first, "minutes.issued")
    await app_role.execute(f"{begin_as(desk.bureau.li)}; {told}")
    await owner.execute("BEGIN")
    one, other = (f"{take}; {issue(minutes, LAST)}" for minutes in (first, second))
    assert await in_turn(app_role, owner, one, other, keep_first=committed) == WENT_THROUGH
    assert await owner.fetchval("SELECT number FROM minutes WHERE id = $1", second) == number
    assert await desk.numbers() == list(range(1, number + 1))


async def test_whatever_fails_numbers_run_without_a_gap(desk: Desk, urls: Urls) -> None:
    """Six connections issue thirty minutes at once; every third is rolled back and tried again later."""
    waiting = [await desk.minutes() for _ in range(30)]
    take = counted(desk.bureau.body)
    told = {minutes: await desk.told(minutes, "minutes.issued") for minutes in waiting}
    failed: list[int] = []

    async def clerk() -> None:
        connection = await asyncpg.connect(urls.app, server_settings={"search_path": "yijue"})
        while waiting:
            minutes = waiting.pop()
            await connection.execute(f"{begin_as(desk.bureau.li)}; {told[minutes]}")
            await connection.execute(take)
            await connection.execute(issue(minutes, LAST))
            if minutes % 3 == 0 and minutes not in failed:
                await connection.execute("ROLLBACK")
                failed.append(minutes)
                waiting.insert(0, minutes)
            else:
                await connection.execute("COMMIT")
        await connection.close()

    await asyncio.gather(*(clerk() for _ in range(6)))
    assert len(failed) == 10
    assert await desk.numbers() == list(range(1, 31))
    assert await desk.owner.fetchval("SELECT last FROM minutes_counters") == 30
