"""A meeting whose book lacks records is shown to nobody as if it were whole: its feed ends, and says why."""

import asyncio

import asyncpg
import pytest
from structlog.testing import capture_logs
from websockets.exceptions import InvalidStatus

from tests.bureau import Bureau
from tests.realtime.conftest import follow

BOOK = "SELECT id FROM books WHERE subject_type = 'meeting'"
CUT = f"DELETE FROM ledger l USING books b WHERE l.book_id = b.id AND l.seq = b.seq AND b.id = ({BOOK})"
UNKNOWN = f"UPDATE books SET seq = seq + 1 WHERE id = ({BOOK})"  # the records that another process wrote, and lost
WITHIN = f"DELETE FROM ledger WHERE seq = 3 AND book_id = ({BOOK})"


async def damage(owner: "asyncpg.Connection[asyncpg.Record]", sql: str) -> None:
    table = "books" if sql == UNKNOWN else "ledger"
    await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER; {sql}; ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.moment("in_session")
@pytest.mark.parametrize("sql", [CUT, UNKNOWN])
async def test_under_an_open_screen(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]", sql: str) -> None:
    """The next heartbeat ends it for all; nobody can join until the book is whole."""
    async with follow(bureau.lin, bureau.meeting) as screen, follow(bureau.hall, bureau.meeting) as hall:
        await asyncio.gather(screen.hear(), hall.hear())
        with capture_logs() as logs:
            await damage(owner, sql)
            async with asyncio.timeout(5):
                assert await screen.closed() == await hall.closed() == (1008, "ledger.damaged")
    assert [each["log_level"] for each in logs if each["event"] == f"ledger damaged: meeting {bureau.meeting}"] == [
        "error"
    ], logs
    with pytest.raises(InvalidStatus) as refused:
        async with follow(bureau.lin, bureau.meeting):
            pass
    assert refused.value.response.status_code == 500


@pytest.mark.moment("in_session")
async def test_on_joining(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """A server that has not read the book yet, as after its start."""
    await damage(owner, CUT)
    with capture_logs() as logs, pytest.raises(InvalidStatus) as refused:
        async with follow(bureau.lin, bureau.meeting):
            pass
    assert refused.value.response.status_code == 500
    assert b'"ledger.damaged"' in (refused.value.response.body or b"")
    assert [each["event"] for each in logs] == [f"ledger damaged: meeting {bureau.meeting}"]


@pytest.mark.moment("in_session")
async def test_on_joining_where_its_end_is_there(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """The server knows the meeting already; the feed alone reads all of the book."""
    await bureau.li.do(
        f"/api/meetings/{bureau.meeting}/items/{bureau.items[0]}/presentation", {"presenter": bureau.lin.id}
    )
    await damage(owner, WITHIN)
    with capture_logs() as logs:
        async with follow(bureau.lin, bureau.meeting) as screen:
            assert await screen.closed() == (1008, "ledger.damaged")
            assert screen.messages == []
    (said,) = [each for each in logs if each["event"] == f"ledger damaged: meeting {bureau.meeting}"]
    assert "record 2 is the last" in said["why"]
    assert "live feed not joined: ledger.damaged" in [each["event"] for each in logs]
